"""War-stable networks: none with an alliance without trade, dense ones with trade."""

import numpy as np
import pytest

from worldorder.mechanisms import war_stability as war


def network(size, *links):
    linked = np.zeros((size, size), bool)
    for a, b in links:
        linked[a, b] = linked[b, a] = True
    return linked


def trade_of(size, value, spoils=1.0):
    return war.Stakes(np.full((size, size), value), np.full(size, spoils), 0.0, 0.01, 0.0)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("advantage", [1.0, 1.4, 2.0])
def test_without_trade_no_network_with_an_alliance_is_stable(seed, advantage):
    """Theorem 1 of Jackson and Nei, by looking at all networks of 3 and 4 states."""
    size = 3 + seed % 2
    strength = np.random.default_rng(seed).lognormal(0, 0.5, size)
    stable = war.war_stable_networks(strength, war.no_trade(size), advantage)
    assert all(not linked.any() for linked in stable)


def test_without_trade_no_network_of_five_equals_is_stable():
    assert war.war_stable_networks(np.ones(5), war.no_trade(5)) == []


def test_the_empty_network_stands_where_no_two_can_beat_one():
    stable = war.war_stable_networks(np.ones(4), war.no_trade(4), advantage=2.0)
    assert len(stable) == 1


def test_trade_makes_the_complete_network_stable():
    complete = ~np.eye(5, dtype=bool)
    assert war.is_war_stable(complete, np.ones(5), trade_of(5, 1.0))
    assert not war.is_war_stable(complete, np.ones(5), war.no_trade(5))


def test_more_trade_leaves_at_least_as_many_stable_networks():
    counts = [
        len(war.war_stable_networks(np.ones(4), trade_of(4, value))) for value in (0.0, 0.6, 1.2)
    ]
    assert counts[0] == 0 < counts[1] <= counts[2]


def test_a_weak_state_is_vulnerable_to_a_pair_of_allies():
    strength = np.array([1.0, 1.0, 1.5])
    linked = network(3, (0, 1))
    attacks = list(war.vulnerabilities(linked, strength, war.no_trade(3)))
    assert war.Vulnerability(2, 0, (0, 1), (2,)) in attacks
    assert not war.is_vulnerable(linked, strength, war.no_trade(3), advantage=1.5).any()


def test_an_ally_that_trades_does_not_attack():
    strength = np.array([3.0, 1.0, 1.0])
    linked = network(3, (0, 1))
    assert war.is_vulnerable(linked, strength, war.no_trade(3))[1]
    assert not war.is_vulnerable(linked, strength, trade_of(3, 2.0))[1]
    assert war.is_vulnerable(linked, strength, trade_of(3, 2.0))[2]


def test_relabelling_states_relabels_who_is_vulnerable():
    generator = np.random.default_rng(5)
    strength = generator.lognormal(0, 1, 6)
    upper = np.triu(generator.random((6, 6)) < 0.4, 1)
    linked, order = upper | upper.T, generator.permutation(6)
    one = war.is_vulnerable(linked, strength, war.no_trade(6))
    two = war.is_vulnerable(linked[np.ix_(order, order)], strength[order], war.no_trade(6))
    assert (one[order] == two).all()


def test_reasons_are_named():
    """In a triangle any two can beat the third; one pair of three threatens it and wants it too."""
    triangle = war.instabilities(~np.eye(3, dtype=bool), np.ones(3), trade_of(3, 0.0))
    assert [found.reason for found in triangle] == ["vulnerable"] * 3
    pair = war.instabilities(network(3, (0, 1)), np.ones(3), trade_of(3, 2.0))
    assert [(found.reason, found.states) for found in pair] == [
        ("vulnerable", (2,)),
        ("both gain a link", (0, 2)),
        ("both gain a link", (1, 2)),
    ]
