"""`worldorder data`: what the panel holds and from where, its cells, whether it is whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worldorder.cli.ideal_points import estimate_ideal_points
from worldorder.cli.institutions import print_members
from worldorder.errors import InputError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

data = typer.Typer(help="The evidence: sources, cells, checks, build.", no_args_is_help=True)
_WIDE = 140  # columns from which the table of sources can be read

data.command("ideal-points")(estimate_ideal_points)
data.command("members")(print_members)


def _print_table(frame: pd.DataFrame) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in frame.columns:
        table.add_column(str(name), overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*(f"{cell:.6g}" if isinstance(cell, float) else str(cell) for cell in row))
    Console().print(table)


@data.command("sources")
def print_sources(
    name: Annotated[
        str | None, typer.Argument(help="A variable or a source: how to cite it, and its terms.")
    ] = None,
) -> None:
    """Print every variable with unit, source, vintage, terms and share of cells observed."""
    import pandas as pd

    from worldorder.data.manifest import read_manifest

    if name is not None:
        _print_citations(name)
        return
    from rich.console import Console

    rows = [
        {
            "variable": name,
            "unit": entry["unit"],
            "source": ", ".join(entry["sources"]),
            "vintage": ", ".join(entry["vintages"]),
            "terms": "; ".join(sorted(set(entry["terms"]))),
            "observed": _percent(entry["flags"], "observed"),
            "imputed": _percent(entry["flags"], "imputed", "estimated", "interpolated"),
            "forecast": _percent(entry["flags"], "forecast"),
        }
        for name, entry in read_manifest()["variables"].items()
    ]
    if Console().width >= _WIDE:
        _print_table(pd.DataFrame(rows))
        return
    for row in rows:
        shares = ", ".join(f"{row[key]} {key}" for key in ("observed", "imputed", "forecast"))
        typer.echo(f"{row['variable']} ({row['unit']}): {shares}")
        typer.echo(f"  {row['source']}; {row['vintage']}; {row['terms']}")


def _print_citations(name: str) -> None:
    from worldorder.data.manifest import read_manifest
    from worldorder.data.sources import sources
    from worldorder.data.terms import source_entry

    held = read_manifest()["variables"]
    ids = held[name]["sources"] if name in held else [name]
    for source in ids:
        if source not in sources():
            known = (*held, *sources())
            raise InputError(
                f"there is no variable or source {name!r}", fix=did_you_mean(name, known)
            )
        typer.echo(source_entry(source, sources()[source]))


def _percent(flags: dict[str, float], *names: str) -> str:
    share = sum(flags.get(name, 0.0) for name in names)
    return f"{100 * share:.1f} %" if flags else ""


@data.command("show")
def print_cells(
    variable: Annotated[str, typer.Argument(help="For example gdp, trade, membership.")],
    country: Annotated[
        str | None, typer.Option(help="Name or code, also of a state of the past.")
    ] = None,
    year: Annotated[str | None, typer.Option(help="One year or several: 1985, 2010-2023.")] = None,
) -> None:
    """Print the cells of a variable with their flags and sources."""
    from worldorder.data.manifest import panel_variables
    from worldorder.data.panel import panel

    years = _years(year)
    rows = panel(variable, years)
    if country is not None:
        rows = _of_state(rows, variable, _code(country, years))
    if rows.empty:
        raise InputError(
            f"the panel has no cell of {variable!r}"
            + (f" for {country}" if country else "")
            + (f" in {year}" if year else ""),
            fix="Missing is missing: no source of the panel has it.",
        )
    described = panel_variables().get(variable)
    if described:
        typer.echo(f"{variable}: {described.meaning}, {described.unit}")
    _print_table(rows.drop(columns="variable", errors="ignore"))


def _years(text: str | None) -> range | None:
    """Years of "1985" or "2010-2023".

    Raises:
        InputError: it is neither.
    """
    if text is None:
        return None
    first, _, last = text.partition("-")
    if not (first.isdigit() and (last or first).isdigit()):
        raise InputError(f"{text!r} is no year", fix="Give one year or two: 1985, 2010-2023.")
    return range(int(first), int(last or first) + 1)


def _code(name: str, years: range | None) -> str:
    """Code of a name as it is used today, else in the first of the years."""
    from worldorder.data.countries import country

    try:
        return country(name)
    except InputError:
        if years is None:
            raise
        return country(name, years[0])


def _of_state(rows: pd.DataFrame, variable: str, code: str) -> pd.DataFrame:
    from worldorder.data.arrays import STATE_KEYS

    columns = [name for name in STATE_KEYS if name in rows]
    if not columns:
        raise InputError(f"{variable!r} is not about states", fix="Leave --country out.")
    return rows[(rows[columns] == code).any(axis=1)]


@data.command("states")
def print_states(
    year: Annotated[int | None, typer.Option(help="Those in being on 1 July of it.")] = None,
) -> None:
    """Print states through time: codes, names, numbers, spells, successors."""
    from worldorder.data.polities import states

    _print_table(states(year).drop(columns=["un_name", "flag"]).fillna(""))


@data.command("export")
def export_panel(
    names: Annotated[
        list[str] | None, typer.Argument(help="Variables or tables; all tables if left out.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("panel"),
    file_format: Annotated[
        str, typer.Option("--format", help="parquet, csv (opens in R and Excel) or netcdf.")
    ] = "parquet",
    year: Annotated[str | None, typer.Option(help="One year or several: 1985, 2010-2023.")] = None,
) -> None:
    """Write variables or the whole panel to files, with units, sources and terms beside them."""
    from worldorder.results.export.panel import write_panel

    for file in write_panel(names or [], out, file_format, _years(year)):
        typer.echo(str(file))


@data.command("docs")
def write_docs(
    out: Annotated[
        Path, typer.Option(help="Folder of the project; writes into its docs/.")
    ] = Path(),
) -> None:
    """Write the page of the panel: coverage, sources, terms, known errors; and DATA_TERMS.md."""
    from worldorder.report.panel_page import write_pages

    for file in write_pages(out):
        typer.echo(str(file))


@data.command("verify")
def verify_panel() -> None:
    """Check the files of the shipped panel against its manifest."""
    from worldorder.data.manifest import verify

    typer.echo(f"The panel is whole: {verify()} files as in the manifest.")


@data.command("build")
def build_from_raw(
    raw: Annotated[
        Path | None, typer.Option(help="Folder with the publishers' files, in any subfolders.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the panel; the package's own if left out.")
    ] = None,
    record: Annotated[
        bool,
        typer.Option(help="Take the sums of the raw files anew, after adding a source or vintage."),
    ] = False,
) -> None:
    """Build the panel from the publishers' files, whole or not at all."""
    if raw is None:
        raise InputError(
            "no folder of raw files is given",
            fix="Give the folder that holds the publishers' files: "
            "worldorder data build --raw DIR [--out DIR].",
        )
    from worldorder.data.build import build_panel
    from worldorder.data.fingerprints import record as take_sums
    from worldorder.data.sources import Raw

    if record:
        typer.echo(f"The sums of the raw files are in {take_sums(Raw.of(raw))}.")
    typer.echo(f"The panel is in {build_panel(raw, out)}.")
