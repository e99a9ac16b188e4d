from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, relabelled, stream, values
from worldorder.mechanisms import alignment
from worldorder.mechanisms.alignment import AlignmentParameters
from worldorder.state import no_conduct
from worlds import small_world


def parameters(**changed):
    return values(AlignmentParameters, "alignment", **changed)


def run(world, setting, params, years, steps_a_year):
    """Deterministic part: tendencies only."""
    dt = 1 / steps_a_year

    def advance(world, _):
        moved = alignment.tendency(world, moment(world, setting, dt), params)
        return replace(
            world,
            ideal_point=world.ideal_point + dt * moved.ideal_point,
            domestic_anchor=world.domestic_anchor + dt * moved.domestic_anchor,
        ), None

    return jax.lax.scan(advance, world, None, length=years * steps_a_year)[0]


def test_gap_to_partners_by_hand():
    weight = jnp.array([[0.0, 3.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    gap = alignment.weighted_gap(weight, jnp.array([0.0, 1.0, -1.0]))
    np.testing.assert_allclose(gap, [0.5, -1.0, 0.0], atol=1e-6)


def test_a_lone_pull_to_the_anchor_is_solved_exactly():
    world, setting = small_world()
    params = parameters(partner_rate=0.0, ally_rate=0.0, common_rate=0.0, anchor_drift_rate=0.0)
    end = run(world, setting, params, 10, 1)
    expected = world.domestic_anchor + (world.ideal_point - world.domestic_anchor) * np.exp(
        -10 * params.anchor_rate
    )
    np.testing.assert_allclose(end.ideal_point, expected, atol=1e-5)


def test_rest_point_is_that_of_friedkin_and_johnsen():
    world, setting = small_world()
    params = parameters(partner_rate=0.3, ally_rate=0.0, common_rate=0.0, anchor_drift_rate=0.0)
    end = run(world, setting, params, 400, 1)
    dependence = np.asarray(moment(world, setting).diagnostics.dependence, float)
    weight = dependence / dependence.sum(1, keepdims=True)
    own = float(params.anchor_rate / (params.partner_rate + params.anchor_rate))
    rest = own * np.linalg.solve(
        np.eye(len(weight)) - (1 - own) * weight, np.asarray(world.domestic_anchor, float)
    )
    np.testing.assert_allclose(end.ideal_point, rest, atol=1e-4)


@pytest.mark.parametrize("steps_a_year", [4, 12])
def test_steps_of_any_length_agree(steps_a_year):
    world, setting = small_world(states=9)
    yearly = run(world, setting, parameters(), 20, 1).ideal_point
    shorter = run(world, setting, parameters(), 20, steps_a_year).ideal_point
    np.testing.assert_allclose(shorter, yearly, atol=0.01)


@pytest.mark.parametrize("steps_a_year", [1, 4, 12])
def test_spread_of_chance_does_not_depend_on_the_step(steps_a_year):
    world, setting = small_world(states=1000, bodies=1, steps=1, years=1)
    nowhere = jnp.zeros_like(world.ideal_point)
    world = replace(world, ideal_point=nowhere, domestic_anchor=nowhere)
    params = parameters(shift_size=0.2)
    dt = 1 / steps_a_year
    keep = jnp.exp(-alignment.reversion_rate(params) * dt)
    position = nowhere
    now = moment(world, setting, dt)
    drawn = jax.jit(lambda step: alignment.chance(world, now, params, stream(step)))
    for step in range(3 * steps_a_year):
        position = keep * position + drawn(step).ideal_point
    rate = float(alignment.reversion_rate(params))
    a_year = float(params.diffusion) ** 2 + float(params.shift_hazard) * 0.2**2
    expected = a_year * (1 - np.exp(-6 * rate)) / (2 * rate)
    assert float(position.var()) == pytest.approx(expected, rel=0.2)


def test_coercion_moves_the_target_away_and_nobody_else():
    world, setting = small_world()
    quiet = no_conduct(world)
    rise = quiet.tariff_rise.at[0, 2].set(0.25)
    params = parameters(diffusion=0.0, shift_size=0.0)
    now = moment(world, setting, conduct=replace(quiet, tariff_rise=rise, acts=jnp.asarray(True)))
    shock = alignment.events(world, now, params, stream()).ideal_point_shock
    gap = world.ideal_point[2] - world.ideal_point[0]
    expected = 0.025 * gap / (abs(gap) + 0.25)
    np.testing.assert_allclose(shock, jnp.zeros(6).at[2].set(expected), atol=1e-6)
    against = parameters(diffusion=0.0, shift_size=0.0, tariff_backlash=-0.1)
    complied = alignment.events(world, now, against, stream()).ideal_point_shock
    np.testing.assert_allclose(complied, -shock, atol=1e-6)


def test_nothing_happens_where_nobody_acts_and_chance_is_off():
    world, setting = small_world()
    params = parameters(diffusion=0.0, shift_size=0.0)
    shock = alignment.chance(world, moment(world, setting), params, stream()).ideal_point
    np.testing.assert_array_equal(shock, 0.0)


def test_states_in_another_order_drift_alike():
    world, setting = small_world()
    order = [3, 1, 5, 0, 2, 4]
    end = run(world, setting, parameters(), 5, 4).ideal_point
    moved = run(relabelled(world, order), relabelled(setting, order), parameters(), 5, 4)
    np.testing.assert_allclose(moved.ideal_point, end[jnp.array(order)], atol=1e-5)


def test_anchor_of_a_history():
    history = jnp.array([[jnp.nan, 1.0, jnp.nan], [0.0, 2.0, jnp.nan], [1.0, 3.0, jnp.nan]])
    keep = np.exp(-0.2)
    anchor = alignment.start_anchor(history, jnp.float32(0.2))
    by_hand = [1 - keep, (1 * keep + 2 * (1 - keep)) * keep + 3 * (1 - keep)]
    np.testing.assert_allclose(anchor[:2], by_hand, rtol=1e-5)
    assert jnp.isnan(anchor[2])
