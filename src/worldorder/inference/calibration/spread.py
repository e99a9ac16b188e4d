r"""Likelihood of positions years ahead with mean and variance carried together.

The mean is the expected path of `positions`. A state's variance follows from how much of a shock is
left of it after $k$ years, $r_k$, by the mechanism's own step:

$$v_h = r_h^2 g R + q \sum_{k<h} r_k^2 + R$$

with $q$ the variance of a year's chance, $R$ the error of votes and $g$ the gain by which votes
move a position, which of a filter at rest fixes the error, $R = q (1 - g) / g^2$. What other
states' shocks add through common pulls is left out (a test holds that small). Realignments make
surprises long-tailed; their fourth cumulant travels with $r_k^4$, and the surprise is Student's t
of the same variance and fourth moment. Horizons are added up: a composite likelihood, with states
as clusters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import jax
import jax.numpy as jnp
from jax import Array
from jax.scipy.special import gammaln

from worldorder.inference.calibration.moments import year_variance
from worldorder.inference.calibration.positions import BURN_IN, Observed, year_later
from worldorder.mechanisms.alignment import (
    AlignmentParameters,
    reversion_rate,
    shift_scale,
)
from worldorder.mechanisms.relaxation import exact_average_rate, lost_in_step

NAMES: Final = (
    "ally_rate", "common_rate", "anchor_rate", "log_anchor_drift_rate", "log_chance",
    "logit_gain",
)  # fmt: skip
HORIZONS: Final = (1, 5, 10)
MOST_FREEDOM: Final = 60.0  # nearly normal


@dataclass(frozen=True)
class Chance:
    """Size of chance before: what is searched is a factor on diffusion and realignments alike.

    Their parts of the variance are not told apart by moments (diffusion alone was not recovered on
    synthetic worlds), so they and the hazard stay as the filter of yearly changes found them.
    """

    diffusion: float
    shift_hazard: float
    shift_size: float


def parameters_of(search: Array, chance: Chance) -> AlignmentParameters:
    """The mechanism's record; trade partners and coercion are left out."""
    none, factor = jnp.zeros(()), jnp.exp(search[4])
    return AlignmentParameters(
        partner_rate=none, ally_rate=search[0], common_rate=search[1], anchor_rate=search[2],
        anchor_drift_rate=jnp.exp(search[3]), diffusion=factor * chance.diffusion,
        shift_hazard=jnp.asarray(chance.shift_hazard), shift_size=factor * chance.shift_size,
        tariff_backlash=none, threat_backlash=none, backlash_distance=jnp.ones(()),
    )  # fmt: skip


def filtered(observed: Observed, params: AlignmentParameters, gain: Array) -> tuple[Array, Array]:
    """Position and anchor of each year as votes to that year let one expect, (year, country)."""
    nobody = jnp.zeros_like(observed.pact[0])

    @jax.checkpoint
    def step(
        held: tuple[Array, Array], year: tuple[Array, Array, Array]
    ) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        votes, seen, pact = year
        expected, anchor = held
        position = expected + jnp.where(seen, gain * (votes - expected), 0.0)
        return year_later(position, anchor, nobody, pact, params), (position, anchor)

    start = observed.position[0], observed.position[0]
    return jax.lax.scan(step, start, (observed.position, observed.seen, observed.pact))[1]


def left_of_a_shock(has_allies: Array, params: AlignmentParameters, years: int) -> Array:
    """What is left of a unit shock to a position after 0 to `years` years, (years + 1, ...)."""
    total = reversion_rate(params)
    year = exact_average_rate(total, jnp.ones(())) / total
    own = params.common_rate + params.anchor_rate + params.ally_rate * has_allies
    follow = lost_in_step(params.anchor_drift_rate, jnp.ones(()))

    def step(held: tuple[Array, Array], _: None) -> tuple[tuple[Array, Array], Array]:
        position, anchor = held
        moved = position + year * (params.anchor_rate * anchor - own * position)
        return (moved, anchor + follow * (position - anchor)), position

    start = jnp.ones_like(has_allies), jnp.zeros_like(has_allies)
    return jax.lax.scan(step, start, None, length=years + 1)[1]


@dataclass(frozen=True)
class Ahead:
    """Moments of votes 1 to so many years after each origin, (year, origin, country)."""

    mean: Array
    variance: Array
    fourth: Array  # cumulant


def ahead(observed: Observed, params: AlignmentParameters, gain: Array, years: int) -> Ahead:
    """Moments from all origins after the burn-in; pacts after the record are its last."""
    position, anchor = (x[BURN_IN:] for x in filtered(observed, params, gain))
    origins, last = len(position), observed.pact[-1:]
    pact = jnp.concatenate([observed.pact[BURN_IN:], jnp.repeat(last, years, axis=0)])
    nobody = jnp.zeros_like(pact[0])

    @jax.checkpoint
    def step(held: tuple[Array, Array], later: Array) -> tuple[tuple[Array, Array], Array]:
        owed = jax.lax.dynamic_slice_in_dim(pact, later, origins)
        moved = jax.vmap(lambda x, a, p: year_later(x, a, nobody, p, params))(*held, owed)
        return moved, moved[0]

    mean = jax.lax.scan(step, (position, anchor), jnp.arange(years))[1]
    allies = (observed.pact[BURN_IN:].sum(2) > 0).astype(position.dtype)
    left = left_of_a_shock(allies, params, years)
    chance = year_variance(params)
    error = chance * (1 - gain) / gain**2
    variance = chance * jnp.cumsum(left**2, 0)[:-1] + (left[1:] ** 2 * gain + 1) * error
    return Ahead(mean, variance, year_fourth(params) * jnp.cumsum(left**4, 0)[:-1])


def year_fourth(params: AlignmentParameters) -> Array:
    r"""Fourth cumulant of a year's chance, $3 p (1 - p) J^4$ of realignments of chance $p$."""
    year = jnp.ones(())
    chance = lost_in_step(params.shift_hazard, year)
    return 3 * chance * (1 - chance) * shift_scale(year, params) ** 4


def student(left: Array, variance: Array, fourth: Array) -> Array:
    r"""Log density of Student's t with a variance and a fourth cumulant.

    $\nu = 4 + 6 / \kappa$ with $\kappa$ the cumulant over the squared variance.
    """
    freedom = jnp.minimum(4 + 6 * variance**2 / jnp.maximum(fourth, 1e-12), MOST_FREEDOM)
    scale = variance * (freedom - 2) / freedom
    return (
        gammaln((freedom + 1) / 2) - gammaln(freedom / 2)
        - 0.5 * jnp.log(jnp.pi * freedom * scale)
        - 0.5 * (freedom + 1) * jnp.log1p(left**2 / (freedom * scale))
    )  # fmt: skip


def log_likelihood(
    observed: Observed,
    search: Array,
    chance: Chance,
    horizons: Sequence[int] = HORIZONS,
) -> Array:
    """Log likelihood of votes at all horizons, by state."""
    params, gain = parameters_of(search, chance), jax.nn.sigmoid(search[-1])
    found = ahead(observed, params, gain, max(horizons))
    total = jnp.zeros(observed.position.shape[1])
    for h in horizons:
        mean, variance, fourth = (x[h - 1, :-h] for x in (found.mean, found.variance, found.fourth))
        later = observed.position[BURN_IN + h :]
        known = observed.seen[BURN_IN + h :] & observed.seen[BURN_IN:-h]
        each = student(jnp.where(known, later - mean, 0.0), variance, fourth)
        total = total + jnp.where(known, each, 0.0).sum(0)
    return total


def by_state(
    observed: Observed, chance: Chance, horizons: Sequence[int] = HORIZONS
) -> Callable[[Array, Array], Array]:
    """The likelihood as a function of what is searched and of positions (year, country)."""
    return lambda search, position: log_likelihood(
        replace(observed, position=position), search, chance, horizons
    )
