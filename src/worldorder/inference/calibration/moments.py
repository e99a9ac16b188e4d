r"""Mean and covariance of positions through time: what chance adds to the expected path.

Leaving chance out of a path is right for its mean where the step is linear and wrong for all that
is not linear in positions, their spread first. Here the covariance travels with the mean:

$$\mu_{t+1} = f(\mu_t), \quad \Sigma_{t+1} = F_t \Sigma_t F_t^\top + Q$$

with $F$ the derivative of the year's step $f$ at the mean and $Q$ the variance of a year's chance.
The alignment step is linear in positions and anchors, so both moments are exact; for another step
they would be those of the delta method. Outcomes are then means under a normal distribution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array, lax
from jax.scipy.special import erf

from worldorder.inference.calibration.positions import year_later
from worldorder.mechanisms.alignment import AlignmentParameters, shift_scale, shock_scale
from worldorder.mechanisms.relaxation import lost_in_step


@dataclass(frozen=True)
class Moments:
    """Of positions: mean (country,) and covariance (country, country), ideal point."""

    mean: Array
    covariance: Array


def year_variance(params: AlignmentParameters) -> Array:
    """Variance of a year's chance, of diffusion and realignments, ideal point squared."""
    year = jnp.ones(())
    happens = lost_in_step(params.shift_hazard, year)
    return shock_scale(year, params) ** 2 + happens * shift_scale(year, params) ** 2


def moments_after(
    position: Array,
    anchor: Array,
    links: tuple[Array, Array],
    params: AlignmentParameters,
    years: int,
) -> Moments:
    """Moments of positions `years` after both were known, with trade and pacts held.

    Args:
        position: ideal points, (country,).
        anchor: domestic anchors, (country,).
        links: trade dependence and defence pacts, each (country, country).
        params: rates and chance.
        years: how many.
    """
    count = len(position)
    chance = jnp.where(jnp.arange(2 * count) < count, year_variance(params), 0.0)

    def later(both: Array) -> Array:
        return jnp.concatenate(year_later(both[:count], both[count:], *links, params))

    @jax.checkpoint
    def step(held: tuple[Array, Array], _: None) -> Any:
        mean, covariance = held
        moved, slope = jax.linearize(later, mean)
        half = jax.vmap(slope)(covariance)
        return (moved, jax.vmap(slope)(half.T) + jnp.diag(chance)), None

    start = jnp.concatenate([position, anchor]), jnp.zeros((2 * count, 2 * count))
    (mean, covariance), _ = lax.scan(step, start, None, length=years)
    return Moments(mean[:count], covariance[:count, :count])


def mean_distance(of: Moments, place: int) -> Array:
    r"""Mean over states of the expected distance from one state, ideal point.

    $$E|d| = s \sqrt{2/\pi}\, e^{-m^2 / 2 s^2} + m\, \mathrm{erf}(m / \sqrt 2 s)$$
    for $d$ normal with mean $m$ and standard deviation $s$ (folded normal distribution).
    """
    gap = of.mean - of.mean[place]
    variance = jnp.diag(of.covariance) + of.covariance[place, place] - 2 * of.covariance[place]
    moves = jnp.arange(len(gap)) != place
    spread = jnp.sqrt(jnp.where(moves, jnp.maximum(variance, 1e-9), 1.0))
    ratio = gap / spread
    each = spread * jnp.sqrt(2 / jnp.pi) * jnp.exp(-(ratio**2) / 2) + gap * erf(
        ratio / jnp.sqrt(2.0)
    )
    return jnp.where(moves, each, 0.0).mean()


def mean_spread(of: Moments) -> Array:
    r"""Expected standard deviation over states, ideal point, to second order.

    With $V$ the variance over states and $C$ what takes off the mean:

    $$E[\sqrt V] \approx \sqrt{E V} - \mathrm{Var}(V) / 8 (E V)^{3/2}$$
    $$E V = \mu^\top C \mu / n + \mathrm{tr}(C \Sigma) / n$$
    $$\mathrm{Var}(V) = (4 \mu^\top C \Sigma C \mu + 2\, \mathrm{tr}\, (C \Sigma)^2) / n^2$$
    """
    count = len(of.mean)
    left = of.mean - of.mean.mean()
    inside = of.covariance - of.covariance.mean(axis=0)
    between = inside - inside.mean(axis=1, keepdims=True)
    expected = left @ left / count + jnp.trace(inside) / count
    wanders = (4 * left @ between @ left + 2 * (between**2).sum()) / count**2
    return jnp.sqrt(expected) - wanders / (8 * expected**1.5)


def band(of: Moments, weight: Array) -> Array:
    """Standard deviation over runs of a weighted mean of positions, ideal point."""
    share = weight / weight.sum()
    return jnp.sqrt(share @ of.covariance @ share)
