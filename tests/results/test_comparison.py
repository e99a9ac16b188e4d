"""Several scenarios: orders by year, what changes and from when, what a state gets of each."""

import json

import numpy as np
import pytest
import xarray as xr

from answers import REFERENCE, SCENARIO, small_pair
from worldorder.errors import InputError, ResultError
from worldorder.plots import plot_order_paths, plot_order_probabilities, plot_relative_orders
from worldorder.results.comparison import compare_many, comparison_json, order_rows
from worldorder.results.decision import decision_table, dominance
from worldorder.results.order_record import RANKED, lower_share, order_record
from worldorder.results.orders import (
    LABELS,
    ORDERS,
    UNCLEAR,
    multilateral_probability,
    order_labels,
    order_probabilities,
    relative_indices,
)

EVEN = {"income": 1.0, "security": 1.0, "influence": 1.0}


def pair(**changed):
    results = small_pair()
    for name, value in changed.items():
        one = results[SCENARIO]
        results[SCENARIO] = one.assign({name: one[name] + value})
    return results


def moved(dataset, **changes):
    """Indices that change in every run after the first year."""
    later = xr.DataArray(np.arange(dataset.sizes["time"]) > 0, dims="time")
    values = {f"order_{name}": changes.get(name, 0.0) * later for name in ORDERS}
    flat = {name: 0.5 + 0 * dataset[name] + change for name, change in values.items()}
    return dataset.assign(flat)


def test_probabilities_of_orders_sum_to_one_and_follow_the_record():
    shares = order_probabilities(small_pair()[REFERENCE])
    np.testing.assert_allclose(shares.sum(axis=0), 1.0)
    assert shares[LABELS.index("hegemony"), 0] == 1.0  # as in 2024
    dataset = small_pair()[REFERENCE].assign_attrs(leading_state="USA")
    assert (order_labels(moved(dataset, coalition=0.4))[:, 1:] == LABELS.index("coalition")).all()
    fallen = moved(dataset, **dict.fromkeys(ORDERS, -0.4))
    assert (order_labels(fallen)[:, 1:] == LABELS.index(UNCLEAR)).all()


def test_a_run_starts_where_the_record_ends():
    dataset, record = small_pair()[REFERENCE].assign_attrs(leading_state="USA"), order_record()
    leader, last = record.before(2025)
    assert leader == "USA"
    for place, name in enumerate(RANKED):
        share = (record.index[name] < last[name]).mean()
        assert relative_indices(dataset)[place, :, 0] == pytest.approx(share, abs=0.01)


def test_the_coalition_against_another_leader_is_not_read_beside_the_record():
    relative = relative_indices(small_pair()[REFERENCE])  # led by AAA
    assert np.isnan(relative[RANKED.index("coalition")]).all()
    assert np.isfinite(relative[RANKED.index("hegemony")]).all()


def test_shares_below_keep_their_order_beyond_the_record():
    recorded = np.array([0.2, 0.4, 0.4, 0.6])
    assert lower_share(np.array([0.2, 0.4, 0.6]), recorded) == pytest.approx([0.125, 0.5, 0.875])
    low, high = lower_share(np.array([0.1, 0.7]), recorded)
    assert low < 0.125
    assert high > 0.875


def test_the_multilateral_order_stands_beside_the_others():
    dataset = moved(small_pair()[REFERENCE], multilateral=0.3)
    assert multilateral_probability(dataset)[1:] == pytest.approx(1.0)
    np.testing.assert_allclose(order_probabilities(dataset).sum(axis=0), 1.0)


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
    assert len(order_rows(found)) == 2 * len(found.years) * (len(LABELS) + 1)
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
    for plot in (plot_order_paths, plot_order_probabilities, plot_relative_orders):
        axes = plot(dataset, "Orders").axes[0]
        assert len(axes.get_legend().get_texts()) >= 4
        assert axes.get_title(loc="left") == "Orders"
