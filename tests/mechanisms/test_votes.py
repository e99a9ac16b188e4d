"""Condemning votes: who counts, pressure, callers and target, what a year keeps."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, relabelled, stream, values
from worldorder.dynamics.step import after_events
from worldorder.dynamics.vote_metrics import votes_cast
from worldorder.mechanisms.votes import NEITHER, NO, YES, VoteParameters, events, vote_logits
from worldorder.state import Calls, no_conduct, no_events
from worlds import small_world

STATES, SENDER, TARGET = 14, 0, 3


def params(**changed):
    return values(VoteParameters, "votes", **changed)


def flat(**changed):
    """No covariate counts."""
    names = [name for name in VoteParameters.__dataclass_fields__ if name[:2] in ("ye", "no")]
    return params(**dict.fromkeys(names, 0.0) | changed)


def members(world, count=STATES):
    inside = world.membership.at[:, 0].set(jnp.arange(STATES) < count)
    return replace(world, membership=inside)


def seated(setting):
    """All were members at the start."""
    return replace(setting, start_membership=jnp.ones_like(setting.start_membership))


def called(world, setting, pressure=0.0):
    at = jnp.asarray
    calls = Calls(at([SENDER]), at([TARGET]), at([0.5], jnp.float32), at([pressure], jnp.float32))
    return moment(world, setting, conduct=replace(no_conduct(world), calls=calls))


def vote(world, setting, named, step=0, pressure=0.0):
    return np.asarray(events(world, called(world, setting, pressure), named, stream(step)).vote)


def test_votes_add_up_to_the_members():
    world, setting = small_world(STATES)
    setting = seated(setting)
    world = members(world, 11)
    found = vote(world, setting, params())
    counts = votes_cast(replace(world, vote=jnp.asarray(found)))
    total = sum(float(counts[f"votes_{kind}"]) for kind in ("yes", "abstained", "no"))
    assert total == 11
    assert (found[11:] == 0).all()
    assert set(found[:11]) <= {YES, NEITHER, NO}
    assert float(counts["voted_yes"].sum()) == float(counts["votes_yes"])


def test_without_a_call_nobody_votes():
    world, setting = small_world(STATES)
    setting = seated(setting)
    now = moment(members(world), setting)
    assert not np.asarray(events(world, now, params(yes_constant=60.0), stream()).vote).any()


def test_callers_say_yes_and_the_target_no():
    world, setting = small_world(STATES)
    setting = seated(setting)
    world, now = members(world), called(world, setting)
    rise = now.conduct.sanction_rise.at[7, TARGET].set(0.5)
    now = replace(now, conduct=replace(now.conduct, sanction_rise=rise))
    never = np.asarray(events(world, now, flat(yes_constant=-60.0), stream()).vote)
    assert np.flatnonzero(never == YES).tolist() == [SENDER, 7]
    always = np.asarray(events(world, now, flat(yes_constant=60.0), stream()).vote)
    assert np.flatnonzero(always == NO).tolist() == [TARGET]


@pytest.mark.parametrize("effect", [1.5, -1.5])
def test_pressure_moves_votes_to_the_side_of_its_parameter(effect):
    world, setting = small_world(STATES)
    setting = seated(setting)
    world, named = members(world), flat(pressure=effect)
    yes = [
        sum((vote(world, setting, named, step, p) == YES).sum() for step in range(20))
        for p in (0.0, 0.5, 1.0)
    ]
    assert np.all(np.diff(np.sign(effect) * np.array(yes)) > 0)


def test_same_stream_same_votes_and_another_step_others():
    world, setting = small_world(STATES)
    setting = seated(setting)
    world = members(world)
    first = vote(world, setting, flat())
    np.testing.assert_array_equal(first, vote(world, setting, flat()))
    assert (first != vote(world, setting, flat(), step=1)).any()


def test_shares_are_those_of_the_logits():
    world, setting = small_world(STATES)
    setting = seated(setting)
    world, named = members(world), flat(yes_constant=-1.0, no_constant=0.5)
    drawn = np.concatenate([vote(world, setting, named, step)[4:] for step in range(400)])
    yes = 1 / (1 + np.exp(1.0))
    no = (1 - yes) / (1 + np.exp(-0.5))
    spread = 4 * 0.5 / np.sqrt(drawn.size)
    assert (drawn == YES).mean() == pytest.approx(yes, abs=spread)
    assert (drawn == NO).mean() == pytest.approx(no, abs=spread)


def test_logits_follow_the_states_when_they_are_relabelled():
    world, setting = small_world(STATES)
    setting = seated(setting)
    order = np.random.default_rng(4).permutation(STATES)
    place = np.argsort(order)
    before = vote_logits(world, moment(world, setting), *jnp.array([SENDER, TARGET]), params())
    other, there = relabelled(world, order), relabelled(setting, order)
    who = jnp.asarray(place[[SENDER, TARGET]])
    after = vote_logits(other, moment(other, there), *who, params())
    for one, two in zip(before, after, strict=True):
        np.testing.assert_allclose(np.asarray(one)[order], two, rtol=1e-4, atol=1e-4)


def test_a_vote_is_kept_to_the_end_of_its_year_and_moves_nothing_else():
    world, setting = small_world(STATES)
    setting = seated(setting)
    cast = jnp.full(STATES, YES)
    now = moment(world, setting, step_years=0.25)
    later = replace(now, years=jnp.float32(0.5))
    plain = after_events(world, no_events(world), later)
    voted = after_events(world, replace(no_events(world), vote=cast), later)
    assert (np.asarray(voted.vote) == YES).all()
    for name in world.__dataclass_fields__.keys() - {"vote", "new_bodies", "mandate", "promises"}:
        np.testing.assert_array_equal(getattr(voted, name), getattr(plain, name))
    assert (np.asarray(after_events(voted, no_events(world), later).vote) == YES).all()
    turned = replace(now, years=jnp.float32(1.0))
    assert not np.asarray(after_events(voted, no_events(world), turned).vote).any()
