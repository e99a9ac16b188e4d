"""Who leaves and who joins which body?

Exit and accession are events with hazards. A member leaves more readily the farther its foreign
policy lies from that of the other members and the more others left of late, and less readily
where it is a democracy; nationalist government alone does not raise exit (von Borzyskowski and
Vabulas 2019, doi:10.1007/s11558-019-09352-2). A state joins where its neighbours are members. An
exit takes money and a member from a body and no more: whether the body suffers is left to the
money.

Events fall at the turn of the year, as withdrawals do in the yearly record that the hazards are
estimated on, so a run draws the same events whatever the length of its step.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import lax

from worldorder.random import Stream, happens
from worldorder.state import Events, Now, Tendency, World, events_of, pytree, tendency_of
from worldorder.typing import (
    ByCountry,
    ByDyad,
    ByHolding,
    ByInstitution,
    ByMembership,
    Flag,
    Scalar,
)


@pytree
class MembershipParameters:
    """Coefficients of log hazards; see `parameters/membership.yaml`."""

    exit_constant: Scalar  # log of 1/year
    exit_divergence: Scalar  # per unit of ideal point
    exit_democracy: Scalar  # per unit of electoral democracy
    exit_contagion: Scalar  # per log of 1 + remembered exits
    exit_size: Scalar  # per log of members over 40
    entry_constant: Scalar  # log of 1/year
    entry_divergence: Scalar  # per unit of ideal point
    entry_neighbours: Scalar  # per square root of the share
    entry_size: Scalar  # per log of members over 40
    return_constant: Scalar  # log of 1/year
    return_neighbours: Scalar  # per square root of the share
    return_size: Scalar  # per log of members over 40
    memory: Scalar  # year


_USUAL_SIZE = 40.0  # members of a body to which the constants apply


def members_and_centre(
    membership: ByMembership, ideal_point: ByCountry
) -> tuple[ByInstitution, ByInstitution]:
    """Number of members of each body, and their mean ideal point (0 where there is none)."""
    member = membership.astype(ideal_point.dtype)
    # one product: sums down the columns are slow on processors
    count, total = jnp.stack([jnp.ones_like(ideal_point), ideal_point]) @ member
    return count, total / jnp.maximum(count, 1.0)


def exit_log_hazard(
    divergence: ByHolding, regime: ByCountry, recent_exits: ByInstitution,
    members: ByInstitution, params: MembershipParameters,
) -> ByHolding:  # fmt: skip
    r"""Log hazard that a member leaves, log 1/year.

    $$\log h_{ib} = a + b_d |\theta_i - \bar\theta_b| + b_v (v_i - 1/2) + b_c \log(1 + e_b)
        + b_m \log (M_b / 40)$$

    Args:
        divergence: $|\theta_i - \bar\theta_b|$, distance from the members' mean, ideal point.
        regime: $v_i$, electoral democracy, 0 to 1.
        recent_exits: $e_b$, exits by others that members remember, count.
        members: $M_b$, number of full members.
        params: coefficients.

    Limits: the constant rests on exits as read from a yearly list, about half as many again as
    those that von Borzyskowski and Vabulas (2019) confirmed one by one.
    """
    by_body = (
        params.exit_constant
        + params.exit_contagion * jnp.log1p(recent_exits)
        + params.exit_size * jnp.log(members / _USUAL_SIZE)
    )
    by_state = params.exit_democracy * (regime - 0.5)
    return by_body + by_state[:, None] + params.exit_divergence * divergence


def entry_log_hazard(
    divergence: ByHolding, neighbour_share: ByHolding, members: ByInstitution,
    former: ByMembership, params: MembershipParameters,
) -> ByHolding:  # fmt: skip
    r"""Log hazard that a state outside a body joins it, log 1/year.

    $$\log h_{ib} = a - b_d |\theta_i - \bar\theta_b| + b_n \sqrt{n_{ib}} + b_m \log (M_b / 40)$$

    with other coefficients, and none for divergence, where the state was a member before.

    Args:
        divergence: distance from the members' mean, ideal point.
        neighbour_share: $n_{ib}$, share of the state's nearest states that are members.
        members: $M_b$, number of full members.
        former: true where the state was a member and left.
        params: coefficients.
    """
    near = jnp.sqrt(neighbour_share)
    size = jnp.log(members / _USUAL_SIZE)
    joining = (
        params.entry_constant
        + params.entry_size * size
        + params.entry_divergence * divergence
        + params.entry_neighbours * near
    )
    returning = params.return_constant + params.return_size * size + params.return_neighbours * near
    return jnp.where(former, returning, joining)


def neighbour_share(membership: ByMembership, distance: ByDyad, nearest: int = 10) -> ByHolding:
    """Share of a state's `nearest` states (by `distance`, km) that are members of each body."""
    apart = jnp.where(jnp.eye(distance.shape[0], dtype=bool), jnp.inf, distance)
    rank = jnp.argsort(jnp.argsort(apart, axis=1), axis=1)
    near = (rank < nearest).astype(distance.dtype)
    return near @ membership.astype(distance.dtype) / near.sum(1, keepdims=True)


def year_turns(years: Scalar, step_years: Scalar) -> Flag:
    """Whether a calendar year begins with the step that begins at `years`."""
    slack = 1e-3  # of a year: single precision, and months that do not add up to a year exactly
    return jnp.floor(years + slack) > jnp.floor(years - step_years + slack)


def membership_hazard(world: World, now: Now, params: MembershipParameters) -> ByHolding:
    """Hazard of exit for members and of accession for others; none where members are unknown."""
    members, centre = members_and_centre(world.membership, world.ideal_point)
    divergence = jnp.abs(world.ideal_point[:, None] - centre)
    known = jnp.maximum(members, 2.0)
    former = now.setting.start_membership & ~world.membership
    leaving = exit_log_hazard(divergence, now.setting.regime, world.recent_exits, known, params)
    joining = entry_log_hazard(divergence, now.setting.neighbour_share, known, former, params)
    hazard = jnp.exp(jnp.where(world.membership, leaving, joining))
    return jnp.where(members >= 2.0, hazard, 0.0)


def events(world: World, now: Now, params: MembershipParameters, stream: Stream) -> Events:
    """Exits and accessions, drawn once a year with the address of the year."""

    def drawn() -> ByMembership:
        year = jnp.floor(now.years + 1e-3).astype(jnp.uint32)
        hazard = membership_hazard(world, now, params)
        return happens(Stream(stream.key, year), hazard)

    turned = year_turns(now.years, now.step_years)
    happened = lax.cond(turned, drawn, lambda: jnp.zeros_like(world.membership))
    return events_of(
        world, exit=happened & world.membership, accession=happened & ~world.membership
    )


def tendency(world: World, now: Now, params: MembershipParameters) -> Tendency:
    """Others' exits are forgotten: exponential decay, averaged exactly over the step."""
    decay = -jnp.expm1(-now.step_years / params.memory) / now.step_years
    return tendency_of(world, recent_exits=-decay * world.recent_exits)
