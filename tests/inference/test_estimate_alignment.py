from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from worldorder.inference.alignment_panel import alignment_panel
from worldorder.inference.drift_filter import (
    Drift,
    DriftData,
    expected_spread,
    filtered,
    observed_spread,
)
from worldorder.inference.estimate_alignment import (
    anchor_after,
    fit_alignment,
    forecast,
    score_forecasts,
    simulated_spread,
)

TRUE = Drift(
    partner_rate=0.0,
    ally_rate=0.0,
    common_rate=0.05,
    anchor_rate=0.15,
    anchor_drift_rate=0.02,
    calm_variance=0.01,
    error_variance=0.005,
    shift_variance=0.2,
    shift_probability=0.1,
    anchor_variance=0.3,
)


def drawn(drift: Drift, countries: int, years: int, seed: int = 0) -> DriftData:
    """Positions drawn from the model; no partners and no allies."""
    draw = np.random.default_rng(seed)
    position = draw.normal(0, 0.8, countries)
    anchor = position + draw.normal(0, np.sqrt(drift.anchor_variance), countries)
    seen = np.empty((years, countries))
    total = drift.common_rate + drift.anchor_rate
    year = -np.expm1(-total) / total
    for t in range(years):
        seen[t] = position + draw.normal(0, np.sqrt(drift.error_variance), countries)
        pull = drift.anchor_rate * (anchor - position) - drift.common_rate * position
        anchor = anchor - np.expm1(-drift.anchor_drift_rate) * (position - anchor)
        shift = draw.random(countries) < drift.shift_probability
        variance = drift.calm_variance + shift * drift.shift_variance
        position = position + year * pull + draw.normal(0, 1, countries) * np.sqrt(variance)
    nothing = np.full_like(seen, np.nan)
    calendar = np.arange(2000, 2000 + years)
    names = tuple(f"S{i}" for i in range(countries))
    return DriftData(calendar, names, seen, nothing, nothing, np.ones(years))


def test_filter_is_exact_where_chance_is_gaussian():
    drift = replace(TRUE, shift_probability=0.0, common_rate=0.0)
    data = drawn(drift, 1, 5)
    keep, home = np.exp(-0.15), -np.expm1(-0.15)
    follow = -np.expm1(-0.02)
    step = np.array([[keep, home], [follow, 1 - follow]])
    noise = np.diag([drift.calm_variance, 0.0])
    first = data.position[0, 0]
    mean, joint = [np.full(2, first)], [np.diag([drift.error_variance, drift.anchor_variance])]
    for _ in range(4):
        mean.append(step @ mean[-1])
        joint.append(step @ joint[-1] @ step.T + noise)
    covariance = np.empty((4, 4))
    for i in range(4):
        for j in range(i, 4):
            later = np.linalg.matrix_power(step, j - i) @ joint[i + 1]
            covariance[i, j] = covariance[j, i] = later[0, 0]
    covariance += drift.error_variance * np.eye(4)
    exact = multivariate_normal([m[0] for m in mean[1:]], covariance).logpdf(data.position[1:, 0])
    found = filtered(data, drift)
    assert found.log_likelihood[0] == pytest.approx(exact, rel=1e-9)


def test_years_without_votes_are_left_out():
    data = drawn(TRUE, 3, 12)
    silent = data.position.copy()
    silent[:, 2] = np.nan
    silent[4:6, 1] = np.nan
    some = filtered(replace(data, position=silent), TRUE)
    everyone = filtered(data, TRUE)
    assert some.log_likelihood[0] == pytest.approx(everyone.log_likelihood[0])
    assert some.log_likelihood[2] == 0.0
    assert np.isnan(some.position[2])
    assert np.isfinite(some.anchor[1])


def test_estimates_find_the_rates_that_made_the_data():
    data = drawn(TRUE, 120, 30)
    fit = fit_alignment(data, 2000, 2029, without=("partner_rate", "ally_rate"))
    for estimate in fit.estimates:
        if estimate.name in ("partner_rate", "ally_rate"):
            assert estimate.value == 0.0
            continue
        true = getattr(TRUE, estimate.name)
        error = (
            np.log(estimate.value / true) if estimate.logarithm else estimate.value - true
        ) / estimate.standard_error
        assert abs(error) < 3.5, estimate.name


def test_forecast_returns_toward_home():
    data = drawn(TRUE, 150, 40)
    anchor = anchor_after(data.between(2000, 2025), TRUE)
    path = forecast(data, 2000, 2025, 10, replace(TRUE, common_rate=0.0))
    start = data.position[25]
    assert (np.sign(path[0] - start) == np.sign(anchor - start)).all()


def test_forecasts_beat_persistence_where_states_return_to_the_centre():
    data = drawn(replace(TRUE, anchor_rate=0.0, common_rate=0.2), 80, 31)
    homeless = ("partner_rate", "ally_rate", "anchor_rate")
    (score,) = score_forecasts(data, [2025], [5], 2000, homeless)
    assert score.horizon == 5
    assert score.forecasts == 80
    assert score.model < 0.9 * score.persistence


def test_simulated_spread_stays_where_the_rates_put_it():
    calm = replace(TRUE, anchor_rate=0.0, common_rate=0.1, shift_probability=0.0)
    data = drawn(calm, 200, 60)
    spread = simulated_spread(data, 2000, 2059, 5, calm, runs=20, seed=1)
    rest = np.sqrt(calm.calm_variance / -np.expm1(-0.2))
    assert spread.shape == (5, 20)
    assert float(spread[-1].mean()) == pytest.approx(rest, rel=0.1)


def test_expected_spread_is_that_of_data_the_process_made():
    data = drawn(TRUE, 400, 30)
    expected, seen = expected_spread(data, TRUE), observed_spread(data)
    np.testing.assert_allclose(expected, seen, rtol=0.08)
    noisy = expected_spread(data, replace(TRUE, calm_variance=4 * TRUE.calm_variance))
    assert (noisy > expected).all()


def frames(last: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    years = range(2000, last + 1)
    place = {"AAA": 1.0, "BBB": 0.0, "CCC": -1.0}
    ideal = pd.DataFrame(
        [(c, t, p + 0.1 * np.sin(t + i)) for i, (c, p) in enumerate(place.items()) for t in years],
        columns=["country", "year", "ideal_point"],
    )
    trade = pd.DataFrame(
        [("AAA", "BBB", 3.0, t) for t in years] + [("CCC", "AAA", 1.0, t) for t in years],
        columns=["exporter", "importer", "value", "year"],
    )
    pacts = pd.DataFrame({"country": "BBB", "partner": "CCC", "year": list(years)})
    return ideal, trade, pacts


def test_panel_weighs_partners_by_trade():
    data = alignment_panel(*frames(2010), until=2010)
    a, b, c = data.position[3]
    assert data.partner_mean[3, 0] == pytest.approx((3 * b + 1 * c) / 4)
    assert data.ally_mean[3, 1] == pytest.approx(c)
    assert np.isnan(data.ally_mean[3, 0])
    assert a + b + c == pytest.approx(0.0, abs=1e-12)


def test_panel_knows_nothing_later_than_it_may():
    short = alignment_panel(*frames(2008), until=2008)
    long = alignment_panel(*frames(2012), until=2008)
    for name in ("year", "position", "partner_mean", "ally_mean", "volatility"):
        np.testing.assert_array_equal(getattr(short, name), getattr(long, name))
