"""The gradient calibration of positions under test: worlds made by the mechanism with chance."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from worldorder.inference.calibration import compensation
from worldorder.inference.calibration.fit import SPREAD as SPREAD_SEARCH
from worldorder.inference.calibration.fit import Positions, calibrated
from worldorder.inference.calibration.positions import (
    BURN_IN,
    FREEDOM,
    SEARCHED,
    Observed,
    parameters_of,
    year_later,
)
from worldorder.inference.calibration.recovery import Case, one_by_one, place_of
from worldorder.inference.calibration.spread import Chance

Vector = NDArray[np.float64]
TRUTH: Final = np.array([0.003, 0.0149, 0.0125, 0.0617, np.log(0.0326)])  # by the filter
SPREAD: Final = np.array([0.001, 0.0074, 0.005, 0.0133, 0.78])
ERROR: Final = 0.06  # ideal point, of a year's votes: the filter's estimate
SHIFTS: Final = 0.19  # chance of a realignment in a year
DIFFUSION, SHIFT_SIZE = 0.06, 0.3  # ideal point, by the filter
CHANCE_SPREAD: Final = 0.2  # of the logarithm
QUANTITIES: Final = SEARCHED[:5]


def synthetic(
    observed: Observed,
    truth: Vector,
    draw: np.random.Generator,
    chance: tuple[float, float] = (0.06, 0.3),
) -> Observed:
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
        shift = (draw.random(shape) < SHIFTS) * chance[1] * draw.standard_normal(shape)
        position = position + jnp.asarray(chance[0] * draw.standard_normal(shape) + shift)
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
        found = calibrated(likelihood.at(made.position), str(horizon))
        return place_of(truth, found.value[:5], found.standard_error[:5])

    return Case(
        f"positions, {horizon} year{'s' * (horizon > 1)} ahead",
        f"gradient, burn-in {BURN_IN} years", QUANTITIES,
        one_by_one(place),
    )  # fmt: skip


def spread_case(observed: Observed) -> Case:
    """Places of pulls and of the size of chance, by mean and variance carried together."""
    likelihood = Positions.with_spread(
        observed, Chance(DIFFUSION, float(-np.log1p(-SHIFTS)), SHIFT_SIZE)
    )

    def place(world: int) -> Vector:
        draw = np.random.default_rng([11, world])
        rates = np.maximum(TRUTH + SPREAD * draw.standard_normal(5), [0, 0, 0, 0, -9.0])
        rates[0] = 0.0  # no pull of trade partners in this form
        factor = CHANCE_SPREAD * draw.standard_normal()
        sizes = (DIFFUSION * float(np.exp(factor)), SHIFT_SIZE * float(np.exp(factor)))
        made = synthetic(observed, rates, draw, sizes)
        found = calibrated(likelihood.at(made.position), "spread", SPREAD_SEARCH)
        return place_of(np.append(rates[1:], factor), found.value[:5], found.standard_error[:5])

    kind = f"gradient, mean and variance, burn-in {BURN_IN} years"
    return Case("positions and their spread", kind, SPREAD_SEARCH.names[:5], one_by_one(place))


def cut_case(observed: Observed) -> Case:
    """Places of elasticities and rate, on the cuts of the record with made payments."""
    rows = compensation.rows_known(int(observed.year[-1]))
    held = compensation.arrays(rows)
    states = Positions.by(lambda z, rise: compensation.by_entity(replace(held, rise=rise), z))
    prior = np.array(compensation.SEARCH.prior[:3])

    def place(world: int) -> Vector:
        draw = np.random.default_rng([13, world])
        truth = prior[:, 0] + prior[:, 1] * draw.standard_normal(3)
        while (truth[:2] < 0).any():  # the mechanism knows no answer below none
            truth = prior[:, 0] + prior[:, 1] * draw.standard_normal(3)
        share = compensation.come_in(jnp.exp(truth[2]), held.horizon)
        elasticity = np.where(held.by_leader > 0, truth[1], truth[0])
        noise = draw.standard_t(FREEDOM, len(rows)) * np.asarray(held.spread)
        rise = np.log1p(elasticity * np.asarray(held.lost * share)) + noise
        found = calibrated(states.at(jnp.asarray(rise)), "cuts", compensation.SEARCH)
        return place_of(truth, found.value[:3], found.standard_error[:3])

    return Case("answers to cuts", "gradient", compensation.NAMES[:3], one_by_one(place))
