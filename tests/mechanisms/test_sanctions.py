"""Sanctions that begin and end by themselves: who, together with whom, and what is left alone."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, stream, values
from worldorder.mechanisms.sanctions import SanctionParameters, change, circumstances, leader_logit
from worlds import small_world

STATES = 14
NEVER = {"leader_constant": -90.0, "bloc_constant": -90.0, "state_constant": -90.0,
         "regional_rate": 0.0, "leader_end": 0.0, "bloc_end": 0.0, "state_end": 0.0,
         "regional_end": 0.0}  # fmt: skip


def params(**changed):
    return values(SanctionParameters, "sanctions", **NEVER | changed)


@pytest.fixture
def world_now():
    world, setting = small_world(STATES)
    bloc = jnp.zeros_like(world.membership).at[4:8, 0].set(True)
    setting = replace(setting, regional_body=jnp.asarray([1]))
    return replace(world, membership=bloc, sanction=jnp.zeros((STATES, STATES))), setting


def moved(world, setting, **changed):
    return np.asarray(change(world, moment(world, setting), params(**changed), stream()))


def test_nothing_moves_where_nothing_can(world_now):
    world, setting = world_now
    held = replace(world, sanction=world.sanction.at[2, 3].set(0.4))
    assert not moved(held, setting).any()


def test_the_bloc_follows_the_leader_as_one_and_equally_hard(world_now):
    found = moved(*world_now, leader_constant=90.0, bloc_leader_begins=200.0)
    outside = [1, 2, 3, 8, 9, 10, 11, 12, 13]
    assert (found[0, 1:] > 0).all()
    np.testing.assert_array_equal(found[4:8, outside], np.tile(found[0, outside], (4, 1)))
    assert not found[[1, 2, 3, 8]].any()
    assert not found[4:8, 4:8].any()


def test_the_council_and_levers_keep_what_they_hold(world_now):
    world, setting = world_now
    by_council = world.sanction.at[:, 3].set(0.3).at[3, 3].set(0.0)
    world = replace(world, sanction=by_council.at[1, 2].set(0.5).at[9, 2].set(0.5))
    setting = replace(setting, set_sanction=jnp.zeros((STATES, STATES), bool).at[9, 2].set(True))
    found = moved(world, setting, state_end=1.0, leader_end=1.0)
    assert [found[1, 2], found[9, 2]] == [-0.5, 0.0]
    assert not found[:, 3].any()


def test_the_bloc_lifts_as_one(world_now):
    world, setting = world_now
    held = replace(world, sanction=world.sanction.at[4:8, 2].set(0.2).at[1, 2].set(0.2))
    found = moved(held, setting, bloc_end=1.0)
    np.testing.assert_allclose(found[4:8, 2], -0.2)
    assert np.count_nonzero(found) == 4


def test_leader_logit_by_hand(world_now):
    world, setting = world_now
    seen = circumstances(world, moment(world, setting))
    held = params(leader_constant=-3.0, leader_gap=0.0, leader_size=0.0, leader_regime=-2.0,
                  leader_rivalry=1.0, leader_received=0.0)  # fmt: skip
    found = leader_logit(seen, jnp.ones(STATES), held)
    np.testing.assert_allclose(found, -2.0 - 2.0 * (np.asarray(setting.regime) - 0.5), rtol=1e-5)
