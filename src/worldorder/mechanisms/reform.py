"""Does say in institutions follow weight?

Where votes are weighed they are fixed by shares of quotas or capital, which follow the economic
weight of members late and in jumps: members review them every few years, most reviews that move
anything take years to come into force, many move nothing, and a large majority has to agree. The
farther votes are from weight, the more a review that is adopted moves.

A member whose votes can block a reform may block one that would take that power from it. Any member
may be that member.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import lax

from worldorder.mechanisms.membership import year_turns
from worldorder.random import Stream, uniform
from worldorder.state import Events, Now, World, events_of, pytree
from worldorder.typing import ByCountry, Flag, Scalar


@pytree
class ReformParameters:
    """How say follows weight; see `parameters/reform.yaml`."""

    rate: Scalar  # 1/year, at which votes follow weight over many reviews
    compression: Scalar  # elasticity of the share of quotas to the share of GDP
    basic_votes: Scalar  # share of votes that all members have alike
    interval: Scalar  # year, between reviews
    adoption: Scalar  # chance that a review moves shares, unless it is blocked
    delay: Scalar  # year, from the end of a review until shares move
    veto_share: Scalar  # share of votes that blocks a reform
    veto_use: Scalar  # chance that a member blocks a reform that would take its veto


def vote_target(
    vote_share: ByCountry, gdp: ByCountry, compression: Scalar, basic_votes: Scalar
) -> ByCountry:
    r"""Shares of votes to which reform tends; states without votes get none.

    $$v^*_i = \frac{b}{n} + (1 - b) \frac{Y_i^{\beta}}{\sum_j Y_j^{\beta}}$$

    Args:
        vote_share: shares now, which tell the $n$ members.
        gdp: $Y_i$, any unit.
        compression: $\beta$.
        basic_votes: $b$.
    """
    member = (vote_share > 0.0).astype(gdp.dtype)
    weight = member * gdp**compression
    return member * basic_votes / jnp.maximum(member.sum(), 1.0) + (
        1.0 - basic_votes
    ) * weight / jnp.maximum(weight.sum(), 1e-9)


def moved_by_a_review(params: ReformParameters) -> Scalar:
    r"""Share of the gap between votes and weight that a review closes if it moves anything.

    $$s = \min(1, (1 - e^{-k T}) / p)$$

    so that reviews every $T$ years, each adopted with chance $p$, close the gap at the rate $k$.
    """
    closed = -jnp.expm1(-params.rate * params.interval)
    return jnp.minimum(closed / params.adoption, 1.0)


def loses_veto(vote_share: ByCountry, proposed: ByCountry, veto_share: Scalar) -> Flag:
    """Whether a reform would take from a member the power to block the next."""
    return ((vote_share >= veto_share) & (proposed < veto_share)).any()


def review_takes_effect(now: Now, params: ReformParameters) -> Flag:
    """Whether the outcome of a review comes into force in the year that begins."""
    turned = year_turns(now.years, now.step_years)
    end = jnp.round(now.years) + 1.0  # whole years: the rest is single precision
    since = end - now.setting.first_review - jnp.floor(params.delay + 0.5)
    return turned & (since >= 0.0) & (jnp.mod(since, params.interval) < 0.5)


def events(world: World, now: Now, params: ReformParameters, stream: Stream) -> Events:
    """Change of votes, drawn with the address of the year in which a review takes effect."""

    def reviewed() -> ByCountry:
        year = Stream(stream.key, jnp.floor(now.years + 1e-3).astype(jnp.uint32))
        adopted, used = uniform(year, (2,)) < jnp.stack([params.adoption, params.veto_use])
        target = vote_target(
            world.vote_share, world.underlying_gdp, params.compression, params.basic_votes
        )
        change = moved_by_a_review(params) * (target - world.vote_share)
        lost = loses_veto(world.vote_share, world.vote_share + change, params.veto_share)
        return jnp.where(adopted & ~(used & lost), change, 0.0)

    none = jnp.zeros_like(world.vote_share)
    due = review_takes_effect(now, params)
    return events_of(world, vote_shift=lax.cond(due, reviewed, lambda: none))
