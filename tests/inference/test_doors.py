"""Doors of estimators: what was shipped comes out, and nothing later than the year goes in."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from worldorder.data.panel import table
from worldorder.inference.alliance_samples import samples
from worldorder.inference.door import alliances, politics
from worldorder.inference.door.contrast import log_contrast
from worldorder.inference.door.estimates import Found, Sources, estimates_of
from worldorder.inference.door.record import positions, record_known
from worldorder.parameters.loader import load_parameters

RAW = Path(__file__).parents[3] / "shared" / "data" / "raw"
needs_raw = pytest.mark.skipif(not RAW.is_dir(), reason="needs the publishers' files")


def assert_shipped(found, tolerance=0.011):
    """Values of the file within a hundredth, which is how they are written."""
    shipped = load_parameters()[found.mechanism]
    for name, one in found.parameters.items():
        if one.status == "estimated":
            assert one.value == pytest.approx(shipped[name].value, abs=tolerance), name


@pytest.fixture(scope="module")
def record_of_2004():
    return record_known(Sources(2004, RAW))


@needs_raw
def test_the_door_gives_the_shipped_hazards_of_pacts():
    assert_shipped(alliances.estimate(Sources(2024, RAW)))


@needs_raw
def test_the_door_gives_the_shipped_hazard_of_turnover():
    found = politics.estimate(Sources(2024, RAW))
    assert_shipped(found)
    assert found.covariance[0, 1] < 0  # level and slope trade off


@needs_raw
def test_a_record_knows_nothing_later_than_its_year(record_of_2004):
    record, after = record_of_2004, record_of_2004.year(2005)
    for field in (record.power, record.regime, record.ideal_point):
        assert np.isnan(field[after:]).all()
        assert np.isfinite(field[after - 1]).any()
    assert record.dispute_years()["year"].max() == 2004
    assert not record.ties("defence", 2005).any()
    held = samples(record, "defence", range(2000, 2005))
    assert held.pairs["year"].max() == 2004
    assert alliances.of_samples(held, 2004).parameters["exit_hazard"].sample == (1946, 2004)


@needs_raw
def test_positions_of_later_votes_move_none_that_were_known(record_of_2004):
    def planted(name):
        frame = table(name)
        late = frame["origin"].astype(int) > 2004
        return frame.assign(ideal_point=frame["ideal_point"].where(~late, 77.0))

    before, after = (positions(record_of_2004, 2006, read) for read in (table, planted))
    np.testing.assert_array_equal(before, after)


def test_a_contrast_counts_half_an_event_where_there_is_none():
    rows = pd.DataFrame({"year": [1980] * 10 + [2000] * 20, "onset": [1] * 4 + [0] * 26})
    contrast, events = log_contrast(rows, "onset", 1990)
    assert events == 0
    assert contrast == pytest.approx(np.log((0.5 / 20) / (4.5 / 10)))


def test_what_was_estimated_together_says_how_it_is_correlated():
    found = {
        "shock_sd": Found(0.03, 0.1, (1990, 2004), "a record of nobody"),
        "shock_size_slope": Found(-0.1, 0.02, (1990, 2004), "a record of nobody"),
    }
    covariance = np.array([[0.04, 0.001], [0.001, 0.0004]])  # errors .2 and .02, correlation .25
    made = estimates_of("growth", found, 9, covariance, tuple(found))
    assert made.parameters["shock_size_slope"].correlation == {"shock_sd": 0.25}
    assert np.sqrt(np.diag(made.covariance)) == pytest.approx([0.1, 0.02])  # those handed over
