"""The page of estimates: each parameter as the record to several years gives it."""

from __future__ import annotations

from collections.abc import Mapping

from worldorder.parameters.loader import Parameter, Parameters, load_parameters

ByYear = Mapping[int, Parameters]
HEAD = """# Estimates by last year of the data

Written by `worldorder estimate`. Value (standard error; of the logarithm where marked `log`) of
every estimated parameter from data to the year named, beside what runs draw today. Empty: it was
not estimated on data to that year, since the record is too thin or nobody asked.
"""


def estimates_page(by_year: ByYear) -> str:
    """Markdown: a table a mechanism, a column a year."""
    years = sorted(by_year)
    shipped = load_parameters()
    held = sorted({m for one in by_year.values() for m in one} & set(shipped))
    parts = [HEAD]
    for mechanism in held:
        names = [
            n for n in shipped[mechanism] if any(n in by_year[y].get(mechanism, {}) for y in years)
        ]
        parts += [f"\n## {mechanism}", ""]
        parts.append("| parameter | " + " | ".join(f"to {y}" for y in years) + " | shipped |")
        parts.append("|" + "---|" * (len(years) + 2))
        for name in names:
            cells = [_cell(by_year[y].get(mechanism, {}).get(name)) for y in years]
            parts.append(f"| {name} | {' | '.join(cells)} | {_cell(shipped[mechanism][name])} |")
    parts += ["", *_moved(by_year, shipped)]
    return "\n".join(parts) + "\n"


def _cell(one: Parameter | None) -> str:
    if one is None:
        return ""
    if one.distribution in ("uniform", "fixed"):
        return f"{one.range[0]:.3g} to {one.range[1]:.3g}"
    log = " log" if one.distribution == "lognormal" else ""
    return f"{one.value:.3g} ({one.standard_error or 0:.2g}{log})"


def _moved(by_year: ByYear, shipped: Parameters) -> list[str]:
    """Estimates further from the shipped value than both errors explain at 95 %."""
    lines = [
        f"- {mechanism}.{name} to {year}: {_cell(one)}, shipped {_cell(shipped[mechanism][name])}"
        for year in sorted(by_year)
        for mechanism, named in by_year[year].items()
        for name, one in named.items()
        if name in shipped.get(mechanism, {})
        and one.distribution == "normal"
        and _apart(one, shipped[mechanism][name]) > 1.96
    ]
    if not lines:
        return []
    return ["## Further from the shipped value than both errors explain", "", *lines]


def _apart(one: Parameter, other: Parameter) -> float:
    """Distance in standard errors of the difference, the two taken as independent."""
    error = ((one.standard_error or 0.0) ** 2 + (other.standard_error or 0.0) ** 2) ** 0.5
    return abs(one.value - other.value) / error if error else 0.0
