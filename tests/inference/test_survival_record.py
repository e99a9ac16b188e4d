"""Lives of bodies, founders and quotas: rows as recorded, checks that can fail."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from worldorder.data.panel import table
from worldorder.inference.estimate_foundings import score_later, yearly_count
from worldorder.inference.estimate_reform import (
    adoption,
    basic_votes,
    past_share,
    quota_lag,
    quota_rows,
)
from worldorder.inference.estimate_survival import (
    curve,
    exit_effects,
    kaplan_meier,
    of_cause,
    passed,
    to_the_end,
)
from worldorder.inference.founding_record import founders, founding_pairs
from worldorder.inference.hazard_regression import Hazard, fit_hazard
from worldorder.inference.survival_record import LAST, exits, lives, survival_rows


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    """The publisher's table as far as the panel has it, five members at the beginning."""
    bodies = table("organizations")
    bodies = bodies[(bodies["digo"] != "") & bodies["founded"].le(2005)]
    folder = tmp_path_factory.mktemp("raw")
    (folder / "igo-deaths").mkdir()
    frame = pd.DataFrame(
        {
            "igoID": bodies["digo"], "Begin": bodies["founded"].astype(int),
            "End": bodies["ended"].fillna(2016).astype(int), "full_membership_start": 5,
        }
    )  # fmt: skip
    frame.to_csv(folder / "igo-deaths" / "digo_organizations.csv.gz", index=False)
    return folder


@pytest.fixture(scope="module")
def rows(raw):
    return survival_rows(raw)


def test_a_life_ends_in_its_year_and_is_counted_once(raw, rows):
    bodies = lives(raw)
    ended = bodies[(bodies["ended"] != "") & (bodies["end"] > bodies["begin"])]
    assert rows["event"].sum() == len(ended)
    last = rows.groupby("id")["year"].max()
    assert (last[ended["id"]].to_numpy() == ended["end"].to_numpy()).all()
    assert rows["year"].max() == LAST
    assert (rows["age"] == rows["year"] - rows["begin"]).all()
    known = of_cause(rows, "dissolved")["event"].sum() + of_cause(rows, "replaced")["event"].sum()
    assert known == rows["event"].sum()


def test_an_earlier_origin_knows_nothing_later(raw, rows):
    early = survival_rows(raw, to=1999)
    assert early["year"].max() == 1999
    same = rows[rows["year"] <= 1999].reset_index(drop=True)
    pd.testing.assert_frame_equal(early[same.columns], same)


def test_founders_and_powers_are_told_apart(raw):
    left = exits(lives(raw))
    unesco = left[left["id"] == "UNESCO"].set_index("year")
    assert bool(unesco.loc[1984, "founder"])
    assert bool(unesco.loc[1984, "power"])
    assert 0 < left["power"].sum() < left["founder"].sum() < len(left)


def test_kaplan_meier_is_that_of_the_textbook():
    # deaths at 2 and 4 of five, one leaves alive at 3: 4/5, then 4/5 * 1/2
    age, died = np.array([2.0, 3, 4, 5, 3]), np.array([True, False, True, False, False])
    found = kaplan_meier(age, died, np.array([1.0, 2, 3, 4, 5]))
    np.testing.assert_allclose(found, [1, 0.8, 0.8, 0.4, 0.4])


def test_the_statistic_can_fail(rows):
    covariates = ("log_age", "log_size", "war")
    fitted = fit_hazard(rows, covariates)
    good = curve(fitted, rows, draws=40)
    assert abs(good.z) < 1.0
    assert good.deaths == rows["event"].sum()
    assert good.expected == pytest.approx(good.deaths, rel=0.05)
    doubled = Hazard(
        covariates, fitted.coefficient + np.eye(4)[0] * np.log(2), fitted.standard_error,
        fitted.events, fitted.at_risk, fitted.sample, fitted.covariance,
    )  # fmt: skip
    bad = curve(doubled, rows, draws=40)
    assert bad.z < -1.96
    assert not passed(bad)
    assert bad.covered < good.covered


def test_simulated_bodies_live_to_the_end_of_the_record(rows):
    whole = to_the_end(rows)
    assert (whole.groupby("body")["year"].max() == LAST).all()
    assert not whole.duplicated(["body", "year"]).any()
    assert whole.loc[whole["year"].eq(1942), "war"].eq(1).all()


def test_exits_of_founders_and_powers_are_estimated_with_their_errors(rows):
    found = exit_effects(rows)
    assert set(found["cause"]) == {"any", "dissolved", "replaced"}
    assert (found["s.e."] > 0).all()


@cache
def pairs():
    return founding_pairs(to=1985)


def test_founders_are_those_of_the_record():
    held = founders(to=1985)
    states = set(held[held["institution"] == "GCC"]["iso3"])
    assert states == {"ARE", "BHR", "KWT", "OMN", "QAT", "SAU"}
    rows = pairs()[(pairs()["body"] == "GCC") & (pairs()["seed"] == "SAU")]
    assert set(rows[rows["event"] == 1]["state"]) == states - {"SAU"}
    assert rows["weight"].eq(1 / 6).all()


def test_a_count_a_year_and_scores_of_later_bodies():
    count, held = yearly_count(to=1985), founders(to=1985)
    several = held.groupby("institution")["iso3"].size() >= 2
    assert count.yearly == pytest.approx(several.sum() / 16, rel=1e-3)
    score = score_later(pairs(), last=1979)
    assert 0 < score["with the leading state"] < score["bodies"]
    assert np.isfinite(score["log score"])


def test_the_lag_that_was_put_in_is_found():
    _, share = quota_rows()
    quota = past_share(np.log(0.08), share) ** 0.9
    found = quota_lag(quota / quota.sum(), share)
    assert np.exp(found.log_rate) == pytest.approx(0.08, rel=1e-3)
    assert found.compression == pytest.approx(0.9, rel=1e-3)
    assert found.misfit < 1e-6 < found.misfit_without_lag
    flat = np.tile(np.array([[0.25], [0.75]]), 30)
    np.testing.assert_allclose(past_share(np.log(0.08), flat), [0.25, 0.75])


def test_basic_votes_are_those_of_the_articles():
    assert basic_votes(table("quotas")) == pytest.approx(0.05502, abs=2e-4)


def test_reviews_moved_shares_in_eight_of_sixteen_and_later_ones_are_not_known_before():
    share, error, number = adoption(2023)
    assert (share, number) == (0.5, 16)
    assert error == pytest.approx(0.118, abs=1e-3)
    assert adoption(1998)[2] == 11
    assert adoption(1998)[0] == pytest.approx(7.5 / 12)
