"""Campaigns: who joins, the bloc as one, pressure, leaving."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, stream, values
from worldorder.mechanisms.campaigns import (
    CampaignParameters,
    events,
    joining_logit,
    joins,
    left,
    neighbours_held,
)
from worldorder.state import Calls, no_conduct
from worlds import small_world

STATES = 14
SURE = {"constant": 60.0, "pressure": 0.0}
NONE = dict.fromkeys(
    (
        "distance_sender", "distance_target", "ally_sender", "ally_target", "trade_target",
        "trade_sender", "regime", "size", "nearness", "neighbours", "already", "bloc",
    ),
    0.0,
)  # fmt: skip


def params(**changed):
    return values(CampaignParameters, "campaigns", **changed)


def called(world, setting, intensity=0.5, pressure=0.0):
    at = jnp.asarray
    calls = Calls(at([0]), at([3]), at([intensity], jnp.float32), at([pressure], jnp.float32))
    return moment(world, setting, conduct=replace(no_conduct(world), calls=calls))


def test_all_join_at_sure_odds_and_nobody_against_others():
    world, setting = small_world(STATES)
    added = events(world, called(world, setting), params(**SURE), stream()).recruitment
    expected = np.full(STATES, 0.5)
    expected[[0, 3]] = 0.0  # the sender imposes by its lever; the target does not join
    np.testing.assert_allclose(added[:, 3], expected)
    assert np.asarray(added).sum() == pytest.approx(0.5 * (STATES - 2))


def test_without_a_call_nothing_happens():
    world, setting = small_world(STATES)
    assert not np.asarray(
        events(world, moment(world, setting), params(), stream()).recruitment
    ).any()


def test_bloc_joins_as_one():
    chance = jnp.asarray(np.random.default_rng(2).random((STATES, STATES)), jnp.float32)
    draw = jnp.asarray(np.random.default_rng(3).random((STATES, STATES)), jnp.float32)
    bloc = jnp.arange(STATES) < 6
    found = np.asarray(joins(chance, bloc, draw))
    assert (found[:6] == found[0]).all()
    assert 0 < found[0].mean() < 1
    np.testing.assert_array_equal(found[6:], np.asarray(draw < chance)[6:])


def test_logit_by_hand():
    world, setting = small_world(STATES)
    sender = jnp.zeros((STATES, STATES)).at[0, 3].set(1.0)
    one = jnp.ones(STATES)
    named = params(
        **NONE | {"constant": -1.0, "regime": 2.0, "distance_sender": -0.5, "trade_sender": 1.0}
    )
    position = jnp.arange(STATES) / 10.0
    found = joining_logit(
        position, world.defence_pact, 0.25 * jnp.ones((STATES, STATES)), one, 50.0 * one,
        setting.distance, jnp.zeros((STATES, STATES)), one > 2, sender, named,
    )  # fmt: skip
    assert float(found[5, 3]) == pytest.approx(-1.0 + 2.0 * 0.5 - 0.5 * 0.5 + 0.5, abs=1e-5)


def test_neighbours_are_the_ten_nearest():
    _, setting = small_world(STATES)
    held = jnp.zeros((STATES, STATES)).at[:7, 1].set(1.0)
    found = np.asarray(neighbours_held(setting.distance, held))[:, 1]
    apart = np.asarray(setting.distance) + np.diag([np.inf] * STATES)
    near = np.argsort(apart, axis=1)[:, :10]
    np.testing.assert_allclose(found, (near < 7).mean(1), atol=1e-6)


def test_pressure_works_either_way():
    world, setting = small_world(STATES)
    flat = params(**NONE | {"constant": 0.0, "pressure": 60.0})
    added = events(world, called(world, setting, pressure=1.0), flat, stream()).recruitment
    assert (np.asarray(added)[:, 3] > 0).sum() == STATES - 2
    back = params(**NONE | {"constant": 0.0, "pressure": -60.0})
    added = events(world, called(world, setting, pressure=1.0), back, stream()).recruitment
    assert not np.asarray(added).any()


def test_joiners_lift_when_no_sender_is_left_and_keep_what_they_held_before():
    world, setting = small_world(STATES)
    joined = jnp.zeros((STATES, STATES)).at[4:, 3].set(0.5)
    world = replace(world, sanction=joined.at[0, 3].set(0.5), recruited=joined)
    by_lever = jnp.zeros((STATES, STATES), bool).at[0, 3].set(True)
    now = moment(world, replace(setting, set_sanction=by_lever))
    hold = params(lapse_rate=0.0, lift_rate=60.0)
    assert not np.asarray(left(world, now, hold, stream())).any()
    alone = replace(world, sanction=joined)
    np.testing.assert_allclose(left(alone, now, hold, stream()), -joined)
