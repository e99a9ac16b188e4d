"""Shapley values in closed form, and the sets that are run for them."""

import itertools

import numpy as np
import pytest

from worldorder.errors import InputError
from worldorder.inference.causes import (
    all_sets,
    cause_jobs,
    players_of,
    prefixes,
    sets_to_run,
    shapley,
)
from worldorder.scenarios import load_scenario

RUNS = 3


def means(orders, worth):
    added = shapley(orders, lambda one: np.full(RUNS, float(worth(one))))
    return {name: each.mean() for name, each in added.items()}


def test_the_glove_game_gives_its_published_values():
    """One left glove, two right ones: 2/3, 1/6, 1/6 (Shapley and Shubik)."""
    orders, exact = sets_to_run(["left", "right1", "right2"], 64, 0)
    found = means(orders, lambda one: "left" in one and len(one) > 1)
    assert exact
    assert found["left"] == pytest.approx(2 / 3)
    assert found["right1"] == pytest.approx(1 / 6)
    assert found["right2"] == pytest.approx(1 / 6)


def test_shares_sum_to_the_whole_and_equal_players_get_equal_shares():
    names = list("abcd")
    orders, _ = sets_to_run(names, 64, 0)
    worth = lambda one: len(one) ** 2 + ("a" in one)  # noqa: E731
    found = means(orders, worth)
    assert sum(found.values()) == pytest.approx(worth(frozenset(names)) - worth(frozenset()))
    assert found["b"] == pytest.approx(found["c"])
    assert found["a"] == pytest.approx(found["b"] + 1)


def test_a_budget_is_kept_and_what_adds_nothing_gets_nothing():
    names = list("abcdefgh")
    orders, exact = sets_to_run(names, 40, 1)
    assert not exact
    assert len(all_sets(orders)) <= 40
    assert orders[1] == orders[0][::-1]
    found = means(orders, lambda one: 3 * ("a" in one))
    assert found["a"] == pytest.approx(3)
    assert all(found[name] == 0 for name in names[1:])


def test_all_sets_of_few_players_are_run_once():
    orders, _ = sets_to_run(list("abc"), 1, 0)
    sets = all_sets(orders)
    assert len(sets) == 8
    assert sets[0] == frozenset()
    assert prefixes("ab") == [frozenset(), frozenset("a"), frozenset("ab")]
    wanted = {frozenset(s) for n in range(4) for s in itertools.combinations("abc", n)}
    assert set(sets) == wanted


def test_players_are_the_switches_that_differ_from_the_reference():
    scenario = load_scenario("liberation-day-2025-retaliation", until="2027-01-01")
    players = players_of(scenario, [])
    assert set(players) == {"us-tariffs-2025-26", "liberation-day", "reciprocal-retaliation"} - (
        {"us-tariffs-2025-26"}
        if not scenario.switches["us-tariffs-2025-26"]
        and not (scenario.reference and scenario.reference.switches.get("us-tariffs-2025-26", True))
        else set()
    )
    jobs = cause_jobs(scenario, players, [frozenset(), frozenset(players)], 2, 1)
    off, on = (job.scenario.switches for job in jobs)
    assert all(on[name] == scenario.switches[name] != off[name] for name in players)


def test_what_cannot_be_attributed_says_why():
    with pytest.raises(InputError, match="no switch"):
        players_of(load_scenario("baseline").model_copy(update={"name": "same"}), [])
    with pytest.raises(InputError, match="unknown mechanism 'trad'"):
        players_of(load_scenario("baseline"), ["trad"])
