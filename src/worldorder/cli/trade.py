"""worldorder trade: what tariffs and embargoes cost whom, and who could cost whom how much."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from worldorder.cli.targets import FIGURES, check_target, write_figure, write_target
from worldorder.cli.trade_pairs import print_pairs
from worldorder.cli.trade_shock import print_shock

if TYPE_CHECKING:
    import xarray as xr

trade = typer.Typer(help="Tariffs, embargoes and who could cut off whom.", no_args_is_help=True)


trade.command("shock")(print_shock)


@trade.command("power")
def print_power(
    country: Annotated[
        str | None, typer.Option(help="Whom this country could cost most; all if not given.")
    ] = None,
    elasticity: Annotated[float, typer.Option(help="Trade elasticity.")] = 4.0,
    most: Annotated[int, typer.Option(help="How many countries to print.", min=1)] = 15,
    sectors: Annotated[
        bool, typer.Option("--sectors", help="By industry, 80 economies in 2022.")
    ] = False,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the largest economies: .svg, .png or .pdf.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write all pairs to this CSV file.")] = None,
    pairs: Annotated[
        Path | None,
        typer.Option(
            help="Cut off every pair in equilibrium, those of --country if given (the end of trade "
            "both ways, welfare), and write them to this CSV file."
        ),
    ] = None,
) -> None:
    """What a country loses when a partner stops selling to it; the most exposed first.

    --sectors adds up industries, each as hard to replace as its own elasticity says (the median of
    eight published sets), and --elasticity is then not read.
    """
    from worldorder.errors import InputError, did_you_mean
    from worldorder.trade import exposure, make_baseline, sector_power, supply_power, world_2023

    check_target(out, (".csv",))
    check_target(pairs, (".csv",))
    check_target(plot, FIGURES)
    if not elasticity > 0:
        raise InputError(f"elasticity {elasticity} is not above 0", "4 is usual.")
    base = make_baseline(world_2023())
    if pairs is not None:
        if country not in (None, *base.names):
            raise InputError(f"unknown country {country!r}", did_you_mean(country, base.names))
        print_pairs(base, country, elasticity, most, pairs, plot)
        return
    by_group = sector_power(groups="group") if sectors else None
    loss = supply_power(base, elasticity) if by_group is None else by_group.sel(group="all")
    names = [str(name) for name in loss["partner"].to_numpy()]
    if country is None:
        table = Table(
            "country", "to", title="Most exposed to one partner's stop of supplies", min_width=48
        )
        ranked = exposure(loss).head(most)
        _rank(
            table, [(str(row["to"]), str(name)) for name, row in ranked.iterrows()], loss, by_group
        )
    elif country in names:
        table = Table("partner", title=f"What {country} could cost its partners", min_width=48)
        partners = loss.sel(country=country).to_series().nlargest(most).index
        _rank(table, [(country, str(name)) for name in partners], loss, by_group)
    else:
        raise InputError(f"unknown country {country!r}", did_you_mean(country, names))
    console = Console()
    console.print(table)
    if out is not None:
        found = loss.to_series().to_frame("loss")
        if by_group is not None:
            found = found.join(by_group.to_series().unstack("group").drop(columns="all"))
        write_target(out, found.to_csv)
    if plot is not None:
        from worldorder.plots.power import plot_power

        size = dict(zip(base.names, base.flows.sum(0), strict=True))
        largest = sorted(names, key=lambda name: -size.get(name, 0.0))[:14]
        write_figure(plot, plot_power(loss, largest))


def _rank(
    table: Table,
    pairs: list[tuple[str, str]],
    loss: xr.DataArray,
    by_group: xr.DataArray | None,
) -> None:
    """Rows of who could lose what to whom, and in which group of sectors."""
    groups = [] if by_group is None else [str(x) for x in by_group["group"].to_numpy()][1:]
    for title in ("loss", *groups):
        table.add_column(title, justify="right")
    for by, name in pairs:
        cell = {"country": by, "partner": name}
        shares = [loss.sel(cell)]
        if by_group is not None:
            shares += [by_group.sel(cell, drop=True).sel(group=group) for group in groups]
        named = [name, by] if len(table.columns) == len(groups) + 3 else [name]
        table.add_row(*named, *(f"{100 * abs(float(share)):.2f} %" for share in shares))


@trade.command("split")
def print_split(
    camps_by: Annotated[
        Literal["nearest", "sanctions"],
        typer.Option("--camps", help="By votes, or by sanctions on Russia."),
    ] = "nearest",
    measure: Annotated[
        Literal["real_income", "welfare"], typer.Option(help="Real income or real spending.")
    ] = "real_income",
    out: Annotated[Path | None, typer.Option(help="Write the table to this CSV file.")] = None,
) -> None:
    """What a split of the world into two trading blocs costs, at several elasticities."""
    from worldorder.trade import camps, make_baseline, split_table, world_2023

    check_target(out, (".csv",))
    found = split_table(make_baseline(world_2023()), camps(camps_by), measure=measure)
    table = Table(title=f"{measure.replace('_', ' ').capitalize()} lost after a split, percent")
    for name in ("elasticity", "cost between blocs", *found.columns):
        table.add_column(name, justify="right")
    for row in found.reset_index().to_dict("records"):
        elasticity, cost = row.pop("elasticity"), row.pop("cost")
        told = "no trade" if cost == float("inf") else f"x {cost:g}"
        table.add_row(f"{elasticity:g}", told, *(f"{lost:.2f}" for lost in row.values()))
    console = Console()
    console.print(table)
    if out is not None:
        write_target(out, found.to_csv)
