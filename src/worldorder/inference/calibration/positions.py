"""Expected positions of states through time, from the alignment mechanism's own equations.

Chance has mean zero, so the expected position is had by leaving it out: `alignment_rate` and
`anchor_drift`, year after year, from the positions of an origin. The path is differentiable in the
parameters; a year is computed again on the way back instead of being kept (rematerialisation).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from numpy.typing import NDArray

from worldorder.mechanisms.alignment import AlignmentParameters, alignment_rate, anchor_drift

Vector = NDArray[np.float64]
RATES: Final = ("partner_rate", "ally_rate", "common_rate", "anchor_rate")
SEARCHED: Final = (*RATES, "log_anchor_drift_rate", "logit_gain", "log_scale")
BURN_IN: Final = 5  # years
FREEDOM: Final = 4.0  # degrees of freedom of a surprise: realignments are large and rare


@dataclass(frozen=True)
class Observed:
    """Positions, trade and pacts by year; `seen` where a state voted."""

    year: NDArray[np.int64]
    country: tuple[str, ...]
    position: Array  # (year, country), the last known one where a state did not vote
    seen: Array  # (year, country)
    dependence: Array  # (year, country, country), trade of row with column over its GDP
    pact: Array  # (year, country, country), 1 where row owes column defence


def parameters_of(search: Array) -> AlignmentParameters:
    """The mechanism's record with the searched rates; chance and coercion are left out."""
    none = jnp.zeros(())
    rates = {name: search[i] for i, name in enumerate(RATES)}
    return AlignmentParameters(
        **rates,
        anchor_drift_rate=jnp.exp(search[len(RATES)]),
        diffusion=none,
        shift_hazard=none,
        shift_size=none,
        tariff_backlash=none,
        threat_backlash=none,
        backlash_distance=jnp.ones(()),
    )


def year_later(
    position: Array, anchor: Array, dependence: Array, pact: Array, params: AlignmentParameters
) -> tuple[Array, Array]:
    """Expected position and anchor a year on."""
    year = jnp.ones(())
    moved = alignment_rate(position, anchor, dependence, pact, year, params)
    follow = anchor_drift(anchor, position, year, params)
    return position + moved, anchor + follow


def filtered(observed: Observed, search: Array) -> tuple[Array, Array]:
    """Position and anchor of each year as votes to that year let one expect, (year, country).

    Votes place a state with error: the position moves toward them by a gain (the last but one of
    `search`, a logit) of what was not expected, as in the steady state of a Kalman filter.
    """
    params, gain = parameters_of(search), jax.nn.sigmoid(search[len(RATES) + 1])

    @jax.checkpoint
    def step(held: tuple[Array, Array], year: tuple[Array, ...]) -> Any:
        votes, seen, dependence, pact = year
        expected, anchor = held
        position = expected + jnp.where(seen, gain * (votes - expected), 0.0)
        return year_later(position, anchor, dependence, pact, params), (position, anchor)

    start = observed.position[0], observed.position[0]
    years = observed.position, observed.seen, observed.dependence, observed.pact
    _, states = lax.scan(step, start, years)
    return states


def expected_paths(observed: Observed, search: Array, years: int) -> Array:
    """Expected positions 1 to `years` after each origin, (origin, ahead, country).

    Trade and pacts are those on record. Origins are all years with so many after them.
    """
    params = parameters_of(search)
    origins = len(observed.position) - years
    position, anchor = (x[:origins] for x in filtered(observed, search))

    @jax.checkpoint
    def step(held: tuple[Array, Array], later: Array) -> Any:
        links = tuple(
            lax.dynamic_slice_in_dim(x, later, origins)
            for x in (observed.dependence, observed.pact)
        )
        moved = jax.vmap(lambda x, a, d, p: year_later(x, a, d, p, params))(*held, *links)
        return moved, moved[0]

    ahead = lax.scan(step, (position, anchor), jnp.arange(years))[1]
    return ahead.swapaxes(0, 1)


def log_likelihood(observed: Observed, search: Array, horizon: int) -> Array:
    """Log likelihood of votes `horizon` years after each origin, by state.

    Surprises are Student's t with `FREEDOM` degrees; the logarithm of their scale is the last of
    `search`. The first `BURN_IN` origins are left out: their anchors are not yet known. With a
    horizon above one year windows overlap: a composite likelihood.
    """
    ahead = expected_paths(observed, search, horizon)[BURN_IN:, -1]
    later = observed.position[horizon + BURN_IN :]
    known = observed.seen[horizon + BURN_IN :] & observed.seen[BURN_IN:-horizon]
    left = jnp.where(known, later - ahead, 0.0) / jnp.exp(search[-1])
    each = -0.5 * (FREEDOM + 1) * jnp.log1p(left**2 / FREEDOM) - search[-1]
    return jnp.where(known, each, 0.0).sum(0)
