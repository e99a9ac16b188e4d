"""Are gradients through moments those of simulated means? Common random numbers.

The derivative of an outcome, by central differences of its mean over runs with the same chance on
both sides, beside the gradient through mean and covariance (`moments`), and beside that through the
path without chance, which shows what leaving it out costs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jax import Array, lax
from numpy.typing import NDArray

from worldorder.inference.calibration.moments import (
    Moments,
    band,
    mean_distance,
    mean_spread,
    moments_after,
)
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
RUNS: Final = 1000
CHANCE: Final = ("log_diffusion", "shift_hazard", "log_shift_size")
NAMES: Final = (*RATES, "log_anchor_drift_rate", *CHANCE)
SHIFT: Final = (0.002, 0.002, 0.002, 0.005, 0.1, 0.1, 0.02, 0.1)  # half of the difference
LEADER: Final = "USA"
Runs = NDArray[np.float64]  # (run, country)


@dataclass(frozen=True)
class Outcome:
    """One number, by its ways to be had."""

    of_run: Callable[[Array], Array]  # of positions (country,)
    of_moments: Callable[[Moments], Array]
    over_runs: bool = False  # the standard deviation of `of_run`, not its mean


def outcomes(observed: Observed) -> dict[str, Outcome]:
    """What is looked at after `YEARS` years."""
    leader = observed.country.index(LEADER)
    ally = observed.pact[-1][:, leader]

    def allies(x: Array) -> Array:
        return (ally @ x) / ally.sum()

    return {
        "mean position of the leading state's allies": Outcome(allies, lambda m: allies(m.mean)),
        "mean distance from the leading state": Outcome(
            lambda x: jnp.abs(x - x[leader]).mean(), lambda m: mean_distance(m, leader)
        ),
        "spread of positions": Outcome(lambda x: jnp.std(x), mean_spread),
        "band of the allies' mean position": Outcome(allies, lambda m: band(m, ally), True),
    }


def shipped_chance() -> Array:
    """The shipped size of diffusion and realignments, as in `CHANCE`."""
    held = load_parameters()["alignment"]
    value = [held[name].value for name in ("diffusion", "shift_hazard", "shift_size")]
    return jnp.asarray([np.log(value[0]), value[1], np.log(value[2])], jnp.float32)


def with_chance(search: Array, chance: Array) -> AlignmentParameters:
    """Rates of `search` and the size of chance."""
    return replace(
        parameters_of(search), diffusion=jnp.exp(chance[0]), shift_hazard=chance[1],
        shift_size=jnp.exp(chance[2]),
    )  # fmt: skip


def ended(observed: Observed, search: Array, chance: Array, key: Array | None) -> Array:
    """Positions `YEARS` after the last year of the panel, with chance if a key is given."""
    params = with_chance(search, chance)
    position, anchor = (x[-1] for x in filtered(observed, search))
    links = observed.dependence[-1], observed.pact[-1]

    @jax.checkpoint
    def step(held: tuple[Array, Array], number: Array) -> Any:
        later, anchor = year_later(*held, *links, params)
        if key is not None:
            later = later + surprise(jax.random.fold_in(key, number), later, params)
        return (later, anchor), None

    return lax.scan(step, (position, anchor), jnp.arange(YEARS))[0][0]


def surprise(key: Array, position: Array, params: AlignmentParameters) -> Array:
    """A year's chance, by state."""
    year = jnp.ones(())
    calm, size, happens = jax.random.split(key, 3)
    shift = jax.random.uniform(happens, position.shape) < -jnp.expm1(-params.shift_hazard)
    drawn = shift_scale(year, params) * jax.random.normal(size, position.shape)
    calm_part = shock_scale(year, params) * jax.random.normal(calm, position.shape)
    return calm_part + jnp.where(shift, drawn, 0.0)


def ended_moments(observed: Observed, search: Array, chance: Array) -> Moments:
    """The moments of `ended`."""
    position, anchor = (x[-1] for x in filtered(observed, search))
    links = observed.dependence[-1], observed.pact[-1]
    return moments_after(position, anchor, links, with_chance(search, chance), YEARS)


def sensitivities(
    observed: Observed, search: Array, seed: int = 0, runs: int = RUNS
) -> pd.DataFrame:
    """Gradients, difference with common random numbers and its Monte Carlo error, by outcome."""
    keys = jax.random.split(jax.random.key(seed), runs)
    named, held = outcomes(observed), len(search)
    at = jnp.concatenate([jnp.asarray(search, jnp.float32), shipped_chance()])

    @jax.jit
    def simulated(both: Array) -> Array:
        end = jax.vmap(lambda key: ended(observed, both[:held], both[held:], key))(keys)
        return jnp.stack([jax.vmap(one.of_run)(end) for one in named.values()])

    def through_moments(both: Array) -> Array:
        end = ended_moments(observed, both[:held], both[held:])
        return jnp.stack([one.of_moments(end) for one in named.values()])

    def without(both: Array) -> Array:
        end = ended(observed, both[:held], both[held:], None)
        return jnp.stack([0.0 * end[0] if o.over_runs else o.of_run(end) for o in named.values()])

    slope, bare = (
        np.asarray(jax.jit(jax.jacrev(f))(at), float) for f in (through_moments, without)
    )
    searched = [*range(len(NAMES) - len(CHANCE)), *range(held, held + len(CHANCE))]
    rows: list[dict[str, object]] = []
    for name, shift, i in zip(NAMES, SHIFT, searched, strict=True):
        move = jnp.zeros_like(at).at[i].set(shift)
        more, less = (np.asarray(simulated(at + sign * move), float) for sign in (1, -1))
        for k, (outcome, one) in enumerate(named.items()):
            change, error = difference(more[k], less[k], 2 * shift, one.over_runs)
            rows.append(
                {
                    "outcome": outcome, "parameter": name, "difference": change, "error": error,
                    "gradient": float(slope[k, i]), "ratio": _ratio(slope[k, i], change, error),
                    "without_chance": float(bare[k, i]),
                    "ratio_without_chance": _ratio(bare[k, i], change, error),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def difference(more: Runs, less: Runs, width: float, over_runs: bool) -> tuple[float, float]:
    """Slope of the mean, or of the standard deviation, over runs and its Monte Carlo error."""
    if not over_runs:
        each = (more - less) / width
        return float(each.mean()), float(each.std(ddof=1) / np.sqrt(len(each)))
    spread = [held.std() for held in (more, less)]
    pull = [((h - h.mean()) ** 2 / s - s) / 2 for h, s in zip((more, less), spread, strict=True)]
    error = ((pull[0] - pull[1]) / width).std(ddof=1) / np.sqrt(len(more))
    return float((spread[0] - spread[1]) / width), float(error)


def _ratio(gradient: float, change: float, error: float) -> float:
    """Gradient over difference; NaN where the difference lies within twice its error of none."""
    return float(gradient / change) if abs(change) > 2 * error else float("nan")
