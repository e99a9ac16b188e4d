"""Several scenarios: orders by year, what changes and from when, what a state gets of each."""

import json

import numpy as np
import pytest

from answers import REFERENCE, SCENARIO, small_pair
from worldorder.errors import InputError, ResultError
from worldorder.plots import plot_order_paths, plot_order_probabilities
from worldorder.results.comparison import compare_many, comparison_json, order_rows
from worldorder.results.decision import decision_table, dominance
from worldorder.results.orders import LABELS, order_labels, order_probabilities

EVEN = {"income": 1.0, "security": 1.0, "influence": 1.0}


def pair(**changed):
    results = small_pair()
    for name, value in changed.items():
        one = results[SCENARIO]
        results[SCENARIO] = one.assign({name: one[name] + value})
    return results


def test_probabilities_of_orders_sum_to_one_and_follow_the_highest_index():
    dataset = small_pair()[REFERENCE]
    shares = order_probabilities(dataset)
    np.testing.assert_allclose(shares.sum(axis=0), 1.0)
    assert shares[LABELS.index("hegemony"), 0] == 1.0
    low = dataset.assign(
        {f"order_{name}": 0.3 + 0 * dataset[f"order_{name}"] for name in LABELS[:5]}
    )
    assert (order_labels(low) == len(LABELS) - 1).all()


def test_a_result_without_indices_is_refused_with_a_reason():
    with pytest.raises(ResultError, match="no index of hegemony"):
        order_probabilities(small_pair()[REFERENCE].drop_vars("order_hegemony"))


def test_comparison_says_what_differs_and_from_when():
    found = compare_many(small_pair(), REFERENCE, "AAA", EVEN)
    lines = {(line.measure, line.year): line for line in found.lines}
    hegemony = lines["Hegemony", 2045]
    assert hegemony.difference.median == pytest.approx(-0.3, abs=0.02)
    assert hegemony.clear_from == 2027
    assert lines["Fragmentation", 2045].clear_from is None
    assert len(order_rows(found)) == 2 * len(found.years) * len(LABELS)
    assert json.loads(comparison_json(found))["reference"] == REFERENCE


def test_a_decision_follows_the_weights():
    results = pair(security=0.1)
    influence = decision_table(results, "AAA", {"influence": 1.0}, REFERENCE)
    security = decision_table(results, "AAA", {"security": 1.0}, REFERENCE)
    assert influence[0].scenario == REFERENCE
    assert security[0].scenario == SCENARIO
    assert security[0].best == 1.0
    assert security[0].regret == 0.0
    assert security[0].differences["security"].median == pytest.approx(10, abs=1e-3)
    assert security[1].regret > 0


def test_dominance_in_every_run_and_in_distribution():
    results = pair(security=0.1)
    assert dominance(results, "AAA", {"security": 1.0}) == [(SCENARIO, REFERENCE, "in every run")]
    assert dominance(results, "AAA", EVEN) == []
    one = results[SCENARIO]
    mixed = one.assign(security=one["security"].copy(data=one["security"].values[::-1]))
    found = dominance({**results, SCENARIO: mixed}, "AAA", {"security": 1.0})
    assert found == [(SCENARIO, REFERENCE, "in distribution")]


@pytest.mark.parametrize(
    ("state", "weights", "said"),
    [
        ("AAA", {"income": 0.0}, "all weights are zero"),
        ("AAA", {"income": -1.0}, "below zero"),
        ("AAA", {"wealth": 1.0}, "unknown objective"),
        ("ZZZ", EVEN, "unknown state"),
    ],
)
def test_a_decision_that_cannot_be_made_says_why(state, weights, said):
    with pytest.raises(InputError, match=said):
        decision_table(small_pair(), state, weights, REFERENCE)


def test_order_figures_name_every_order():
    dataset = small_pair()[REFERENCE]
    for plot in (plot_order_paths, plot_order_probabilities):
        axes = plot(dataset, "Orders").axes[0]
        assert len(axes.get_legend().get_texts()) >= 5
        assert axes.get_title(loc="left") == "Orders"
