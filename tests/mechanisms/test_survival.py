"""Lives of bodies: hazards as the equations say, no collapse by rule, an end that is whole."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, stream, values
from worldorder.dynamics.levers import BodyLever, apply_levers
from worldorder.mechanisms import survival
from worldorder.mechanisms.survival import ENDED, REPLACED, SurvivalParameters
from worldorder.state import events_of
from worlds import small_world


def hazards_of(world, setting, **changed):
    return survival.body_hazards(
        world, moment(world, setting), values(SurvivalParameters, "survival", **changed)
    )


def test_hazards_are_those_of_the_equations():
    params = values(SurvivalParameters, "survival")
    ended, replaced = survival.hazards(
        jnp.float32([1.0, 50.0]), jnp.float32([40.0, 160.0]), jnp.zeros(2), params
    )
    assert ended[0] == pytest.approx(np.exp(-6.183), rel=1e-4)
    assert ended[1] == pytest.approx(
        np.exp(-6.183 + 0.063 * np.log(50) - 0.55 * np.log(4)), rel=1e-3
    )
    assert replaced[0] == pytest.approx(np.exp(-5.502), rel=1e-4)


def test_founders_and_money_have_the_signs_of_the_literature():
    world, setting = small_world()
    gone = replace(world, membership=world.membership.at[0].set(False))
    was = np.asarray(setting.start_membership[0])
    founder, _ = hazards_of(gone, setting, power_exits=0.0)
    power, _ = hazards_of(gone, setting, founder_exits=0.0)
    before, _ = hazards_of(world, setting)
    assert (np.asarray(founder)[was] > np.asarray(before)[was]).all()
    assert (np.asarray(power)[was] < np.asarray(before)[was]).all()
    np.testing.assert_array_equal(np.asarray(founder)[~was], np.asarray(before)[~was])
    rich, _ = hazards_of(replace(world, contribution=world.contribution * 10), setting)
    assert (np.asarray(rich) < np.asarray(before)).all()


def test_where_members_are_not_known_a_leaver_is_weighed_against_all_states():
    world, setting = small_world()
    alone = jnp.zeros_like(world.membership).at[0, 0].set(True)
    setting = replace(
        setting,
        start_membership=alone,
        members_known=jnp.zeros_like(setting.members_known),
        founder=jnp.zeros_like(setting.founder),
    )
    stays = replace(world, membership=alone)
    gone = replace(world, membership=jnp.zeros_like(alone))
    (before, _), (after, _) = (hazards_of(w, setting, power_exits=-1.0) for w in (stays, gone))
    share = float(setting.start_gdp[0] / setting.start_gdp.sum())
    assert float(after[0] / before[0]) == pytest.approx(np.exp(-share), rel=1e-4)


def test_no_number_of_exits_ends_a_body_by_rule():
    world, setting = small_world()
    empty = replace(
        world,
        membership=jnp.zeros_like(world.membership),
        recent_exits=jnp.full_like(world.recent_exits, 200.0),
    )
    ended, replaced = hazards_of(empty, setting)
    assert float(jnp.maximum(ended, replaced).max()) < 0.5


def test_ends_are_as_frequent_as_their_hazard_and_fall_at_the_turn_of_the_year():
    world, setting = small_world(bodies=400, steps=4)
    params = values(SurvivalParameters, "survival", ended_constant=-1.5, replaced_constant=-2.0)
    draw = jax.jit(lambda now, s: survival.events(world, now, params, s).fate_change)
    yearly = np.asarray(draw(moment(world, setting), stream()))
    ended, _ = survival.body_hazards(world, moment(world, setting), params)
    chance = -np.expm1(-np.asarray(ended))
    error = 4 * np.sqrt((chance * (1 - chance)).sum())
    assert abs((yearly == ENDED).sum() - chance.sum()) < error
    assert (yearly == REPLACED).sum() > 0
    quarter = moment(world, setting, step_years=0.25)
    np.testing.assert_array_equal(np.asarray(draw(quarter, stream())), yearly)
    last = replace(quarter, years=jnp.float32(0.75))
    assert not np.asarray(draw(last, stream())).any()
    twice = replace(world, fate=jnp.asarray(yearly))
    again = survival.events(twice, moment(twice, setting), params, stream(1)).fate_change
    assert float((twice.fate + again).max()) == ENDED
    assert not np.asarray(again)[yearly == ENDED].any()


def test_an_ended_body_takes_nobody_in():
    from ensembles import levers

    world, setting = small_world()
    world = replace(
        world,
        membership=world.membership.at[:, 1].set(False),
        fate=world.fate.at[1].set(ENDED),
    )
    act = levers(
        1, bodies=[(0, BodyLever.ACCESSION, 2, 1, 0.0), (0, BodyLever.RESUMPTION, 2, 1, 1)]
    )
    now = jax.tree.map(lambda x: x[0], act)
    after, _ = apply_levers(world, now, setting.start_contribution)
    assert not after.membership[:, 1].any()
    assert not after.contribution[:, 1].any()
    assert events_of(world).fate_change.shape == world.capacity.shape
