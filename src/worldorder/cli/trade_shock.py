"""worldorder trade shock: what tariffs, sanctions, embargoes and limits do to whom."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from worldorder.trade import Baseline
    from worldorder.trade.measures import Measure
    from worldorder.trade.retaliation import Tariffs

NUMBER_OF = {"tariffs": "bilateral tariffs", "costs": "barriers on flows", "limits": "limits"}


@dataclass(frozen=True)
class Asked:
    """What the options ask for, by (importer, exporter)."""

    tariffs: Tariffs  # rates, those in force included
    costs: Tariffs  # factors on the cost of trade
    limits: Tariffs  # highest flows
    settings: dict[str, Any]  # of `wo.trade.solve`

    def touched(self) -> set[str]:
        """Countries that the measures name."""
        parts = (self.tariffs, self.costs, self.limits)
        return {name for part in parts for pair in part for name in pair}

    def told(self) -> str:
        """How many measures of each kind."""
        parts = {"tariffs": self.tariffs, "costs": self.costs, "limits": self.limits}
        return ", ".join(f"{len(part)} {NUMBER_OF[name]}" for name, part in parts.items() if part)


def _measures(file: Path | None, tariff: list[str]) -> list[Measure]:
    from worldorder.trade import parse_measure, read_measures

    found = [] if file is None else read_measures(file)
    return found + [parse_measure(text) for text in tariff]


def _pairs(given: list[str], base: Baseline, as_one: bool = False) -> Tariffs:
    from worldorder.trade import european_union, pairs_of, parse_measure

    measures = [parse_measure(text) for text in given]
    return pairs_of(measures, base.names, european_union(base.names), as_one)


def _costs(
    base: Baseline,
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


def _limits(given: list[str], base: Baseline) -> Tariffs:
    """Highest flows, from shares of what was bought before."""
    from worldorder.errors import InputError

    at = {name: number for number, name in enumerate(base.names)}
    found: Tariffs = {}
    for (importer, exporter), share in _pairs(given, base).items():
        if not share > 0:
            raise InputError(
                f"the limit on what {importer} buys from {exporter} is {share:g}",
                "It is a share of the trade of 2023, above 0. For no trade give --embargo.",
            )
        flow = float(base.flows[at[exporter], at[importer]])
        if flow > 0:
            found[importer, exporter] = share * flow
    return found


def _hit(only: list[str], sectors: list[str]) -> list[str]:
    """Codes of the sectors that are named, by themselves or by their group; all if none is."""
    from worldorder.data.panel import table
    from worldorder.errors import InputError, did_you_mean

    rows = table("sector_supply")[["sector", "group"]].drop_duplicates().astype(str)
    groups = {str(name): list(part["sector"]) for name, part in rows.groupby("group")}
    known = {**{name: [name] for name in sectors}, **groups}
    if unknown := [name for name in only if name not in known]:
        near = did_you_mean(unknown[0], known) or f"Use {', '.join(known)}."
        raise InputError(f"unknown sector {unknown[0]!r}", near)
    return sorted({code for name in only for code in known[name]}) or sectors


def _solved_by_sector(
    asked: Asked, already: pd.DataFrame, horizon: str, only: list[str]
) -> xr.Dataset:
    """The same tariffs in the sectors that are hit, costs at the elasticity of each."""
    from worldorder.trade import first_year_elasticity, solve, world_2022_sectors

    flows, theta = world_2022_sectors()
    hit = _hit(only, [str(name) for name in theta.index])
    if horizon == "short":
        theta = theta.map(first_year_elasticity)
    mean = asked.settings["elasticity"]
    costs = {  # a cost factor c at elasticity m cuts trade as c^(m/theta) does at theta
        (*pair, sector): factor ** (mean / theta[sector])
        for sector in hit
        for pair, factor in asked.costs.items()
    }
    rates = {(*pair, sector): rate for sector in hit for pair, rate in asked.tariffs.items()}
    names = flows["exporter"].to_numpy()
    return solve(
        flows,
        rates,
        base_tariffs=already.loc[names, names],
        costs=costs,
        elasticity=theta,
        imbalances=asked.settings["imbalances"],
    )


def _solved(base: Baseline, asked: Asked) -> xr.Dataset:
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
    from worldorder.errors import InputError
    from worldorder.trade import (
        applied_tariffs,
        european_union,
        first_year_elasticity,
        make_baseline,
        pairs_of,
        retaliated,
        sector_totals,
        world_2023,
    )

    check_target(out, (".nc", ".csv"))
    check_target(map_file, FIGURES)
    flows = sector_totals() if sectors else world_2023()
    names = list(flows.index)
    already = applied_tariffs(names) * (in_force == "applied")
    base = make_baseline(flows, tariffs=already)
    union = european_union(base.names)
    theta = first_year_elasticity(elasticity) if horizon == "short" else elasticity
    measures = pairs_of(_measures(file, tariff or []), base.names, union, as_one=True)
    costs = _costs(base, theta, sanction or [], finance or [], embargo or [], evasion)
    limits = _limits(limit or [], base)
    if not (measures or costs or limits):
        raise InputError(
            "no measure is given",
            "Give --tariff USA:CHN=0.6, a file of tariffs, --sanction, --embargo or --limit.",
        )
    if sectors and (limits or retaliation in ("optimal", "nash")):
        raise InputError(
            "limits and chosen retaliation are solved without sectors only", "Leave out --sectors."
        )
    if only and not sectors:
        raise InputError("--only names sectors", "Give --sectors too.")
    settings: dict[str, Any] = {"elasticity": theta, "imbalances": imbalances}
    rates = _on_top(measures, base, exempt)
    answered = retaliated(base, rates, retaliation, union, costs=costs, **settings)
    asked = Asked(answered, costs, limits, settings)
    found = (
        _solved_by_sector(asked, already, horizon, only or []) if sectors else _solved(base, asked)
    )
    _tell(found, asked, base, countries)
    _write(found, out, map_file)


def _on_top(measures: Tariffs, base: Baseline, exempt: float) -> Tariffs:
    """Rates after the measures, those in force included."""
    at = {name: number for number, name in enumerate(base.names)}
    return {
        (importer, exporter): float(base.tariffs[at[exporter], at[importer]]) + rate * (1 - exempt)
        for (importer, exporter), rate in measures.items()
    }


def _percent(change: float) -> str:
    return f"{round(100 * (change - 1), 2) + 0.0:+.2f} %"


def _tell(found: xr.Dataset, asked: Asked, base: Baseline, countries: int) -> None:
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


def _chosen(found: xr.Dataset, asked: Asked, base: Baseline) -> str:
    """The rates in words where they are few, and the duties that stand for limits."""
    at = {name: number for number, name in enumerate(base.names)}
    told: list[str] = []
    rates = {
        (importer, round(rate - float(base.tariffs[at[exporter], at[importer]]), 4))
        for (importer, exporter), rate in asked.tariffs.items()
    }
    if 0 < len(rates) <= 4:
        told += [f"{name} {100 * rise:+.1f} points" for name, rise in sorted(rates)]
    lines = [f"Tariffs on top of those in force: {', '.join(told)}."] if told else []
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


def _world(found: xr.Dataset, base: Baseline) -> str:
    from worldorder.trade.retaliation import joint_welfare

    old = base.flows.sum() - base.flows.trace()
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
