"""worldorder trade: what tariffs and embargoes cost whom, and who could cost whom how much."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    import xarray as xr

    from worldorder.trade import Baseline
    from worldorder.trade.measures import Measure
    from worldorder.trade.retaliation import Tariffs

trade = typer.Typer(help="Tariffs, embargoes and who could cut off whom.", no_args_is_help=True)


def _measures(file: Path | None, tariff: list[str], needed: bool) -> list[Measure]:
    from worldorder.errors import InputError
    from worldorder.trade import parse_measure, read_measures

    found = [] if file is None else read_measures(file)
    found += [parse_measure(text) for text in tariff]
    if needed and not found:
        raise InputError("no tariff is given", "Give --tariff USA:CHN=0.6, or a file of tariffs.")
    return found


def _costs(
    sanction: list[str], embargo: list[str], base: Baseline, elasticity: float
) -> dict[tuple[str, str], float]:
    """Cost changes of sanctions and embargoes, both ways; an embargo counts before a sanction."""
    from worldorder.trade import (
        embargo_costs,
        european_union,
        pairs_of,
        parse_measure,
        sanction_costs,
    )

    union = european_union(base.names)
    sent, cut = (
        pairs_of([parse_measure(text) for text in given], base.names, union)
        for given in (sanction, embargo)
    )
    found = sanction_costs(sent, elasticity)
    for (sender, target), leak in cut.items():
        found |= embargo_costs([(sender, target), (target, sender)], leak, elasticity)
    return found


@trade.command("shock")
def print_shock(
    file: Annotated[
        Path | None, typer.Argument(help="CSV with importer, exporter, tariff (and exempt).")
    ] = None,
    tariff: Annotated[
        list[str] | None,
        typer.Option(help="IMPORTER:EXPORTER=RATE; * is everyone, EU its members. Repeatable."),
    ] = None,
    retaliation: Annotated[
        Literal["none", "reciprocal", "optimal"],
        typer.Option(help="Optimal is the best one rate for those hit together."),
    ] = "none",
    exempt: Annotated[
        float, typer.Option(help="Share of trade that every tariff spares, 0 to 1.", min=0, max=1)
    ] = 0.0,
    sanction: Annotated[
        list[str] | None,
        typer.Option(help="SENDER:TARGET=SHARE of a full embargo, 0 to 1, at estimated cost."),
    ] = None,
    embargo: Annotated[
        list[str] | None,
        typer.Option(help="SENDER:TARGET=LEAK: no trade either way but a share that leaks."),
    ] = None,
    elasticity: Annotated[float, typer.Option(help="Trade elasticity.", min=0.1)] = 4.0,
    imbalances: Annotated[
        Literal["world", "fixed", "closed", "ratio", "lending"],
        typer.Option(help="What becomes of trade deficits (see the docs)."),
    ] = "lending",
    countries: Annotated[int, typer.Option(help="How many economies to print.", min=1)] = 15,
    out: Annotated[Path | None, typer.Option(help="Write everything to this NetCDF file.")] = None,
    map_file: Annotated[
        Path | None, typer.Option("--map", help="Draw real income on a map: .svg, .png or .pdf.")
    ] = None,
) -> None:
    """Welfare, prices and trade after new tariffs or sanctions, on trade of 2023.

    The European Union acts as one: hit in one member, all answer. Rates are applied rates:
    --exempt turns announced ones into them.
    """
    from worldorder.trade import (
        european_union,
        make_baseline,
        pairs_of,
        retaliated,
        solve,
        world_2023,
    )

    base = make_baseline(world_2023())
    union = european_union(base.names)
    costs = _costs(sanction or [], embargo or [], base, elasticity)
    measures = _measures(file, tariff or [], needed=not costs)
    rates = pairs_of(measures, base.names, union)
    pairs = {pair: rate * (1 - exempt) for pair, rate in rates.items()}
    settings: dict[str, Any] = {"elasticity": elasticity, "imbalances": imbalances}
    answered = retaliated(base, pairs, retaliation, union, costs=costs, **settings)
    found = solve(base, answered, costs=costs, **settings)
    console = Console()
    console.print(_effects(found, answered, costs, countries))
    console.print(_world(found, base))
    if out is not None:
        found.to_netcdf(out)
        console.print(f"Written to {out}")
    if map_file is not None:
        from worldorder.plots.trade_map import plot_trade_map

        plot_trade_map(found).savefig(map_file)
        console.print(f"Map in {map_file}")


def _percent(change: float) -> str:
    return f"{round(100 * (change - 1), 2) + 0.0:+.2f} %"


def _effects(found: xr.Dataset, tariffs: Tariffs, costs: Tariffs, countries: int) -> Table:
    done = [f"{len(tariffs)} bilateral tariffs"] if tariffs else []
    done += [f"barriers on {len(costs)} flows"] if costs else []
    table = Table(title=f"Change after {' and '.join(done)}")
    table.add_column("country")
    for column in ("welfare", "prices", "exports", "imports", "duties / spending"):
        table.add_column(column, justify="right")
    spent = found["expenditure"].to_series()
    touched = {name for pair in (*tariffs, *costs) for name in pair}
    few = [name for name in spent.sort_values(ascending=False).index if name in touched][:countries]
    rest = [name for name in spent.sort_values(ascending=False).index if name not in few]
    for name in (*few, *rest[: max(0, countries - len(few))]):
        row = found.sel(country=name)
        table.add_row(
            str(name),
            _percent(float(row["welfare"])),
            _percent(float(row["price"])),
            _percent(float(row["exports_change"])),
            _percent(float(row["imports_change"])),
            f"{abs(100 * float(row['revenue'] / row['expenditure'])):.2f} %",
        )
    return table


def _world(found: xr.Dataset, base: Baseline) -> str:
    from worldorder.trade.retaliation import joint_welfare

    old = base.flows.sum() - base.flows.trace()
    trade_change = float(found["exports"].sum()) / old
    return (
        f"World: welfare {_percent(joint_welfare(found, base.names, base))}, goods trade "
        f"{_percent(trade_change)}. Solved by {found.attrs['method']}, residual "
        f"{found.attrs['residual']:.1e}, {found.attrs['iterations']} iterations."
    )


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
) -> None:
    """What a country loses when a partner stops selling to it; the most exposed first.

    --sectors adds up industries, each as hard to replace as its own elasticity says (the median of
    eight published sets), and --elasticity is then not read.
    """
    from worldorder.errors import InputError, did_you_mean
    from worldorder.trade import exposure, make_baseline, sector_power, supply_power, world_2023

    base = make_baseline(world_2023())
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
        loss.to_series().to_csv(out)
        console.print(f"Written to {out}")
    if plot is not None:
        from worldorder.plots.power import plot_power

        size = dict(zip(base.names, base.flows.sum(0), strict=True))
        plot_power(loss, sorted(names, key=lambda name: -size.get(name, 0.0))[:14]).savefig(plot)
        console.print(f"Figure in {plot}")


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
        found.to_csv(out)
        console.print(f"Written to {out}")
