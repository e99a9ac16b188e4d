"""The record of the great powers, and regressions that find what was put in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from worldorder.inference.dyadic_regression import average_precision, fit, scores
from worldorder.inference.estimate_war import continuation, levels, two_way

RAW = Path(__file__).parents[3] / "shared" / "data" / "raw"


@pytest.mark.skipif(not RAW.is_dir(), reason="needs the publishers' files of the Correlates of War")
def test_concert_of_europe_counts():
    """War was rare and disputes not rarer: model.md 3.10. The Crimean dispute began in 1853."""
    from worldorder.inference.dispute_samples import great_power_record
    from worldorder.inference.estimate_war import concert_contrast
    from worldorder.inference.state_record import read_state_record

    record = read_state_record(RAW)
    periods = [(1816, 1853), (1854, 1871), (1872, 1913), (1914, 1945)]
    found = great_power_record(record, periods)
    assert found["pair_years"].tolist() == [380, 240, 856, 614]
    assert found["onset_rate"].round(3).tolist() == [0.053, 0.071, 0.044, 0.132]
    assert found["onset_rows"].iloc[0] == 20
    assert found["onset_rows_without_war"].iloc[0] == 16
    assert found["war_pairs"].tolist() == [2, 6, 1, 31]  # docs/mechanisms/disputes.md
    contrast = concert_contrast(record)
    onset, war = contrast["onset"], contrast["war"]
    assert (
        abs(onset.value) < 2 * onset.standard_error
    )  # disputes were not rarer, as far as one sees
    assert war.value < -1.96 * war.standard_error  # wars were


def test_levels_and_what_goes_on():
    rows = pd.DataFrame(
        {
            "dispnum": [1, 1, 2, 3], "ccode1": [2, 2, 2, 20], "ccode2": [20, 20, 200, 200],
            "year": [2000, 2001, 2000, 2000], "hostlev1": [5, 5, 4, 3], "hostlev2": [5, 5, 5, 1],
        }
    )  # fmt: skip
    assert levels(rows)["level"].tolist() == [3, 3, 2, 1]
    table = continuation(rows, 2000, 2002)
    assert table.loc["war", "mean"] == 0.5
    assert table.loc["force", "mean"] == 0.0


def test_fixed_effects_are_taken_out():
    draw = np.random.default_rng(0)
    one, other = np.divmod(np.arange(600), 20)
    x = draw.normal(size=600)
    y = 2.0 * x + draw.normal(size=30)[one] + draw.normal(size=20)[other]
    y = y + draw.normal(0, 0.1, 600)
    found, error = two_way(y, x[:, None], one, other, one)
    assert found[0] == pytest.approx(2.0, abs=4 * error[0])
    assert error[0] < 0.02


@pytest.mark.parametrize("link", ["hazard", "logit"])
def test_dyadic_regression_finds_what_was_put_in(link):
    draw = np.random.default_rng(1)
    a, b = np.triu_indices(60, 1)
    rows = pd.DataFrame({"year": 2000, "a": np.tile(a, 6), "b": np.tile(b, 6)})
    rows["x"] = draw.normal(size=len(rows))
    index = -2.0 + 0.8 * rows["x"]
    chance = -np.expm1(-np.exp(index)) if link == "hazard" else 1 / (1 + np.exp(-index))
    rows["event"] = (draw.random(len(rows)) < chance).astype(float)
    found = fit(rows, "event", ("x",), link=link)
    assert np.abs((found.coefficient - [-2.0, 0.8]) / found.standard_error).max() < 3


def test_scores_of_a_perfect_and_of_an_idle_forecast():
    happened = np.array([1.0, 0.0, 0.0, 1.0])
    assert average_precision(happened, happened) == 1.0
    assert average_precision(happened, np.full(4, 0.5)) == 0.5
    assert np.isnan(average_precision(np.zeros(4), happened))
    assert scores(happened, np.full(4, 0.5))["Brier x 1000"] == 250.0
