"""Does say in institutions follow weight?

Where votes are weighed (the Monetary Fund and its like), a state's share of quotas follows its
share of world GDP with a long lag, so contribution and influence part when weight shifts and come
together again by reform. The lag is estimated on the quotas of 2022 and the GDP of the sixty years
before (`worldorder.inference.estimate_reform`).
"""

from __future__ import annotations

import jax.numpy as jnp

from worldorder.mechanisms.relaxation import exact_average_rate
from worldorder.state import Now, Tendency, World, pytree, tendency_of
from worldorder.typing import ByCountry, Scalar


@pytree
class ReformParameters:
    """How say follows weight; see `parameters/reform.yaml`."""

    rate: Scalar  # 1/year
    compression: Scalar  # elasticity of the share of quotas to the share of GDP
    basic_votes: Scalar  # share of votes that all members have alike


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


def tendency(world: World, now: Now, params: ReformParameters) -> Tendency:
    """Shares of votes relax to those of economic weight, averaged exactly over the step."""
    target = vote_target(
        world.vote_share, world.underlying_gdp, params.compression, params.basic_votes
    )
    rate = exact_average_rate(params.rate, now.step_years)
    return tendency_of(world, vote_share=rate * (target - world.vote_share))
