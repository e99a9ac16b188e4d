"""Scores, bands and naive forecasts against closed forms."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from worldorder.inference import baselines, scoring
from worldorder.inference.hindcast.event_targets import event_probability


def test_crps_of_a_normal_ensemble_is_the_closed_form():
    quantiles = norm.ppf((np.arange(2000) + 0.5) / 2000)[None, :]
    z = 0.7
    expected = z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi)
    assert scoring.crps(np.array([z]), quantiles)[0] == pytest.approx(expected, abs=1e-3)
    assert scoring.crps(np.array([z]), np.array([[0.2]]))[0] == pytest.approx(0.5)


def test_log_and_brier_scores():
    happened = np.array([True, False])
    assert scoring.log_score(happened, np.array([0.5, 0.5])) == pytest.approx(
        np.log(2) * np.ones(2)
    )
    assert scoring.brier(happened, np.array([1.0, 0.5])) == pytest.approx([0.0, 0.25])
    assert np.isfinite(scoring.log_score(happened, np.array([0.0, 1.0]))).all()


def test_calibrated_bands_hold_their_share_and_narrow_ones_are_widened_by_the_right_factor():
    draw = np.random.default_rng(1)
    observed, ensemble = draw.normal(size=4000), draw.normal(size=(4000, 200))
    assert scoring.inside_band(observed, ensemble, 0.8).mean() == pytest.approx(0.8, abs=0.03)
    factor = scoring.widening(observed, 0.5 * ensemble)
    assert factor == pytest.approx(2.0, rel=0.08)
    widened = scoring.widened(0.5 * ensemble, factor)
    assert scoring.inside_band(observed, widened, 0.8).mean() == pytest.approx(0.8, abs=0.02)
    places = scoring.probability_integral_transform(observed, ensemble)
    assert np.histogram(places, 5, (0, 1))[0] == pytest.approx(800 * np.ones(5), rel=0.15)


def test_skill_and_its_interval():
    blocks = np.repeat(np.arange(50), 4).astype(np.int64)
    baseline = np.random.default_rng(2).uniform(1, 2, 200)
    found = scoring.skill(0.75 * baseline, baseline, blocks)
    assert (found.value, found.low, found.high) == pytest.approx((0.25, 0.25, 0.25))


def test_nothing_is_a_share_of_a_baseline_without_error():
    found = scoring.skill(np.ones(4), np.zeros(4), np.arange(4))
    assert np.isnan([found.value, found.low, found.high]).all()


def test_autoregression_recovers_its_coefficient():
    draw = np.random.default_rng(3)
    x = np.zeros((400, 40))
    for t in range(1, 40):
        x[:, t] = 0.6 * x[:, t - 1] + draw.normal(size=400)
    levels = pd.DataFrame(x)
    ahead = baselines.ar1(levels, 2)
    now = levels.iloc[:, -1].to_numpy() - levels.mean(axis=1).to_numpy()
    slope = np.polyfit(now, ahead.mean(axis=1) - levels.mean(axis=1).to_numpy(), 1)[0]
    assert slope == pytest.approx(0.36, abs=0.08)
    assert ahead.std(axis=1).mean() == pytest.approx(np.sqrt(1 + 0.36), rel=0.08)


def test_persistence_spread_has_the_spread_of_past_changes():
    walk = np.cumsum(np.random.default_rng(4).normal(size=(300, 30)), axis=1)
    ahead = baselines.persistence_spread(pd.DataFrame(walk), 4)
    assert ahead.std(axis=1).mean() == pytest.approx(2.0, rel=0.06)
    assert np.median(ahead, axis=1) == pytest.approx(walk[:, -1], abs=0.1)


def test_logit_recovers_probabilities_and_keeps_the_base_rate():
    draw = np.random.default_rng(5)
    x = draw.normal(size=(20_000, 1))
    p = 1 / (1 + np.exp(4 - x[:, 0]))
    happened = draw.random(20_000) < p
    found = baselines.logit(x, happened, x, most_rows=5000)
    assert found.mean() == pytest.approx(happened.mean(), rel=0.02)
    assert np.corrcoef(np.log(found), np.log(p))[0, 1] > 0.99


def test_event_probability_shrinks_noise_and_keeps_what_differs():
    draw = np.random.default_rng(6)
    same = draw.binomial(50, 0.02, 5000) / 50
    assert event_probability(same, 50).std() < 0.2 * same.std()
    apart = draw.binomial(50, np.where(np.arange(5000) < 500, 0.9, 0.01)) / 50
    assert event_probability(apart, 50)[:500].mean() == pytest.approx(0.9, abs=0.03)
    assert event_probability(apart, 50).mean() == pytest.approx(apart.mean(), abs=0.01)
