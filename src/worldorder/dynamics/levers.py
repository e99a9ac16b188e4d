"""What a scenario does to the world, step by step, in the form that the compiled step reads."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Float, Int

from worldorder.mechanisms.politics import EXECUTIVE
from worldorder.mechanisms.survival import ENDED
from worldorder.state import Breaches, Calls, Conduct, Setting, World, no_conduct, pytree
from worldorder.typing import ByCountry, ByDyad, ByHolding, ByInstitution, ByMembership, Flag


class DyadLever(IntEnum):
    """What one state does to another."""

    TARIFF = 0  # value: ad valorem, added since December 2024, in force from this step
    THREAT = 1  # value: intensity 0 to 1
    RECOGNITION = 2  # value: strength 0 to 1, in force from this step
    AID = 3  # value: bn USD/year from this step
    SANCTION = 4  # value: share of a full embargo, in force from this step
    CONSULTATION = 5  # value: strength 0 to 1, in force from this step
    MEDIATION = 6  # value: effort 0 to 1, in force from this step
    EXERCISE = 7  # value: intensity 0 to 1
    PACT = 8  # value: 1 where the actor comes to owe the partner defence, 0 where it ceases to
    VETO = 9  # actor and partner are one state; value: 1 where it may block force, from this step
    BREACH = 10  # a promise of defence that the actor ends without agreement; value unused


class BodyLever(IntEnum):
    """What a state does to an institution."""

    NOTICE = 0  # notice of withdrawal is given; value unused
    EXIT = 1  # membership and payments end; value unused
    ACCESSION = 2  # membership begins, payments resume; value unused
    FUNDING = 3  # value: factor on what the state pays
    RESUMPTION = 4  # value: share of what it paid at the start that is paid again, after nothing
    FILL = 5  # value: share of what the body has lost since the start that is taken over


@pytree
class Levers:
    """Changes by step, padded to K a step with the index N (or I), which no array has."""

    dyad_kind: Int[Array, "step dyad_lever"]
    dyad_actor: Int[Array, "step dyad_lever"]
    dyad_partner: Int[Array, "step dyad_lever"]
    dyad_value: Float[Array, "step dyad_lever"]
    body_kind: Int[Array, "step body_lever"]
    body_actor: Int[Array, "step body_lever"]
    body_institution: Int[Array, "step body_lever"]
    body_value: Float[Array, "step body_lever"]
    call_sender: Int[Array, "step call"]
    call_target: Int[Array, "step call"]
    call_intensity: Float[Array, "step call"]
    call_pressure: Float[Array, "step call"]
    leader_change: Bool[Array, "step country"]
    election: Int[Array, "step country"]  # 0 none, 1 legislative, 2 executive
    election_ahead: Float[Array, "step country"]  # 1 where one falls in the year from the step on
    tit_for_tat: Float[Array, "step country"]  # share of duties and exercises answered, 0 none
    reactive: Float[Array, "step country"]  # ad valorem, duty on opponents, 0 where no such rule


def one_more_step(levers: Levers) -> Levers:
    """The levers, and one step in which nobody acts.

    Padding has the largest index of an actor, so a row of it touches nothing.
    """
    states = levers.leader_change.shape[1]
    last = jax.tree.map(lambda x: jnp.zeros_like(x[:1]), levers)
    idle = replace(
        last,
        dyad_actor=jnp.full_like(last.dyad_actor, states),
        body_actor=jnp.full_like(last.body_actor, states),
        call_sender=jnp.full_like(last.call_sender, states),
    )
    return jax.tree.map(lambda x, y: jnp.concatenate([x, y]), levers, idle)


def _set_dyads(old: ByDyad, now: Levers, kind: DyadLever) -> ByDyad:
    actor = jnp.where(now.dyad_kind == kind, now.dyad_actor, old.shape[0])
    return old.at[actor, now.dyad_partner].set(now.dyad_value, mode="drop")


def _set_states(old: ByCountry, now: Levers, kind: DyadLever) -> ByCountry:
    actor = jnp.where(now.dyad_kind == kind, now.dyad_actor, old.shape[0])
    return old.at[actor].set(now.dyad_value, mode="drop")


def _mark_bodies(world: World, now: Levers, kind: BodyLever) -> ByMembership:
    nothing = jnp.zeros_like(world.membership)
    actor = jnp.where(now.body_kind == kind, now.body_actor, nothing.shape[0])
    return nothing.at[actor, now.body_institution].set(True, mode="drop")


def _change_contribution(world: World, now: Levers, start_contribution: ByHolding) -> ByHolding:
    old, nobody = world.contribution, world.contribution.shape[0]
    scaled = jnp.where(now.body_kind == BodyLever.FUNDING, now.body_actor, nobody)
    resumed = jnp.where(now.body_kind == BodyLever.RESUMPTION, now.body_actor, nobody)
    again = now.body_value * start_contribution.at[resumed, now.body_institution].get(
        mode="fill", fill_value=0.0
    )
    return (
        old.at[scaled, now.body_institution]
        .multiply(now.body_value, mode="drop")
        .at[resumed, now.body_institution]
        .set(again, mode="drop")
    )


def _fill_gaps(contribution: ByHolding, now: Levers, start_contribution: ByHolding) -> ByHolding:
    """Contributions with what some states take over of what others have ceased to pay."""
    fills = now.body_kind == BodyLever.FILL

    def filled() -> ByHolding:
        gap = jnp.maximum((start_contribution - contribution).sum(0), 0.0)
        actor = jnp.where(fills, now.body_actor, contribution.shape[0])
        taken = now.body_value * gap.at[now.body_institution].get(mode="fill", fill_value=0.0)
        return contribution.at[actor, now.body_institution].add(taken, mode="drop")

    return lax.cond(fills.any(), filled, lambda: contribution)


def _remember_exits(world: World, now: Levers) -> ByInstitution:
    was_member = world.membership.at[now.body_actor, now.body_institution].get(
        mode="fill", fill_value=False
    )
    left = (now.body_kind == BodyLever.EXIT) & was_member
    return world.recent_exits.at[now.body_institution].add(
        left.astype(world.recent_exits.dtype), mode="drop"
    )


def with_levers(setting: Setting, acts: Levers) -> Setting:
    """The setting with what levers fix for good: whose elections have days, whom they sanction."""
    actor = jnp.where(acts.dyad_kind == DyadLever.SANCTION, acts.dyad_actor, len(setting.regime))
    return replace(
        setting,
        calendar=(acts.election == EXECUTIVE).any(0),
        set_sanction=setting.set_sanction.at[actor, acts.dyad_partner].set(True, mode="drop"),
    )


def anyone_acts(now: Levers) -> Flag:
    """Whether a lever moves or a policy is followed in the step."""
    levers = now.dyad_actor < now.leader_change.shape[0]
    bodies = now.body_actor < now.leader_change.shape[0]
    policies = (now.tit_for_tat > 0.0) | (now.reactive > 0.0)
    return levers.any() | bodies.any() | policies.any()


def anything_stirs(now: Levers) -> Flag:
    """Whether states deal with each other in the step, or a term begins by the calendar."""
    called = now.call_sender < now.leader_change.shape[0]
    return anyone_acts(now) | called.any() | now.leader_change.any()


def _breaches(world: World, now: Levers) -> Breaches:
    """Promises that the actor owes before the step and breaks in it."""
    owed = world.defence_pact.at[now.dyad_actor, now.dyad_partner].get(mode="fill", fill_value=0.0)
    broken = (now.dyad_kind == DyadLever.BREACH) & (owed > 0.0)
    return Breaches(jnp.where(broken, now.dyad_actor, world.tariff.shape[0]), now.dyad_partner)


def idle_conduct(world: World, now: Levers) -> Conduct:
    """Conduct of a step in which no state does anything to another: the calendar, and calls."""
    return replace(
        no_conduct(world),
        leader_change=(now.leader_change & (world.mandate.kept < 0.5)) | world.new_leader,
        breaches=_breaches(world, now),
        calls=Calls(now.call_sender, now.call_target, now.call_intensity, now.call_pressure),
        inauguration=now.leader_change,
        election=now.election,
        election_ahead=now.election_ahead,
    )


def apply_levers(world: World, now: Levers, start_contribution: ByHolding) -> tuple[World, Conduct]:
    """World after the levers of one step, and what was done in it.

    `now` is one step's slice of `Levers`. A state that rejoins pays again what it paid at the
    start.
    """
    tariff = _set_dyads(world.tariff, now, DyadLever.TARIFF)
    sanction = _set_dyads(world.sanction, now, DyadLever.SANCTION)
    nothing = jnp.zeros_like(world.tariff)
    left = _mark_bodies(world, now, BodyLever.EXIT)
    lives = world.fate < ENDED  # nobody joins or pays a body that has ended
    joined = _mark_bodies(world, now, BodyLever.ACCESSION) & lives
    contribution = _change_contribution(world, now, start_contribution)
    contribution = jnp.where(left | ~lives, 0.0, contribution)
    rejoined = joined & ~world.membership
    acted = replace(
        world,
        tariff=tariff,
        aid=_set_dyads(world.aid, now, DyadLever.AID),
        sphere_recognition=_set_dyads(world.sphere_recognition, now, DyadLever.RECOGNITION),
        consultation=_set_dyads(world.consultation, now, DyadLever.CONSULTATION),
        mediation=_set_dyads(world.mediation, now, DyadLever.MEDIATION),
        defence_pact=_set_dyads(world.defence_pact, now, DyadLever.PACT),
        veto=_set_states(world.veto, now, DyadLever.VETO),
        sanction=sanction,
        membership=(world.membership & ~left) | joined,
        contribution=_fill_gaps(
            jnp.where(rejoined, start_contribution, contribution), now, start_contribution
        ),
        recent_exits=_remember_exits(world, now),
    )
    conduct = replace(
        idle_conduct(world, now),
        tariff_rise=tariff - world.tariff,
        threat=_set_dyads(nothing, now, DyadLever.THREAT),
        sanction_rise=sanction - world.sanction,
        exercise=_set_dyads(nothing, now, DyadLever.EXERCISE),
        recognition=_set_dyads(nothing, now, DyadLever.RECOGNITION),
        aid=acted.aid,
        withdrawal=_mark_bodies(world, now, BodyLever.NOTICE) & world.membership,
        acts=anyone_acts(now),
    )
    return acted, conduct
