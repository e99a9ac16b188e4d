"""Doors of estimators: what was shipped comes out, and nothing later than the year goes in."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from worldorder.data.panel import table
from worldorder.data.start import load_start
from worldorder.inference.alliance_dependence import trading_rows
from worldorder.inference.alliance_samples import samples
from worldorder.inference.door import alliances, campaigns, disputes, politics, stance, trade, trust
from worldorder.inference.door.contrast import log_contrast
from worldorder.inference.door.estimates import Found, Sources, estimates_of, with_errors
from worldorder.inference.door.measures import raised_by
from worldorder.inference.door.points import points_known
from worldorder.inference.door.record import positions, record_known
from worldorder.inference.estimate_stance import COVARIATES, fit_response
from worldorder.inference.founding_record import founding_pairs
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
    trading = trading_rows(record, 2004)
    assert trading["year"].max() == 2004
    found = alliances.of_samples(held, trading, 2004).parameters
    assert found["exit_hazard"].sample == (1946, 2004)


@needs_raw
def test_positions_of_later_votes_move_none_that_were_known(record_of_2004):
    def planted(name):
        frame = table(name)
        late = frame["origin"].astype(int) > 2004
        return frame.assign(ideal_point=frame["ideal_point"].where(~late, 77.0))

    before, after = (
        positions(record_of_2004, Sources(2006, RAW, read)) for read in (table, planted)
    )
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


def test_an_error_beyond_the_covariance_is_independent_of_the_rest():
    variance = np.array([[0.01, 0.008], [0.008, 0.01]])
    wider = with_errors(variance, np.array([0.2, 0.1]))
    np.testing.assert_allclose(wider, [[0.04, 0.008], [0.008, 0.01]])
    negative = np.array([[1.0, 2.0], [2.0, 1.0]])  # no covariance: a root of -1
    assert np.linalg.eigvalsh(with_errors(negative, np.ones(2))).min() > -1e-12


@needs_raw
def test_the_doors_of_campaigns_and_of_the_length_of_disputes_give_what_was_shipped():
    assert_shipped(campaigns.estimate(Sources(2024, RAW)), 0.006)
    record = record_known(Sources(2024, RAW))
    shipped = load_parameters()["disputes"]
    for name, one in disputes.durations_and_costs(record, 2014, 2016).items():
        assert one.value == pytest.approx(shipped[name].value, abs=0.03), name


def test_cases_are_known_to_a_year_and_open_ones_stay_open():
    cases = pd.DataFrame({"begin": [1990, 2000, 2006], "end": [1995, np.nan, 2008]})
    cases = cases.assign(observed_until=[1995, 2023, 2008])
    held = campaigns.known(cases, 2004)
    assert held["begin"].tolist() == [1990, 2000]
    assert held["observed_until"].tolist() == [1995, 2004]
    closed = campaigns.known(cases, 2007)
    assert np.isnan(closed["end"].iloc[2])


def test_stances_are_drawn_with_the_covariance_of_both_answers():
    draw = np.random.default_rng(0)
    rows = pd.DataFrame({name: draw.normal(size=600) for name in COVARIATES})
    rows = rows.assign(stance=draw.integers(0, 3, 600), a=draw.integers(0, 30, 600), b=1)
    made = stance.of_response(fit_response(rows), (1963, 2004))
    assert made.names[0] == "align_constant"
    assert made.names[9] == "oppose_constant"
    correlated = made.parameters["oppose_affinity_gap"].correlation
    assert correlated["align_affinity_gap"] > 0.1  # hedging is the base of both


def test_founders_meet_by_positions_that_know_no_later_vote():
    def planted(name):
        frame = table(name)
        if name != "ideal_points_by_origin":
            return frame
        late = frame["origin"].astype(int) > 2004
        return frame.assign(ideal_point=frame["ideal_point"].where(~late, 77.0))

    before, after = (
        founding_pairs(read, 1975, points_known(Sources(2004, read=read)))
        for read in (table, planted)
    )
    pd.testing.assert_frame_equal(before, after)
    published = founding_pairs(table, 1975)  # which know later votes
    assert not np.allclose(published["divergence"].mean(), before["divergence"].mean())


def test_the_constant_of_disputes_is_raised_to_the_onsets_that_the_estimate_expects():
    start, shipped = load_start(), load_parameters()
    found = {n: p.value for n, p in shipped["disputes"].items() if n.startswith("onset_")}
    found["onset_constant"] = -4.655  # as estimated
    assert raised_by(start, shipped, found, 24.9) == pytest.approx(0.34, abs=0.02)  # as shipped
    assert raised_by(start, shipped, found, 12.45) < 0


def test_publics_asked_about_one_state_do_not_tell_how_others_are_seen():
    found = trust.estimate(Sources(2004)).parameters
    assert "unsurveyed_image" not in found
    assert found["slow_spread"].sample_end <= 2004


def test_gravity_turns_coefficients_into_falls_and_leaves_out_short_records():
    assert trade.records(1999) == ["long"]
    assert trade.records(2008) == ["industries", "long"]
    index = ["agreement", "political_distance", "intensity", "war"]
    table = pd.DataFrame({"value": [0.1, -0.02, -0.5, -0.3], "s.e.": [0.1] * 4}, index=index)
    table.attrs["rows"] = 1000
    found = trade.of_tables({"long": table}, 2004).parameters
    assert found["sanction"].value == pytest.approx(0.5)
    assert found["political_distance"].sample == (1962, 2004)
    silent = table.copy()
    silent.loc["war", "s.e."] = np.nan  # too few pairs at war
    silent.attrs["rows"] = 10
    both = trade.of_tables({"long": table, "industries": silent}, 2009).parameters
    assert both["war"].value == pytest.approx(0.3)
    assert "war" not in trade.of_tables({"long": silent}, 1999).parameters
