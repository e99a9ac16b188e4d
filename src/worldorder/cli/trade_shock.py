"""worldorder trade shock: what tariffs, sanctions, embargoes and limits do to whom."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from worldorder.trade.measures import Measure
    from worldorder.trade.retaliation import Tariffs, World

FEW = 4  # rates told in words
NUMBER_OF = {"tariffs": "bilateral tariffs", "costs": "barriers on flows", "limits": "limits"}


@dataclass(frozen=True)
class Asked:
    """What the options ask for, by (importer, exporter) and, with --sectors, sector."""

    tariffs: Tariffs  # rates, those in force included
    costs: Tariffs  # factors on the cost of trade
    limits: Tariffs  # highest flows
    settings: dict[str, Any]  # of `wo.trade.solve`

    def touched(self) -> set[str]:
        """Countries that the measures name."""
        parts = (self.tariffs, self.costs, self.limits)
        return {name for part in parts for key in part for name in key[:2]}

    def told(self) -> str:
        """How many measures of each kind, pairs of states counted once."""
        parts = {"tariffs": self.tariffs, "costs": self.costs, "limits": self.limits}
        number = {name: len({key[:2] for key in part}) for name, part in parts.items()}
        return ", ".join(f"{count} {NUMBER_OF[name]}" for name, count in number.items() if count)


def _measures(file: Path | None, tariff: list[str]) -> list[Measure]:
    from worldorder.trade import parse_measure, read_measures

    found = [] if file is None else read_measures(file)
    return found + [parse_measure(text) for text in tariff]


def _pairs(given: list[str], base: World) -> dict[tuple[str, str], float]:
    from worldorder.trade import european_union, pairs_of, parse_measure

    measures = [parse_measure(text) for text in given]
    return pairs_of(measures, base.names, european_union(base.names))


def _costs(
    base: World,
    elasticity: float,
    sanction: list[str],
    finance: list[str],
    embargo: list[str],
    evasion: float,
) -> Tariffs:
    """Cost changes, both ways; an embargo counts before what is softer."""
    from worldorder.trade import embargo_costs, finance_costs, joined, sanction_costs

    found = joined(
        sanction_costs(_pairs(sanction, base), elasticity, evasion=evasion),
        finance_costs(_pairs(finance, base), elasticity),
    )
    for (sender, target), leak in _pairs(embargo, base).items():
        found |= embargo_costs([(sender, target), (target, sender)], leak, elasticity)
    return found


def _keys(pair: tuple[str, ...], hit: list[str] | None) -> list[tuple[str, ...]]:
    """The pair, or the pair in each sector that is hit."""
    return [pair] if hit is None else [(*pair, sector) for sector in hit]


def _limits(given: list[str], base: World, hit: list[str] | None) -> Tariffs:
    """Highest flows, from shares of what was bought before."""
    from worldorder.errors import InputError
    from worldorder.trade.limits import cell_of

    found: Tariffs = {}
    for pair, share in _pairs(given, base).items():
        if not share > 0:
            raise InputError(
                f"the limit on what {pair[0]} buys from {pair[1]} is {share:g}",
                "It is a share of the trade before, above 0. For no trade give --embargo.",
            )
        flows = {key: float(base.flows[cell_of(key, base)]) for key in _keys(pair, hit)}
        found |= {key: share * flow for key, flow in flows.items() if flow > 0}
    return found


def _solved(base: World, asked: Asked) -> xr.Dataset:
    from worldorder.trade import solve, solve_with_limits

    options: dict[str, Any] = {"costs": asked.costs, **asked.settings}
    if asked.limits:
        return solve_with_limits(base, asked.limits, asked.tariffs, **options)
    return solve(base, asked.tariffs, **options)


def print_shock(
    file: Annotated[
        Path | None, typer.Argument(help="CSV with importer, exporter, tariff (and exempt).")
    ] = None,
    tariff: Annotated[
        list[str] | None,
        typer.Option(
            help="IMPORTER:EXPORTER=RATE on top of what is in force; * is everyone, EU its "
            "members. Repeatable."
        ),
    ] = None,
    retaliation: Annotated[
        Literal["none", "reciprocal", "optimal", "nash"],
        typer.Option(
            help="Reciprocal: the same rise. Optimal: the best one rate for those hit together. "
            "Nash: both sides choose anew, until neither gains by another rate."
        ),
    ] = "none",
    exempt: Annotated[
        float, typer.Option(help="Share of trade that every tariff spares, 0 to 1.", min=0, max=1)
    ] = 0.0,
    sanction: Annotated[
        list[str] | None,
        typer.Option(help="SENDER:TARGET=SHARE of a full embargo, 0 to 1, at estimated cost."),
    ] = None,
    finance: Annotated[
        list[str] | None,
        typer.Option(
            help="SENDER:TARGET=SHARE: finance cut off, 0 to 1; contested (see the docs)."
        ),
    ] = None,
    embargo: Annotated[
        list[str] | None,
        typer.Option(help="SENDER:TARGET=LEAK: no trade either way but a share that leaks."),
    ] = None,
    evasion: Annotated[
        float,
        typer.Option(
            help="Share of what sanctions stop that goes through third countries; 0.05 to 0.1 in "
            "Russia's case.",
            min=0,
            max=1,
        ),
    ] = 0.0,
    limit: Annotated[
        list[str] | None,
        typer.Option(
            help="IMPORTER:EXPORTER=SHARE of the trade of 2023 that may be bought at most, as "
            "under an oil-price cap; the importer keeps the rent."
        ),
    ] = None,
    elasticity: Annotated[float, typer.Option(help="Trade elasticity.", min=0.1)] = 4.0,
    horizon: Annotated[
        Literal["long", "short"],
        typer.Option(help="Short: the year after, at 0.38 of the long-run response."),
    ] = "long",
    in_force: Annotated[
        Literal["applied", "none"],
        typer.Option(help="Tariffs to start from: those applied before 2025, or none."),
    ] = "applied",
    sectors: Annotated[
        bool,
        typer.Option(
            "--sectors",
            help="28 sectors of 80 economies in 2022, each with its own elasticity; --elasticity "
            "is then not read.",
        ),
    ] = False,
    chains: Annotated[
        bool,
        typer.Option(
            "--chains",
            help="With --sectors: inputs are bought from all sectors, at each economy's value "
            "added over sales in 2022.",
        ),
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="With --sectors: the measures fall on this sector (C26) or group (manufactures) "
            "alone. Repeatable."
        ),
    ] = None,
    imbalances: Annotated[
        Literal["world", "fixed", "closed", "ratio", "lending"],
        typer.Option(help="What becomes of trade deficits (see the docs)."),
    ] = "lending",
    countries: Annotated[int, typer.Option(help="How many economies to print.", min=1)] = 15,
    out: Annotated[
        Path | None, typer.Option(help="Write everything to this file: .nc, or .csv by country.")
    ] = None,
    map_file: Annotated[
        Path | None, typer.Option("--map", help="Draw welfare on a map: .svg, .png or .pdf.")
    ] = None,
) -> None:
    """Welfare, prices and trade after new tariffs or sanctions, on trade of 2023.

    The European Union acts as one: hit in one member, all answer, and a tariff of one is one of
    all. Rates are applied rates: --exempt turns announced ones into them.
    """
    from worldorder.cli.targets import FIGURES, check_target
    from worldorder.cli.trade_sectors import costs_by_sector, sector_world, sectors_hit
    from worldorder.errors import InputError
    from worldorder.trade import (
        SectorBaseline,
        applied_tariffs,
        european_union,
        first_year_elasticity,
        make_baseline,
        pairs_of,
        retaliated,
        world_2023,
    )

    check_target(out, (".nc", ".csv"))
    check_target(map_file, FIGURES)
    if (only or chains) and not sectors:
        raise InputError(f"--{'only' if only else 'chains'} needs sectors", "Give --sectors too.")
    theta = first_year_elasticity(elasticity) if horizon == "short" else elasticity
    if sectors:
        base, settings = sector_world(in_force == "applied", horizon, chains)
    else:
        flows = world_2023()
        already = applied_tariffs(list(flows.index)) * (in_force == "applied")
        base, settings = make_baseline(flows, tariffs=already), {"elasticity": theta}
    hit = sectors_hit(only or [], base.sectors) if isinstance(base, SectorBaseline) else None
    union = european_union(base.names)
    measures = pairs_of(_measures(file, tariff or []), base.names, union, as_one=True)
    costs = _costs(base, theta, sanction or [], finance or [], embargo or [], evasion)
    limits = _limits(limit or [], base, hit)
    if not (measures or costs or limits):
        raise InputError(
            "no measure is given",
            "Give --tariff USA:CHN=0.6, a file of tariffs, --sanction, --embargo or --limit.",
        )
    if hit is not None:
        costs = costs_by_sector(costs, hit, theta, settings["elasticity"])
    settings |= {"imbalances": imbalances}
    rates = _on_top(measures, base, exempt, hit)
    answered = retaliated(base, rates, retaliation, union, hit, costs=costs, **settings)
    asked = Asked(answered, costs, limits, settings)
    found = _solved(base, asked)
    _tell(found, asked, base, countries)
    _write(found, out, map_file)


def _on_top(
    measures: Mapping[tuple[str, str], float], base: World, exempt: float, hit: list[str] | None
) -> Tariffs:
    """Rates after the measures, those in force included."""
    from worldorder.trade.limits import cell_of

    return {
        key: float(base.tariffs[cell_of(key, base)]) + rate * (1 - exempt)
        for pair, rate in measures.items()
        for key in _keys(pair, hit)
    }


def _percent(change: float) -> str:
    return f"{round(100 * (change - 1), 2) + 0.0:+.2f} %"


def _tell(found: xr.Dataset, asked: Asked, base: World, countries: int) -> None:
    console = Console()
    console.print(_effects(found, asked, countries))
    if rates := _chosen(found, asked, base):
        console.print(rates)
    console.print(_world(found, base))


def _effects(found: xr.Dataset, asked: Asked, countries: int) -> Table:
    """Those whom the measures name, most money gained or lost first, then the largest others."""
    table = Table(title=f"Change after {asked.told()}")
    table.add_column("country")
    for column in ("welfare", "real income", "prices", "exports", "imports", "duties / spending"):
        table.add_column(column, justify="right")
    spent = found["expenditure"].to_series()
    gained = (spent * (found["welfare"].to_series() - 1).abs()).sort_values(ascending=False)
    touched = asked.touched()
    few = [name for name in gained.index if name in touched][:countries]
    rest = [name for name in spent.sort_values(ascending=False).index if name not in few]
    for name in (*few, *rest[: max(0, countries - len(few))]):
        row = found.sel(country=name)
        shown = ("welfare", "real_income", "price", "exports_change", "imports_change")
        duties = abs(100 * float(row["revenue"] / row["expenditure"]))
        table.add_row(str(name), *(_percent(float(row[v])) for v in shown), f"{duties:.2f} %")
    return table


def _chosen(found: xr.Dataset, asked: Asked, base: World) -> str:
    """The rates in words where they are few, and the duties that stand for limits."""
    from worldorder.trade.limits import cell_of

    rates = {
        (key[0], round(rate - float(base.tariffs[cell_of(key, base)]), 4))
        for key, rate in asked.tariffs.items()
    }
    lines: list[str] = []
    if 0 < len(rates) <= FEW:
        told = (f"{name} {100 * rise:+.1f} points" for name, rise in sorted(rates))
        lines.append(f"Tariffs on top of those in force: {', '.join(told)}.")
    elif levels := _levels(asked.tariffs):
        lines.append(f"Rates, those in force included: {levels}.")
    if "duty_equivalent" in found:
        binding = found["duty_equivalent"].to_series()
        binding = binding[binding > 0]
        lines.append(
            f"Limits bind on {len(binding)} of {len(asked.limits)} flows, as duties of "
            f"{100 * binding.min():.0f} to {100 * binding.max():.0f} % would."
            if len(binding)
            else "No limit binds."
        )
    return "\n".join(lines)


def _levels(tariffs: Tariffs) -> str:
    """Who sets which rate, where each sets one on all goods that it hits; else nothing."""
    by_importer: dict[str, set[float]] = {}
    for key, rate in tariffs.items():
        by_importer.setdefault(key[0], set()).add(round(rate, 4))
    one = {name: min(rates) for name, rates in by_importer.items() if len(rates) == 1}
    states = {rate: [name for name, at in one.items() if at == rate] for rate in one.values()}
    if not 0 < len(states) <= FEW:
        return ""
    named = {
        rate: ", ".join(names) if len(names) <= FEW else f"{len(names)} states"
        for rate, names in states.items()
    }
    return "; ".join(f"{100 * rate:.1f} % by {who}" for rate, who in sorted(named.items()))


def _world(found: xr.Dataset, base: World) -> str:
    from worldorder.trade.retaliation import joint_welfare

    by_pair = base.flows.reshape(-1, *base.flows.shape[-2:]).sum(0)
    old = by_pair.sum() - by_pair.trace()
    trade_change = float(found["exports"].sum()) / old
    traded = "trade" if "sector" in found.dims else "goods trade"
    return (
        f"World: welfare {_percent(joint_welfare(found, base.names, base))}, {traded} "
        f"{_percent(trade_change)}. Solved by {found.attrs['method']}, residual "
        f"{found.attrs['residual']:.1e}, {found.attrs['iterations']} iterations."
    )


def _write(found: xr.Dataset, out: Path | None, map_file: Path | None) -> None:
    from worldorder.cli.targets import write_figure, write_target

    if out is not None and out.suffix == ".csv":
        by_country = [name for name, held in found.data_vars.items() if held.dims == ("country",)]
        write_target(out, found[by_country].to_dataframe().to_csv)
    elif out is not None:
        write_target(out, found.to_netcdf)
    if map_file is not None:
        from worldorder.plots.trade_map import plot_trade_map

        write_figure(map_file, plot_trade_map(found))
