"""What moved a state in one run: terms that sum to the change, and what happened."""

import numpy as np
import pytest

from worldorder.dynamics.trace import STANCE_TERMS
from worldorder.errors import InputError
from worldorder.plots.trace import plot_trace
from worldorder.results.job import prepare
from worldorder.results.trace import _stance, trace, trace_table
from worldorder.scenarios import load_scenario


@pytest.fixture(scope="module")
def job():
    return prepare(load_scenario("withdrawal-2026", until=2028, steps_per_year=1), 2, 1)


@pytest.mark.parametrize("quantity", ["stance", "oppose", "ideal_point", "trust", "gdp"])
def test_terms_sum_to_the_change_of_the_run(job, quantity):
    found = trace(job, 1, "IDN", "USA", quantity)
    assert found.years.tolist() == [2025, 2026, 2027]
    summed = np.sum(list(found.terms.values()), axis=0)
    np.testing.assert_allclose(summed, np.diff(found.level), atol=2e-5)


def test_a_stance_is_followed_by_quarters_too():
    by_quarter = prepare(load_scenario("withdrawal-2026", until=2026), 2, 1)
    found = trace(by_quarter, 1, "MEX", "USA")
    assert len(found.level) > 4
    assert np.abs(found.level).min() > 0.1
    summed = np.sum(list(found.terms.values()), axis=0)
    np.testing.assert_allclose(summed, np.diff(found.level), atol=2e-5)


def test_what_happened_is_dated_and_sized(job):
    found = trace(job, 1, "MEX", "USA")
    left = [one for one in found.happenings if one.what == "United States leaves bodies"]
    assert sum(one.size for one in left) >= 66 * 0.9
    assert min(one.when for one in left) >= 2025
    assert any("changes tariffs on Mexico" in one.what for one in found.happenings)
    table = trace_table(found)
    assert set(table["kind"]) == {"level", "term", "happening"}
    assert len(plot_trace(found).axes) == 2


def test_a_term_that_swings_a_stance_gets_the_whole_swing():
    terms = np.zeros((2, 2, len(STANCE_TERMS)))
    terms[1, 0, 1], terms[1, 0, 2] = 6.0, 2.0
    chance = [np.exp(sum_) / (2.0 + np.exp(sum_)) for sum_ in (0.0, 8.0)]
    path = {"stance_terms": terms, "align": np.array(chance), "oppose": np.array([1, 0]) / 3.0}
    _, moved = _stance(path, "stance")
    sizes = [steps[0] for steps in moved.values()]
    assert sum(sizes) == pytest.approx(chance[1] - (1 - chance[1]) / 2, abs=1e-3)
    assert sizes[1] == pytest.approx(3 * sizes[2], rel=1e-6)


@pytest.mark.parametrize(
    ("run", "country", "toward", "quantity", "said"),
    [
        (9, "IDN", "USA", "stance", "no run 9"),
        (0, "IDN", "BRA", "stance", "not among the great powers"),
        (0, "USA", "USA", "stance", "toward itself"),
        (0, "IDN", "USA", "wealth", "cannot trace"),
    ],
)
def test_what_cannot_be_traced_is_said(job, run, country, toward, quantity, said):
    with pytest.raises(InputError, match=said):
        trace(job, run, country, toward, quantity)
