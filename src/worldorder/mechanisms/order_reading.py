"""What a simulated world shows of an order, and what it holds for each state."""

from __future__ import annotations

import jax.numpy as jnp

from worldorder.mechanisms.new_bodies import lives, new_revenue
from worldorder.mechanisms.order_view import (
    FORCE,
    OrderView,
    broad_weight,
    institution_health,
    leader_absence,
    likeness_of,
    recorded_stance,
    rise,
    shared_memberships,
    vote_likeness,
)
from worldorder.mechanisms.orders import OrderParameters
from worldorder.state import Diagnostics, Setting, World
from worldorder.typing import (
    ByCountry,
    ByCurrency,
    ByDyad,
    ByHolder,
    ByInstitution,
    ByPower,
    Scalar,
)


def stance(
    world: World, seen: Diagnostics, setting: Setting, weight: Scalar
) -> tuple[ByDyad, ByDyad]:
    """Align and oppose toward each great power; read off ties where no mechanism gives them.

    `weight` is how far like votes alone align, 0 to 1.
    """
    powers = setting.great_power
    pact = jnp.maximum(world.defence_pact[:, powers], world.defence_pact[powers].T)
    rivalry, dispute = world.rivalry[:, powers], world.dispute[:, powers]
    read = recorded_stance(
        pact, rivalry, dispute, vote_likeness(world.ideal_point)[:, powers], weight
    )
    is_given = (seen.align + seen.oppose).sum() > 0.0

    def placed(given: ByPower, recorded: ByPower) -> ByDyad:
        nobody = jnp.zeros_like(world.dispute)
        return nobody.at[:, powers].set(jnp.where(is_given, given, recorded))

    return placed(seen.align, read[0]), placed(seen.oppose, read[1])


def health_of_bodies(
    world: World, seen: Diagnostics, setting: Setting, weight: ByInstitution
) -> Scalar:
    """What broad bodies keep of capacity, revenue and members other than the leader, 0 to 1.

    A new body keeps what it was founded with until it ends. `weight` has the listed bodies first,
    then the new.
    """
    others = ~setting.leading_state[:, None]
    now = (world.membership & others).sum(0).astype(jnp.float32)
    start = (setting.start_membership & others).sum(0).astype(jnp.float32)
    has_money = setting.start_revenue > 0.0
    revenue = jnp.where(has_money, seen.revenue / setting.start_revenue, jnp.nan)
    kept = lives(world.new_bodies).astype(jnp.float32)
    new_money = jnp.where(new_revenue(setting) > 0.0, kept, jnp.nan)
    return institution_health(
        jnp.concatenate([world.capacity, kept]),
        jnp.concatenate([revenue, new_money]),
        jnp.concatenate([now / start, kept]),
        weight,
    )


def shared_bodies(world: World) -> ByDyad:
    """Number of bodies that two states are both members of, those founded in the run included."""
    return shared_memberships(world.membership) + world.new_bodies.shared


def paid(seen: Diagnostics) -> ByCountry:
    """What each state pays to all bodies, those founded in the run included, mn USD/year."""
    return jnp.nansum(seen.payment, axis=1) + seen.new_payment


def breadth_weight(world: World, setting: Setting, params: OrderParameters) -> ByInstitution:
    """How far each body is one of the world, 0 to 1: the listed as at the start, then the new."""
    everyone, new = jnp.ones_like(setting.leading_state), world.new_bodies
    low, high = params.breadth_low, params.breadth_high
    known = setting.members_known.astype(jnp.float32)
    listed = known * broad_weight(setting.start_membership, everyone, low, high)
    return jnp.concatenate([listed, rise(new.size / everyone.shape[0], low, high)])


def leader_inside(world: World, setting: Setting) -> ByInstitution:
    """1 where the leading state is a member: the listed bodies first, then the new."""
    listed = setting.leading_state.astype(jnp.float32) @ world.membership.astype(jnp.float32)
    return jnp.concatenate([listed, world.new_bodies.led * lives(world.new_bodies)])


def reserve_composition(reserve_share: ByHolder, setting: Setting) -> ByCurrency:
    """Share of each currency in world reserves: holder groups weighted by what they hold."""
    groups = jnp.arange(reserve_share.shape[0])
    held = (setting.holder_group == groups[:, None]).astype(jnp.float32) @ setting.reserve_weight
    return held @ reserve_share


def issued_share(world: World, setting: Setting) -> ByCountry:
    """Share of world reserves in the currency that each state issues; 0 where it issues none."""
    nobody = jnp.zeros(setting.leading_state.shape, world.reserve_share.dtype)
    composition = reserve_composition(world.reserve_share, setting)
    return nobody.at[setting.issuer].add(composition, mode="drop")


def view_of(
    world: World, seen: Diagnostics, setting: Setting, params: OrderParameters
) -> OrderView:
    """The world as the order indices see it.

    Breadth of a body is that at the start, so that an exit changes no weights.
    """
    align, oppose = stance(world, seen, setting, params.affinity_weight)
    weight = breadth_weight(world, setting, params)
    flows = seen.dependence * seen.gdp[:, None]
    money = paid(seen)
    return OrderView(
        power_share=seen.power_share,
        align=align,
        oppose=oppose,
        powers=setting.great_power,
        leader=setting.leading_state,
        pact=jnp.maximum(world.defence_pact, world.defence_pact.T),
        dispute=world.dispute,
        shared_bodies=likeness_of(shared_bodies(world)),
        affinity=vote_likeness(world.ideal_point),
        trade=(flows + flows.T) / 2.0,
        funding_share=money / money.sum(),
        currency_share=issued_share(world, setting),
        institution_health=health_of_bodies(world, seen, setting, weight),
        leader_absence=leader_absence(leader_inside(world, setting), weight),
    )


def standing(trust: ByDyad, channels: ByDyad, power_share: ByCountry) -> ByCountry:
    r"""Influence of each state through trust and common bodies, 0 to 1.

    .. math:: \sum_{j \ne i} s_j T_{ji} C_{ji} / \sum_{j \ne i} s_j

    Args:
        trust: :math:`T`, row trusts column, 0 to 1.
        channels: :math:`C`, bodies that both are in over those the row had at the start, 0 to 1.
            Likeness by the cosine would not do: it can rise for a state that leaves.
        power_share: :math:`s`.
    """
    others = 1.0 - jnp.eye(power_share.shape[0])
    return (power_share @ (trust * channels * others)) / (1.0 - power_share)


def security(world: World, threat: ByDyad, power_share: ByCountry) -> ByCountry:
    r"""Power that stands by a state over that and the power that threatens it, share.

    .. math:: \frac{s_i + \sum_j s_j P_{ji}}{s_i + \sum_j s_j P_{ji} + \sum_j s_j H_{ij}}

    :math:`P_{ji}` is 1 where j owes i defence; :math:`H_{ij}` is the greatest of the threat that j
    is to i, rivalry, and the use of force between them, none where j owes i defence.
    """
    force = jnp.clip(world.dispute / FORCE, 0.0, 1.0)
    hostile = jnp.maximum(jnp.maximum(threat, world.rivalry), force)
    hostile = hostile * (1.0 - world.defence_pact.T)
    friends = power_share + power_share @ world.defence_pact
    return friends / (friends + hostile @ power_share)
