"""New bodies: numbers as distributed, founders as the equation says."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from mechanisms.steps import moment, relabelled, stream, values
from worldorder.mechanisms import foundings
from worldorder.mechanisms.foundings import FoundingParameters
from worldorder.mechanisms.survival import ENDED
from worldorder.random import uniform
from worldorder.state import MOST_FOUNDED
from worlds import small_world

STATES = 20


def test_numbers_are_negative_binomial():
    chance = (jnp.arange(2000) + 0.5) / 2000
    number = jax.vmap(lambda u: foundings.number_founded(u, jnp.float32(6.95), jnp.float32(0.3)))(
        chance
    )
    law = stats.nbinom(1 / 0.3, 1 / (1 + 0.3 * 6.95))
    np.testing.assert_array_equal(
        np.asarray(number), np.minimum(law.ppf(np.asarray(chance)), MOST_FOUNDED)
    )


def test_joining_is_that_of_the_equation_and_falls_with_aloofness():
    params = values(FoundingParameters, "foundings")
    share, leader = jnp.float32([0.25, 0.01]), jnp.asarray([True, False])
    far, apart = jnp.full((1, 2), 6000.0), jnp.full((1, 2), 1.0)
    friendly = foundings.join_chance(far, apart, share, leader, jnp.float32(0.0), params)
    other = -0.394 - 0.767 * np.log(2) - 0.505 + 0.167 * np.log(0.01)
    assert friendly[0, 1] == pytest.approx(1 - np.exp(-np.exp(other)), rel=1e-3)
    aloof = foundings.join_chance(far, apart, share, leader, jnp.float32(1.0), params)
    assert aloof[0, 0] < friendly[0, 0]
    assert aloof[0, 1] == friendly[0, 1]
    most = foundings.join_chance(far, apart, share, leader, jnp.float32(1.38), params)
    beyond = foundings.join_chance(far, apart, share, leader, jnp.float32(9.0), params)
    np.testing.assert_array_equal(np.asarray(beyond), np.asarray(most))


def drawn(world, setting, step=0, **changed):
    now = replace(moment(world, setting), years=jnp.asarray(step, jnp.float32))
    params = values(FoundingParameters, "foundings", **changed)
    return foundings.events(world, now, params, stream()).foundings


def test_founders_come_body_by_body_and_anew_each_year():
    world, setting = small_world(states=STATES)
    made = np.asarray(drawn(world, setting, yearly=12.0))
    number = made.any(1).sum()
    assert number > 0
    assert made[:number].any(1).all()  # the first rows, each with the state that began it
    np.testing.assert_array_equal(made, np.asarray(drawn(world, setting, yearly=12.0)))
    assert not np.array_equal(made, np.asarray(drawn(world, setting, 1, yearly=12.0)))


def test_a_leader_that_left_bodies_founds_fewer_with_the_same_draws():
    world, setting = small_world(states=STATES, bodies=12)
    left = replace(world, membership=world.membership.at[0].set(False))

    def of_years(w):
        made = jax.vmap(lambda year: drawn(w, setting, year))(jnp.arange(30.0))
        return np.asarray(made[..., 0]).sum(), np.asarray(made.any(-1)).sum()

    (with_leader, stays), (with_left, leaves) = of_years(world), of_years(left)
    assert with_left < with_leader
    assert leaves == stays
    ended = replace(left, fate=jnp.full_like(left.fate, ENDED))
    assert of_years(ended) == (with_leader, stays)  # bodies that ended were not left


def test_who_begins_a_body_goes_by_weight_and_not_by_place():
    world, setting = small_world(states=STATES)
    order = np.arange(STATES)[::-1]
    share = np.asarray(world.underlying_gdp) ** 0.196
    expected = share / share.sum()
    pull = jnp.cumsum(jnp.asarray(share))
    seeds = jnp.searchsorted(pull, uniform(stream(), (4000,), 1) * pull[-1])
    found = np.bincount(np.asarray(seeds), minlength=STATES) / 4000
    assert np.abs(found - expected).max() < 0.02
    turned = relabelled(world, order), relabelled(setting, order)
    assert drawn(*turned).shape == (MOST_FOUNDED, STATES)
