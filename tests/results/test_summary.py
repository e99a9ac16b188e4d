import json

import numpy as np
import pytest

from answers import REFERENCE, SCENARIO, small_pair
from worldorder.errors import ResultError
from worldorder.results.compare import (
    QUANTILES,
    band,
    compare,
    compared,
    first_clear_year,
    probability_above_zero,
    quantiles,
    reference_of,
)
from worldorder.results.summary import summarise, summary_json
from worldorder.results.threshold import working_capacity


@pytest.fixture(scope="module")
def job():
    return small_pair()


@pytest.fixture(scope="module")
def summary(job):
    return summarise(job[SCENARIO], job[REFERENCE], SCENARIO)


def paths(job, variable, year, entities):
    mark = year - 2025
    return [job[name][variable].values[:, mark][:, entities] for name in (SCENARIO, REFERENCE)]


def test_band_of_known_draws():
    """Quantiles of 0, 1, ..., 40 by linear interpolation: 40 q."""
    found = band(np.arange(41.0) - 8)
    assert (found.low_95, found.low_80, found.median) == pytest.approx((-7, -4, 12))
    assert (found.high_80, found.high_95) == pytest.approx((28, 31))
    assert found.probability_above_zero == pytest.approx(32 / 41)
    assert found.probability_below_zero == pytest.approx(8 / 41)
    assert not found.is_clear


def test_first_clear_year():
    difference = np.stack([np.linspace(-1, 1, 50), np.linspace(0.5, 1, 50)], axis=1)
    assert first_clear_year(difference, np.array([2030, 2031])) == 2031
    assert first_clear_year(difference[:, :1], np.array([2030])) is None


def test_compare_is_run_by_run(job):
    difference = compare(job[SCENARIO], job[REFERENCE])
    expected = job[SCENARIO]["capacity"] - job[REFERENCE]["capacity"]
    np.testing.assert_array_equal(difference["capacity"], expected)
    assert difference["capacity"].attrs["unit"] == "1"
    assert difference.attrs["compared_with"] == REFERENCE


def test_quantiles_and_probability(job):
    difference = compare(job[SCENARIO], job[REFERENCE])
    found = quantiles(difference)
    assert found["capacity"].dims == ("quantile", "time", "institution")
    expected = np.quantile(difference["capacity"].values, QUANTILES, axis=0)
    np.testing.assert_allclose(found["capacity"], expected)
    above = probability_above_zero(difference)
    assert float(above["capacity"].isel(time=-1, institution=0)) == 0
    assert np.isnan(above["trust_in_leading_state"].isel(time=-1, country=0))


@pytest.mark.parametrize("attr", ["seed", "runs", "steps_per_year", "leading_state"])
def test_pairs_of_another_job_are_refused(job, attr):
    other = job[REFERENCE].assign_attrs({attr: "other"})
    with pytest.raises(ResultError, match=attr):
        compare(job[SCENARIO], other)


@pytest.mark.parametrize("dim", ["run", "time", "country", "institution"])
def test_pairs_of_other_coordinates_are_refused(job, dim):
    other = job[REFERENCE].isel({dim: slice(None, -1)})
    with pytest.raises(ResultError, match=dim):
        compare(job[SCENARIO], other)


def test_reference_of_a_job(job):
    assert reference_of(job, SCENARIO) is job[REFERENCE]
    assert compared(job) == [SCENARIO]
    with pytest.raises(ResultError, match="withdrawl"):
        reference_of(job, "withdrawl")
    with pytest.raises(ResultError, match="lacks"):
        reference_of({SCENARIO: job[SCENARIO]}, SCENARIO)


@pytest.mark.parametrize("year", [2030, 2045])
def test_rows_equal_hand_computed_numbers(job, summary, year):
    """Trade of the allies: states 1 and 4; trust of all others: states 1 to 5."""
    ours, theirs = paths(job, "trade", year, [1, 4])
    row = summary.row("trade", "allies", year)
    assert row.reference == pytest.approx(np.median(theirs.sum(1)))
    assert row.unit == "bn USD/year"
    ours, theirs = paths(job, "trust_in_leading_state", year, [1, 2, 3, 4, 5])
    row = summary.row("trust_in_leading_state", "all other states", year)
    low, middle, high = np.quantile((ours - theirs).mean(1), [0.1, 0.5, 0.9])
    found = (row.difference.low_80, row.difference.median, row.difference.high_80)
    assert found == pytest.approx((low, middle, high), rel=1e-5)


def test_voting_distance_is_to_the_leading_state(job, summary):
    points = job[REFERENCE]["ideal_point"].values[:, 5]
    expected = np.median(np.abs(points[:, 1:] - points[:, :1]).mean(1))
    row = summary.row("voting_distance", "all other states", 2030)
    assert row.reference == pytest.approx(expected, rel=1e-6)


def test_bodies_below_working_capacity(job, summary):
    """The bodies in question are the first three of five; the count is theirs alone."""
    capacity = job[SCENARIO]["capacity"].values[:, 20, :3]
    threshold = working_capacity(job[SCENARIO])[:, None]
    row = summary.row("below_working_capacity", "bodies in question", 2045)
    assert row.scenario == np.median((capacity < threshold).sum(1))
    listed = {b.institution for b in summary.below_working_capacity if b.year == 2045}
    expected = {f"BODY{i}" for i in range(3) if (capacity < threshold)[:, i].mean() >= 0.1}
    assert listed == expected
    assert expected


def test_working_capacity_is_drawn_as_the_runs_drew_it(job):
    """Uniform over the range of the parameter, the same in both of a pair, fixed by a scenario."""
    drawn = working_capacity(job[SCENARIO])
    assert drawn.shape == (20,)
    assert len(set(drawn)) == 20
    assert (drawn >= 0.4).all()
    assert (drawn <= 0.6).all()
    np.testing.assert_array_equal(drawn, working_capacity(job[REFERENCE]))
    fixed = job[SCENARIO].assign_attrs(scenario="parameters: {funding.paralysis_threshold: 0.45}")
    np.testing.assert_array_equal(working_capacity(fixed), 0.45)


def test_threshold_is_an_argument(job):
    strict = summarise(job[SCENARIO], job[REFERENCE], threshold=0.01)
    assert strict.below_working_capacity == ()
    assert strict.row("below_working_capacity", "bodies in question", 2045).scenario == 0


def test_capacity_by_size_class(job, summary):
    ours, theirs = paths(job, "capacity", 2045, [0])
    row = summary.row("capacity", "bodies in question, large budget", 2045)
    assert (row.members, row.imputed) == (1, 0)
    assert row.difference.median == pytest.approx(np.median(ours - theirs), rel=1e-5)


def test_replacement_of_the_money(job, summary):
    ours, theirs = paths(job, "contribution_to_focus", 2030, slice(None))
    change = (ours - theirs).astype(float)
    found = summary.replacement[0]
    assert found.gap.median == pytest.approx(np.median(-change[:, 0]))
    filled = change[:, 1:].sum(1) / -change[:, 0]
    assert found.filled_share.median == pytest.approx(np.median(filled), rel=1e-5)
    rises = [donor.difference.median for donor in found.donors]
    assert rises == sorted(rises, reverse=True)


def test_missing_stays_missing(job):
    """A state without a value is left out of its group, not counted as zero."""
    holed = {name: one.copy(deep=True) for name, one in job.items()}
    for one in holed.values():
        one["trade"][:, :, 4] = np.nan
    row = summarise(holed[SCENARIO], holed[REFERENCE]).row("trade", "allies", 2030)
    _, theirs = paths(job, "trade", 2030, [1])
    assert row.members == 1
    assert row.reference == pytest.approx(np.median(theirs))


def test_no_change_has_no_clear_year(job):
    same = summarise(job[REFERENCE], job[REFERENCE])
    assert all(row.difference.median == 0 and row.clear_from is None for row in same.rows)
    assert same.replacement[0].filled_share is None
    assert same.replacement[0].donors == ()


def test_result_that_ends_early_is_summarised_at_its_end(job):
    short = {name: one.isel(time=slice(0, 4)) for name, one in job.items()}
    assert summarise(short[SCENARIO], short[REFERENCE]).years == (2028,)


def test_json_is_stable_and_has_units(job, summary):
    again = summarise(job[SCENARIO], job[REFERENCE], SCENARIO)
    assert summary_json(summary) == summary_json(again)
    content = json.loads(summary_json(summary))
    assert all(row["unit"] and row["year"] in (2030, 2045) for row in content["rows"])
    assert "NaN" not in summary_json(summary)
