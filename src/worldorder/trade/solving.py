"""Solve the trade engine on a matrix of flows, in double precision, and say how it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
import xarray as xr

from worldorder.errors import ConvergenceError, InputError
from worldorder.mechanisms.trade.equilibrium import Economy, Technology
from worldorder.mechanisms.trade.outcome import Outcome
from worldorder.trade import compiled
from worldorder.trade.answers import abroad, described, no_equilibrium, trade_changes
from worldorder.trade.baseline import with_home_sales
from worldorder.trade.checks import check_costs, check_flows, check_tariffs, check_transfers
from worldorder.trade.labels import Matrix, MatrixLike, Vector, matrix_of, names_of, vector_of
from worldorder.trade.model import TradeModel, anchor_of
from worldorder.trade.sector_flows import has_sectors
from worldorder.trade.sectors import SectorBaseline, solve_sectors


@dataclass(frozen=True)
class Baseline:
    """A user's world before the shock, checked."""

    names: tuple[str, ...]
    flows: Matrix  # before duties, home sales on the diagonal
    tariffs: Matrix  # already in place


def make_baseline(
    flows: MatrixLike | Baseline,
    names: Sequence[str] | None = None,
    gdp: Any = None,
    tariffs: MatrixLike | None = None,
    model: TradeModel | None = None,
) -> Baseline:
    """Check and order a user's flows; with `gdp` home sales are worked out from it.

    A baseline is one already and is given back.

    Raises:
        InputError: the flows cannot be used; the message names the countries.
    """
    if isinstance(flows, Baseline):
        return flows
    countries = names_of(flows, names)
    matrix = matrix_of(flows, countries, "flows", 0.0)
    if gdp is not None:
        margins = vector_of((model or TradeModel()).distribution, countries, "distribution", 0.0)
        matrix = with_home_sales(matrix, vector_of(gdp, countries, "gdp", None), margins)
    check_flows(matrix, countries)
    already = np.zeros_like(matrix)
    if tariffs is not None:
        already = matrix_of(tariffs, countries, "base_tariffs", 0.0)
        check_tariffs(already, countries, "base tariff")
    return Baseline(countries, matrix, already)


def arrays(base: Baseline, model: TradeModel) -> tuple[Economy, Technology]:
    """Baseline and settings as the kernels take them."""
    technology = model.technology(base.names)
    anchor = anchor_of(model.imbalances, model.anchor, base.names)
    world = compiled.economy(
        jnp.asarray(base.flows),
        jnp.asarray(base.tariffs),
        technology.distribution,
        model.imbalances,
        anchor,
    )
    return world, technology


def _tariff_matrix(tariffs: MatrixLike, base: Baseline) -> Matrix:
    if not isinstance(tariffs, Mapping):
        return matrix_of(tariffs, base.names, "tariffs", 0.0)
    given = matrix_of(dict.fromkeys(tariffs, 1.0), base.names, "tariffs", 0.0) > 0
    return np.where(given, matrix_of(tariffs, base.names, "tariffs", 0.0), base.tariffs)


def make_case(
    base: Baseline, tariffs: Any, costs: Any, transfers: Any, elasticity: float
) -> compiled.Case:
    """One scenario for the compiled solver (see `solve` for what may be given)."""
    matrix = base.tariffs
    if tariffs is not None:
        matrix = _tariff_matrix(tariffs, base)
        check_tariffs(matrix, base.names)
    factor = np.ones_like(base.flows)
    if costs is not None:
        changes = matrix_of(costs, base.names, "costs", 1.0)
        check_costs(changes, base.names)
        factor = changes**-elasticity
    given = vector_of(0.0 if transfers is None else transfers, base.names, "transfers", 0.0)
    check_transfers(given)
    return compiled.Case(jnp.asarray(matrix), jnp.asarray(factor), jnp.asarray(given))


def solve(
    flows: MatrixLike | Baseline,
    tariffs: MatrixLike | None = None,
    *,
    model: TradeModel | None = None,
    names: Sequence[str] | None = None,
    gdp: Any = None,
    base_tariffs: MatrixLike | None = None,
    costs: MatrixLike | None = None,
    transfers: Any = None,
    tolerance: float = 1e-10,
    most_iterations: int = 500,
    **settings: Any,
) -> xr.Dataset:
    """The trade equilibrium that follows from tariffs, trade costs and transfers.

    Args:
        flows: trade before duties, exporter in the row and importer in the column, home sales on
            the diagonal: numpy array, DataFrame (wide, or long with exporter and importer) or
            DataArray; any unit of money. Or the result of `make_baseline`. With a dimension or
            column `sector` see `solve_sectors` for what may be set and what comes back.
        tariffs: ad valorem after the change, same orientation; or a mapping from (importer,
            exporter) to the rate, where pairs left out keep the base tariff.
        model: settings; or give them by name, `elasticity=5` for example (see `TradeModel`).
        names: names of the countries of a numpy array.
        gdp: by country, in the unit of the flows; home sales then follow from it.
        base_tariffs: in place at the baseline, 0 if not given.
        costs: factor on the cost of moving goods, 1 where nothing changes, inf for an embargo.
        transfers: received less given, in the unit of the flows, by country.
        tolerance: largest log of supply over demand that may be left.
        most_iterations: of the accelerated iteration; Newton's method follows where they fail.

    Returns:
        Dataset by country and by (exporter, importer); `attrs` have status, method, residual and
        iterations.

    Raises:
        InputError: the input cannot be used.
        ConvergenceError: no equilibrium was found; the message names the countries farthest off.
    """
    if isinstance(flows, SectorBaseline) or has_sectors(flows):
        if model is not None or gdp is not None:
            raise InputError(
                f"{'gdp' if model is None else 'a TradeModel'} has no meaning where flows have "
                "sectors",
                "Put home sales by sector into the flows, and give settings by name.",
            )
        changed = {"base_tariffs": base_tariffs, "costs": costs, "transfers": transfers}
        limits = {"tolerance": tolerance, "most_iterations": most_iterations}
        return solve_sectors(flows, tariffs, names=names, **changed, **limits, **settings)
    model = _model(model, settings)
    with jax.enable_x64(True):
        base = make_baseline(flows, names, gdp, base_tariffs, model)
        world, technology = arrays(base, model)
        case = make_case(base, tariffs, costs, transfers, model.elasticity)
        arguments = case, jnp.asarray(base.tariffs), world, technology
        method, limits = "accelerated iteration", compiled.Limits(tolerance, most_iterations)
        found, residual, iterations = compiled.solve_case(*arguments, limits)
        if not residual <= tolerance:
            method, limits = "Newton", compiled.Limits(tolerance, 100)
            found, residual, iterations = compiled.solve_case(*arguments, limits, by_newton=True)
        if not residual <= tolerance:
            raise no_equilibrium(found.excess_demand, float(residual), base.names)
        return _labelled(found, base, method, float(residual), int(iterations))


def _model(model: TradeModel | None, settings: Mapping[str, Any]) -> TradeModel:
    if model is not None and settings:
        raise InputError("both a model and single settings are given", "Give one of them.")
    try:
        return model or TradeModel(**settings)
    except TypeError as error:
        known = ", ".join(TradeModel.__dataclass_fields__)
        raise InputError(str(error).split("__init__() ")[-1], f"Settings are {known}.") from error


def _labelled(
    found: Outcome, base: Baseline, method: str, residual: float, iterations: int
) -> xr.Dataset:
    after = np.asarray(found.flows)
    held: dict[str, Vector] = {
        name: np.asarray(getattr(found, name)) for name in compiled.BY_COUNTRY
    }
    held |= abroad(after, base.flows)
    data = {name: ("country", values) for name, values in held.items()}
    dataset = xr.Dataset(
        {**data, "flows": (("exporter", "importer"), after)},
        coords={dim: list(base.names) for dim in ("country", "exporter", "importer")},
        attrs={
            "status": "converged",
            "method": method,
            "residual": residual,
            "iterations": iterations,
        },
    )
    return described(dataset)


def solve_many(
    flows: MatrixLike | Baseline,
    scenarios: Mapping[str, MatrixLike],
    *,
    model: TradeModel | None = None,
    names: Sequence[str] | None = None,
    gdp: Any = None,
    base_tariffs: MatrixLike | None = None,
    costs: Mapping[str, MatrixLike] | None = None,
    tolerance: float = 1e-10,
    most_iterations: int = 500,
    **settings: Any,
) -> xr.Dataset:
    """Many tariff scenarios in one compiled call, by country (see `solve`; flows are not kept).

    Over sectors they are solved one after another.

    Args:
        flows: as in `solve`.
        scenarios: tariffs by name of the scenario.
        model: as in `solve`.
        names: as in `solve`.
        gdp: as in `solve`.
        base_tariffs: as in `solve`.
        costs: cost changes by name of the scenario, where there are any.
        tolerance: as in `solve`.
        most_iterations: as in `solve`; there is no second method here.
        **settings: as in `solve`.

    Returns:
        Dataset by (scenario, country) with the residual by scenario.

    Raises:
        InputError: the input cannot be used.
        ConvergenceError: naming the scenarios that were not solved.
    """
    if not scenarios:
        raise InputError("no scenarios are given", "Give tariffs by name of the scenario.")
    if isinstance(flows, SectorBaseline) or has_sectors(flows):
        given = {"model": model, "gdp": gdp, "base_tariffs": base_tariffs, "names": names}
        limits = {"tolerance": tolerance, "most_iterations": most_iterations}
        return _many_over_sectors(flows, scenarios, costs or {}, given | limits | settings)
    model = _model(model, settings)
    with jax.enable_x64(True):
        base = make_baseline(flows, names, gdp, base_tariffs, model)
        world, technology = arrays(base, model)
        cases = [
            make_case(base, tariffs, (costs or {}).get(name), None, model.elasticity)
            for name, tariffs in scenarios.items()
        ]
        stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *cases)
        limits = compiled.Limits(tolerance, most_iterations)
        already = jnp.asarray(base.tariffs)
        held, residual, _ = compiled.solve_cases(stacked, already, world, technology, limits)
        failed = ~(np.asarray(residual) <= tolerance)
    if failed.any():
        unsolved = ", ".join(name for name, wrong in zip(scenarios, failed, strict=True) if wrong)
        raise ConvergenceError(f"not solved: {unsolved}", "Solve them one by one to see why.")
    kept = {name: np.asarray(values) for name, values in held.items()}
    kept |= trade_changes(kept, base.flows)
    data = {name: (("scenario", "country"), values) for name, values in kept.items()}
    dataset = described(
        xr.Dataset(data, coords={"scenario": list(scenarios), "country": list(base.names)})
    )
    dataset["residual"] = ("scenario", np.asarray(residual))
    return dataset


def _many_over_sectors(
    flows: Any,
    scenarios: Mapping[str, Any],
    costs: Mapping[str, Any],
    options: Mapping[str, Any],
) -> xr.Dataset:
    parts: list[xr.Dataset] = []
    for name, tariffs in scenarios.items():
        found = solve(flows, tariffs, costs=costs.get(name), **options)
        kept = [str(held) for held, x in found.data_vars.items() if x.dims == ("country",)]
        parts.append(found[kept].assign(residual=found.attrs["residual"]))
    return xr.concat(parts, pd.Index(list(scenarios), name="scenario"), combine_attrs="drop")
