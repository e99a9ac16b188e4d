"""Bodies founded in a run: sums are those of the places, money adds up, ends are whole."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, stream, values
from worldorder.dynamics.institution_metrics import leadership, new_by_area
from worldorder.mechanisms import new_bodies, survival
from worldorder.mechanisms.new_bodies import PLACES, lives, no_new_bodies
from worldorder.mechanisms.survival import SurvivalParameters
from worldorder.state import MOST_FOUNDED, events_of
from worlds import small_world

STATES = 12


def founded(number, seed=0):
    draw = np.random.default_rng(seed).random((MOST_FOUNDED, STATES)) < 0.4
    draw[:, 1] = True
    draw[number:] = False
    return jnp.asarray(draw)


def after(world, setting, foundings=None, ends=(), year=0.0):
    now = replace(moment(world, setting), years=jnp.float32(year))
    none = events_of(world)
    events = replace(
        none,
        foundings=none.foundings if foundings is None else foundings,
        new_ends=none.new_ends.at[jnp.asarray(ends, int)].set(True),
    )
    return replace(world, new_bodies=new_bodies.after_year(world.new_bodies, events, now))


def test_sums_are_those_of_the_places_after_foundings_and_ends():
    world, setting = small_world(states=STATES)
    world = after(world, setting, founded(7), year=0.0)
    world = after(world, setting, founded(5, seed=1), ends=(2, 3, 200), year=1.0)
    new = world.new_bodies
    member = np.asarray(new.founders)[np.asarray(lives(new))].astype(float)
    assert len(member) == 10
    assert np.asarray(new.ended).sum() == 2  # nothing ends in a place that is free
    np.testing.assert_allclose(np.asarray(new.shared), member.T @ member, atol=1e-5)
    np.testing.assert_allclose(
        np.asarray(new.votes), (member / member.sum(1, keepdims=True)).sum(0), rtol=1e-5
    )
    paid = np.asarray(setting.like_paid)[np.asarray(lives(new))]
    assert float(new.dues.sum()) == pytest.approx(paid.sum(), rel=1e-5)
    size = np.asarray(setting.start_gdp)
    shares = member * size / (member @ size)[:, None]
    np.testing.assert_allclose(np.asarray(new.dues), paid @ shares, rtol=1e-4)
    led = np.asarray(new.founders)[:12, 0]
    assert new.count.tolist() == [led.sum(), (~led).sum()]
    np.testing.assert_array_equal(np.asarray(new.seats.sum(0)), np.asarray(new.founders).sum(0))
    np.testing.assert_array_equal(np.asarray(new.since[:12]), [0.0] * 7 + [1.0] * 5)


def test_more_than_there_are_places_for_are_counted_and_have_no_members():
    world, setting = small_world(states=STATES)
    full = replace(no_new_bodies(STATES), count=jnp.float32([PLACES - 2, 0]))
    world = after(replace(world, new_bodies=jax.tree.map(jnp.asarray, full)), setting, founded(5))
    assert float(world.new_bodies.count.sum()) == PLACES + 3
    assert float(world.new_bodies.shared[1, 1]) == 2.0


def test_a_place_is_like_a_recent_listed_body_outside_the_united_nations():
    _, setting = small_world(bodies=6)
    setting = replace(
        setting,
        budget_class=jnp.asarray([0, 1, 2, 3, 3, 3]),
        founding_age=jnp.float32([10, 10, 10, 10, 80, 30]),
    )
    like = np.asarray(new_bodies.with_likes(setting, stream()).like_body)
    assert set(like) == {0, 3, 5}
    assert np.bincount(like)[[0, 3, 5]].min() > PLACES / 6


def test_new_bodies_end_with_the_hazard_of_their_size_and_money():
    world, setting = small_world(states=STATES)
    world = after(world, setting, founded(3))
    params = values(SurvivalParameters, "survival", money=0.0)
    hazard = np.asarray(survival.new_body_hazard(world, moment(world, setting), params))
    size = np.asarray(world.new_bodies.size)[:3]
    np.testing.assert_allclose(hazard[:3], np.exp(-6.183 - 0.55 * np.log(size / 40)), rtol=1e-3)
    assert not hazard[3:].any()


def test_leadership_and_areas_count_what_lives():
    world, setting = small_world(states=STATES)
    world = after(world, setting, founded(4))
    seen = moment(world, setting).diagnostics
    assert float(leadership(world, seen).sum()) == pytest.approx(1.0, abs=1e-5)
    before = new_by_area(world, seen, setting)
    assert float(before["new_bodies"].sum()) == 4.0
    assert float(before["new_body_revenue"].sum()) == pytest.approx(
        float(setting.start_revenue[setting.like_body[:4]].sum()), rel=1e-5
    )
    ended = after(world, setting, ends=(0, 1))
    assert float(new_by_area(ended, seen, setting)["new_bodies"].sum()) == 2.0
