"""One step of the world, in its written order.

Where something stirs: settle, set levers, diagnose, look, draw events. Then, in every step, what
moves by itself: economies and ideal points. The order is written here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any, Final, TypeVar

import jax
import jax.numpy as jnp
from jax import Array, lax

from worldorder.dynamics.acting import act
from worldorder.dynamics.levers import Levers, anything_stirs
from worldorder.mechanisms.alliances import pact_after
from worldorder.mechanisms.catalogue import CATALOGUE
from worldorder.mechanisms.membership import year_turns
from worldorder.mechanisms.new_bodies import after_year
from worldorder.mechanisms.pact_foundings import with_body, with_ties
from worldorder.mechanisms.survival import ENDED
from worldorder.random import Stream, stream_key
from worldorder.state import (
    Conduct,
    Diagnostics,
    Events,
    Now,
    Setting,
    Shocks,
    Tendency,
    World,
    neutral_diagnostics,
    no_conduct,
    no_events,
    no_tendency,
    pytree,
)
from worldorder.typing import ByCountry, ByDyad, Flag, Scalar

Drawn = TypeVar("Drawn", Events, Shocks, Tendency)
Seen = TypeVar("Seen")


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


def _choose(on: Flag, derived: Any, before: Any) -> Any:
    """What a mechanism that is on has derived, else as before; what it leaves alone is free."""
    return jax.tree.map(
        lambda new, old: old if new is old else jnp.where(on, new, old), derived, before
    )


def diagnose(world: World, now: Now, run: Run, names: Iterable[str] = CATALOGUE) -> Diagnostics:
    """What follows from the state, by the mechanisms named, in catalogue order."""
    for name in names:
        mechanism = CATALOGUE[name]
        if mechanism.diagnose is None:
            continue
        derived = mechanism.diagnose(world, now, run.parameters[name])
        derived = _choose(run.switches[name], derived, now.diagnostics)
        now = replace(now, diagnostics=derived)
    return now.diagnostics


def _combine(first: Array, second: Array) -> Array:
    return first | second if first.dtype == jnp.bool_ else first + second


def _add(total: Drawn, part: Drawn, on: Flag) -> Drawn:
    counted = jax.tree.map(lambda x: jnp.where(on, x, jnp.zeros_like(x)), part)
    return jax.tree.map(_combine, total, counted)


def stream_of(name: str, now: Now, run: Run) -> Stream:
    """The random stream of a mechanism in a step."""
    return Stream(stream_key(run.salts[name], run.number), now.step)


def draw_events(world: World, now: Now, run: Run) -> Events:
    """What happens in a step that stirs. Each mechanism draws from its own stream."""
    total = no_events(world)
    for name, mechanism in CATALOGUE.items():
        if mechanism.events is None:
            continue
        at_hand = replace(now, on=run.switches[name])
        part = mechanism.events(world, at_hand, run.parameters[name], stream_of(name, now, run))
        total = _add(total, part, run.switches[name])
    return total


def draw_shocks(world: World, now: Now, run: Run) -> Shocks:
    """What chance does in a step, whether it stirs or not."""
    nothing = jnp.zeros_like(world.ideal_point)
    total = Shocks(nothing, nothing)
    for name, mechanism in CATALOGUE.items():
        if mechanism.chance is None:
            continue
        part = mechanism.chance(world, now, run.parameters[name], stream_of(name, now, run))
        total = _add(total, part, run.switches[name])
    return total


def sum_tendencies(world: World, now: Now, run: Run, steady: bool) -> Tendency:
    """Rates of change, summed over mechanisms that are steady or over the others."""
    total = no_tendency(world)
    for name, mechanism in CATALOGUE.items():
        if mechanism.tendency is None or mechanism.steady != steady:
            continue
        part = mechanism.tendency(world, now, run.parameters[name])
        total = _add(total, part, run.switches[name])
    return total


def moved(world: World, tendency: Tendency, years: Scalar | float) -> World:
    """World some years later by rates of change."""
    names = (field.name for field in fields(tendency))
    return replace(world, **{x: getattr(world, x) + years * getattr(tendency, x) for x in names})


ACCOUNTS: Final = "capability", "funding"  # what tendencies look at
ACCOUNTED: Final = "compensation", "reserve", "capacity"  # what is never negative


def settled(world: World, now: Now, run: Run) -> World:
    """World with what moves by itself brought to the moment, over the time that has passed."""
    passed = replace(now, step_years=jnp.maximum(now.elapsed, 1e-6))
    passed = replace(passed, diagnostics=diagnose(world, passed, run, ACCOUNTS))
    world = moved(world, sum_tendencies(world, passed, run, steady=False), now.elapsed)
    for name, mechanism in CATALOGUE.items():
        if mechanism.settle is None:
            continue
        later = mechanism.settle(world, now, run.parameters[name], stream_of(name, now, run))
        world = _choose(run.switches[name], later, world)
    positive = {x: jnp.maximum(getattr(world, x), 0.0) for x in ACCOUNTED}
    return replace(world, settled_at=now.years, **positive)


def after_shocks(world: World, shocks: Shocks) -> World:
    """World with what chance did to economies and positions."""
    return replace(
        world,
        underlying_gdp=world.underlying_gdp * jnp.exp(shocks.growth),
        ideal_point=world.ideal_point + shocks.ideal_point,
    )


def after_shifts(world: World, events: Events) -> World:
    """World with what events do to economies, positions, trust and the public."""
    return replace(
        after_shocks(world, Shocks(events.growth_shock, events.ideal_point_shock)),
        trust_fast=world.trust_fast + events.trust_fast_jump,
        trust_slow=world.trust_slow + events.trust_slow_jump,
        approval=world.approval + events.approval_shift,
        orientation=world.orientation + events.orientation_shift,
    )


def after_events(world: World, events: Events, now: Now) -> World:
    """World with what happened in a step that stirs."""
    fate = world.fate + events.fate_change
    lives = (fate < ENDED).astype(fate.dtype)
    left = events.exit & world.membership
    joined = events.accession & ~world.membership
    paid = jnp.where(left, 0.0, world.contribution)
    leavers = jnp.ones_like(world.ideal_point) @ left.astype(world.ideal_point.dtype)
    after = replace(
        after_shifts(world, events),
        military_burden=world.military_burden * jnp.exp(events.burden_change),
        promises=jax.tree.map(jnp.add, world.promises, events.promise_change),
        pact_group=with_body(world.pact_group, events.pact_founders),
        sanction=world.sanction + events.recruitment + events.sanction_change,
        recruited=world.recruited + events.recruitment,
        vote=_last_vote(world, events, now),
        new_leader=jnp.zeros_like(world.new_leader),
        mandate=jax.tree.map(jnp.add, world.mandate, events.mandate_shift),
        reserve_share=world.reserve_share + events.reserve_shift,
        membership=((world.membership & ~left) | joined) & (fate < ENDED),
        contribution=jnp.where(joined, now.setting.start_contribution, paid) * lives,
        recent_exits=world.recent_exits + leavers,
        other_revenue=world.other_revenue * lives,
        reserve=world.reserve * lives,
        capacity=world.capacity * lives,
        fate=fate,
        new_bodies=after_year(world.new_bodies, events, now),
        vote_share=world.vote_share + events.vote_shift,
        wage_change=now.diagnostics.wage_change,
        expenditure_change=now.diagnostics.expenditure_change,
        dependence=now.diagnostics.dependence,
        menace=world.menace + events.menace_jump,
        dispute=world.dispute + events.dispute_change,
        consultation=jnp.where(events.concert_ends, 0.0, world.consultation),
        sphere_recognition=jnp.where(events.concert_ends, 0.0, world.sphere_recognition),
        peace_years=world.peace_years + events.peace_change,
    )
    pact = world.defence_pact + events.pact_change
    return replace(after, defence_pact=_pacts(pact, world, after, now.setting))


def _last_vote(world: World, events: Events, now: Now) -> ByCountry:
    """Vote of the step, else the one before it in the calendar year."""
    kept = jnp.where(year_turns(now.years, now.step_years), 0.0, world.vote)
    return jnp.where((events.vote > 0.0).any(), events.vote, kept)


def _pacts(pact: ByDyad, before: World, after: World, setting: Setting) -> ByDyad:
    """Defence pacts with those of bodies that states founded, joined or left."""
    members = [one.membership[:, setting.defence_body] for one in (before, after)]
    groups = before.pact_group, after.pact_group
    moved = (members[0] != members[1]).any() | (groups[0] != groups[1]).any()
    return lax.cond(moved, lambda: with_ties(pact_after(pact, *members), *groups), lambda: pact)


def now_of(world: World, clock: Clock, conduct: Conduct, setting: Setting) -> Now:
    """What mechanisms may look at before any has diagnosed."""
    years = clock.step * clock.step_years
    return Now(
        step=clock.step,
        years=years,
        step_years=clock.step_years,
        conduct=conduct,
        diagnostics=neutral_diagnostics(world, setting),
        setting=setting,
        elapsed=years - world.settled_at,
    )


def opened(
    world: World, levers: Levers, clock: Clock, setting: Setting, run: Run
) -> tuple[World, Now]:
    """World at the beginning of a step that stirs, levers set, and all mechanisms may look at."""
    present = settled(world, now_of(world, clock, no_conduct(world), setting), run)
    acted, conduct = act(present, levers, setting.start_contribution)
    acted = replace(acted, defence_pact=_pacts(acted.defence_pact, present, acted, setting))
    now = now_of(acted, clock, conduct, setting)
    return acted, replace(now, diagnostics=diagnose(acted, now, run))


def something_stirs(levers: Levers, clock: Clock) -> Flag:
    """Whether a year begins or a state deals with another."""
    turns = year_turns(clock.step * clock.step_years, clock.step_years)
    return turns | anything_stirs(levers)


def drifted(world: World, levers: Levers, clock: Clock, setting: Setting, run: Run) -> World:
    """World after what moves in every step: economies, populations, ideal points."""
    now = now_of(world, clock, no_conduct(world), setting)
    traded = replace(now.diagnostics, dependence=world.dependence)
    now = replace(now, diagnostics=traded)
    shocks = draw_shocks(world, now, run)
    later = moved(world, sum_tendencies(world, now, run, steady=True), clock.step_years)
    return replace(
        after_shocks(later, shocks),
        ballot=jnp.maximum(levers.election, world.ballot),  # executive counts for both
    )


def take_step(
    world: World,
    levers: Levers,
    clock: Clock,
    setting: Setting,
    run: Run,
    look: Callable[[World, Diagnostics], Seen],
    unseen: Seen,
    differentiable: bool = False,
) -> tuple[World, Seen]:
    """World one step later, and what was looked at in it.

    Args:
        world: at the end of the step before.
        levers: the slice of the step.
        clock: where the step stands in time.
        setting: evidence of the run.
        run: its number, parameters and switches.
        look: takes from the world at the beginning of a step that stirs, and from what follows
            from it, what is to be kept.
        unseen: the same of a step in which nothing stirs.
        differentiable: whether reverse mode is to go through the step.
    """

    def stirred(now: tuple[World, Seen, Flag]) -> tuple[World, Seen, Flag]:
        acted, seen_from = opened(now[0], levers, clock, setting, run)
        seen = look(acted, seen_from.diagnostics)
        after = after_events(acted, draw_events(acted, seen_from, run), seen_from)
        return after, seen, jnp.zeros_like(stirs)

    stirs = something_stirs(levers, clock)
    start = world, unseen, stirs
    if differentiable:
        after, seen, _ = lax.cond(stirs, stirred, lambda now: now, start)
    else:  # a loop of one turn or none: a branch copies the world that it passes on
        after, seen, _ = lax.while_loop(lambda now: now[2], stirred, start)
    return drifted(after, levers, clock, setting, run), seen
