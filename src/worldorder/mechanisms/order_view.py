"""What does an order show in? Power, stance, ties, disputes, trade and bodies at one moment."""

from __future__ import annotations

from typing import TypeAlias

import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from worldorder.state import pytree
from worldorder.typing import (
    ByCountry,
    ByDyad,
    ByInstitution,
    ByMembership,
    CountryMask,
    Scalar,
)

Amounts: TypeAlias = Float[Array, "..."]  # of one or many, any shape

DISPUTE, FORCE, WAR = (
    1,
    2,
    3,
)  # levels of a dispute: 0 none, 1 short of force, 2 use of force, 3 war


@pytree
class OrderView:
    """The world as the order indices see it, in a run or on the record.

    What is not known is NaN and is left out of the means it would enter. Symmetric dyads unless
    said otherwise; diagonals are ignored.
    """

    power_share: ByCountry  # share of world material capability; 0 for a state that is not there
    align: ByDyad  # probability that row aligns with column; directed
    oppose: ByDyad  # probability that row opposes column; directed
    powers: Int[Array, " power"]  # indices of the great powers; the number of states where none
    leader: CountryMask  # the one state whose order is in question
    pact: ByDyad  # 0 to 1, either owes the other defence
    dispute: ByDyad  # 0 none, 1 short of force, 2 force, 3 war
    shared_bodies: ByDyad  # likeness of memberships, 0 to 1
    affinity: ByDyad  # likeness of votes, 0 to 1
    trade: ByDyad  # goods, both ways, any unit
    funding_share: ByCountry  # share of what states pay to institutions
    currency_share: ByCountry  # share of world reserves held in the state's currency
    institution_health: Scalar  # what institutions keep of members, funds and capacity, 0 to 1
    leader_absence: Scalar  # share of broad institutions of which the leader is no member


def rise(amount: Amounts, low: Scalar, high: Scalar) -> Amounts:
    r"""Straight ramp from 0 at `low` to 1 at `high`, 0 to 1.

    .. math:: \min(1, \max(0, (x - l) / (h - l)))
    """
    return jnp.clip((amount - low) / (high - low), 0.0, 1.0)


def weighted_mean(values: Amounts, weights: Amounts) -> Scalar:
    """Mean of what is known, in the unit of `values`; NaN where nothing is known."""
    known = jnp.isfinite(values) & (weights > 0.0)
    total = jnp.where(known, weights, 0.0).sum()
    return jnp.where(known, values * weights, 0.0).sum() / jnp.where(total > 0.0, total, jnp.nan)


def power_mean(parts: list[tuple[Amounts, Scalar]], exponent: Scalar) -> Amounts:
    r"""Power mean of parts from 0 to 1, given as (part, weight); unknown parts are left out.

    .. math:: \left(\sum_k w_k x_k^\rho / \sum_k w_k\right)^{1/\rho}

    At :math:`\rho = 1` a strong part makes up for a weak one; as :math:`\rho \to 0` the mean turns
    geometric and every part is needed. NaN where no part is known.
    """
    values = jnp.stack([jnp.asarray(value, jnp.float32) for value, _ in parts])
    weights = jnp.stack([jnp.broadcast_to(weight, values.shape[1:]) for _, weight in parts])
    known = jnp.isfinite(values)
    total = jnp.where(known, weights, 0.0).sum(0)
    raised = jnp.where(known, weights * jnp.where(known, values, 0.0) ** exponent, 0.0).sum(0)
    return (raised / jnp.where(total > 0.0, total, jnp.nan)) ** (1.0 / exponent)


def between(values: ByDyad, weight: Float[Array, "country group"]) -> Float[Array, " group"]:
    r"""Sum over pairs of different states, one figure for each column of weights.

    .. math:: \sum_{i \ne j} w_{ig} w_{jg} x_{ij}

    Products of a matrix with few vectors cost less than a matrix of products.
    """
    one, own = jnp.ones_like(weight[:, 0]), jnp.diagonal(values)[:, None]
    return one @ (weight * (values @ weight - own * weight))  # a product: sums down are slow


def between_mean(values: ByDyad, weight: ByCountry) -> Scalar:
    """Mean over pairs of different states weighted by both; NaN where nothing is known."""
    known, weight = jnp.isfinite(values), weight[:, None]
    total = between(known.astype(weight.dtype), weight)[0]
    found = between(jnp.where(known, values, 0.0), weight)[0]
    return found / jnp.where(total > 0.0, total, jnp.nan)


def membership_likeness(membership: ByMembership) -> ByDyad:
    r"""Likeness of two states' memberships, 0 to 1 (cosine).

    .. math:: |B_i \cap B_j| / \sqrt{|B_i| |B_j|}
    """
    return likeness_of(shared_memberships(membership))


def shared_memberships(membership: ByMembership) -> ByDyad:
    """Number of bodies that two states are both members of."""
    member = membership.astype(jnp.float32)
    return member @ member.T


def likeness_of(shared: ByDyad) -> ByDyad:
    """Likeness (cosine, 0 to 1) from the number of bodies that two states share."""
    own = jnp.diagonal(shared)
    return shared / jnp.sqrt(jnp.maximum(jnp.outer(own, own), 1.0))


def channel_share(shared: ByDyad, start_membership: ByMembership) -> ByDyad:
    r"""Bodies that row and column share over those that row had at the start, 1 at the most.

    .. math:: \min(1, |B_i \cap B_j| / |B^0_i|)

    Whoever leaves a body lowers it for both sides. Over the bodies of the moment it would rise for
    those that stay, since the leaver has fewer of its own.
    """
    own = start_membership.astype(jnp.float32).sum(axis=1, keepdims=True)
    return jnp.minimum(shared / jnp.maximum(own, 1.0), 1.0)


def vote_likeness(ideal_point: ByCountry) -> ByDyad:
    r"""Likeness of two states' votes from their ideal points, 0 to 1.

    .. math:: e^{-|\theta_i - \theta_j|}

    Of :math:`e^{x}` and :math:`e^{-x}` it is the smaller: no exponentials of a matrix.
    """
    up = jnp.exp(ideal_point)
    return jnp.minimum(up[:, None] / up[None, :], up[None, :] / up[:, None])


def broad_weight(
    membership: ByMembership, exists: CountryMask, low: Scalar, high: Scalar
) -> ByInstitution:
    """How far a body is one of the world and not of a region or club, 0 to 1.

    Ramp of the share of states that are members, from `low` to `high`.
    """
    breadth = membership.astype(jnp.float32).T @ exists.astype(jnp.float32) / exists.sum()
    return rise(breadth, low, high)


def leader_absence(inside: ByInstitution, weight: ByInstitution) -> Scalar:
    """Share of broad bodies of which the leader is no full member; NaN where there are none.

    `inside` is 1 where the leader is a full member.
    """
    return 1.0 - weighted_mean(inside, weight)


def institution_health(
    capacity: ByInstitution,
    revenue: ByInstitution,
    members: ByInstitution,
    weight: ByInstitution,
) -> Scalar:
    """What broad bodies keep of capacity, revenue and members, mean of the three, 0 to 1.

    Args:
        capacity: 1 at the start.
        revenue: over that at the start; NaN where unknown.
        members: number other than the leader over that at the start; NaN where unknown.
        weight: of each body, 0 to 1.

    A gain does not make up for another body's loss: each ratio counts to 1 at the most. Members
    are those other than the leader, so that its own exit is no loss of members by itself.
    """
    kept = [jnp.minimum(part, 1.0) for part in (capacity, revenue, members)]
    return jnp.nanmean(jnp.stack([weighted_mean(part, weight) for part in kept]))


def recorded_stance(
    pact: Amounts, rivalry: Amounts, dispute: Amounts, affinity: Amounts, affinity_weight: Scalar
) -> tuple[Amounts, Amounts]:
    """Stance of row toward column read off a record: align and oppose, 0 to 1, at most 1 together.

    Arrays of one shape, dyads or some of their columns.

    A pact aligns; without one, likeness of votes does so in part. A rivalry or the use of force
    opposes, a dispute short of force half as much, unless there is a pact.

    Args:
        pact: 0 to 1.
        rivalry: 1 between strategic rivals.
        dispute: level 0 to 3; NaN where not known, then rivalry alone opposes.
        affinity: likeness of votes, 0 to 1; NaN where there are no votes.
        affinity_weight: how far like votes alone align, 0 to 1.
    """
    hostile = jnp.maximum(rivalry, jnp.clip(jnp.nan_to_num(dispute) / FORCE, 0.0, 1.0))
    oppose = hostile * (1.0 - pact)
    like = affinity_weight * jnp.nan_to_num(affinity) * (1.0 - pact) * (1.0 - hostile)
    return pact + like, oppose
