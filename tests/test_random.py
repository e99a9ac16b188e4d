"""The random numbers: known answers, uniformity, independence across every part of an address."""

import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from worldorder.random import (
    Stream,
    happens,
    normal,
    philox,
    stream_key,
    stream_salt,
    uniform,
)
from worlds import small_world

SHAPE = (200, 300)


def stream(seed=1, name="trust", run=0, step=0):
    return Stream(
        stream_key(jnp.asarray(stream_salt(seed, name)), jnp.uint32(run)), jnp.uint32(step)
    )


def test_philox_known_answers():
    """Known answers of the Random123 distribution for philox4x32, 7 and 10 rounds."""
    zero, key = jnp.zeros(1, jnp.uint32), jnp.zeros(2, jnp.uint32)
    seven = [int(word[0]) for word in philox((zero,) * 4, key, 7)]
    assert seven == [0x5F6FB709, 0x0D893F64, 0x4F121F81, 0x4F730A48]
    ten = [int(word[0]) for word in philox((zero,) * 4, key, 10)]
    assert ten == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]


def test_uniform_and_normal_follow_their_distributions():
    assert stats.kstest(np.ravel(uniform(stream(), SHAPE)), "uniform").pvalue > 1e-3
    assert stats.kstest(np.ravel(normal(stream(), SHAPE)), "norm").pvalue > 1e-3


def test_bytes_are_equidistributed():
    counter = jnp.arange(100_000, dtype=jnp.uint32)
    words = np.stack(philox((counter, counter * 0, counter * 0, counter * 0), stream().key))
    counts = np.bincount(words.view(np.uint8).ravel(), minlength=256)
    assert stats.chisquare(counts).pvalue > 1e-3


@pytest.mark.parametrize(
    "other", [{"run": 1}, {"step": 1}, {"name": "trade"}, {"seed": 2}], ids=lambda o: next(iter(o))
)
def test_addresses_that_differ_in_one_part_are_uncorrelated(other):
    first, second = uniform(stream(), SHAPE), uniform(stream(**other), SHAPE)
    correlation = np.corrcoef(np.ravel(first), np.ravel(second))[0, 1]
    assert abs(correlation) < 4 / np.sqrt(first.size)


@pytest.mark.parametrize("axis", [0, 1])
def test_neighbours_in_a_matrix_are_uncorrelated(axis):
    drawn = np.asarray(uniform(stream(), SHAPE))
    one, two = (drawn[:-1], drawn[1:]) if axis == 0 else (drawn[:, :-1], drawn[:, 1:])
    assert abs(np.corrcoef(one.ravel(), two.ravel())[0, 1]) < 4 / np.sqrt(one.size)


def test_a_draw_depends_on_its_address_only():
    whole, part = uniform(stream(), SHAPE), uniform(stream(), (50, 40))
    np.testing.assert_array_equal(whole[:50, :40], part)


def test_hazard_gives_the_same_chance_a_year_at_any_step():
    hazard = jnp.full((100, 1000), 0.3)
    by_quarter = [happens(stream(step=q), hazard, jnp.float32(0.25)) for q in range(4)]
    within_year = float(jnp.mean(jnp.stack(by_quarter).any(0)))
    assert within_year == pytest.approx(1 - np.exp(-0.3), abs=4 * np.sqrt(0.25 / hazard.size))


def test_small_world_shares_sum_to_one():
    _, setting = small_world()
    assert jnp.allclose(setting.trade_share.sum(0), 1, atol=1e-6)
