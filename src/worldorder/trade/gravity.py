"""General-equilibrium gravity on a user's own costs, conditional, exact and as in gegravity 0.3."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, get_args

import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr
from jax import Array

from worldorder.errors import ConvergenceError, InputError, did_you_mean
from worldorder.mechanisms.trade import gravity as kernels
from worldorder.trade.labels import Matrix, MatrixLike, Vector, matrix_of, names_of, vector_of

TOLERANCE = 1e-10
BY_COUNTRY = {
    "factory_price": "factory-gate price, new over old",
    "inward_resistance": "consumer price index P, new over old",
    "outward_resistance": "outward multilateral resistance, new over old",
    "output": "value of output, new over old",
    "expenditure": "expenditure, new over old",
}


@functools.partial(jax.jit, static_argnames=("method",))
def _compiled(
    before: Matrix,
    after: Matrix,
    sold: Vector,
    spent: Vector,
    sigma: float,
    reference: int,
    method: kernels.Method,
) -> tuple[Array, kernels.Gravity, Array]:
    """Baseline flows as shares, the response, and the larger of the two residuals."""
    costs, change = jnp.asarray(before), jnp.asarray(after) / before
    shares, gap = kernels.modelled_flows(costs, jnp.asarray(sold), jnp.asarray(spent))
    place = jnp.asarray(reference)
    found = kernels.gravity_equilibrium(shares, change, jnp.asarray(sigma), place, method)
    return shares, found, jnp.maximum(gap, found.residual)


def gravity(
    costs: MatrixLike,
    new_costs: MatrixLike,
    output: Any,
    expenditure: Any,
    sigma: float,
    reference: str,
    method: kernels.Method = "exact",
    names: Sequence[str] | None = None,
) -> xr.Dataset:
    """Response of trade, prices and output to a change of trade costs in structural gravity.

    Args:
        costs: t^(1 - sigma) before, that is exp(cost variables @ coefficients), exporter by
            importer.
        new_costs: the same after.
        output: by country.
        expenditure: by country.
        sigma: elasticity of substitution, above 1.
        reference: importer whose price index is the numeraire.
        method: "conditional" on output and expenditure; "exact"; or "baseline shares", which is
            what gegravity 0.3 calls full general equilibrium (see `mechanisms.trade.gravity`).
        names: countries of numpy arrays.

    Returns:
        Changes by country (with `gdp`, output over consumer prices), and flows before and after by
        (exporter, importer).

    Raises:
        InputError: the input cannot be used.
        ConvergenceError: resistances or the equilibrium were not found.
    """
    countries = names_of(costs, names)
    if reference not in countries:
        raise InputError(f"unknown reference {reference!r}", did_you_mean(reference, countries))
    if method not in get_args(kernels.Method):
        known = get_args(kernels.Method)
        raise InputError(f"unknown method {method!r}", did_you_mean(method, known))
    if not sigma > 1:
        raise InputError(f"sigma {sigma} is not above 1", "5 is usual.")
    before, after = (matrix_of(given, countries, "costs", np.nan) for given in (costs, new_costs))
    if not ((before > 0) & (after > 0)).all():
        raise InputError("costs must be above 0 for every pair", "They are t^(1 - sigma).")
    sold = vector_of(output, countries, "output", None)
    spent = vector_of(expenditure, countries, "expenditure", None)
    with jax.enable_x64(True):
        shares, found, gap = _compiled(
            before, after, sold, spent, sigma, countries.index(reference), method
        )
        residual = float(gap)
        flows = np.asarray(shares) * sold.sum()
        changes = {name: np.asarray(getattr(found, name)) for name in BY_COUNTRY}
        new_flows = flows * np.asarray(found.flows)
    if not residual <= TOLERANCE:
        raise ConvergenceError(f"no equilibrium found: residual {residual:.2g}")
    data: dict[str, Any] = {name: ("country", values) for name, values in changes.items()}
    data["gdp"] = ("country", changes["output"] / changes["inward_resistance"])
    pair = ("exporter", "importer")
    dataset = xr.Dataset(
        {**data, "flows_before": (pair, flows), "flows": (pair, new_flows)},
        coords={dim: list(countries) for dim in ("country", *pair)},
        attrs={"status": "converged", "method": method, "residual": residual},
    )
    for name, meaning in BY_COUNTRY.items():
        dataset[name].attrs["long_name"] = meaning
    return dataset
