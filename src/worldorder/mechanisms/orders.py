"""Which order does a world show: hegemony, concert, coalition, multilateral, or fragmentation?

Five indices from 0 to 1, so that a run has a profile and not only a label. They read what happens
(disputes, ties, stance, money, members), never whether a lever is on. Pages in
`docs/orders` give each in words.
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

from worldorder.mechanisms.order_view import (
    DISPUTE,
    FORCE,
    WAR,
    Amounts,
    OrderView,
    between,
    between_mean,
    power_mean,
    rise,
    weighted_mean,
)
from worldorder.state import pytree
from worldorder.typing import ByCountry, ByDyad, ByPower, Scalar

ORDERS = ("hegemony", "concert", "coalition", "multilateral", "fragmentation")
_ROUNDING = 1e-5  # single precision: a share of this size left over is none


@pytree
class OrderParameters:
    """Thresholds (low and high end of each ramp) and weights; `parameters/orders.yaml`."""

    exponent: Scalar
    usable_power_low: Scalar
    usable_power_high: Scalar
    security_low: Scalar
    security_high: Scalar
    funding_low: Scalar
    funding_high: Scalar
    currency_low: Scalar
    currency_high: Scalar
    poles_low: Scalar
    poles_high: Scalar
    dispute_weight: Scalar
    force_weight: Scalar
    violence_high: Scalar
    polarization_low: Scalar
    polarization_high: Scalar
    contest_high: Scalar
    inclusion_low: Scalar
    inclusion_high: Scalar
    opposed_low: Scalar
    opposed_high: Scalar
    breadth_low: Scalar
    breadth_high: Scalar
    absence_low: Scalar
    absence_high: Scalar
    cooperation_low: Scalar
    cooperation_high: Scalar
    mixing_low: Scalar
    ordered_low: Scalar
    ordered_high: Scalar
    main_weight: Scalar
    affinity_weight: Scalar
    label_from: Scalar


def usable_power(view: OrderView) -> ByCountry:
    r"""Power of each state and of those who align with it, share.

    .. math:: u_h = s_h + \sum_{i \ne h} a_{ih} s_i
    """
    own = jnp.diagonal(view.align) * view.power_share
    return view.power_share + view.power_share @ view.align - own


def security_share(view: OrderView) -> ByCountry:
    r"""Power of the states allied with each state over that of all states with any ally, share.

    .. math:: \sum_{i \ne h} s_i t_{ih} / \sum_{i \ne h} s_i \max_j t_{ij}
    """
    ties = view.pact * (1.0 - jnp.eye(view.pact.shape[0]))
    allied = view.power_share * ties.max(1)
    among = allied.sum() - allied
    return (view.power_share @ ties) / jnp.where(among > 0.0, among, jnp.nan)


def hegemony_by_state(view: OrderView, params: OrderParameters) -> ByCountry:
    """Hegemony of each state, 0 to 1: usable power, security ties, funding and currency."""
    p = params
    parts = [
        (rise(usable_power(view), p.usable_power_low, p.usable_power_high), p.main_weight),
        (rise(security_share(view), p.security_low, p.security_high), jnp.float32(1.0)),
        (rise(view.funding_share, p.funding_low, p.funding_high), jnp.float32(1.0)),
        (rise(view.currency_share, p.currency_low, p.currency_high), jnp.float32(1.0)),
    ]
    return power_mean(parts, p.exponent)


def hegemony(view: OrderView, params: OrderParameters) -> Scalar:
    """Hegemony of whichever state comes nearest to it, 0 to 1."""
    return jnp.where(view.power_share > 0.0, hegemony_by_state(view, params), 0.0).max()


def violence(dispute: Amounts, params: OrderParameters) -> Amounts:
    """Weight of disputes by their level, 0 to 1 (war); NaN where it is not known."""
    weight = jnp.where(dispute >= DISPUTE, params.dispute_weight, 0.0)
    weight = jnp.where(dispute >= FORCE, params.force_weight, weight)
    weight = jnp.where(dispute >= WAR, 1.0, weight)
    return jnp.where(jnp.isfinite(dispute), weight, jnp.nan)


def _toward_powers(values: ByDyad, view: OrderView) -> ByPower:
    """Columns of the great powers; zero for a place that none takes."""
    return values.at[:, view.powers].get(mode="fill", fill_value=0.0)


def _among_powers(values: ByDyad, view: OrderView) -> Float[Array, "power power"]:
    return _toward_powers(values, view).at[view.powers].get(mode="fill", fill_value=0.0)


def _power_of_powers(view: OrderView) -> Float[Array, " power"]:
    """Power of the great powers, share; zero for a place that none takes."""
    return view.power_share.at[view.powers].get(mode="fill", fill_value=0.0)


def great_power_violence(view: OrderView, params: OrderParameters) -> Scalar:
    """Use of force among great powers, weighted by their power, 0 to 1; a dispute short of force
    counts for nothing: a concert has disputes and contains them.
    """
    dispute = _among_powers(view.dispute, view)
    weights = violence(dispute, params)
    used = jnp.where(dispute < FORCE, 0.0 * weights, weights)
    return between_mean(used, _power_of_powers(view))


def great_power_polarization(view: OrderView) -> Scalar:
    """Opposition among great powers, weighted by their power, 0 to 1."""
    return between_mean(_among_powers(view.oppose, view), _power_of_powers(view))


def contest(view: OrderView, params: OrderParameters) -> Scalar:
    """Share of the power of other states over which a great power quarrels with their patron.

    A state counts by the weight of a great power's dispute with it, where it has a tie with
    another and none with that power.
    """
    tie = jnp.maximum(_toward_powers(view.pact, view), _toward_powers(view.align, view))
    against = violence(_toward_powers(view.dispute, view), params) * (1.0 - tie)
    contested = against.max(1) * tie.max(1)
    others = view.power_share.at[view.powers].set(0.0, mode="drop")
    return weighted_mean(contested, others)


def inclusion(view: OrderView) -> Scalar:
    """Least likeness of a great power's memberships with those of the other great powers."""
    weight = _power_of_powers(view)
    others = weight * (1.0 - jnp.eye(weight.shape[0]))
    likeness = _among_powers(view.shared_bodies, view)
    known = jnp.isfinite(likeness)
    shared = (jnp.where(known, likeness, 0.0) * others).sum(1)
    total = (known * others).sum(1)
    mean = shared / jnp.where(total > 0.0, total, jnp.nan)
    return jnp.nanmin(jnp.where(view.powers < view.power_share.shape[0], mean, jnp.nan))


def poles(view: OrderView) -> Scalar:
    """Effective number of great powers: how many equal ones would be as concentrated, count."""
    weight = _power_of_powers(view)
    return weight.sum() ** 2 / (weight * weight).sum()


def concert(view: OrderView, params: OrderParameters) -> Scalar:
    """Concert of great powers, 0 to 1: several, no force, no camps, no contest, none excluded."""
    p, one = params, jnp.float32(1.0)
    zero = jnp.float32(0.0)
    camps = rise(great_power_polarization(view), p.polarization_low, p.polarization_high)
    parts = [
        (rise(poles(view), p.poles_low, p.poles_high), one),
        (1.0 - rise(great_power_violence(view, p), zero, p.violence_high), p.main_weight),
        (1.0 - camps, p.main_weight),
        (1.0 - rise(contest(view, p), zero, p.contest_high), one),
        (rise(inclusion(view), p.inclusion_low, p.inclusion_high), one),
    ]
    return power_mean(parts, p.exponent)


def opposition(view: OrderView) -> ByCountry:
    """Power of each state that opposes the leader, share of world power."""
    stance = view.oppose @ view.leader.astype(view.oppose.dtype)
    return jnp.where(view.leader, 0.0, view.power_share * stance)


def trade_cohesion(view: OrderView) -> Scalar:
    """Of the opposing states' trade with each other and with the leader's side, the former."""
    leader = view.leader.astype(view.align.dtype)
    opposed = jnp.where(view.leader, 0.0, view.oppose @ leader)
    aligned = jnp.where(view.leader, 1.0, view.align @ leader)
    sides = jnp.stack([opposed, aligned], axis=1)
    inside, across = opposed @ (_abroad(view.trade) @ sides)
    return inside / jnp.where(inside > 0.0, inside + across, jnp.nan)


def _abroad(trade: ByDyad) -> ByDyad:
    """Trade with others; what is not known counts for nothing."""
    return jnp.nan_to_num(trade) * (1.0 - jnp.eye(trade.shape[0]))


def cohesion(view: OrderView, params: OrderParameters) -> Scalar:
    """Ties of the opposing states to each other, 0 to 1: pacts, votes, bodies, trade, currency."""
    opposed, one = opposition(view), jnp.float32(1.0)
    leader = view.leader.astype(jnp.float32)
    currency = rise(leader @ view.currency_share, params.currency_low, params.currency_high)
    parts = [
        (between_mean(view.pact, opposed), one),
        (between_mean(view.affinity, opposed), one),
        (between_mean(view.shared_bodies, opposed), one),
        (trade_cohesion(view), one),
        (1.0 - currency, one),
    ]
    return power_mean(parts, one)


def coalition(view: OrderView, params: OrderParameters) -> Scalar:
    """Coalition against the leader, 0 to 1: opposing power, and its ties to each other."""
    large = rise(opposition(view).sum(), params.opposed_low, params.opposed_high)
    parts = [(large, params.main_weight), (cohesion(view, params), jnp.float32(1.0))]
    return power_mean(parts, params.exponent) * (large > 0.0)


def multilateral(view: OrderView, params: OrderParameters) -> Scalar:
    """Multilateral order without the leader, 0 to 1.

    That the leader is out is what the name says, so its absence is a factor and no finding;
    whether the order works without it is in the other parts: health of broad institutions, the
    share of funds from others, and the common bodies of others.
    """
    p, one = params, jnp.float32(1.0)
    leader = view.leader.astype(jnp.float32)
    shared = between_mean(view.shared_bodies, view.power_share * (1.0 - leader))
    parts = [
        (view.institution_health, p.main_weight),
        (1.0 - leader @ view.funding_share, one),
        (rise(shared, p.cooperation_low, p.cooperation_high), one),
    ]
    works = power_mean(parts, p.exponent)
    return rise(view.leader_absence, p.absence_low, p.absence_high) * works


def _camps(view: OrderView) -> ByPower:
    """Share of a state that belongs to the camp of each great power; rows sum to 1 at the most.

    A great power leads a camp of its own, and may join that of a greater one.
    """
    states = jnp.arange(view.power_share.shape[0])[:, None]
    itself = states == view.powers
    joined = jnp.where(itself, 1.0, _toward_powers(view.align, view))
    greater = view.power_share[:, None] < _power_of_powers(view)
    is_power = itself.any(1, keepdims=True)
    joined = jnp.where(is_power & ~itself & ~greater, 0.0, joined)
    return joined / jnp.maximum(joined.sum(1, keepdims=True), 1.0)


def ordered_share(view: OrderView) -> Scalar:
    r"""Probability that two units of world power are in one camp, 0 to 1: low where camps are many
    or none.

    .. math:: \sum_p \left(\sum_i s_i b_{ip}\right)^2
    """
    size = view.power_share @ _camps(view)
    return (size * size).sum()


def _across(values: ByDyad, weight: ByCountry, camps: ByPower) -> Scalar:
    r"""Sum over pairs of states as far as they are in different camps.

    .. math:: \sum_{i \ne j} w_i w_j x_{ij} \left(1 - \sum_p b_{ip} b_{jp}\right)
    """
    groups = weight[:, None] * jnp.concatenate([jnp.ones_like(weight)[:, None], camps], axis=1)
    found = between(values, groups)
    apart = found[0] - found[1:].sum()
    return jnp.where(apart > _ROUNDING * found[0], apart, 0.0)


def across_likeness(view: OrderView) -> Scalar:
    """Likeness of the memberships of states in different camps, weighted by their power, 0 to 1."""
    known, camps = jnp.isfinite(view.shared_bodies), _camps(view)
    total = _across(known.astype(jnp.float32), view.power_share, camps)
    shared = _across(jnp.where(known, view.shared_bodies, 0.0), view.power_share, camps)
    return shared / jnp.where(total > 0.0, total, jnp.nan)


def trade_mixing(view: OrderView) -> Scalar:
    """Trade across camps over what the states' totals would give without camps, 1 = no camps."""
    flows, camps = _abroad(view.trade), _camps(view)
    one = jnp.ones_like(view.power_share)
    total = flows.sum(1)
    every_pair = total.sum() ** 2 - total @ total
    apart = _across(jnp.ones_like(flows), total, camps)
    due = apart * total.sum() / jnp.maximum(every_pair, 1e-9)
    return _across(flows, one, camps) / jnp.where(due > 0.0, due, jnp.nan)


def fragmentation(view: OrderView, params: OrderParameters) -> Scalar:
    """Fragmentation, 0 to 1: bodies fail, camps many or none, little across, no one orders."""
    p, one = params, jnp.float32(1.0)
    shared = across_likeness(view)
    orders = jnp.maximum(hegemony(view, p), jnp.nan_to_num(concert(view, p)))
    parts = [
        (1.0 - view.institution_health, p.main_weight),
        (1.0 - rise(ordered_share(view), p.ordered_low, p.ordered_high), one),
        (1.0 - rise(shared, p.cooperation_low, p.cooperation_high), one),
        (1.0 - rise(trade_mixing(view), p.mixing_low, one), one),
        (1.0 - orders, p.main_weight),
    ]
    return power_mean(parts, p.exponent)


def order_indices(view: OrderView, params: OrderParameters) -> dict[str, Scalar]:
    """The five indices by name, each 0 to 1."""
    return {
        "hegemony": hegemony(view, params),
        "concert": concert(view, params),
        "coalition": coalition(view, params),
        "multilateral": multilateral(view, params),
        "fragmentation": fragmentation(view, params),
    }
