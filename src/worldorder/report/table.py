"""The table of a finished job on the command line."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from worldorder.plots.numbers import interval, number, scale_of, signed
from worldorder.report.trust import trust_in_words
from worldorder.report.words import THEMES, answer, percent
from worldorder.results.compare import Band, compared, datasets, reference_of
from worldorder.results.measures import leading_name
from worldorder.results.summary import LISTED_FROM, Row, Summary, summarise

if TYPE_CHECKING:
    import xarray as xr
    from rich.console import Console, Group, RenderableType
    from rich.table import Table

_MOST_NAMED: Final = 40
_DONORS: Final = 5


@dataclass(frozen=True)
class _Layout:
    """Widths of the columns; a narrow screen goes without counts and per cent."""

    widths: tuple[int, ...]
    is_wide: bool


_WIDE: Final = _Layout((25, 4, 9, 17, 18, 18), is_wide=True)
_NARROW: Final = _Layout((18, 4, 9, 10, 16, 16), is_wide=False)


def print_job(results: Mapping[str, xr.Dataset] | xr.DataTree, console: Console) -> None:
    """Print the table of every scenario of a job that has a reference."""
    found = datasets(results)
    for name in compared(found):
        summary = summarise(found[name], reference_of(found, name), name)
        print_summary(summary, console)
        print_answer(summary, leading_name(found[name]), console)


def print_summary(summary: Summary, console: Console) -> None:
    """Print the table and the bodies below working capacity."""
    console.print(results_table(summary, console.width), highlight=False)
    for year in summary.years:
        for line in below_line(summary, year).splitlines():
            _print_filled(line, console)


def print_answer(summary: Summary, leading: str, console: Console) -> None:
    """Print the answer in sentences, and how far to trust it."""
    console.print("\nIN SHORT", style="bold")
    for sentence in (*answer(summary, leading), trust_in_words(summary.rows)):
        _print_filled(sentence, console)


def _print_filled(line: str, console: Console) -> None:
    """Print a line broken at spaces, but not before a unit."""
    indent = line[: len(line) - len(line.lstrip())]
    text = textwrap.fill(line, console.width, subsequent_indent=indent, break_on_hyphens=False)
    console.print(text, highlight=False, markup=False, soft_wrap=True)


def results_table(summary: Summary, width: int = 100) -> Group:
    """What changed: reference median, and the paired difference with its intervals."""
    from rich.console import Group
    from rich.rule import Rule
    from rich.text import Text

    layout = _WIDE if width > sum(_WIDE.widths) + len(_WIDE.widths) else _NARROW
    title = f"{summary.scenario} against {summary.reference}: {summary.runs} paired runs"
    head = ["", "Year", "Reference", "Difference", "80 % of runs", "95 % of runs"]
    lines: list[RenderableType] = [Text(title, style="bold"), _grid(layout, [head]), Rule()]
    for theme, name in THEMES.items():
        lines.append(Text(name.upper(), style="bold"))
        rows = [row for row in summary.headline if row.theme == theme]
        for label in dict.fromkeys(row.label for row in rows):
            same = [row for row in rows if row.label == label]
            lines.append(Text(f"{label}, {scale_of(same[0].measure, same[0].unit).level}"))
            lines.append(_grid(layout, _measure_cells(summary, same, layout)))
        if theme == "money":
            lines += _replacement_lines(summary, layout)
        lines.append(Text())
    notes = [
        "Medians over runs; differences are taken run by run.",
        "0.000 is a difference under 0.0005, 0 is none.",
    ]
    if not all(row.changes for row in summary.headline):
        notes.append("Not linked: no mechanism of this version leads from the levers to it.")
    if layout.is_wide:
        notes.append("In brackets: how many there are.")
    return Group(*lines, Text(" ".join(notes)))


def below_line(summary: Summary, year: int) -> str:
    """The bodies at risk of being below working capacity in a year, with shares of runs."""
    bodies = [body for body in summary.below_working_capacity if body.year == year]
    named = ", ".join(
        f"{body.institution}{'*' if body.budget_imputed else ''} {percent(body.probability)}"
        for body in bodies[:_MOST_NAMED]
    )
    more = f" and {len(bodies) - _MOST_NAMED} more" if len(bodies) > _MOST_NAMED else ""
    head = (
        f"Below working capacity in {year} in {percent(LISTED_FROM)} of runs or more, "
        f"{summary.bodies}: {len(bodies)}"
    )
    note = "  (* budget imputed; share of runs)" if bodies else ""
    return f"{head}\n  {named}{more}{note}" if bodies else head


def _grid(layout: _Layout, rows: Iterable[list[str]]) -> Table:
    from rich.table import Table

    table = Table.grid(padding=(0, 1, 0, 0))
    for place, width in enumerate(layout.widths):
        table.add_column(width=width, justify="right" if place else "left")
    for row in rows:
        table.add_row(*row)
    return table


def _measure_cells(summary: Summary, rows: list[Row], layout: _Layout) -> Iterable[list[str]]:
    scale = scale_of(rows[0].measure, rows[0].unit)
    shown = ""
    for row in rows:
        group = row.group.removeprefix(f"{summary.bodies}, ")
        name = f"  {group} ({row.members})" if layout.is_wide else group
        change = signed(scale.factor * row.difference.median, scale.digits)
        if row.relative is not None and layout.is_wide:
            change += f" ({signed(100 * row.relative.median, 2)} %)"
        yield [
            "" if row.group == shown else name,
            str(row.year),
            number(scale.factor * row.reference, scale.digits),
            change,
            *_intervals(row.difference, scale.factor, scale.digits),
        ]
        shown = row.group


def _intervals(found: Band, factor: float = 1, digits: int = 3) -> list[str]:
    if found.low_95 == found.high_95 == 0:
        return ["not linked", ""]
    return [
        interval(factor * found.low_80, factor * found.high_80, digits),
        interval(factor * found.low_95, factor * found.high_95, digits),
    ]


def _replacement_lines(summary: Summary, layout: _Layout) -> Iterable[RenderableType]:
    from rich.text import Text

    for found in summary.replacement:
        if found.filled_share is None:
            continue
        share = found.filled_share
        ends = [
            f"{percent(low)} to {percent(high)}"
            for low, high in ((share.low_80, share.high_80), (share.low_95, share.high_95))
        ]
        rows = [["  all together", str(found.year), "", percent(share.median), *ends]]
        for donor in found.donors[:_DONORS]:
            change = signed(donor.difference.median)
            start = [f"  {donor.name}", str(found.year), number(donor.reference), change]
            rows.append([*start, *_intervals(donor.difference)])
        yield Text("Who fills the gap: share of it, and states that pay most more, mn USD a year")
        yield _grid(layout, rows)
