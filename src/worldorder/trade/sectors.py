"""The trade engine over sectors, each as hard to replace as its own elasticity says."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast, get_args

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
import xarray as xr
from jax import Array
from numpy.typing import NDArray

from worldorder.errors import ConvergenceError, InputError, did_you_mean
from worldorder.mechanisms.trade.baseline import Imbalances, economy_of_flows
from worldorder.mechanisms.trade.sectors import (
    SectorEconomy,
    SectorMarket,
    SectorTechnology,
    sector_access,
    sector_equilibrium,
    sector_market,
)
from worldorder.trade.checks import check_costs, check_flows, check_tariffs
from worldorder.trade.labels import Matrix, Vector, check_labels, matrix_of, names_of

Cube: TypeAlias = NDArray[np.float64]  # sector, exporter, importer
FLOW = ("sector", "exporter", "importer")
LABELS = {
    "wage": "wage, new over old; world income is the numeraire",
    "price": "consumer price, new over old",
    "real_income": "income and duties over consumer prices, new over old",
    "welfare": "real expenditure, new over old",
    "income": "earned from sales, in the unit of the flows",
    "expenditure": "spending with duties, in the unit of the flows",
    "revenue": "duties collected, in the unit of the flows",
    "exports": "sales abroad before duties, in the unit of the flows",
    "imports": "purchases abroad before duties, in the unit of the flows",
    "exports_change": "sales abroad, new over old",
    "imports_change": "purchases abroad, new over old",
    "output": "sales by sector, in the unit of the flows",
    "sector_price": "consumer price of the sector, new over old",
    "flows": "trade before duties, home sales on the diagonal, in the unit of the flows",
}


@dataclass(frozen=True)
class SectorModel:
    """How trade in sectors responds.

    Args:
        elasticity: theta, one number or by sector.
        substitution: eta between sectors; 1 holds their shares in spending (Cobb-Douglas).
        imbalances: as in `TradeModel`; deficits that are fixed need no anchor here.
    """

    elasticity: float | Mapping[str, float] | pd.Series | Sequence[float] = 4.0
    substitution: float = 1.0
    imbalances: Imbalances = "world"

    def __post_init__(self) -> None:
        if self.imbalances not in get_args(Imbalances):
            near = did_you_mean(self.imbalances, get_args(Imbalances))
            raise InputError(f"unknown imbalances {self.imbalances!r}", near)
        if not 0 <= self.substitution < np.inf:
            raise InputError(f"substitution {self.substitution} is not 0 or more", "1 is usual.")

    def by_sector(self, sectors: Sequence[str]) -> Vector:
        """Elasticities in the order of `sectors`."""
        given = self.elasticity
        if isinstance(given, pd.Series):
            given = given.to_dict()
        if isinstance(given, Mapping):
            named = {str(name): float(value) for name, value in given.items()}
            if missing := [name for name in sectors if name not in named]:
                raise InputError(
                    f"elasticity has no {', '.join(missing[:10])}", "Give each sector."
                )
            given = [named[name] for name in sectors]
        values = np.asarray(given, dtype=float)
        if values.shape not in ((), (len(sectors),)):
            raise InputError(f"elasticity has shape {values.shape}", f"Give {len(sectors)} values.")
        found = np.broadcast_to(values, (len(sectors),))
        if wrong := [n for n, value in zip(sectors, found, strict=True) if not value > 0]:
            raise InputError(f"elasticity of {', '.join(wrong[:10])} is not above 0", "4 is usual.")
        return found


def has_sectors(flows: Any) -> bool:
    """Whether flows have a dimension (or a column) of sectors."""
    if isinstance(flows, pd.DataFrame):
        return "sector" in flows.columns and {"exporter", "importer"} <= {*flows.columns}
    if isinstance(flows, xr.DataArray):
        return "sector" in flows.dims
    return isinstance(flows, np.ndarray) and flows.ndim == 3


def sectors_of(flows: Any) -> tuple[str, ...]:
    """Names of the sectors in the order of the flows; numbers where there are none."""
    if isinstance(flows, pd.DataFrame):
        check_labels(flows["sector"], "sector of line")
        return tuple(sorted(flows["sector"].astype(str).unique()))
    if isinstance(flows, xr.DataArray) and "sector" in flows.coords:
        return tuple(str(name) for name in flows["sector"].to_numpy())
    return tuple(str(number) for number in range(len(flows)))


def _named(flows: Any, names: Sequence[str] | None) -> tuple[str, ...]:
    if isinstance(flows, np.ndarray):
        return names_of(flows[0], names)
    return names_of(flows, names)


def cube_of(
    given: Any, names: Sequence[str], sectors: Sequence[str], what: str, absent: float
) -> Cube:
    """`given` as (sector, exporter, importer): by sector, or one matrix that holds for all.

    A mapping is keyed by (importer, exporter) or (importer, exporter, sector).

    Raises:
        InputError: a sector or country is missing or unknown, or the shape is another.
    """
    if isinstance(given, Mapping):
        return _cube_of_pairs(given, names, sectors, what, absent)
    if not has_sectors(given):
        one = matrix_of(given, names, what, absent)
        return np.broadcast_to(one, (len(sectors), *one.shape)).copy()
    if isinstance(given, np.ndarray):
        if len(given) != len(sectors):
            raise InputError(f"{what} has {len(given)} sectors", f"It needs {len(sectors)}.")
        return np.stack([matrix_of(part, names, what, absent) for part in given])
    known = sectors_of(given)
    if missing := sorted(set(sectors) ^ set(known)):
        raise InputError(f"sectors not both in the flows and in {what}: {', '.join(missing[:10])}")
    if isinstance(given, xr.DataArray):
        given = given.assign_coords(sector=list(known))
        parts = [given.sel(sector=name) for name in sectors]
    else:
        by_sector = dict(iter(given.groupby(given["sector"].astype(str))))
        parts = [by_sector[name].drop(columns="sector") for name in sectors]
    return np.stack(
        [
            matrix_of(part, names, f"{what} of sector {name}", absent)
            for part, name in zip(parts, sectors, strict=True)
        ]
    )


def _cube_of_pairs(
    given: Mapping[Any, float],
    names: Sequence[str],
    sectors: Sequence[str],
    what: str,
    absent: float,
) -> Cube:
    """Pairs for all sectors first, then those of a single one."""
    found = np.empty((len(sectors), len(names), len(names)))
    single = {key: value for key, value in given.items() if _is_triple(key)}
    for_all = {key: value for key, value in given.items() if not _is_triple(key)}
    found[:] = matrix_of(for_all, names, what, absent)
    matrix_of(dict.fromkeys((key[:2] for key in single), 0.0), names, what, absent)  # names alone
    place = {name: number for number, name in enumerate(names)}
    at = {name: number for number, name in enumerate(sectors)}
    for (importer, exporter, sector), value in single.items():
        if sector not in at:
            raise InputError(f"{what}: unknown sector {sector!r}", did_you_mean(sector, sectors))
        found[at[sector], place[exporter], place[importer]] = value
    return found


def _is_triple(key: Any) -> bool:
    return isinstance(key, tuple) and len(cast("tuple[Any, ...]", key)) == 3


@dataclass(frozen=True)
class SectorBaseline:
    """A user's world before the shock, checked."""

    names: tuple[str, ...]
    sectors: tuple[str, ...]
    flows: Cube  # before duties, home sales on the diagonal
    tariffs: Cube  # already in place


def make_sector_baseline(
    flows: Any, names: Sequence[str] | None = None, tariffs: Any = None
) -> SectorBaseline:
    """Check and order a user's flows by sector.

    Raises:
        InputError: the flows cannot be used; the message names the countries.
    """
    countries, sectors = _named(flows, names), sectors_of(flows)
    cube = cube_of(flows, countries, sectors, "flows", 0.0)
    wrong = ~(cube >= 0) | (cube == np.inf)
    if wrong.any():
        sector, exporter, importer = np.argwhere(wrong)[0]
        raise InputError(
            f"the flow from {countries[exporter]} to {countries[importer]} in sector "
            f"{sectors[sector]} is {cube[sector, exporter, importer]}",
            "Flows are 0 or more; missing flows are 0.",
        )
    check_flows(cube.sum(0), countries)
    already = np.zeros_like(cube)
    if tariffs is not None:
        already = cube_of(tariffs, countries, sectors, "base_tariffs", 0.0)
    for rates in already:
        check_tariffs(rates, countries, "base tariff")
    return SectorBaseline(countries, sectors, cube, already)


@functools.partial(
    jax.jit, static_argnames=("imbalances", "tolerance", "most_iterations", "exact_slope")
)
def _compiled(
    flows: Array,
    already: Array,
    tariff: Array,
    cost: Array,
    technology: SectorTechnology,
    imbalances: Imbalances,
    tolerance: float,
    most_iterations: int,
    exact_slope: bool = False,
) -> tuple[SectorMarket, SectorEconomy, Array, Array, Array]:
    base = _economy(flows, already, imbalances)
    opened = sector_access(base.share, tariff, already, cost, technology.elasticity)
    log_wage, residual, iterations = sector_equilibrium(
        opened, tariff, base, technology, tolerance, most_iterations, exact_slope
    )
    return (
        sector_market(log_wage, opened, tariff, base, technology),
        base,
        log_wage,
        residual,
        iterations,
    )


def _economy(flows: Array, already: Array, imbalances: Imbalances) -> SectorEconomy:
    paid = flows * (1 + already)
    total, bought = flows.sum(0), paid.sum(1)
    mean = jnp.where(total > 0, paid.sum(0) / jnp.where(total > 0, total, 1.0) - 1, 0.0)
    return SectorEconomy(
        share=paid / jnp.where(bought > 0, bought, 1.0)[:, None, :],
        weight=bought / bought.sum(0),
        whole=economy_of_flows(total, mean, None, imbalances),
    )


def _check_supplied(base: SectorBaseline, costs: Cube) -> None:
    """Every sector that a country buys from must keep a supplier."""
    left = np.where(np.isinf(costs), 0.0, base.flows).sum(1)
    cut = (left == 0) & (base.flows.sum(1) > 0)
    if cut.any():
        sector, importer = np.argwhere(cut)[0]
        raise InputError(
            f"{base.names[importer]} is left without any supplier in sector {base.sectors[sector]}",
            "Let some trade leak: a large cost in place of an infinite one.",
        )


def solve_sectors(
    flows: Any,
    tariffs: Any = None,
    *,
    names: Sequence[str] | None = None,
    base_tariffs: Any = None,
    costs: Any = None,
    tolerance: float = 1e-10,
    most_iterations: int = 100,
    **settings: Any,
) -> xr.Dataset:
    """The trade equilibrium over sectors; `wo.trade.solve` comes here where flows have sectors.

    Solved by Newton's method on one wage a country, with a slope near the exact one, and with the
    exact one where that fails.

    Args:
        flows: before duties, home sales included: DataArray by sector, exporter and importer,
            long DataFrame with these columns, or numpy array of that shape; or the result of
            `make_sector_baseline`.
        tariffs: after the change, ad valorem: as the flows, or a matrix or mapping as in `solve`
            for all sectors alike; a mapping may also have keys (importer, exporter, sector).
        names: countries of a numpy array.
        base_tariffs: in place at the baseline.
        costs: factor on the cost of moving goods, as tariffs; inf for an embargo.
        tolerance: largest log of sales over income that may be left.
        most_iterations: of Newton's method.
        **settings: of `SectorModel`.

    Returns:
        As `solve`, with output by (sector, country), sector_price by (sector, importer), flows by
        (sector, exporter, importer).

    Raises:
        InputError: the input cannot be used.
        ConvergenceError: no equilibrium was found; the message names the countries farthest off.
    """
    model = _model(settings)
    base = (
        flows
        if isinstance(flows, SectorBaseline)
        else make_sector_baseline(flows, names, base_tariffs)
    )
    rates, factor = _changes(base, tariffs, costs)
    with jax.enable_x64(True):
        technology = SectorTechnology(
            jnp.asarray(model.by_sector(base.sectors)), jnp.asarray(model.substitution)
        )
        arguments = [jnp.asarray(x) for x in (base.flows, base.tariffs, rates, factor)]
        options = technology, model.imbalances, tolerance, most_iterations
        method, solved = "quasi-Newton", _compiled(*arguments, *options)
        if not solved[-2] <= tolerance:
            method, solved = "Newton", _compiled(*arguments, *options, exact_slope=True)
        found, world, log_wage, residual, iterations = solved
        if not residual <= tolerance:
            raise _no_equilibrium(found, float(residual), base.names)
        ending = {"method": method, "residual": float(residual), "iterations": int(iterations)}
        return _labelled(found, world, np.asarray(log_wage), base, ending)


def _model(settings: Mapping[str, Any]) -> SectorModel:
    known = SectorModel.__dataclass_fields__
    if unknown := [name for name in settings if name not in known]:
        raise InputError(
            f"{unknown[0]!r} is no setting where flows have sectors",
            f"Settings are {', '.join(known)}.",
        )
    return SectorModel(**settings)


def _changes(base: SectorBaseline, tariffs: Any, costs: Any) -> tuple[Cube, Cube]:
    rates, factor = base.tariffs, np.ones_like(base.flows)
    if isinstance(tariffs, Mapping):
        marked = dict.fromkeys(tariffs, 1.0)
        given = cube_of(marked, base.names, base.sectors, "tariffs", 0.0) > 0
        new = cube_of(tariffs, base.names, base.sectors, "tariffs", 0.0)
        rates = np.where(given, new, base.tariffs)
    elif tariffs is not None:
        rates = cube_of(tariffs, base.names, base.sectors, "tariffs", 0.0)
    if costs is not None:
        factor = cube_of(costs, base.names, base.sectors, "costs", 1.0)
    for one, cost in zip(rates, factor, strict=True):
        check_tariffs(one, base.names)
        check_costs(cost, base.names)
    _check_supplied(base, factor)
    return rates, factor


def _no_equilibrium(found: SectorMarket, residual: float, names: Sequence[str]) -> ConvergenceError:
    gap = np.asarray(jnp.log(found.flows.sum((0, 2)) / found.income))
    worst = sorted(zip(-np.abs(np.nan_to_num(gap, nan=np.inf)), names, strict=True))[:5]
    return ConvergenceError(
        f"no equilibrium found: residual {residual:.2g}, worst in {', '.join(n for _, n in worst)}",
        "Surplus countries that are cut off cannot keep a fixed surplus: try imbalances='lending'.",
    )


def _labelled(
    found: SectorMarket,
    world: SectorEconomy,
    log_wage: Vector,
    base: SectorBaseline,
    ending: Mapping[str, Any],
) -> xr.Dataset:
    unit = float(world.whole.world_income)
    flows, income = unit * np.asarray(found.flows), unit * np.asarray(found.income)
    spent, price = unit * np.asarray(found.expenditure), np.asarray(found.price)
    before = unit * np.asarray(world.whole.income + world.whole.revenue)
    revenue = spent - flows.sum((0, 1))
    by_country: dict[str, Vector] = {
        "wage": np.exp(log_wage),
        "price": price,
        "real_income": (income + revenue) / before / price,
        "welfare": spent / (unit * np.asarray(world.whole.expenditure)) / price,
        "income": income,
        "expenditure": spent,
        "revenue": revenue,
        **_abroad(flows.sum(0), base.flows.sum(0)),
    }
    data: dict[str, Any] = {name: ("country", values) for name, values in by_country.items()}
    data["output"] = (("sector", "country"), flows.sum(2))
    data["sector_price"] = (("sector", "importer"), np.asarray(found.sector_price))
    data["flows"] = (FLOW, flows)
    dims = {dim: list(base.names) for dim in ("country", "exporter", "importer")}
    coords = {"sector": list(base.sectors), **dims}
    dataset = xr.Dataset(data, coords, {"status": "converged", **ending})
    for name, variable in dataset.data_vars.items():
        variable.attrs["long_name"] = LABELS[str(name)]
    return dataset


def _abroad(after: Matrix, before: Matrix) -> dict[str, Vector]:
    found: dict[str, Vector] = {}
    for name, axis in (("exports", 1), ("imports", 0)):
        new, old = (flows.sum(axis) - np.diagonal(flows) for flows in (after, before))
        found[name] = new
        with np.errstate(divide="ignore", invalid="ignore"):
            found[f"{name}_change"] = new / old
    return found


def world_2022_sectors() -> tuple[xr.DataArray, pd.Series]:
    """The shipped baseline by sector, 80 economies and 28 sectors in 2022, and its elasticities.

    Flows in bn USD: shares of suppliers times the sector's share times all that the economy
    uses, by input-output tables. Suppliers below a thousandth of a market and the rest of the
    world are left out and the others scaled up, by 3 percent on the mean. Elasticities are the
    median of eight published sets.
    """
    from worldorder.data.panel import panel, table

    supplies = table("sector_supply")
    used = panel("gross_trade", 2022).groupby("importer")["value"].sum() / 1000
    market = [supplies["sector"], supplies["importer"]]
    share = supplies["share"] / supplies["share"].groupby(market, observed=True).transform("sum")
    worth = share * supplies["spending_share"] * supplies["importer"].astype(str).map(used)
    frame = supplies.assign(flow=worth).astype(dict.fromkeys(FLOW, str))
    array = frame.set_index(list(FLOW))["flow"].to_xarray()
    names = sorted({*frame["exporter"], *frame["importer"]})
    found = array.reindex(exporter=names, importer=names).fillna(0.0)
    theta = frame.drop_duplicates("sector").set_index("sector")["elasticity"]
    return found, theta.sort_index()


def sector_totals() -> pd.DataFrame:
    """Flows of `world_2022_sectors` over all sectors, exporter by importer, bn USD."""
    whole = world_2022_sectors()[0].sum("sector").transpose("exporter", "importer")
    return pd.DataFrame(
        whole.to_numpy(),
        index=pd.Index(whole["exporter"].to_numpy(), name="exporter"),
        columns=pd.Index(whole["importer"].to_numpy(), name="importer"),
    )
