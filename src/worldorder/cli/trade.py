"""worldorder trade: what tariffs and embargoes cost whom, and who could cost whom how much."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from worldorder.cli.targets import FIGURES, check_target, write_figure, write_target
from worldorder.cli.trade_pairs import print_pairs
from worldorder.cli.trade_shock import print_shock

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
    loss = sector_power() if sectors else supply_power(base, elasticity)
    names = [str(name) for name in loss["partner"].to_numpy()]
    if country is None:
        table = Table(
            "country",
            "most exposed to",
            "loss",
            title="Exposure to a stop of supplies",
            min_width=44,
        )
        for name, row in exposure(loss).head(most).iterrows():
            table.add_row(str(name), str(row["to"]), f"{100 * row['most']:.2f} %")
    elif country in names:
        table = Table(
            "partner", "loss", title=f"What {country} could cost its partners", min_width=44
        )
        for name, share in loss.sel(country=country).to_series().nlargest(most).items():
            table.add_row(str(name), f"{100 * share:.2f} %")
    else:
        raise InputError(f"unknown country {country!r}", did_you_mean(country, names))
    console = Console()
    console.print(table)
    if out is not None:
        write_target(out, loss.to_series().to_csv)
    if plot is not None:
        from worldorder.plots.power import plot_power

        size = dict(zip(base.names, base.flows.sum(0), strict=True))
        largest = sorted(names, key=lambda name: -size.get(name, 0.0))[:14]
        write_figure(plot, plot_power(loss, largest))


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
