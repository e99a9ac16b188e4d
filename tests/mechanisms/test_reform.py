"""Say follows weight: shares add up, the target is a fixed point, steps of any length agree."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np

from mechanisms.steps import moment, values
from worldorder.dynamics.institution_metrics import say_gap
from worldorder.mechanisms import reform
from worldorder.mechanisms.reform import ReformParameters
from worlds import small_world


def stepped(world, setting, step_years, times):
    params = values(ReformParameters, "reform")
    for _ in range(times):
        rate = reform.tendency(world, moment(world, setting, step_years), params).vote_share
        world = replace(world, vote_share=world.vote_share + step_years * rate)
    return world


def test_shares_add_up_and_rest_at_their_target():
    world, setting = small_world()
    params = values(ReformParameters, "reform")
    gdp = world.underlying_gdp
    target = reform.vote_target(world.vote_share, gdp, params.compression, params.basic_votes)
    assert abs(float(target.sum()) - 1.0) < 1e-5
    rate = reform.tendency(replace(world, vote_share=target), moment(world, setting), params)
    np.testing.assert_allclose(np.asarray(rate.vote_share), 0.0, atol=1e-7)
    outside = world.vote_share.at[2].set(0.0)
    assert reform.vote_target(outside, gdp, params.compression, params.basic_votes)[2] == 0.0


def test_years_and_months_agree():
    world, setting = small_world()
    world = replace(world, vote_share=jnp.full(6, 1 / 6))
    yearly, monthly = stepped(world, setting, 1.0, 10), stepped(world, setting, 1 / 12, 120)
    np.testing.assert_allclose(
        np.asarray(yearly.vote_share), np.asarray(monthly.vote_share), rtol=1e-4
    )
    assert say_gap(yearly.vote_share, world.underlying_gdp) < say_gap(
        world.vote_share, world.underlying_gdp
    )


def test_the_gap_is_what_would_have_to_move():
    assert float(say_gap(jnp.float32([0.5, 0.5]), jnp.float32([3.0, 1.0]))) == 0.25
    assert float(say_gap(jnp.float32([0.75, 0.25]), jnp.float32([3.0, 1.0]))) == 0.0
