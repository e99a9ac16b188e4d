"""Who joins sanctions that a sender calls for, and do they hold together?

A sender calls for a campaign against a target by a lever. Every other state joins with a logit in
affinity, alliance, dependence, regime, place and what it and its neighbours do already, estimated
on campaigns that the United States led. The states of the bloc that acts as one join together.
Pressure on those who stay away moves them by an effect whose sign is open. Once a year a state
that joined may leave again, and all do once no sender is left.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import lax

from worldorder.mechanisms.membership import year_turns
from worldorder.random import Stream, happens, uniform
from worldorder.state import Events, Now, World, events_of, pytree
from worldorder.typing import ByCountry, ByDyad, CountryMask, Scalar


@pytree
class CampaignParameters:
    """Coefficients of the logit of joining and of leaving; see `parameters/campaigns.yaml`."""

    constant: Scalar  # logit
    distance_sender: Scalar  # per standard deviation of ideal points
    distance_target: Scalar  # per standard deviation of ideal points
    ally_sender: Scalar  # logit
    ally_target: Scalar  # logit
    trade_target: Scalar  # per square root of trade over GDP
    trade_sender: Scalar  # per square root of trade over GDP
    regime: Scalar  # per unit of electoral democracy
    size: Scalar  # per log of GDP
    nearness: Scalar  # per log of distance
    neighbours: Scalar  # per square root of the share of neighbours
    already: Scalar  # logit
    bloc: Scalar  # logit
    pressure: Scalar  # logit at pressure 1
    lapse_rate: Scalar  # 1/year
    lift_rate: Scalar  # 1/year


NEAREST = 10  # states that count as neighbours
HELD = 0.1  # share of a full embargo from which a state counts as sanctioning already
_SIZE, _KM, _LEAST_KM = 4.0, 8.5, 50.0  # at which the constant is stated: log bn USD, log km; km


def standardised(ideal_point: ByCountry) -> ByCountry:
    """Ideal points less their mean, over their spread: the scale of the estimate."""
    return (ideal_point - ideal_point.mean()) / ideal_point.std()


def neighbours_held(distance: ByDyad, held: ByDyad) -> ByDyad:
    """Share of the row's nearest states that sanction the column."""
    apart = jnp.where(jnp.eye(distance.shape[0], dtype=bool), jnp.inf, distance)
    nearest = min(NEAREST, distance.shape[0] - 1)
    bound = jnp.sort(apart, axis=1)[:, nearest - 1 : nearest]
    return (apart <= bound).astype(held.dtype) @ held / nearest


def joining_logit(
    position: ByCountry, pact: ByDyad, dependence: ByDyad, regime: ByCountry, gdp: ByCountry,
    distance: ByDyad, held: ByDyad, in_bloc: CountryMask, sender: ByDyad,
    params: CampaignParameters,
) -> ByDyad:  # fmt: skip
    """Log odds that the row joins a campaign against the column, logit.

    Args:
        position: standardised ideal points.
        pact: 1 where the row owes the column defence.
        dependence: trade of row with column over the GDP of the row.
        regime: electoral democracy, 0 to 1.
        gdp: bn USD/year.
        distance: km.
        held: 1 where the row sanctions the column already.
        in_bloc: states that act as one.
        sender: 1 where the row is the sender of the campaign against the column, at most one.
        params: coefficients.
    """
    ally = jnp.maximum(pact, pact.T)
    root = jnp.sqrt(jnp.clip(dependence, 0.0, 1.0))
    of_sender = jnp.abs(position[:, None] - position @ sender)
    by_state = (
        params.regime * (regime - 0.5)
        + params.size * (jnp.log(gdp) - _SIZE)
        + params.bloc * in_bloc
        + params.constant
    )
    return (
        by_state[:, None]
        + params.distance_sender * of_sender
        + params.distance_target * jnp.abs(position[:, None] - position[None, :])
        + params.ally_sender * (ally @ sender)
        + params.ally_target * ally
        + params.trade_target * root
        + params.trade_sender * (root @ sender)
        + params.nearness * (jnp.log(jnp.maximum(distance, _LEAST_KM)) - _KM)
        + params.neighbours * jnp.sqrt(neighbours_held(distance, held))
        + params.already * held
    )


def joins(chance: ByDyad, in_bloc: CountryMask, draw: ByDyad) -> ByDyad:
    """1 where the row joins; states of the bloc share their mean chance and one draw."""
    weight = in_bloc / jnp.maximum(in_bloc.sum(), 1)
    first = jnp.argmax(in_bloc)
    shared = jnp.where(in_bloc[:, None], weight @ chance, chance)
    drawn = jnp.where(in_bloc[:, None], draw[first], draw)
    return (drawn < shared).astype(chance.dtype)


def called(now: Now, world: World) -> tuple[ByDyad, ByDyad, ByDyad]:
    """Sender by target, intensity called for and pressure, all in the sender's row."""
    calls, nothing = now.conduct.calls, jnp.zeros_like(world.sanction)
    intensity = nothing.at[calls.sender, calls.target].set(calls.intensity, mode="drop")
    pressure = nothing.at[calls.sender, calls.target].set(calls.pressure, mode="drop")
    return (intensity > 0.0).astype(nothing.dtype), intensity, pressure


def recruited(world: World, now: Now, params: CampaignParameters, stream: Stream) -> ByDyad:
    """Sanctions that states add by joining the campaigns called for in the step."""
    sender, intensity, pressure = called(now, world)
    setting, nobody = now.setting, 1.0 - jnp.eye(sender.shape[0])
    in_bloc = world.membership[:, setting.bloc]
    logit = joining_logit(
        standardised(world.ideal_point), world.defence_pact, now.diagnostics.dependence,
        setting.regime, world.underlying_gdp, setting.distance,
        (world.sanction > HELD).astype(sender.dtype), in_bloc, sender, params,
    )  # fmt: skip
    logit = logit + params.pressure * pressure.sum(0)
    chance = 1.0 / (1.0 + jnp.exp(-logit))
    joined = joins(chance, in_bloc, uniform(stream, chance.shape)) * (1.0 - sender) * nobody
    return joined * jnp.maximum(intensity.sum(0) - world.sanction, 0.0)


def left(world: World, now: Now, params: CampaignParameters, stream: Stream) -> ByDyad:
    """Change of sanctions in a year by those who leave a campaign, each on its own or all at last.

    A campaign is over where no state whose sanctions a lever sets holds more than at the start.
    """
    added, setting = world.recruited, now.setting
    own = jnp.where(setting.set_sanction, world.sanction - added - setting.sent_sanction, 0.0)
    led = (own > 1e-3).any(axis=0)
    rate = jnp.where(led, params.lapse_rate, params.lift_rate)
    gone = happens(stream, jnp.broadcast_to(rate, added.shape), draw=1)
    return -jnp.where(gone, added, 0.0)


def events(world: World, now: Now, params: CampaignParameters, stream: Stream) -> Events:
    """Joining in the step of a call, leaving at the turn of the year."""
    year = Stream(stream.key, jnp.floor(now.years + 1e-3).astype(jnp.uint32))
    nothing = jnp.zeros_like(world.sanction)
    joined = lax.cond(
        (now.conduct.calls.sender < nothing.shape[0]).any(),
        lambda: recruited(world, now, params, year),
        lambda: nothing,
    )
    ended = lax.cond(
        year_turns(now.years, now.step_years) & (world.recruited > 0.0).any(),
        lambda: left(world, now, params, year),
        lambda: nothing,
    )
    return events_of(world, recruitment=joined + ended)
