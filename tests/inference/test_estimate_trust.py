from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from worldorder.inference.estimate_trust import TrustFit, split_at, start_table
from worldorder.inference.likelihood import maximum_likelihood
from worldorder.inference.opinion_panel import Affinity, leaders, office, surveys
from worldorder.inference.opinion_process import (
    OpinionProcess,
    Views,
    fast_covariance,
    regression,
    slow_covariance,
    split,
)

PROCESS = OpinionProcess(
    slow_common_spread=0.05,
    slow_spread=0.6,
    leader_spread=0.4,
    leader_spread_of_dyad=0.2,
    error=0.1,
    slow_rate=0.02,
    fast_rate=0.3,
    carry_over=0.0,
)


def views(trusters: int = 6, years: int = 12, seed: int = 0) -> Views:
    """Yearly surveys of one state that changes its leader half-way."""
    truster = np.repeat(np.array([f"T{i}" for i in range(trusters)], object), years)
    time = np.tile(np.arange(years, dtype=float), trusters)
    leader = (time >= years // 2).astype(np.int64)
    served = np.where(leader == 1, time - years // 2, time)
    draw = np.random.default_rng(seed)
    regressors = np.column_stack([np.ones_like(time), draw.uniform(0, 3, len(time))])
    made = Views(truster, time, leader, leader, served, regressors, np.zeros(len(time)))
    covariance = total_covariance(made)
    log_odds = regressors @ [1.0, -0.3] + np.linalg.cholesky(covariance) @ draw.normal(
        size=len(time)
    )
    return replace(made, log_odds=log_odds)


def total_covariance(v: Views) -> np.ndarray:
    noise = PROCESS.error**2 * np.eye(len(v.time))
    return slow_covariance(v, v, PROCESS) + fast_covariance(v, v, PROCESS) + noise


def test_likelihood_is_that_of_the_joint_normal():
    seen = views()
    found = regression([seen], PROCESS)
    exact = multivariate_normal(seen.regressors @ found.coefficient, total_covariance(seen))
    assert found.log_likelihood == pytest.approx(exact.logpdf(seen.log_odds), rel=1e-9)


def test_regression_finds_what_made_the_views():
    found = regression([views(seed=s) for s in range(8)], PROCESS)
    assert (np.abs(found.coefficient - [1.0, -0.3]) < 3 * found.standard_error).all()


def test_a_new_leader_shares_nothing_unless_it_carries_over():
    seen = views()
    across = np.ix_(seen.leader == 0, seen.leader == 1)
    assert (fast_covariance(seen, seen, PROCESS)[across] == 0).all()
    kept = fast_covariance(seen, seen, replace(PROCESS, carry_over=0.5))[across]
    assert (kept > 0).all()


def test_split_puts_a_swing_of_all_down_to_the_leader():
    seen = views(trusters=30)
    nothing = np.zeros(2)
    swing = replace(seen, log_odds=np.where(seen.leader == 1, -0.5, 0.0))
    parted = split(swing, swing, nothing, PROCESS)
    later = seen.leader == 1
    assert parted.fast[later].mean() < -0.35
    assert abs(parted.slow[later].mean()) < 0.15
    np.testing.assert_allclose(parted.fast[later] + parted.slow[later], -0.5, atol=0.1)


def test_time_in_office_adds_up_over_terms():
    table = pd.DataFrame(
        {"state": "AAA", "since": [2000.0, 2004.0, 2008.0], "leader": ["one", "two", "one"]}
    )
    served = office("AAA", np.array([2001.0, 2005.0, 2009.0]), table)
    np.testing.assert_array_equal(served["term"], [0, 1, 2])
    assert served["leader"][0] == served["leader"][2] != served["leader"][1]
    np.testing.assert_allclose(served["in_office"], [1.0, 1.0, 5.0])


def evidence() -> tuple[pd.DataFrame, Affinity]:
    years = range(2012, 2024)
    rows = [("DEU", "USA", t, 0.35 if 2017 <= t <= 2020 else 0.6) for t in years]
    rows += [("JPN", "USA", t, 0.45 if 2017 <= t <= 2020 else 0.7) for t in years]
    frame = pd.DataFrame(rows, columns=["truster", "about", "year", "favourable"])
    place = {"USA": 2.2, "DEU": 1.2, "JPN": 0.9}
    ideal = pd.DataFrame(
        [(c, t, p) for c, p in place.items() for t in years],
        columns=["country", "year", "ideal_point"],
    )
    pacts = pd.DataFrame({"country": ["DEU"], "partner": ["USA"], "year": [2018]})
    return frame, Affinity.of(ideal, pacts)


def test_surveys_carry_distance_and_pact_and_end_where_they_must():
    frame, affinity = evidence()
    seen = surveys(frame, affinity, until=2018)["USA"]
    assert seen.time.max() < 2019
    german = seen.regressors[seen.truster == "DEU"][-1]
    np.testing.assert_allclose(german[-2:], [1.0, 1.0])
    assert seen.regressors[:, :-2].sum() == len(seen.time)


def test_start_remembers_a_leader_who_returns():
    frame, affinity = evidence()
    surveyed = sorted(set(leaders()["state"]) & set(frame["about"]))
    coefficient = {f"image of {s}": (0.5, 0.1) for s in surveyed}
    coefficient |= {"distance_slope": (-0.3, 0.05), "pact_effect": (0.0, 0.1)}
    fit = TrustFit(PROCESS, {}, coefficient, (2012, 2023), 24, 0.0, np.eye(0))
    before = split_at(frame, affinity, fit, 2025.0).set_index("truster")
    after = split_at(frame, affinity, fit, 2025.1).set_index("truster")
    assert (after["fast"] < before["fast"] - 0.2).all()
    np.testing.assert_allclose(after["slow"], before["slow"], atol=0.01)
    table = start_table(frame, affinity, fit, 2025.1)
    stranger = table[table["truster"] == "*"].set_index("about")
    assert stranger.loc["USA", "fast"] < -0.2
    assert np.isnan(stranger.loc["USA", "slow"])


def test_standard_errors_of_a_mean():
    draw = np.random.default_rng(1).normal(3.0, 2.0, 400)

    def log_likelihood(z):
        return -0.5 * (draw - z[0]) ** 2 / np.exp(z[1]) - 0.5 * z[1]

    fit = maximum_likelihood(log_likelihood, [0.0, 0.0], [(-10, 10), (-5, 5)])
    assert fit.value[0] == pytest.approx(draw.mean(), abs=1e-3)
    assert fit.standard_error[0] == pytest.approx(draw.std() / 20, rel=0.02)
