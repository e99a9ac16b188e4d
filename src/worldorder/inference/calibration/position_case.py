"""The gradient calibration of positions under test: worlds made by the mechanism with chance."""

from __future__ import annotations

from typing import Final

import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from worldorder.inference.calibration.fit import START, Positions, calibrated
from worldorder.inference.calibration.positions import (
    BURN_IN,
    SEARCHED,
    Observed,
    parameters_of,
    year_later,
)
from worldorder.inference.calibration.recovery import Case, one_by_one, place_of

Vector = NDArray[np.float64]
TRUTH: Final = np.array([0.003, 0.0149, 0.0125, 0.0617, np.log(0.0326)])  # as shipped
SPREAD: Final = np.array([0.001, 0.0074, 0.005, 0.0133, 0.78])
ERROR: Final = 0.06  # ideal point, of a year's votes: the filter's estimate
QUANTITIES: Final = SEARCHED[:5]


def synthetic(observed: Observed, truth: Vector, draw: np.random.Generator) -> Observed:
    """The panel's states, trade and pacts with positions that the mechanism made.

    Surprises are a mixture of calm and realignment and votes have an error, as in the alignment
    filter; the estimator under test takes surprises for Student's t and the gain for constant.
    """
    params = parameters_of(jnp.asarray(np.append(truth, [0.0, 0.0]), jnp.float32))
    position = anchor = observed.position[0]
    seen: list[Array] = []
    shape = position.shape
    for year in range(len(observed.year)):
        seen.append(position + ERROR * draw.standard_normal(shape))
        position, anchor = year_later(
            position, anchor, observed.dependence[year], observed.pact[year], params
        )
        shift = (draw.random(shape) < 0.19) * 0.3 * draw.standard_normal(shape)
        position = position + jnp.asarray(0.06 * draw.standard_normal(shape) + shift)
    return Observed(
        observed.year, observed.country, jnp.stack(seen), observed.seen, observed.dependence,
        observed.pact,
    )  # fmt: skip


def case(observed: Observed, horizon: int) -> Case:
    """Places of the five searched rates, by calibration `horizon` years ahead."""
    likelihood = Positions.over(observed, horizon)

    def place(world: int) -> Vector:
        draw = np.random.default_rng([7, world])
        truth = TRUTH + SPREAD * draw.standard_normal(5)
        made = synthetic(observed, truth, draw)
        found = calibrated(likelihood.at(made.position), horizon, START)
        return place_of(truth, found.value[:5], found.standard_error[:5])

    return Case(
        f"positions, {horizon} year{'s' * (horizon > 1)} ahead",
        f"gradient, burn-in {BURN_IN} years", QUANTITIES,
        one_by_one(place),
    )  # fmt: skip
