"""Structural balance: closed forms, blow-up, factions, and triad dynamics at n = 64."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from worldorder.mechanisms import balance


def relations(seed, size):
    drawn = np.random.default_rng(seed).normal(size=(size, size))
    return (drawn + drawn.T) / 2


def test_closed_form_solves_the_equation():
    start = relations(0, 6)
    end = 0.8 * balance.blow_up_time(start)
    solved = solve_ivp(
        lambda _, x: (x.reshape(6, 6) @ x.reshape(6, 6)).ravel(),
        (0, end),
        start.ravel(),
        rtol=1e-10,
        atol=1e-12,
    )
    closed = balance.relations_at(start, end)
    np.testing.assert_allclose(closed, solved.y[:, -1].reshape(6, 6), rtol=1e-7, atol=1e-8)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.integers(3, 12))
def test_relations_blow_up_into_two_balanced_factions(seed, size):
    start = relations(seed, size)
    time = balance.blow_up_time(start)
    assume(np.isfinite(time))
    late = balance.relations_at(start, time * (1 - 1e-9))
    faction = balance.factions(start)
    assert (np.sign(late) == np.outer(faction, faction)).all()
    assert balance.balanced_triad_share(late) == pytest.approx(1)
    assert balance.frustration_share(late, faction) == 0


def test_no_blow_up_without_a_positive_eigenvalue():
    assert balance.blow_up_time(-np.eye(4)) == np.inf


@pytest.mark.parametrize(
    ("propensity", "published"), [(0.0, 0.3663), (0.25, 0.4494), (1 / 3, 0.4997), (0.4, 0.5634)]
)
def test_friendly_links_settle_at_the_published_density(propensity, published):
    assert balance.friendly_link_density(propensity) == pytest.approx(published, abs=0.005)
    generator = np.random.default_rng(7)
    start = np.triu(generator.choice([-1, 1], (64, 64)), 1)
    draws = balance.triad_draws(generator, 64, 400_000)
    signs, share = balance.triad_dynamics(
        jnp.asarray(start + start.T, jnp.int32), draws, jnp.asarray(propensity, jnp.float32)
    )
    assert float(share[100_000:].mean()) == pytest.approx(published, abs=0.005)
    assert (signs == signs.T).all()
    assert float(share[-1]) == pytest.approx(float((np.triu(signs, 1) == 1).sum() / 2016))


def test_harmony_above_one_half():
    generator = np.random.default_rng(1)
    start = np.triu(generator.choice([-1, 1], (24, 24)), 1)
    draws = balance.triad_draws(generator, 24, 100_000)
    _, share = balance.triad_dynamics(
        jnp.asarray(start + start.T, jnp.int32), draws, jnp.asarray(0.75, jnp.float32)
    )
    assert float(share[-1]) == 1 == balance.friendly_link_density(0.75)


def test_triads_are_three_different_states_all_equally_often():
    triads = np.sort(np.asarray(balance.triad_draws(np.random.default_rng(0), 5, 60_000).triad))
    distinct, count = np.unique(triads, axis=0, return_counts=True)
    assert len(distinct) == 10
    assert (np.diff(distinct, axis=1) > 0).all()
    assert count.min() > 5600


def test_measures_on_graphs_worked_by_hand():
    hostile = np.ones((3, 3)) * -1.0
    assert balance.balanced_triad_share(hostile) == 0
    assert balance.balanced_triad_share(-hostile) == 1
    assert np.isnan(balance.balanced_triad_share(np.eye(3)))
    assert balance.frustration_share(hostile, np.array([0, 0, 1])) == pytest.approx(1 / 3)
    two_camps = balance.polarization_esteban_ray_1994(np.array([0.5, 0.5]), np.array([0.0, 1.0]))
    assert two_camps == pytest.approx(0.5**1.3 / 2)
    uneven = balance.polarization_esteban_ray_1994(np.array([0.9, 0.1]), np.array([0.0, 1.0]))
    assert uneven < two_camps
