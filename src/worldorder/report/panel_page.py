"""The page of the panel: what it holds, from when, from whom, under what terms, what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from worldorder.data.coverage import agreement, coverage
from worldorder.data.manifest import panel_variables, read_manifest
from worldorder.data.own_tables import own_table
from worldorder.data.sources import sources
from worldorder.data.terms import OWN, terms_page
from worldorder.plots.coverage import coverage_picture
from worldorder.results.files import write_whole

PAGE: Final = "docs/panel.md"
PICTURE: Final = "docs/panel-coverage.svg"
TERMS: Final = "DATA_TERMS.md"
HEAD: Final = """# The panel, variable by variable

Written by `worldorder data docs` from the panel itself; do not edit it by hand. Rules of joining
and filling are in [data.md](data.md) and [dyads.md](dyads.md), terms in
[DATA_TERMS.md](../DATA_TERMS.md).
"""


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |\n"


def _table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    return _row(*head) + _row(*("---" for _ in head)) + "".join(_row(*row) for row in rows)


def _percent(flags: dict[str, float], *names: str) -> str:
    share = 100 * sum(flags.get(name, 0.0) for name in names)
    return f"{share:.0f}" if share >= 1 or share == 0 else "<1"


def _variables(held: dict[str, Any]) -> str:
    rows: list[tuple[object, ...]] = []
    for name in panel_variables():
        entry = held[name]
        years = "-".join(str(year) for year in entry.get("years", [])) or "none"
        filled = _percent(entry["flags"], "imputed", "estimated", "interpolated")
        shares = _percent(entry["flags"], "observed"), filled, _percent(entry["flags"], "forecast")
        told = ", ".join(f"`{source}`" for source in entry["sources"])
        kind = f" ({entry['direction']})" if entry.get("direction") else ""
        cells = f"{entry['cells']:,}"
        rows.append(
            (f"`{name}`", entry["meaning"] + kind, entry["unit"], years, cells, *shares, told)
        )
    head = "variable", "meaning", "unit", "years", "cells", "observed %", "filled %", "forecast %"
    return _table((*head, "sources"), rows)


def _agreement() -> str:
    rows: list[tuple[object, ...]] = []
    for row in agreement().itertuples(index=False):
        values = (f"{value:.4g}" for value in (row.earliest, row.median, row.latest))
        pair = f"{row.first}, {row.second}"
        rows.append((row.variable, pair, row.measure, f"{row.from_year}-{row.to_year}", *values))
    head = "variable", "sources", "measure", "years", "first year", "median", "last year"
    return _table(head, rows)


def _known_errors() -> str:
    errors = own_table("known_errors")
    columns = ["variables", "what", "what_we_do", "source"]
    rows = [tuple(row) for row in errors[columns].to_numpy().tolist()]
    return _table(("variables", "what", "what the panel does", "source"), rows)


def _used() -> str:
    held = read_manifest()["variables"]
    rows: list[tuple[object, ...]] = []
    for name, source in sources().items():
        of = [variable for variable, entry in held.items() if name in entry["sources"]]
        if name != OWN:
            what = ", ".join(f"`{variable}`" for variable in of) or "checks and rules"
            rows.append((f"`{name}`", source.title, source.vintage, source.licence, what))
    return _table(("source", "title", "vintage", "terms", "variables"), rows)


def _left_out() -> str:
    used = {source.folder for source in sources().values()}
    left = own_table("left_out")
    left = left[~left["folder"].isin(used)]
    return _table(("folder", "why"), [tuple(row) for row in left.to_numpy().tolist()])


def panel_page() -> str:
    """The page as Markdown."""
    held = read_manifest()
    size = sum(file["bytes"] for file in held["files"].values()) / 1e6
    return "\n".join(
        (
            HEAD,
            f"{len(held['variables'])} variables, {sum(held['rows'].values()):,} rows, "
            f"{size:.1f} MB.\n\n## Coverage\n",
            "![Coverage by variable and year](panel-coverage.svg)\n",
            "Shade is the share of cells that are there: of the states in being for state-years,\n"
            "of the variable's fullest year for others. Variables without years are left out.\n",
            "## Variables\n",
            _variables(held["variables"]),
            "## Known errors\n",
            _known_errors(),
            "## Where two sources have the same cell\n",
            'By year in `wo.panel("source_overlaps")`; differences are relative, in rates a year '
            "absolute.\n",
            _agreement(),
            "## Sources\n",
            _used(),
            "## Left out\n",
            "Data at hand that serve no variable, and why.\n",
            _left_out(),
        )
    )


def pages() -> dict[str, str]:
    """Every file that is made from the panel, by its path in the project."""
    return {
        PAGE: panel_page(),
        PICTURE: coverage_picture(coverage()),
        TERMS: terms_page(),
    }


def write_pages(project: Path) -> list[Path]:
    """Write the page, its picture and the page of terms into a project's folder.

    Raises:
        ResultError: the folder cannot be written.
    """
    files: list[Path] = []
    for name, text in pages().items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        files.append(write_whole(path, lambda file, t=text: _write(file, t)))
    return files


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")
