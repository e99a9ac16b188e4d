"""Who founds new institutions, and with whom?

A number of bodies is founded each year. Each has a state that begins it, by economic weight, and
others join as they are near, vote alike and have weight: estimated on the founders of 290 bodies,
1970-2014. Where the leading state is among them is an outcome: it grows less likely the farther it
stands from the others and, as far as the record tells, the more bodies it left of late.

Their members, money and ends are in `new_bodies`.
"""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
from jax import lax
from jax.scipy.special import gammaln
from jaxtyping import Array, Bool, Float, Int

from worldorder.mechanisms.membership import year_turns
from worldorder.mechanisms.survival import ENDED
from worldorder.random import Stream, uniform
from worldorder.state import MOST_FOUNDED as MOST
from worldorder.state import Events, Now, World, no_events, pytree
from worldorder.typing import ByCountry, CountryMask, Scalar

MOST_ALOOF = 1.38  # log of 1 + remembered exits of the leading state, largest in the sample
_USUAL_DISTANCE = 3000.0  # km


@pytree
class FoundingParameters:
    """Number of foundings and who takes part; see `parameters/foundings.yaml`."""

    yearly: Scalar  # bodies a year
    dispersion: Scalar  # variance over mean, less 1, over the mean
    seed_weight: Scalar  # elasticity of the odds to begin a body to GDP
    join_constant: Scalar  # complementary log-log
    join_distance: Scalar  # per log of km over 3000
    join_divergence: Scalar  # per unit of ideal point
    join_weight: Scalar  # per log of the share of world GDP
    join_leader: Scalar  # of the leading state
    join_aloof: Scalar  # of the leading state, per log of 1 + bodies that it left


def number_founded(chance: Float[Array, ""], yearly: Scalar, dispersion: Scalar) -> Int[Array, ""]:
    r"""Number of bodies founded in a year: the quantile of a negative binomial distribution.

    Mean $\mu$ and variance $\mu + \alpha \mu^2$.

    Args:
        chance: a uniform draw.
        yearly: $\mu$.
        dispersion: $\alpha$, above 0.
    """
    count, size = jnp.arange(MOST, dtype=jnp.float32), 1.0 / dispersion
    log_mass = (
        gammaln(count + size)
        - gammaln(size)
        - gammaln(count + 1.0)
        + size * jnp.log(size / (size + yearly))
        + count * jnp.log(yearly / (size + yearly))
    )
    return (chance > jnp.cumsum(jnp.exp(log_mass))).sum()


def join_chance(
    distance: Float[Array, "body country"], divergence: Float[Array, "body country"],
    gdp_share: ByCountry, leader: CountryMask, aloofness: Scalar, params: FoundingParameters,
) -> Float[Array, "body country"]:  # fmt: skip
    r"""Chance that a state is among the founders of a body that another begins.

    $$1 - \exp(-\exp(a + b_k \log(k_{si} / 3000) + b_d |\theta_s - \theta_i| + b_y \log y_i
        + l_i (b_l + b_a x)))$$

    Args:
        distance: $k_{si}$ from the state that begins it, km.
        divergence: $|\theta_s - \theta_i|$ likewise, ideal point.
        gdp_share: $y_i$, share of world GDP.
        leader: $l_i$, true for the leading state.
        aloofness: $x$, log of 1 + the bodies that the leading state left.
        params: coefficients.
    """
    away = jnp.log(jnp.maximum(distance, 100.0) / _USUAL_DISTANCE)
    of_leader = params.join_leader + params.join_aloof * jnp.minimum(aloofness, MOST_ALOOF)
    return -jnp.expm1(
        -jnp.exp(
            params.join_constant
            + params.join_distance * away
            + params.join_divergence * divergence
            + params.join_weight * jnp.log(gdp_share)
            + of_leader * leader
        )
    )


def _founders(
    world: World, now: Now, params: FoundingParameters, stream: Stream
) -> Bool[Array, "body country"]:
    """Founders of each of `MOST` possible bodies."""
    setting, states = now.setting, world.ideal_point.shape[0]
    share = world.underlying_gdp / world.underlying_gdp.sum()
    pull = jnp.cumsum(share**params.seed_weight)
    drawn = uniform(stream, (MOST,), 1) * pull[-1]
    seed = jnp.minimum(jnp.searchsorted(pull, drawn), states - 1)
    goes_on = world.fate < ENDED  # a body that ended was not left
    left = setting.start_membership & ~world.membership & setting.leading_state[:, None] & goes_on
    chance = join_chance(
        setting.distance[seed],
        jnp.abs(world.ideal_point[seed][:, None] - world.ideal_point),
        share,
        setting.leading_state,
        jnp.log1p(left.sum().astype(share.dtype)),
        params,
    )
    joins = uniform(stream, (MOST, states), 2) < chance
    return joins | (seed[:, None] == jnp.arange(states))


def events(world: World, now: Now, params: FoundingParameters, stream: Stream) -> Events:
    """Foundings, drawn once a year with the address of the year."""

    def drawn() -> Bool[Array, "founding country"]:
        year = Stream(stream.key, jnp.floor(now.years + 1e-3).astype(jnp.uint32))
        number = number_founded(uniform(year, (1,))[0], params.yearly, params.dispersion)
        founded = jnp.arange(MOST) < number
        return founded[:, None] & _founders(world, now, params, year)

    turned = year_turns(now.years, now.step_years)
    none = no_events(world)
    return replace(none, foundings=lax.cond(turned, drawn, lambda: none.foundings))
