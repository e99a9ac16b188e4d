"""Multilateral pacts read off the ties: who founds, joins, leaves and ends one.

The record has ties between states and no treaties. A group of states all tied to each other is
taken to be one body: 4 or more founded together in a year, or a state that becomes tied to at
least 4 in 5 of the members of a body in one year and so joins it. A member that keeps ties to
fewer than half of the other members has left; a body with fewer than 3 members has ended. Ties
that begin outside all this are bilateral.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]

FOUNDERS = 4  # least number of states that found a body together
JOINS = 0.8  # least share of the members to whom one that joins becomes tied
STAYS = 0.5  # least share of the other members to whom a member is tied
ENDS = 3  # with fewer members a body has ended


@dataclass(frozen=True)
class Body:
    """A multilateral pact."""

    founded: int
    members: Flags
    since: NDArray[np.int64]  # year in which each member joined, 0 for others


@dataclass(frozen=True)
class YearOfBodies:
    """What happened between one year and the next. Lists are by body of `before`."""

    year: int
    before: list[Body]
    joined: list[Flags]
    left: list[Flags]  # members who left a body that goes on
    ended: list[bool]
    founded: list[Flags]  # founders of each new body
    onset: Flags  # (state, state), symmetric, whatever the cause
    loss: Flags  # (state, state), symmetric, whatever the cause
    bilateral_onset: Flags  # (state, state), symmetric
    founding_onset: Flags  # (state, state), symmetric
    in_body: Flags  # (state, state), pairs that shared a body before


def history(ties: Callable[[int], Flags], years: range) -> Iterator[YearOfBodies]:
    """Follow the bodies through the years.

    Args:
        ties: symmetric ties of a year, (state, state).
        years: the first year gives the bodies to start with and has no record of its own.
    """
    old = ties(years[0])
    bodies = [_founded(years[0], group) for group in _foundings(old, old)]
    for year in years[1:]:
        new = ties(year)
        found, bodies = _year(year, bodies, old, new)
        yield found
        old = new


def _year(year: int, bodies: list[Body], old: Flags, new: Flags) -> tuple[YearOfBodies, list[Body]]:
    onset, loss = new & ~old, old & ~new
    joined = [_joining(body.members, old, new) for body in bodies]
    left = [_leaving(body.members, new) for body in bodies]
    ended = [int((b.members & ~gone).sum()) < ENDS for b, gone in zip(bodies, left, strict=True)]
    in_body = _pairs([body.members for body in bodies], len(old))
    explained = _pairs(
        [b.members | joins for b, joins in zip(bodies, joined, strict=True)], len(old)
    )
    groups = _foundings(onset & ~explained, new)
    founding = onset & ~explained & _pairs(groups, len(old))
    grown = [
        _renewed(body, joins, gone, year)
        for body, joins, gone, end in zip(bodies, joined, left, ended, strict=True)
        if not end
    ]
    found = YearOfBodies(
        year=year,
        before=bodies,
        joined=joined,
        left=[gone & ~end for gone, end in zip(left, ended, strict=True)],
        ended=ended,
        founded=groups,
        onset=onset,
        loss=loss,
        bilateral_onset=onset & ~explained & ~founding,
        founding_onset=founding,
        in_body=in_body,
    )
    standing = [*grown, *(_founded(year, group) for group in groups)]
    remains = _remains([b.members for b, end in zip(bodies, ended, strict=True) if end], new)
    standing += [_founded(year, group) for group in remains]
    return found, _without_absorbed(standing)


def _remains(ended: list[Flags], ties: Flags) -> list[Flags]:
    """Bodies within bodies that have ended: former members who are still all tied."""
    still = ties & _pairs(ended, len(ties))
    return _foundings(still, ties) if ended else []


def _founded(year: int, members: Flags) -> Body:
    return Body(year, members, np.where(members, year, 0))


def _renewed(body: Body, joined: Flags, left: Flags, year: int) -> Body:
    members = (body.members & ~left) | joined
    since = np.where(joined, year, body.since)
    return Body(body.founded, members, np.where(members, since, 0))


def _joining(members: Flags, old: Flags, new: Flags) -> Flags:
    size = members.sum()
    before, after = old[:, members].sum(axis=1), new[:, members].sum(axis=1)
    return ~members & (after >= JOINS * size) & (before < JOINS * size)


def _leaving(members: Flags, new: Flags) -> Flags:
    kept = new[:, members].sum(axis=1)
    return members & (kept < STAYS * (members.sum() - 1))


def _pairs(groups: list[Flags], states: int) -> Flags:
    """Pairs of different states that are together in some group."""
    together = np.zeros((states, states), bool)
    for group in groups:
        together |= np.outer(group, group)
    return together & ~np.eye(states, dtype=bool)


def _foundings(fresh: Flags, ties: Flags) -> list[Flags]:
    """Groups all tied to each other, each member with new ties to several others, big ones first.

    Greedy: from the state with most new ties, add the state that most of the rest are tied to.
    """
    fresh = fresh.copy()
    groups: list[Flags] = []
    for seed in np.argsort(-fresh.sum(axis=1), kind="stable"):
        group = _clique(int(seed), fresh, ties)
        if group.sum() >= FOUNDERS:
            groups.append(group)
            fresh &= ~np.outer(group, group)
    return groups


def _clique(seed: int, fresh: Flags, ties: Flags) -> Flags:
    group = np.zeros(len(ties), bool)
    group[seed] = True
    able = fresh[seed].copy()
    while able.any():
        most = np.where(able, ties[:, able].sum(axis=1), -1).argmax()
        group[most] = True
        able &= ties[most]
        able[most] = False
    few = group & (fresh[:, group].sum(axis=1) < FOUNDERS - 1)
    return group & ~few


def _without_absorbed(bodies: list[Body]) -> list[Body]:
    """Drop bodies all of whose members are in a larger one, or in an older one of the same size."""
    order = sorted(range(len(bodies)), key=lambda b: (-bodies[b].members.sum(), bodies[b].founded))
    kept: list[Body] = []
    for b in order:
        if not any((bodies[b].members <= other.members).all() for other in kept):
            kept.append(bodies[b])
    return kept
