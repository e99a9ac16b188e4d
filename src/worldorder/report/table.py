"""The table of a finished job on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from worldorder.plots.numbers import interval, number, scale_of, signed
from worldorder.report.words import percent
from worldorder.results.compare import Band, compared, datasets, reference_of
from worldorder.results.summary import Row, Summary, summarise

if TYPE_CHECKING:
    import xarray as xr
    from rich.console import Console
    from rich.table import Table

_THEMES = {
    "institutions": "Institutions",
    "money": "Money",
    "alignment": "Alignment",
    "economy": "Trade and income",
}
_MOST_NAMED = 40
_DONORS = 5


def print_job(results: Mapping[str, xr.Dataset] | xr.DataTree, console: Console) -> None:
    """Print the table of every scenario of a job that has a reference."""
    found = datasets(results)
    for name in compared(found):
        print_summary(summarise(found[name], reference_of(found, name), name), console)


def print_summary(summary: Summary, console: Console) -> None:
    """Print the table and the bodies below working capacity."""
    console.print(results_table(summary))
    for year in summary.years:
        console.print(below_line(summary, year), highlight=False)


def results_table(summary: Summary) -> Table:
    """What changed: reference median, and the paired difference with its intervals."""
    from rich import box
    from rich.table import Table

    table = Table(
        title=f"{summary.scenario} against {summary.reference}: {summary.runs} paired runs",
        caption="Medians over runs. Differences are taken run by run; 80 % and 95 % of runs lie in "
        "the intervals.",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column("")
    for name in ("Year", "Reference", "Difference", "80 %", "95 %"):
        table.add_column(name, justify="right", no_wrap=True)
    for theme, title in _THEMES.items():
        table.add_row(f"[bold]{title.upper()}[/bold]")
        rows = [row for row in summary.headline if row.theme == theme]
        for label in dict.fromkeys(row.label for row in rows):
            _add_measure(table, summary, [row for row in rows if row.label == label])
        if theme == "money":
            _add_replacement(table, summary)
        table.add_section()
    return table


def below_line(summary: Summary, year: int) -> str:
    """The bodies whose median run is below working capacity in a year, with shares of runs."""
    bodies = [body for body in summary.below_working_capacity if body.year == year]
    named = ", ".join(
        f"{body.institution}{'*' if body.budget_imputed else ''} {percent(body.probability)}"
        for body in bodies[:_MOST_NAMED]
    )
    more = f" and {len(bodies) - _MOST_NAMED} more" if len(bodies) > _MOST_NAMED else ""
    head = (
        f"Below {summary.working_capacity:g} of the starting capacity in {year}, median run, "
        f"{summary.bodies}: {len(bodies)}"
    )
    note = "  (* budget imputed; share of runs)" if bodies else ""
    return f"{head}\n  {named}{more}{note}" if bodies else head


def _add_measure(table: Table, summary: Summary, rows: list[Row]) -> None:
    scale = scale_of(rows[0].measure, rows[0].unit)
    table.add_row(f"{rows[0].label}, {scale.level}")
    shown = ""
    for row in rows:
        group = row.group.removeprefix(f"{summary.bodies}, ")
        name = "" if row.group == shown else f"  {group} ({row.members})"
        change = signed(scale.factor * row.difference.median, scale.digits)
        if row.relative is not None:
            change += f" ({signed(100 * row.relative.median, 2)} %)"
        reference = number(scale.factor * row.reference, scale.digits)
        ends = _intervals(row.difference, scale.factor, scale.digits)
        table.add_row(name, str(row.year), reference, change, *ends)
        shown = row.group


def _intervals(found: Band, factor: float = 1, digits: int = 3) -> list[str]:
    return [
        interval(factor * found.low_80, factor * found.high_80, digits),
        interval(factor * found.low_95, factor * found.high_95, digits),
    ]


def _add_replacement(table: Table, summary: Summary) -> None:
    for found in summary.replacement:
        if found.filled_share is None:
            continue
        table.add_row(f"Who fills the gap in {found.year}, mn USD a year")
        share = found.filled_share
        parts = [f"{percent(share.median)} of it"]
        parts += [f"{percent(share.low_80)} to {percent(share.high_80)}"]
        parts += [f"{percent(share.low_95)} to {percent(share.high_95)}"]
        table.add_row("  others together", str(found.year), "", *parts)
        for donor in found.donors[:_DONORS]:
            change = signed(donor.difference.median)
            ends = _intervals(donor.difference)
            table.add_row(
                f"  {donor.name}", str(found.year), number(donor.reference), change, *ends
            )
