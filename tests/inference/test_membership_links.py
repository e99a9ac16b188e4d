"""The slope of votes on joint memberships: found where it is, none where it is not."""

import numpy as np
import pytest

from worldorder.inference.estimate_membership_links import slope


def pairs(states=40, seed=0):
    draw = np.random.default_rng(seed)
    made = draw.normal(size=(states, states))
    return (made + made.T) / 2


def test_effects_of_states_drop_out_and_the_slope_is_found():
    cause = [pairs(seed=1), pairs(seed=2)]
    own = np.arange(40.0)
    outcome = [0.5 * x + own[:, None] + own[None, :] + 0.1 * pairs(seed=9) for x in cause]
    value, error, count = slope(outcome, cause)
    assert value == pytest.approx(0.5, abs=0.03)
    assert 0 < error < 0.03
    assert count == 2 * 40 * 39 // 2


def test_nothing_is_found_in_noise_and_missing_pairs_stay_out():
    cause, outcome = [pairs(seed=3)], [pairs(seed=4)]
    outcome[0][5] = outcome[0][:, 5] = np.nan
    value, error, count = slope(outcome, cause)
    assert abs(value) < 3 * error
    assert count == 39 * 38 // 2
