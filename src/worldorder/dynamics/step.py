"""One step of the world, in its written order.

Inputs at t, diagnose, draw events, sum tendencies, advance and keep within bounds. The order is
written here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
from jax import Array, lax

from worldorder.dynamics.acting import act
from worldorder.dynamics.levers import Levers
from worldorder.mechanisms.alliances import pact_after
from worldorder.mechanisms.catalogue import CATALOGUE, Mechanism
from worldorder.mechanisms.membership import year_turns
from worldorder.mechanisms.new_bodies import after_year
from worldorder.mechanisms.survival import ENDED
from worldorder.random import Stream, stream_key
from worldorder.state import (
    Conduct,
    Diagnostics,
    Events,
    Now,
    Setting,
    Tendency,
    World,
    neutral_diagnostics,
    no_events,
    no_tendency,
    pytree,
)
from worldorder.typing import ByDyad, Flag, Scalar

Drawn = TypeVar("Drawn", Events, Tendency)


@pytree
class Run:
    """What tells one run from another: its number, its drawn parameters, what is switched on."""

    number: Array  # uint32 scalar
    parameters: Mapping[str, Any]  # mechanism -> its parameter record, scalars
    switches: Mapping[str, Flag]  # mechanism -> on
    salts: Mapping[str, Array]  # mechanism -> salt of its random stream, shape (2,)


@pytree
class Clock:
    """Where a step stands in time."""

    step: Scalar  # int32, from 0
    step_years: Scalar  # years


def _choose(on: Flag, derived: Diagnostics, before: Diagnostics) -> Diagnostics:
    """Diagnostics of a mechanism that is on, else as before; what it leaves alone costs nothing."""
    return jax.tree.map(
        lambda new, old: old if new is old else jnp.where(on, new, old), derived, before
    )


def _derived(mechanism: Mechanism, world: World, now: Now, params: Any) -> Diagnostics:
    """Diagnostics with those of a mechanism; its dyads only where they are read."""
    assert mechanism.diagnose is not None
    whole, before = mechanism.diagnose, now.diagnostics
    if not mechanism.dyads:
        return whole(world, now, params)

    def formed() -> dict[str, Array]:
        derived = whole(world, now, params)
        return {name: getattr(derived, name) for name in mechanism.dyads}

    kept = {name: getattr(before, name) for name in mechanism.dyads}
    return replace(before, **lax.cond(now.read, formed, lambda: kept))


def diagnose(world: World, now: Now, run: Run) -> Diagnostics:
    """What follows from the state, mechanism after mechanism in catalogue order."""
    for name, mechanism in CATALOGUE.items():
        if mechanism.diagnose is None:
            continue
        derived = _derived(mechanism, world, now, run.parameters[name])
        derived = _choose(run.switches[name], derived, now.diagnostics)
        now = replace(now, diagnostics=derived)
    return now.diagnostics


def _combine(first: Array, second: Array) -> Array:
    return first | second if first.dtype == jnp.bool_ else first + second


def _add(total: Drawn, part: Drawn, on: Flag) -> Drawn:
    counted = jax.tree.map(lambda x: jnp.where(on, x, jnp.zeros_like(x)), part)
    return jax.tree.map(_combine, total, counted)


def draw_events(world: World, now: Now, run: Run) -> Events:
    """What happens in the step. Each mechanism draws from its own stream."""
    total = no_events(world)
    for name, mechanism in CATALOGUE.items():
        if mechanism.events is None:
            continue
        stream = Stream(stream_key(run.salts[name], run.number), now.step)
        at_hand = replace(now, on=run.switches[name])
        part = mechanism.events(world, at_hand, run.parameters[name], stream)
        total = _add(total, part, run.switches[name])
    return total


def sum_tendencies(world: World, now: Now, run: Run) -> Tendency:
    """Rates of change, summed over mechanisms."""
    total = no_tendency(world)
    for name, mechanism in CATALOGUE.items():
        if mechanism.tendency is None:
            continue
        part = mechanism.tendency(world, now, run.parameters[name])
        total = _add(total, part, run.switches[name])
    return total


def advance(world: World, tendency: Tendency, events: Events, now: Now) -> World:
    """World at the end of the step, within its bounds."""
    moved = {
        name: getattr(world, name) + now.step_years * getattr(tendency, name)
        for name in tendency.__dataclass_fields__
    }
    fate = world.fate + events.fate_change
    lives = (fate < ENDED).astype(fate.dtype)
    left = events.exit & world.membership
    joined = events.accession & ~world.membership
    paid = jnp.where(left, 0.0, world.contribution)
    leavers = jnp.ones_like(world.ideal_point) @ left.astype(world.ideal_point.dtype)
    moved |= {
        "military_burden": world.military_burden * jnp.exp(events.burden_change),
        "promises": jax.tree.map(jnp.add, world.promises, events.promise_change),
        "underlying_gdp": moved["underlying_gdp"] * jnp.exp(events.growth_shock),
        "ideal_point": moved["ideal_point"] + events.ideal_point_shock,
        "trust_fast": moved["trust_fast"] + events.trust_fast_jump,
        "trust_slow": moved["trust_slow"] + events.trust_slow_jump,
        "sanction": world.sanction + events.recruitment,
        "recruited": world.recruited + events.recruitment,
        "approval": world.approval + events.approval_shift,
        "orientation": world.orientation + events.orientation_shift,
        "new_leader": events.turnover,
        "mandate": jax.tree.map(jnp.add, world.mandate, events.mandate_shift),
        "reserve_share": world.reserve_share + events.reserve_shift,
        "contribution": jnp.where(joined, now.setting.start_contribution, paid) * lives,
        "compensation": jnp.maximum(moved["compensation"], 0.0),
        "recent_exits": moved["recent_exits"] + leavers,
        "reserve": jnp.maximum(moved["reserve"], 0.0) * lives,
        "capacity": jnp.maximum(moved["capacity"], 0.0) * lives,
        "other_revenue": world.other_revenue * lives,
        "fate": fate,
        "new_bodies": after_year(world.new_bodies, events, now),
        "vote_share": world.vote_share + events.vote_shift,
        "menace": moved["menace"] + events.menace_jump,
        "dispute": world.dispute + events.dispute_change,
        "consultation": jnp.where(events.concert_ends, 0.0, world.consultation),
        "sphere_recognition": jnp.where(events.concert_ends, 0.0, world.sphere_recognition),
        "peace_years": world.peace_years + events.peace_change,
    }
    return replace(
        world,
        membership=((world.membership & ~left) | joined) & (fate < ENDED),
        wage_change=now.diagnostics.wage_change,
        expenditure_change=now.diagnostics.expenditure_change,
        **moved,
    )


def now_of(world: World, clock: Clock, conduct: Conduct, setting: Setting) -> Now:
    """What mechanisms may look at before any has diagnosed."""
    return Now(
        step=clock.step,
        years=clock.step * clock.step_years,
        step_years=clock.step_years,
        conduct=conduct,
        diagnostics=neutral_diagnostics(world, setting),
        setting=setting,
    )


def moment(
    world: World,
    clock: Clock,
    conduct: Conduct,
    setting: Setting,
    run: Run,
    every_dyad: bool = False,
) -> Now:
    """All that mechanisms may look at in this step, diagnostics included.

    `every_dyad` forms dyads also in steps in which the simulation does not read them.
    """
    now = now_of(world, clock, conduct, setting)
    now = replace(now, read=True if every_dyad else _dyads_are_read(now))
    return replace(now, diagnostics=diagnose(world, now, run))


def _dyads_are_read(now: Now) -> Flag:
    """Whether threat, stance and dependence are read: by what is kept at the turn of a year, by
    the yearly draws, and where a campaign is called.
    """
    begins = year_turns(now.years - now.step_years, now.step_years)
    ends = year_turns(now.years, now.step_years)
    called = (now.conduct.calls.sender < now.setting.start_gdp.shape[0]).any()
    return begins | ends | called


def _pacts(before: Array, after: World, events: Events, setting: Setting) -> ByDyad:
    """Defence pacts with what was drawn, and with those of bodies joined or left in the step.

    `before`: membership of the defence bodies at its beginning, by country.
    """
    pact = after.defence_pact + events.pact_change
    members = after.membership[:, setting.defence_body]
    moved = (before != members).any()
    return lax.cond(moved, lambda: pact_after(pact, before, members), lambda: pact)


@pytree
class Moment:
    """The world at the beginning of a step, its levers set, and what follows from it."""

    world: World
    diagnostics: Diagnostics


def take_step(
    world: World, levers: Levers, clock: Clock, setting: Setting, run: Run
) -> tuple[World, Moment]:
    """World one step later, and the moment that the step began with.

    `levers` is the slice of one step.
    """
    in_bodies = world.membership[:, setting.defence_body]
    acted, conduct = act(world, levers, setting.start_contribution)
    now = moment(acted, clock, conduct, setting, run)
    events = draw_events(acted, now, run)
    tendency = sum_tendencies(acted, now, run)
    after = advance(acted, tendency, events, now)
    after = replace(after, defence_pact=_pacts(in_bodies, after, events, setting))
    return after, Moment(acted, now.diagnostics)
