"""Are gradients through the expected path those of the simulated mean? Common random numbers.

The derivative of an outcome's mean over runs, by central differences with the same chance on both
sides, beside the gradient through the path without chance. Outcomes that are linear in positions
must agree; those that are not show what leaving out chance costs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jax import Array, lax

from worldorder.inference.calibration.positions import (
    RATES,
    Observed,
    filtered,
    parameters_of,
    year_later,
)
from worldorder.mechanisms.alignment import AlignmentParameters, shift_scale, shock_scale
from worldorder.parameters.loader import load_parameters

YEARS: Final = 10
RUNS: Final = 400
SHIFT: Final = (0.002, 0.002, 0.002, 0.005, 0.1)  # half of the difference, by parameter
NAMES: Final = (*RATES, "log_anchor_drift_rate")
LEADER: Final = "USA"
Outcome = Callable[[Array], Array]  # positions (country,) to a number


def outcomes(observed: Observed) -> dict[str, Outcome]:
    """What is looked at after `YEARS` years."""
    leader = observed.country.index(LEADER)
    ally = observed.pact[-1][:, leader]
    return {
        "mean position of the leading state's allies": lambda x: (ally @ x) / ally.sum(),
        "mean distance from the leading state": lambda x: jnp.abs(x - x[leader]).mean(),
        "spread of positions": lambda x: jnp.std(x),
    }


def _chance(params: AlignmentParameters) -> AlignmentParameters:
    """With the shipped size of diffusion and realignments."""
    held = load_parameters()["alignment"]
    names = ("diffusion", "shift_hazard", "shift_size")
    return replace(params, **{name: jnp.asarray(held[name].value) for name in names})


def ended(observed: Observed, search: Array, key: Array | None) -> Array:
    """Positions after `YEARS` years from the last of the panel, with chance if a key is given."""
    params = _chance(parameters_of(search))
    position, anchor = (x[-1] for x in filtered(observed, search))
    links = observed.dependence[-1], observed.pact[-1]
    year = jnp.ones(())

    @jax.checkpoint
    def step(held: tuple[Array, Array], number: Array) -> Any:
        later, anchor = year_later(*held, *links, params)
        if key is not None:
            later = later + _surprise(jax.random.fold_in(key, number), later, year, params)
        return (later, anchor), None

    return lax.scan(step, (position, anchor), jnp.arange(YEARS))[0][0]


def _surprise(key: Array, position: Array, year: Array, params: AlignmentParameters) -> Array:
    calm, size, happens = jax.random.split(key, 3)
    shift = jax.random.uniform(happens, position.shape) < -jnp.expm1(-params.shift_hazard)
    drawn = shift_scale(year, params) * jax.random.normal(size, position.shape)
    calm_part = shock_scale(year, params) * jax.random.normal(calm, position.shape)
    return calm_part + jnp.where(shift, drawn, 0.0)


def sensitivities(
    observed: Observed, search: Array, seed: int = 0, runs: int = RUNS
) -> pd.DataFrame:
    """Gradient, difference with common random numbers and its Monte Carlo error, by outcome."""
    keys = jax.random.split(jax.random.key(seed), runs)
    named = outcomes(observed)

    @jax.jit
    def simulated(at: Array) -> Array:
        paths = jax.vmap(lambda key: ended(observed, at, key))(keys)
        return jnp.stack([jax.vmap(f)(paths) for f in named.values()])

    @jax.jit
    def gradient(at: Array) -> Array:
        final = lambda z: jnp.stack([f(ended(observed, z, None)) for f in named.values()])  # noqa: E731
        return jax.jacrev(final)(at)

    slope = np.asarray(gradient(search), float)
    rows: list[dict[str, object]] = []
    for i, (name, shift) in enumerate(zip(NAMES, SHIFT, strict=True)):
        move = jnp.zeros_like(search).at[i].set(shift)
        change = np.asarray(simulated(search + move) - simulated(search - move), float)
        change /= 2 * shift
        for k, outcome in enumerate(named):
            error = float(change[k].std(ddof=1) / np.sqrt(runs))
            rows.append(
                {
                    "outcome": outcome, "parameter": name, "gradient": float(slope[k, i]),
                    "difference": float(change[k].mean()), "error": error,
                    "ratio": float(slope[k, i] / change[k].mean()),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)
