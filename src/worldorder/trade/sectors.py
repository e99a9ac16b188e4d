"""The trade engine over sectors, each as hard to replace as its own elasticity says."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr
from jax import Array

from worldorder.errors import InputError
from worldorder.mechanisms.trade.baseline import Imbalances
from worldorder.mechanisms.trade.sector_baseline import sector_economy, sector_output
from worldorder.mechanisms.trade.sector_outcome import SectorOutcome, sector_outcome
from worldorder.mechanisms.trade.sector_solver import SectorShock, sector_equilibrium
from worldorder.mechanisms.trade.sectors import SectorTechnology, sector_access
from worldorder.trade.answers import abroad, described, no_equilibrium
from worldorder.trade.checks import check_costs, check_flows, check_tariffs, check_transfers
from worldorder.trade.labels import vector_of
from worldorder.trade.model import anchor_of
from worldorder.trade.sector_flows import FLOW, Cube, countries_of, cube_of, sectors_of
from worldorder.trade.sector_model import SectorModel

MOST_BY_NEWTON = 1500  # unknowns: each step solves a linear system of all
NEWTON_STEPS = 60


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
    countries, sectors = countries_of(flows, names), sectors_of(flows)
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
    jax.jit,
    static_argnames=("imbalances", "anchor", "tolerance", "most_iterations", "by_newton"),
)
def _compiled(
    cubes: tuple[Array, Array, Array, Array],
    transfer: Array,
    technology: SectorTechnology,
    imbalances: Imbalances,
    anchor: int | None,
    tolerance: float,
    most_iterations: int,
    by_newton: bool = False,
) -> tuple[SectorOutcome, Array, Array]:
    """Outcome, residual and iterations; `cubes` are flows, old and new tariffs, and costs."""
    flows, already, tariff, cost = cubes
    weights = None if anchor is None else jnp.zeros(flows.shape[1]).at[anchor].set(1.0)
    base = sector_economy(
        flows, already, technology.distribution, technology.inputs, imbalances, weights
    )
    opened = sector_access(base.share, tariff, already, cost, technology)
    shock = SectorShock(opened, tariff, transfer / base.whole.world_income)
    change, residual, iterations = sector_equilibrium(
        shock, base, technology, tolerance, most_iterations, by_newton
    )
    return sector_outcome(change, shock, base, technology), residual, iterations


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


def _check_inputs(base: SectorBaseline, technology: SectorTechnology) -> None:
    """No sector may be used up by more than a country buys of it."""
    if technology.inputs is None:
        return
    output = np.asarray(sector_output(jnp.asarray(base.flows), technology.distribution))
    used = np.einsum("rsi,si->ri", np.asarray(technology.inputs), output)
    bought = (base.flows * (1 + base.tariffs)).sum(1)
    over = used > bought * (1 + 1e-9)
    if over.any():
        sector, country = np.argwhere(over)[0]
        raise InputError(
            f"inputs of sector {base.sectors[sector]} in {base.names[country]} are "
            f"{used[sector, country] / max(bought[sector, country], 1e-300):.3g} times all that it "
            "buys of it",
            "Lower the shares of that input, for that country alone if need be.",
        )
    idle = (bought - used).sum(0) <= 0
    if idle.any():
        name = base.names[int(np.argmax(idle))]
        raise InputError(f"inputs leave {name} no final spending", "Lower their shares.")


def solve_sectors(
    flows: Any,
    tariffs: Any = None,
    *,
    names: Sequence[str] | None = None,
    base_tariffs: Any = None,
    costs: Any = None,
    transfers: Any = None,
    tolerance: float = 1e-10,
    most_iterations: int = 500,
    **settings: Any,
) -> xr.Dataset:
    """The trade equilibrium over sectors; `wo.trade.solve` comes here where flows have sectors.

    Args:
        flows: before duties, home sales included: DataArray by sector, exporter and importer,
            long DataFrame with these columns, or numpy array of that shape; or the result of
            `make_sector_baseline`.
        tariffs: after the change, ad valorem: as the flows, or a matrix or mapping as in `solve`
            for all sectors alike; a mapping may also have keys (importer, exporter, sector).
        names: countries of a numpy array.
        base_tariffs: in place at the baseline.
        costs: factor on the cost of moving goods, as tariffs; inf for an embargo.
        transfers: received less given, in the unit of the flows, by country.
        tolerance: largest log gap of an equation that may be left.
        most_iterations: of the accelerated iteration; Newton's method follows where they fail and
            the unknowns are not too many.
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
    given = vector_of(0.0 if transfers is None else transfers, base.names, "transfers", 0.0)
    check_transfers(given)
    with jax.enable_x64(True):
        technology = model.technology(
            base.names, base.sectors, (base.flows * (1 + base.tariffs)).sum(1)
        )
        _check_inputs(base, technology)
        cubes = tuple(jnp.asarray(x) for x in (base.flows, base.tariffs, rates, factor))
        rule = model.imbalances, anchor_of(model.imbalances, model.anchor, base.names), tolerance
        arguments = cubes, jnp.asarray(given), technology, *rule
        method, solved = "accelerated iteration", _compiled(*arguments, most_iterations)
        if not solved[1] <= tolerance and _unknowns(technology, base) <= MOST_BY_NEWTON:
            method, solved = "Newton", _compiled(*arguments, NEWTON_STEPS, by_newton=True)
        found, residual, iterations = solved
        if not residual <= tolerance:
            raise no_equilibrium(found.excess_demand, float(residual), base.names)
        ending = {"method": method, "residual": float(residual), "iterations": int(iterations)}
        return _labelled(found, base, ending)


def _unknowns(technology: SectorTechnology, base: SectorBaseline) -> int:
    has_inputs = technology.inputs is not None
    by_sector = (has_inputs or technology.pass_through is not None) + (
        has_inputs or technology.scale is not None
    )
    by_country = 1 + (technology.labour_supply is not None)
    return len(base.names) * (by_country + by_sector * len(base.sectors))


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


BY_COUNTRY = (
    "wage", "price", "employment", "real_income", "welfare", "income", "expenditure", "revenue",
)  # fmt: skip


def _labelled(found: SectorOutcome, base: SectorBaseline, ending: Mapping[str, Any]) -> xr.Dataset:
    flows = np.asarray(found.flows)
    held = {name: np.asarray(getattr(found, name)) for name in BY_COUNTRY}
    held |= abroad(flows.sum(0), base.flows.sum(0))
    data: dict[str, Any] = {name: ("country", values) for name, values in held.items()}
    data["output"] = (("sector", "country"), np.asarray(found.output))
    data["sector_price"] = (("sector", "importer"), np.asarray(found.sector_price))
    data["flows"] = (FLOW, flows)
    dims = {dim: list(base.names) for dim in ("country", "exporter", "importer")}
    coords = {"sector": list(base.sectors), **dims}
    return described(xr.Dataset(data, coords, {"status": "converged", **ending}))
