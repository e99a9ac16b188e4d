"""Pacts of many: who comes in is as the equation says, and what is founded stays."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, stream, values
from worldorder.mechanisms import alliances, pact_foundings
from worldorder.mechanisms.pact_foundings import MOST, PactFoundingParameters
from worlds import small_world

STATES = 12


def setout(**changed):
    """States without pacts on a line, alike in all but place."""
    world, setting = small_world(STATES)
    place = np.arange(STATES, dtype=float)
    away = jnp.asarray(np.log(1.0 + np.abs(place[:, None] - place)), jnp.float32)
    world = replace(
        world,
        defence_pact=jnp.zeros_like(world.defence_pact),
        ideal_point=jnp.zeros_like(world.ideal_point),
    )
    setting = replace(setting, log_distance=away, regime=jnp.zeros_like(setting.regime))
    return (
        world,
        moment(world, setting),
        values(PactFoundingParameters, "pact_foundings", **changed),
    )


def grown(world, now, params, seed=0, number=0):
    draw = np.random.default_rng(number)
    chance = jnp.asarray(draw.uniform(1e-6, 1, (MOST - 1, STATES)), jnp.float32)
    last = jnp.asarray(draw.uniform(size=MOST - 1), jnp.float32)
    return pact_foundings.grown(jnp.asarray(seed), chance, last, world, now, params)


def test_founders_are_neighbours_of_the_one_who_begins():
    world, now, near = setout(distance=-60.0, complete=1.0)
    assert np.flatnonzero(grown(world, now, near)).tolist() == [0, 1, 2, 3]
    without = replace(world, pact_group=world.pact_group.at[1].set(1.0))
    assert np.flatnonzero(grown(without, now, near)).tolist() == [0, 2, 3, 4]


def test_who_comes_next_is_in_proportion_to_what_the_equation_says():
    world, now, params = setout(complete=1.0)
    others = jnp.zeros(STATES).at[3:].set(1.0)  # with 0 to 2 alone there would be no body
    world = replace(world, pact_group=others)
    draws = 4000
    chance = np.random.default_rng(0).uniform(1e-6, 1, (draws, MOST - 1, STATES))
    last = jnp.ones(MOST - 1)
    fourth = replace(world, pact_group=others.at[3].set(0.0).at[9].set(0.0).at[11].set(0.0))
    found = jax.jit(
        jax.vmap(lambda u: pact_foundings.grown(jnp.asarray(0), u, last, fourth, now, params))
    )(jnp.asarray(chance, jnp.float32))
    assert not grown(world, now, params).any()
    shares = np.asarray(found).mean(0)
    assert shares[[0, 1, 2]].min() > 0.99  # 9 and 11 are far from all of them
    pull = float(params.distance) * np.asarray(now.setting.log_distance)[:, :3].mean(1)
    weight = np.exp(pull[np.array([3, 9, 11])])
    np.testing.assert_allclose(shares[[3, 9, 11]], weight / weight.sum(), atol=0.02)


def test_states_that_are_tied_to_half_of_a_group_have_nothing_to_found_with_it():
    world, now, near = setout(distance=-60.0, complete=1.0)
    tied = world.defence_pact.at[jnp.asarray([0, 2, 3]), 1].set(1.0)  # one side owes it
    found = grown(replace(world, defence_pact=tied), now, near)
    assert np.flatnonzero(found).tolist() == [0, 2, 3, 4]


def test_size_is_geometric_from_four_on():
    world, now, params = setout(complete=0.3, distance=0.0)
    sizes = np.array([int(grown(world, now, params, number=n).sum()) for n in range(300)])
    assert sizes.min() == 4
    expected = 4 + sum(0.7**k for k in range(1, STATES - 3))
    assert sizes.mean() == pytest.approx(expected, abs=0.4)


def test_founders_become_tied_to_each_other_and_nobody_else_is_touched():
    world, _, _ = setout()
    pact = world.defence_pact.at[5, 6].set(1.0).at[0, 7].set(1.0)
    founders = jnp.zeros(STATES, bool).at[jnp.asarray([0, 2, 3, 4])].set(True)
    group = pact_foundings.with_body(world.pact_group.at[8].set(1.0), founders)
    assert group.tolist() == [2, 0, 2, 2, 2, 0, 0, 0, 1, 0, 0, 0]
    after = np.asarray(pact_foundings.with_ties(pact, world.pact_group.at[8].set(1.0), group))
    among = np.outer(founders, founders) & ~np.eye(STATES, dtype=bool)
    np.testing.assert_array_equal(after[among], 1.0)
    np.testing.assert_array_equal(after[~among], np.asarray(pact)[~among])


def test_ties_of_a_body_founded_in_the_run_do_not_end_pair_by_pair():
    world, now, _ = setout()
    pact = jnp.zeros_like(world.defence_pact).at[:5, :5].set(1.0) * (1.0 - jnp.eye(STATES))
    member = jnp.zeros_like(world.membership)
    group = world.pact_group.at[:4].set(1.0)
    world = replace(world, defence_pact=pact, pact_group=group, membership=member)
    sure = values(
        alliances.AllianceParameters, "alliances", loss_constant=9.0, onset_constant=-60.0
    )
    change = np.asarray(alliances.events(world, now, sure, stream()).pact_change)
    assert not change[:4, :4].any()
    np.testing.assert_array_equal(change[4, :4], -1.0)


def test_a_body_a_year_at_most_and_at_the_turn_alone():
    world, now, sure = setout(yearly=60.0)

    def founders(at):
        return pact_foundings.events(world, at, sure, stream()).pact_founders

    first = founders(now)
    assert first.sum() >= 4
    later = replace(now, years=jnp.float32(3.0))
    assert (founders(later) != first).any()
    assert not founders(replace(now, years=jnp.float32(0.5), step_years=jnp.float32(0.25))).any()
    assert not founders(replace(now, on=False)).any()
