"""Which alliance networks leave nobody open to attack and nobody wishing to change them?

After Jackson and Nei (2015, doi:10.1073/pnas.1520970112). A state is vulnerable when some state
and some of its allies, all of them gaining, are together stronger than the state and those of its
allies that stay with it. Without trade no network with an alliance in it is stable; the gains
from trading with allies can make one so.

Networks are symmetric 0 and 1 matrices without a diagonal. All kernels are for the host; they
look at every coalition, 2 to the power N of them at most, so they are for some 12 states, and at
every network for some 6.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

Network = Bool[np.ndarray, "state state"]
Coalitions = Bool[np.ndarray, "coalition state"]
Strength = Float[np.ndarray, " state"]
Trade = Float[np.ndarray, "state state"]


class Stakes(NamedTuple):
    """What alliances, trade and conquest are worth, all in one unit.

    `no_trade` gives the case of the paper without trade.
    """

    trade: Trade  # gain of the row from trading with the column as allies
    spoils: Strength  # what conquering each state is worth, shared equally by the conquerors
    war_cost: float  # cost of a war to each conqueror
    link_cost: float  # cost of each alliance to each ally
    congestion: float  # extra cost of each further alliance, per alliance a state already has


def no_trade(states: int) -> Stakes:
    """Stakes without trade: spoils above 0, alliances of the least cost, war free."""
    return Stakes(np.zeros((states, states)), np.ones(states), 0.0, 1e-9, 0.0)


class Vulnerability(NamedTuple):
    """An attack that would succeed, and in which every attacker gains."""

    victim: int
    leader: int  # the attacker of whom all others are allies
    attackers: tuple[int, ...]
    defenders: tuple[int, ...]


def link_gain(network: Network, stakes: Stakes) -> Trade:
    """Gain of the row from its alliance with the column, given the other alliances of the row."""
    others = network.sum(axis=1)[:, None] - network
    return stakes.trade - stakes.link_cost - stakes.congestion * others


def vulnerabilities(
    network: Network, strength: Strength, stakes: Stakes, advantage: float = 1.0
) -> Iterator[Vulnerability]:
    r"""Every attack that would succeed and pay.

    State *i* is vulnerable to *j* and a set *C* of *j* and allies of *j*, without *i*, where

    .. math:: \sum_{k \in C} M_k > \gamma \left( M_i + \sum_{k \in N_i \setminus C} M_k \right)

    and every member *k* of *C* gains: its share of the spoils exceeds the cost of war and, if *k*
    is allied with *i*, what it gains from that alliance.

    Args:
        network: alliances.
        strength: :math:`M`, military strength, at least 0.
        stakes: gains and costs.
        advantage: :math:`\gamma`, advantage of the defence, above 0; 1 for none.
    """
    willing = np.where(network, np.maximum(link_gain(network, stakes), 0.0), 0.0) + stakes.war_cost
    for victim in range(len(network)):
        for leader in range(len(network)):
            if leader != victim:
                yield from _attacks(
                    victim, leader, network, strength, stakes.spoils[victim], willing, advantage
                )


def _attacks(
    victim: int,
    leader: int,
    network: Network,
    strength: Strength,
    spoils: float,
    asked: Trade,
    advantage: float,
) -> Iterator[Vulnerability]:
    attackers = _coalitions(leader, np.flatnonzero(network[leader]), victim, len(network))
    defenders = network[victim] & ~attackers
    defenders[:, victim] = True
    wins = attackers @ strength > advantage * (defenders @ strength)
    share = spoils / attackers.sum(axis=1)
    pays = ((share[:, None] > asked[:, victim]) | ~attackers).all(axis=1)
    for attack in np.flatnonzero(wins & pays):
        yield Vulnerability(
            victim, leader, _members(attackers[attack]), _members(defenders[attack])
        )


def _coalitions(
    leader: int, allies: Int[np.ndarray, " ally"], victim: int, states: int
) -> Coalitions:
    """Every set of the leader and some of its allies without the victim, largest first."""
    able = allies[allies != victim]
    choice = np.arange(2 ** len(able))[::-1, None] >> np.arange(len(able)) & 1
    chosen = np.zeros((len(choice), states), bool)
    chosen[:, able] = choice.astype(bool)
    chosen[:, leader] = True
    return chosen


def _members(row: Bool[np.ndarray, " state"]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.flatnonzero(row))


def is_vulnerable(
    network: Network, strength: Strength, stakes: Stakes, advantage: float = 1.0
) -> Bool[np.ndarray, " state"]:
    """Whether each state is vulnerable, see `vulnerabilities`."""
    found = np.zeros(len(network), bool)
    for attack in vulnerabilities(network, strength, stakes, advantage):
        found[attack.victim] = True
    return found


class Instability(NamedTuple):
    """Why a network does not stand."""

    reason: str  # "vulnerable", "added link opens an attack", "both gain a link", "drops a link"
    states: tuple[int, ...]


def instabilities(
    network: Network, strength: Strength, stakes: Stakes, advantage: float = 1.0
) -> Iterator[Instability]:
    """Every reason why a network is not war stable; none where it is.

    A network is war stable where no state is vulnerable; no pair that is not allied could make
    someone vulnerable by allying, nor would both gain by it; and no state gains by dropping an
    alliance without becoming vulnerable.
    """
    for state in np.flatnonzero(is_vulnerable(network, strength, stakes, advantage)):
        yield Instability("vulnerable", (int(state),))
    gain = link_gain(network, stakes)
    for a, b in combinations(range(len(network)), 2):
        changed = network.copy()
        changed[a, b] = changed[b, a] = not network[a, b]
        open_to_attack = is_vulnerable(changed, strength, stakes, advantage)
        if network[a, b]:
            for one, other in ((a, b), (b, a)):
                if gain[one, other] < 0 and not open_to_attack[one]:
                    yield Instability("drops a link", (one, other))
        elif open_to_attack.any():
            yield Instability("added link opens an attack", (a, b))
        elif (gain[a, b] > 0 and gain[b, a] >= 0) or (gain[a, b] >= 0 and gain[b, a] > 0):
            yield Instability("both gain a link", (a, b))


def is_war_stable(
    network: Network, strength: Strength, stakes: Stakes, advantage: float = 1.0
) -> bool:
    """Whether a network is war stable, see `instabilities`."""
    return next(instabilities(network, strength, stakes, advantage), None) is None


def all_networks(states: int) -> Iterator[Network]:
    """Every network on the states: 1,024 for 5 and 32,768 for 6."""
    pairs = np.array(list(combinations(range(states), 2)))
    for code in range(2 ** len(pairs)):
        network = np.zeros((states, states), bool)
        linked = pairs[(code >> np.arange(len(pairs)) & 1).astype(bool)]
        network[linked[:, 0], linked[:, 1]] = network[linked[:, 1], linked[:, 0]] = True
        yield network


def war_stable_networks(
    strength: Strength, stakes: Stakes, advantage: float = 1.0
) -> list[Network]:
    """Every war-stable network, found by looking at all of them."""
    return [
        network
        for network in all_networks(len(strength))
        if is_war_stable(network, strength, stakes, advantage)
    ]
