"""Who begins sanctions against whom, and who lifts them?

Once a year every state may begin sanctions and every sanction may end, by hazards estimated on the
Global Sanctions Database. The order within a year is that of the estimate: the leading state, then
the bloc that acts as one, then every other state by itself with what the two have just done in
sight; so that sanctions come in waves, as on record. Regional bodies may sanction a member.
Sanctions of the Security Council, held by nearly all, neither begin nor end here, and what a lever
of the scenario sets is left to the lever.

Coefficients are associations with circumstances, not effects of an intervention.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Float

from worldorder.mechanisms.campaigns import standardised
from worldorder.mechanisms.membership import year_turns
from worldorder.mechanisms.pairs import gap, larger, sum_of_both
from worldorder.random import Stream, normal, uniform
from worldorder.state import Events, Now, World, events_of, pytree
from worldorder.typing import ByCountry, ByDyad, CountryMask, Scalar


@pytree
class SanctionParameters:
    """Log odds of a beginning, yearly rates of an end; see `parameters/sanctions.yaml`."""

    leader_constant: Scalar  # logit
    leader_gap: Scalar  # per standard deviation of ideal points
    leader_size: Scalar  # per log of the target's share of world GDP
    leader_regime: Scalar  # per unit of the target's electoral democracy
    leader_rivalry: Scalar
    leader_received: Scalar  # per log of 1 + states that sanction the target
    bloc_constant: Scalar  # logit
    bloc_gap: Scalar
    bloc_regime: Scalar
    bloc_received: Scalar
    bloc_leader_holds: Scalar
    bloc_leader_begins: Scalar
    state_constant: Scalar  # logit
    state_gap: Scalar
    state_gap_leader: Scalar  # per standard deviation from the leading state
    state_size: Scalar
    state_size_target: Scalar
    state_regime: Scalar
    state_regime_target: Scalar
    state_distance: Scalar  # per log of 1,000 km
    state_rivalry: Scalar
    state_ally: Scalar
    state_dependence: Scalar  # per square root of trade over the sender's GDP
    state_sent: Scalar  # per log of 1 + states that the sender sanctions
    state_received: Scalar
    state_leader_holds: Scalar
    state_leader_begins: Scalar
    state_bloc_holds: Scalar
    state_bloc_begins: Scalar
    state_in_bloc: Scalar
    regional_rate: Scalar  # 1/year, a body against a member
    leader_end: Scalar  # probability a year
    bloc_end: Scalar
    state_end: Scalar
    regional_end: Scalar
    intensity: Scalar  # share of a full embargo, median at the beginning
    intensity_spread: Scalar  # of its logarithm


OF_COUNCIL = 0.75  # share of states from which sanctions are the Security Council's
OF_BODY = 0.5  # share of members from which sanctions are their body's
SIZE, KM = 6.0, 1.5  # at which constants are stated: -log of a share of world GDP, log 1,000 km
_NEVER = -1e4  # log odds of what cannot happen
_LOWEST, _HIGHEST = 0.02, 0.95  # share of a full embargo, of the least and the hardest on record


class Circumstances(NamedTuple):
    """What hazards look at. States are senders in rows and targets in columns."""

    held: Bool[Array, "country country"]  # the row sanctions the column, not by the Council
    free: CountryMask  # targets that are not under sanctions of the Council
    position: ByCountry  # standardised ideal points
    size: ByCountry  # log share of world GDP, over the reference
    regime: ByCountry  # electoral democracy less one half
    sent: ByCountry  # log of 1 + states that it sanctions
    received: ByCountry  # log of 1 + states that sanction it
    leader: ByCountry  # 1 for the leading state
    member: ByCountry  # 1 for members of the bloc


def circumstances(world: World, now: Now) -> Circumstances:
    """The state of sanctions at the turn of a year."""
    imposed = world.sanction > 0.0
    one = jnp.ones_like(world.ideal_point)
    free = one @ imposed < OF_COUNCIL * one.shape[0]
    held = imposed & free[None, :]
    return Circumstances(
        held=held,
        free=free,
        position=standardised(world.ideal_point),
        size=jnp.log(world.underlying_gdp / world.underlying_gdp.sum()) + SIZE,
        regime=now.setting.regime - 0.5,
        sent=jnp.log1p(held @ one),
        received=jnp.log1p(one @ held),
        leader=now.setting.leading_state.astype(one.dtype),
        member=world.membership[:, now.setting.bloc].astype(one.dtype),
    )


def leader_logit(seen: Circumstances, rivalry: ByCountry, params: SanctionParameters) -> ByCountry:
    """Log odds that the leading state begins sanctions against each state.

    Args:
        seen: circumstances.
        rivalry: 1 for its strategic rivals.
        params: coefficients.
    """
    return (
        params.leader_constant
        + params.leader_gap * jnp.abs(seen.position - seen.leader @ seen.position)
        + params.leader_size * seen.size
        + params.leader_regime * seen.regime
        + params.leader_rivalry * rivalry
        + params.leader_received * seen.received
    )


def bloc_logit(
    seen: Circumstances, holds: ByCountry, begins: ByCountry, params: SanctionParameters
) -> ByCountry:
    """Log odds that the bloc begins sanctions against each state.

    Args:
        seen: circumstances.
        holds: 1 where the leading state sanctions the target.
        begins: 1 where it has just begun to.
        params: coefficients.
    """
    weight = seen.member / jnp.maximum(seen.member.sum(), 1.0)
    apart = weight @ gap(seen.position)
    return (
        params.bloc_constant
        + params.bloc_gap * apart
        + params.bloc_regime * seen.regime
        + params.bloc_received * seen.received
        + params.bloc_leader_holds * holds
        + params.bloc_leader_begins * begins
    )


class Lead(NamedTuple):
    """What the leading state and the bloc do to each state, 1 where they do."""

    holds: ByCountry
    begins: ByCountry
    bloc_holds: ByCountry
    bloc_begins: ByCountry


def by_target(seen: Circumstances, lead: Lead, params: SanctionParameters) -> ByCountry:
    """Part of a state's log odds that hangs on the target alone."""
    return (
        params.state_size_target * seen.size
        + params.state_regime_target * seen.regime
        + params.state_received * seen.received
        + params.state_leader_holds * lead.holds
        + params.state_leader_begins * lead.begins
        + params.state_bloc_holds * lead.bloc_holds
        + params.state_bloc_begins * lead.bloc_begins
    )


def by_sender(seen: Circumstances, params: SanctionParameters) -> ByCountry:
    """Part of a state's log odds that hangs on itself alone."""
    return (
        params.state_constant
        + params.state_gap_leader * jnp.abs(seen.position - seen.leader @ seen.position)
        + params.state_size * seen.size
        + params.state_regime * seen.regime
        + params.state_sent * seen.sent
        + params.state_in_bloc * seen.member
    )


def state_logit(
    seen: Circumstances, lead: Lead, world: World, now: Now, params: SanctionParameters
) -> ByDyad:
    """Log odds that the row by itself begins sanctions against the column.

    The leading state, which has odds of its own, and targets that are not free have none.
    """
    dependence = jnp.sqrt(jnp.clip(now.diagnostics.dependence, 0.0, 1.0))
    own = jnp.where(seen.leader > 0.0, _NEVER, by_sender(seen, params))
    target = jnp.where(seen.free, by_target(seen, lead, params), _NEVER)
    return (
        sum_of_both(own, target)
        + params.state_gap * gap(seen.position)
        + params.state_distance * (now.setting.log_distance - KM)
        + params.state_rivalry * world.rivalry
        + params.state_ally * larger(world.defence_pact)
        + params.state_dependence * dependence
    )


def _falls(draw: Array, logit: Array) -> Array:
    """Whether an event of the given log odds happens, by a uniform draw."""
    return draw * (1.0 + jnp.exp(-logit)) < 1.0


class Body(NamedTuple):
    """States that sanction as one."""

    member: Float[Array, "body country"]
    target: Bool[Array, "body country"]  # whom it may sanction
    holds: Bool[Array, "body country"]  # most of its members sanction the target


def regional_bodies(seen: Circumstances, world: World, now: Now) -> Body:
    """Regional bodies, which sanction their own members."""
    member = world.membership[:, now.setting.regional_body].T.astype(seen.size.dtype)
    share = member @ seen.held / jnp.maximum(member.sum(1, keepdims=True) - 1.0, 1.0)
    return Body(member, (member > 0.0) & seen.free, share > OF_BODY)


class Turn(NamedTuple):
    """Sanctions that begin and end at the turn of a year, sender by target."""

    begins: Bool[Array, "country country"]
    ends: Bool[Array, "country country"]


def _bloc_holds(seen: Circumstances) -> CountryMask:
    return seen.member @ seen.held > OF_BODY * jnp.maximum(seen.member.sum(), 1.0)


def turned(world: World, now: Now, params: SanctionParameters, stream: Stream) -> Turn:
    """Sanctions that begin and end in a year: the leading state, the bloc, others, regions."""
    seen = circumstances(world, now)
    states = len(seen.size)
    draw = uniform(stream, (states, states))
    joint = uniform(stream, (1 + now.setting.regional_body.shape[0], states), draw=1)
    own, holds = seen.leader @ draw, seen.leader @ seen.held > 0.0
    can = seen.free & (seen.leader < 1.0) & ~holds
    begins = can & _falls(own, leader_logit(seen, seen.leader @ world.rivalry, params))
    united, outside = _bloc_holds(seen), (seen.member < 1.0) & seen.free
    wants = bloc_logit(seen, holds * 1.0, begins * 1.0, params)
    unites = outside & ~united & _falls(joint[0], wants) & (seen.member.sum() > 1.0)
    lead = Lead(*(part.astype(own.dtype) for part in (holds, begins, united, unites)))
    chosen = _falls(draw, state_logit(seen, lead, world, now, params))
    region = regional_bodies(seen, world, now)
    summoned = region.target & ~region.holds & (joint[1:] < params.regional_rate)
    together = _by_members(seen, region, jnp.concatenate([unites[None], summoned]))
    led = sum_of_both(seen.leader, begins.astype(own.dtype)) > 1.5
    lifted = _lifted(seen, united & outside, region, draw, joint, params)
    return Turn((chosen | led | together) & ~seen.held, lifted & seen.held)


def _by_members(
    seen: Circumstances, region: Body, done: Bool[Array, "body country"]
) -> Bool[Array, "country country"]:
    """What the bloc (first) and regional bodies do to each state, as done by their members."""
    member = jnp.concatenate([seen.member[None], region.member])
    return member.T @ done.astype(member.dtype) > 0.0


def _lifted(
    seen: Circumstances,
    united: CountryMask,
    region: Body,
    draw: ByDyad,
    joint: Float[Array, "body country"],
    params: SanctionParameters,
) -> Bool[Array, "country country"]:
    """Whether sanctions that the row holds against the column end, of a body for all at once."""
    rate = jnp.where(seen.leader > 0.0, params.leader_end, params.state_end)
    held = jnp.concatenate([united[None], region.holds])
    ends = jnp.concatenate([joint[:1] < params.bloc_end, joint[1:] < params.regional_end])
    together = _by_members(seen, region, held)
    return jnp.where(together, _by_members(seen, region, held & ends), draw < rate[:, None])


def change(world: World, now: Now, params: SanctionParameters, stream: Stream) -> ByDyad:
    """Change of sanctions at the turn of a year, share of a full embargo.

    Those who begin against one target in a year do so equally hard. Pairs that a lever sets or
    that joined a campaign are left alone.
    """
    turn = turned(world, now, params, stream)
    states = world.sanction.shape[0]
    hard = params.intensity * jnp.exp(params.intensity_spread * normal(stream, (states,), draw=2))
    hard = sum_of_both(jnp.zeros(states), jnp.clip(hard, _LOWEST, _HIGHEST))
    added = jnp.where(turn.begins, hard, 0.0)
    moved = added - jnp.where(turn.ends, world.sanction, 0.0)
    apart = (world.recruited > 0.0) | now.setting.set_sanction | jnp.eye(states, dtype=bool)
    return jnp.where(apart, 0.0, moved)


def events(world: World, now: Now, params: SanctionParameters, stream: Stream) -> Events:
    """Sanctions that begin and end, once a year with the year's address."""
    year = Stream(stream.key, jnp.floor(now.years + 1e-3).astype(jnp.uint32))
    moved = lax.cond(
        year_turns(now.years, now.step_years) & now.on,
        lambda: change(world, now, params, year),
        lambda: jnp.zeros_like(world.sanction),
    )
    return events_of(world, sanction_change=moved)
