"""Votes before a campaign: only earlier ones on the same target count; level from order."""

import pandas as pd
import pytest

from worldorder.inference.campaign_samples import Evidence, past_support
from worldorder.inference.estimate_campaigns import area_under_curve, at_recorded_level

TITLE = "Situation of human rights in Belarus"


def evidence() -> Evidence:
    resolutions = pd.DataFrame(
        {
            "undl_id": [1, 2, 3, 4, 5],
            "date": ["2001-12-01", "2012-12-01", "2013-12-01", "2015-12-01", "2014-12-01"],
            "title": [TITLE] * 4 + ["Situation of human rights in Myanmar"],
            "recorded": 1,
        }
    )
    cast = {"USA": [1, 1, 1, 1, 1], "AAA": [1, 1, 0, 0, 1], "BBB": [1, -1, -1, 1, 1]}
    votes = pd.DataFrame(
        [(i + 1, state, float(v)) for state, vs in cast.items() for i, v in enumerate(vs)],
        columns=["undl_id", "iso3", "vote"],
    )
    return Evidence(["USA", "AAA", "BBB"], votes, resolutions, pd.DataFrame())


def test_past_votes_are_earlier_on_the_same_target_and_within_ten_years():
    found = past_support(evidence(), 4, "BLR")
    assert found["AAA"] == pytest.approx(0.5)
    assert found["BBB"] == 0.0


def test_the_first_resolution_on_a_target_has_no_past():
    assert past_support(evidence(), 5, "MMR").empty


def test_the_level_is_that_of_the_record_and_the_order_stays():
    expected = pd.Series([0.9, 0.2, 0.6, 0.1])
    rows = pd.DataFrame({"event": [1.0, 0.0, 1.0, 1.0]})
    level = at_recorded_level(expected, rows["event"])
    assert level.sum() == pytest.approx(3.0)
    assert area_under_curve(rows, pd.Series(level)) == area_under_curve(rows, expected)


def test_ties_count_one_half():
    rows = pd.DataFrame({"event": [1.0, 0.0, 1.0, 0.0]})
    assert area_under_curve(rows, pd.Series([0.5] * 4)) == 0.5
