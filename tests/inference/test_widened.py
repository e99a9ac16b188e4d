"""Bands of runs widened by what hindcasts asked for."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from answers import REFERENCE, small_pair
from worldorder.errors import ResultError
from worldorder.inference.widened import MEASURED_BY, SCALES, factors_at, widened, widening_factors

PUBLISHED = Path(__file__).parents[2] / "docs" / "validation" / "widening.csv"
FACTORS = pd.DataFrame(
    {"target": ["gdp", "gdp", "favourability"], "horizon": [5, 10, 5], "factor": [1.5, 2.0, 3.0]}
)


def test_the_shipped_factors_are_those_of_the_published_hindcast():
    pd.testing.assert_frame_equal(widening_factors(), pd.read_csv(PUBLISHED))
    assert (widening_factors()["factor"] >= 1).all()
    assert set(widening_factors()["target"]) >= {"gdp", "ideal_point", "capability_share"}
    assert {scale for _, scale in MEASURED_BY.values()} <= set(SCALES)


def test_factors_are_read_off_between_horizons_and_held_outside():
    found = factors_at("gdp", np.array([1.0, 5.0, 7.5, 30.0]), FACTORS)
    assert found == pytest.approx([1.5, 1.5, 1.75, 2.0])
    with pytest.raises(ResultError, match="no hindcast"):
        factors_at("dispute", np.array([1.0]), FACTORS)


def test_departures_from_the_median_grow_by_the_factor_on_the_scale_that_was_scored():
    before = small_pair()[REFERENCE]
    after = widened(before, FACTORS)
    gdp = [np.log(one["gdp"].values.astype(float)) for one in (before, after)]
    gone = [values[:, 10] - np.median(values[:, 10], axis=0) for values in gdp]
    assert gone[1] == pytest.approx(2.0 * gone[0], rel=1e-3, abs=1e-6)
    trust = after["trust_in_leading_state"].values
    assert np.nanmin(trust) > 0
    assert np.nanmax(trust) < 1
    np.testing.assert_array_equal(
        np.isnan(trust), np.isnan(before["trust_in_leading_state"].values)
    )
    assert "widened_by" in after["gdp"].attrs
    np.testing.assert_array_equal(after["ideal_point"], before["ideal_point"])
    np.testing.assert_array_equal(after["gdp"].values[:, 0], before["gdp"].values[:, 0])
