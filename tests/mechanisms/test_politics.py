"""Home: approval, elections, changes of government, and what they do abroad."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, stream, values
from worldorder.mechanisms.politics import (
    EXECUTIVE,
    PoliticsParameters,
    act_hazard,
    approval_change,
    elections,
    events,
    inaugurations,
    settle,
    stays_probability,
    successor_orientation,
    turnover_hazard,
)
from worldorder.state import no_conduct
from worlds import small_world

STATES = 6


def params(**changed):
    return values(PoliticsParameters, "politics", **changed)


def world_with(**changed):
    world, setting = small_world(STATES)
    mandate = replace(world.mandate, income=world.underlying_gdp / world.population)
    return replace(world, mandate=mandate, **changed), setting


def test_turnover_of_the_estimate():
    hazard = turnover_hazard(jnp.asarray([0.1, 0.5, 0.9]), params())
    assert 1 - np.exp(-4 * np.asarray(hazard)) == pytest.approx([0.172, 0.355, 0.637], abs=0.01)


def test_approval_returns_to_its_mean_and_stays_a_share():
    one, zero = jnp.ones(2), jnp.zeros(2)
    change = approval_change(
        jnp.asarray([0.65, 0.45]), zero, zero, zero, params(approval_rate=0.5, approval_mean=0.45)
    )
    np.testing.assert_allclose(change, [-0.2 * (1 - np.exp(-0.5)), 0.0], atol=1e-6)
    boom = approval_change(0.9 * one, one, one, one, params())
    assert (0.9 + np.asarray(boom)).max() <= 0.95 + 1e-6


def test_incumbents_and_approval_help():
    half = jnp.full(2, 0.5)
    may = jnp.asarray([True, False])
    found = stays_probability(half, may, params(incumbent=0.7, open_seat=-1.9))
    np.testing.assert_allclose(found, 1 / (1 + np.exp([-0.7, 1.9])), rtol=1e-5)
    assert (np.asarray(stays_probability(half + 0.1, may, params())) > np.asarray(found)).any()


def test_orientation_of_successors():
    before, chance = jnp.full(4000, -0.5), jnp.asarray(np.random.default_rng(1).normal(size=4000))
    chance = chance.astype(jnp.float32)
    same = jnp.zeros(4000, bool)
    other = successor_orientation(
        before, same, chance, params(orientation_memory=0.5, orientation_spread=0.3)
    )
    assert float(other.mean()) == pytest.approx(-0.25, abs=0.02)
    assert float(other.std()) == pytest.approx(0.3 * np.sqrt(0.75), abs=0.01)
    still = successor_orientation(before, ~same, chance, params(party_spread=0.0))
    np.testing.assert_allclose(still, -0.5)


def test_acts_need_a_unilateralist_and_rise_with_weakness_before_elections():
    orientation = jnp.asarray([0.5, 0.0, -1.0, -1.0, -1.0])
    approval = jnp.full(5, 0.4)
    ahead = jnp.asarray([1.0, 1.0, 0.0, 1.0, 1.0])
    divided = jnp.asarray([0.0, 0.0, 0.0, 0.0, 1.0])
    found = act_hazard(
        orientation, approval, ahead, divided,
        params(act_rate=0.01, act_weakness=10.0, act_constraint=0.5),
    )  # fmt: skip
    np.testing.assert_allclose(found, [0, 0, 0.01, 0.02, 0.01], rtol=1e-5)


def test_an_election_is_won_at_once_and_takes_effect_at_the_inauguration():
    world, setting = world_with(orientation=jnp.full(STATES, -0.5))
    held = jnp.zeros(STATES, jnp.int32).at[0].set(EXECUTIVE)
    sure = params(incumbent=-1.0, approval_slope=0.0, party_spread=0.0)
    term = replace(world.mandate, years_in_office=jnp.full(STATES, 8.0))
    world = replace(world, mandate=term)
    change = elections(replace(world, ballot=held), sure, stream())
    assert float(change.pending[0]) == 1.0
    assert np.asarray(change.pending)[1:].sum() == 0.0
    assert float(change.kept[0]) == 0.0, "the limit of terms"
    won = replace(
        world, mandate=replace(term, pending=change.pending, elected=jnp.full(STATES, 0.3))
    )
    begins = jnp.arange(STATES) == 0
    conduct = replace(no_conduct(won), inauguration=begins, leader_change=begins)
    turned, _, after = inaugurations(won, moment(won, setting, 0.25, conduct), sure, stream())
    np.testing.assert_allclose(turned, [0.8, *[0.0] * (STATES - 1)], atol=1e-6)
    assert float(after.pending[0]) == -1.0
    assert float(after.years_in_office[0]) == pytest.approx(-8.0)


def test_every_channel_can_be_switched_off():
    world, setting = world_with(orientation=jnp.full(STATES, -1.0))
    off = params(
        approval_rate=1e-9, economy=0.0, rally=0.0, approval_spread=0.0, act_rate=0.0,
        return_rate=0.0, exclusion_feedback=0.0, turnover_constant=-50.0,
    )  # fmt: skip
    found = events(world, moment(world, setting), off, stream())
    governed = settle(world, moment(world, setting), off, stream())
    for drawn in (found.exit, found.accession, governed.new_leader):
        assert not np.asarray(drawn).any()
    np.testing.assert_allclose(found.approval_shift, 0.0, atol=1e-6)
    np.testing.assert_allclose(found.orientation_shift, 0.0, atol=1e-6)


def test_only_the_leading_state_leaves_for_the_base_and_comes_back():
    world, setting = world_with(orientation=jnp.full(STATES, -1.0))
    left = events(world, moment(world, setting), params(act_rate=50.0), stream()).exit
    np.testing.assert_array_equal(left[0], world.membership[0])
    assert not np.asarray(left)[1:].any()
    out = replace(world, membership=world.membership.at[0].set(False), orientation=jnp.ones(STATES))
    back = events(out, moment(out, setting), params(return_rate=50.0), stream()).accession
    known = np.asarray(out.membership).sum(0) >= 2
    np.testing.assert_array_equal(back[0], np.asarray(setting.start_membership)[0] & known)
