"""Say follows weight: in reviews, at the estimated rate, unless a member blocks it."""

from __future__ import annotations

import functools
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, stream, values
from worldorder.dynamics.institution_metrics import say_gap
from worldorder.mechanisms import reform
from worldorder.mechanisms.reform import ReformParameters
from worldorder.random import Stream
from worlds import small_world


@functools.cache
def shift_of(step_years):
    """Change of votes in a step, compiled."""

    def one(world, setting, params, key, step):
        now = replace(moment(world, setting, step_years), years=step * jnp.float32(step_years))
        return reform.events(world, now, params, Stream(key, step)).vote_shift

    return jax.jit(one)


def path(world, setting, step_years=1.0, years=20, **changed):
    """Votes at each turn of the year."""
    params, key = values(ReformParameters, "reform", **changed), stream().key
    seen = []
    for step in range(round(years / step_years)):
        shift = shift_of(step_years)(world, setting, params, key, jnp.uint32(step))
        world = replace(world, vote_share=world.vote_share + shift)
        if (step + 1) % round(1 / step_years) == 0:
            seen.append(np.asarray(world.vote_share))
    return np.array(seen)


def far_from_weight(world):
    return replace(world, vote_share=jnp.full(6, 1 / 6))


def test_shares_add_up_and_rest_at_their_target():
    world, setting = small_world()
    params = values(ReformParameters, "reform")
    gdp = world.underlying_gdp
    target = reform.vote_target(world.vote_share, gdp, params.compression, params.basic_votes)
    assert abs(float(target.sum()) - 1.0) < 1e-5
    resting = path(replace(world, vote_share=target), setting, adoption=1.0, veto_share=2.0)
    np.testing.assert_allclose(resting, np.tile(np.asarray(target), (20, 1)), atol=1e-6)
    outside = world.vote_share.at[2].set(0.0)
    assert reform.vote_target(outside, gdp, params.compression, params.basic_votes)[2] == 0.0


def test_votes_move_in_the_years_in_which_a_review_takes_effect_whatever_the_step():
    world, setting = small_world()
    sure = {"adoption": 1.0, "veto_share": 2.0, "delay": 2.0}
    yearly = path(far_from_weight(world), setting, **sure)
    moved = np.flatnonzero(np.abs(np.diff(yearly[:, 0], prepend=1 / 6)) > 1e-7)
    assert moved.tolist() == [5, 10, 15]  # reviews end after 4, 9, 14 years, two years later
    quarterly = path(far_from_weight(world), setting, 0.25, years=12, **sure)
    np.testing.assert_array_equal(quarterly, yearly[:12])
    assert say_gap(jnp.asarray(yearly[-1]), world.underlying_gdp) < say_gap(
        jnp.full(6, 1 / 6), world.underlying_gdp
    )


def test_reviews_close_the_gap_at_the_estimated_rate_over_many_runs():
    world, setting = small_world()
    params = values(ReformParameters, "reform")
    gdp = world.underlying_gdp
    target = reform.vote_target(jnp.full(6, 1 / 6), gdp, params.compression, params.basic_votes)
    moved = float(reform.moved_by_a_review(params))
    assert moved * 0.5 == pytest.approx(1 - np.exp(-0.047 * 5), rel=1e-5)
    params = replace(params, veto_share=jnp.float32(2.0))
    world, keys = far_from_weight(world), jnp.arange(800, dtype=jnp.uint32).reshape(400, 2)
    shift = jax.vmap(lambda k: shift_of(1.0)(world, setting, params, k, jnp.uint32(6)))(keys)
    closed = np.asarray(shift)[:, 0] / float(target[0] - 1 / 6)
    assert set(np.round(closed, 4)) == {0.0, np.float32(round(moved, 4))}
    assert abs((closed > 0).mean() - 0.5) < 4 * 0.5 / np.sqrt(400)


def test_a_member_may_block_what_would_take_its_veto():
    world, setting = small_world()
    sure = {"adoption": 1.0, "veto_use": 1.0, "rate": 0.2}
    kept = path(far_from_weight(world), setting, **sure)
    np.testing.assert_allclose(kept, 1 / 6, atol=1e-7)
    assert not np.allclose(path(far_from_weight(world), setting, **sure, veto_share=0.2), 1 / 6)
    low, high = jnp.float32([0.2, 0.8]), jnp.float32([0.1, 0.9])
    assert bool(reform.loses_veto(low, high, jnp.float32(0.15)))
    assert not bool(reform.loses_veto(high, low, jnp.float32(0.15)))


def test_the_gap_is_what_would_have_to_move():
    assert float(say_gap(jnp.float32([0.5, 0.5]), jnp.float32([3.0, 1.0]))) == 0.25
    assert float(say_gap(jnp.float32([0.75, 0.25]), jnp.float32([3.0, 1.0]))) == 0.0
