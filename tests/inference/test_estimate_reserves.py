"""Forecasts of currencies use the mechanism's kernels: still where nothing moves, and drifting."""

import numpy as np
import pandas as pd
import pytest

from worldorder.inference.estimate_reserves import Estimates, forecast, swap_coverage


@pytest.fixture
def odds() -> pd.DataFrame:
    return pd.DataFrame({"EUR": [-1.0], "other": [-2.0]}, index=pd.Index([2009]))


def found(drift: float, noise: float) -> Estimates:
    return Estimates(0.04, 0.0, 0.6, drift, 0.0, noise, np.array([noise, noise]))


def test_without_chance_and_drift_shares_stand_still(odds):
    paths, names = forecast(odds, found(0.0, 0.0), 2009, 3)
    start = np.exp([0.0, -1.0, -2.0])
    assert names == ["USD", "EUR", "other"]
    np.testing.assert_allclose(paths, np.broadcast_to(start / start.sum(), paths.shape), rtol=1e-4)


def test_drift_raises_the_other_currencies_only(odds):
    paths, _ = forecast(odds, found(0.1, 0.0), 2009, 3)
    ratio = paths[:, :, 2] / paths[:, :, 0]
    assert (np.diff(ratio, axis=1) > 0).all()
    np.testing.assert_allclose(paths[:, :, 1] / paths[:, :, 0], np.exp(-1.0), rtol=1e-4)


def test_swap_lines_are_read_against_those_of_the_dollar():
    lines = swap_coverage(pd.Index([2000, 2009, 2013]))
    assert (lines.loc[2000] == 0).all()
    assert (lines.loc[2009, ["JPY", "GBP"]] < -0.1).all()  # the dollar's lines of the crisis
    assert lines.loc[2013, "CNY"] > lines.loc[2013, "JPY"]
