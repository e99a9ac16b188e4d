"""Reserve shares: adding up, inertia, what moves them, what they cost."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, stream, values
from worldorder.mechanisms.reserve_currency import (
    ReserveCurrencyParameters,
    adjusted,
    events,
    interest_cost,
    log_odds,
    pull,
    world_pull,
)
from worlds import small_world

STILL = {"common_spread": 0.0, "own_spread": 0.0, "diversification": 0.0}


def params(**changed):
    return values(ReserveCurrencyParameters, "reserve_currency", **(STILL | changed))


def year_later(world, setting, named):
    setting = replace(setting, start_reserve_pull=world_pull(small_world()[0], setting, named))
    return events(world, moment(world, setting), named, stream()).reserve_shift


def test_shares_stay_whole_and_at_rest_where_nothing_changes():
    world, setting = small_world()
    np.testing.assert_allclose(year_later(world, setting, params()), 0.0, atol=1e-6)
    moved = year_later(world, setting, params(own_spread=0.2, diversification=0.1))
    assert np.abs(moved).max() > 1e-3
    np.testing.assert_allclose(np.asarray(moved).sum(1), 0.0, atol=1e-6)


def test_a_gap_closes_by_the_rate():
    share = jnp.asarray([[0.6, 0.4]])
    target = jnp.asarray([[0.0, 1.0]])
    after = adjusted(share, target, jnp.zeros((1, 2)), jnp.float32(0.1))
    gap = 1.0 - float(log_odds(share)[0, 1])
    assert float(log_odds(after)[0, 1]) == pytest.approx(1.0 - gap * np.exp(-0.1), rel=1e-5)


def test_lost_allies_and_embargoes_draw_reserves_away():
    world, setting = small_world()
    alone = replace(world, defence_pact=jnp.zeros_like(world.defence_pact))
    change = year_later(alone, setting, params(size_elasticity=0.0, sanction_fear=0.0))
    allied = np.asarray(world.defence_pact)[0].sum()
    assert allied > 0
    assert np.asarray(change)[:, 0].min() < 0
    feared = replace(world, sanction=world.sanction.at[0, 1:].set(0.8))
    change = year_later(feared, setting, params(sanction_fear=2.0))
    assert np.asarray(change)[:, 0].max() < 0
    calm = year_later(feared, setting, params(sanction_fear=0.0))
    np.testing.assert_allclose(calm, 0.0, atol=1e-6)


def test_pull_by_hand():
    one = jnp.ones((1, 2))
    found = pull(
        jnp.asarray([0.0, -1.0]), 0.3 * one, 2.0 * one, jnp.asarray([0.1, 0.0]),
        params(size_elasticity=0.5, alliance_premium=1.0, sanction_fear=1.5),
    )  # fmt: skip
    np.testing.assert_allclose(found, [[0.3 - 0.3, -0.5 + 0.3]], atol=1e-6)


def test_thirty_points_cost_at_most_eighty_basis_points():
    cost = interest_cost(
        jnp.float32(0.3), jnp.float32(0.6), jnp.float32(1000.0),
        params(yield_slope=0.027, issuer_debt=1.0),
    )  # fmt: skip
    assert float(cost) == pytest.approx(1000.0 * 0.0081, rel=1e-5)
