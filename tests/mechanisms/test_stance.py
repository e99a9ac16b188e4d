"""Stance: a quantal response with hedging as an outcome of its own; contagion; the known cases."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, values
from worldorder.data.start import load_start
from worldorder.mechanisms import stance
from worldorder.mechanisms.stance import StanceParameters
from worlds import small_world

PARAMS = values(StanceParameters, "stance")


def test_response_is_a_logit_over_three_outcomes():
    align, oppose = stance.response(jnp.asarray([[0.0, 2.0]]), jnp.asarray([[0.0, -1.0]]))
    np.testing.assert_allclose(align[0, 0], 1 / 3, rtol=1e-6)
    np.testing.assert_allclose(align[0, 1], np.e**2 / (1 + np.e**2 + np.exp(-1)), rtol=1e-5)
    np.testing.assert_allclose(oppose[0, 1], np.exp(-1) / (1 + np.e**2 + np.exp(-1)), rtol=1e-5)
    far, near = stance.response(jnp.asarray([[500.0]]), jnp.asarray([[-500.0]]))
    assert (float(far[0, 0]), float(near[0, 0])) == (1.0, 0.0)


def test_probabilities_and_one_with_oneself():
    world, setting = small_world(6)
    seen = stance.diagnose(world, moment(world, setting), PARAMS)
    assert (np.asarray(seen.align + seen.oppose) <= 1 + 1e-6).all()
    for place, power in enumerate(setting.great_power.tolist()):
        assert float(seen.align[power, place]) == 1.0


def test_neutrality_and_alignment_spread_among_neighbours():
    world, setting = small_world(6)
    alone = replace(world, defence_pact=jnp.zeros((6, 6)), rivalry=jnp.zeros((6, 6)))
    around = alone.defence_pact
    for neighbour in np.flatnonzero(setting.near_states[5]):
        around = around.at[neighbour, 0].set(1.0)
    among_allies = replace(alone, defence_pact=around.at[5].set(0.0))
    first = stance.diagnose(alone, moment(alone, setting), PARAMS).align[5, 0]
    then = stance.diagnose(among_allies, moment(alone, setting), PARAMS).align[5, 0]
    assert float(then) > float(first)


def test_trust_moves_alignment_only_as_far_as_its_parameter():
    world, setting = small_world(6)
    trusted = replace(world, trust_fast=world.trust_fast + 1.0)
    none = values(StanceParameters, "stance", align_trust=0.0)
    one, other = (stance.diagnose(w, moment(w, setting), none).align for w in (world, trusted))
    np.testing.assert_array_equal(one, other)
    assert (
        stance.utilities(trusted, moment(trusted, setting), PARAMS)[0]
        - stance.utilities(world, moment(world, setting), PARAMS)[0]
    ) == pytest.approx(float(PARAMS.align_trust), rel=1e-3)


def test_stances_of_2025():
    """Members of NATO align, neutral states of the South hedge, listed rivals oppose."""
    start = load_start()
    world, at = start.world, start.entities.country.index
    seen = stance.diagnose(world, moment(world, start.setting), PARAMS)
    align, oppose = seen.align[:, 0], seen.oppose[:, 0]
    assert start.setting.great_power[0] == at("USA")
    for ally in ("GBR", "POL", "CAN"):
        assert align[at(ally)] > 0.9
    for rival in ("CHN", "RUS", "IRN"):
        assert oppose[at(rival)] > 0.5
    for neutral in ("IND", "IDN", "ZAF"):
        assert align[at(neutral)] + oppose[at(neutral)] < 0.5
    russia = start.setting.great_power.tolist().index(at("RUS"))
    for neutral in ("BRA", "IND", "IDN", "ZAF"):
        assert seen.align[at(neutral), russia] + seen.oppose[at(neutral), russia] < 0.5
