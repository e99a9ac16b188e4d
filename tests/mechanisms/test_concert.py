"""A concert enforces itself or not: the two conditions, spheres, and its end."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, stream, values
from worldorder.mechanisms import concert
from worldorder.mechanisms.concert import ConcertParameters, Patronage
from worlds import small_world

PARAMS = values(ConcertParameters, "concert")
ALL = jnp.ones(3)


def gain(capability, benefit, member=ALL, cost=0.02):
    found = concert.revision_gain(
        jnp.asarray(capability), jnp.asarray(benefit), member, jnp.float32(cost)
    )
    return np.asarray(found)


def test_benefits_in_proportion_to_capability_enforce_themselves():
    share = [0.5, 0.3, 0.2]
    assert concert.is_self_enforcing(jnp.asarray(gain(share, share)))


def test_one_who_can_revise_gains_where_benefits_lag():
    found = gain([0.6, 0.2, 0.2], [0.2, 0.4, 0.4])
    # claims .4, each other would lose .2 and blocks: 0.6 x 0.4 - 0.02
    np.testing.assert_allclose(found, [0.22, 0, 0], atol=1e-6)
    assert not concert.is_self_enforcing(jnp.asarray(found))


def test_those_who_can_block_must_want_to():
    """A claim too small for anybody to fight over succeeds at no cost."""
    found = gain([0.36, 0.32, 0.32], [0.34, 0.33, 0.33], cost=0.05)
    assert found[0] == pytest.approx(0.02, abs=1e-6)


def test_a_strong_defence_deters():
    assert gain([0.3, 0.35, 0.35], [0.25, 0.375, 0.375], cost=0.02)[0] < 0


def test_patrons_are_shares():
    ties = Patronage(
        pact=jnp.asarray([[1.0, 0.0]]), trade_share=jnp.zeros((1, 2)),
        affinity_gap=jnp.ones((1, 2)), log_distance=jnp.ones((1, 2)),
    )  # fmt: skip
    share = concert.sphere_share(ties, PARAMS)
    odds = np.exp(float(PARAMS.patron_pact))
    np.testing.assert_allclose(share, [[odds / (1 + odds), 1 / (1 + odds)]], rtol=1e-5)


def test_benefits_are_own_product_and_sphere():
    sphere = jnp.asarray([[0.9, 0.1], [0.5, 0.5], [1.0, 0.0]])
    held = concert.benefit_share(jnp.asarray([4.0, 2.0, 4.0]), sphere, jnp.asarray([0, 1]))
    np.testing.assert_allclose(held, [0.8, 0.2], rtol=1e-6)  # 4 + 4 and 2 of 10


def test_it_ends_only_where_someone_gains_and_someone_consults():
    world, setting = small_world(6)
    sure = values(ConcertParameters, "concert", end_hazard=0.3, revision_cost=0.01)
    sure = replace(sure, end_hazard=jnp.float32(50.0))
    consults = jnp.zeros((6, 6)).at[0, 1].set(1.0).at[1, 0].set(1.0)
    concerted = replace(world, consultation=consults)
    now = moment(concerted, setting)
    strong = replace(now.diagnostics, power_share=jnp.asarray([0.95, *5 * [0.01]]))
    ends = concert.events(concerted, replace(now, diagnostics=strong), sure, stream()).concert_ends
    assert bool(ends)
    assert not bool(concert.events(world, now, sure, stream()).concert_ends)
    never = replace(sure, end_hazard=jnp.float32(0.0))
    later = concert.events(concerted, replace(now, diagnostics=strong), never, stream())
    assert not bool(later.concert_ends)
