"""Which lever, or which mechanism, an outcome is due to: Shapley values over switches.

The value of a set of switches is the outcome with those on, the others off. A switch's share is
the mean over all orders of joining of what it adds; the shares sum to the whole difference. Every
set is run with the same draws, so shares are known run by run.

Shapley, L. S. (1953). A value for n-person games. Contributions to the Theory of Games II.
Castro, J., Gomez, D. and Tejada, J. (2009). Polynomial calculation of the Shapley value based on
sampling. Computers & Operations Research 36(5), doi:10.1016/j.cor.2008.04.004.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from worldorder.data.evidence import load_catalogue
from worldorder.data.worlds import world_on
from worldorder.errors import InputError, did_you_mean
from worldorder.inference.claims.quantities import check_reading
from worldorder.inference.claims.schema import Reading
from worldorder.inference.claims.taking import key_of, run_readings
from worldorder.mechanisms.catalogue import CATALOGUE
from worldorder.results.compare import Band, Draws, band
from worldorder.results.job import Job, prepare_together
from worldorder.results.run import Progress
from worldorder.scenarios.loader import changed, reference_of
from worldorder.scenarios.schema import Scenario

Players: TypeAlias = frozenset[str]
EXACT_UP_TO = 5  # players of whom all sets are run


@dataclass(frozen=True)
class Share:
    """What one switch adds: mean over runs and orders, its standard error, and the runs' band.

    `sampled_error` is the part of the standard error that comes from orders not tried, 0 where all
    sets were run.
    """

    name: str
    mean: float
    standard_error: float
    sampled_error: float
    runs: Band


@dataclass(frozen=True)
class Causes:
    """Shares of a difference, the largest first, and the whole that they sum to."""

    reading: Reading
    year: int
    whole: Band
    shares: tuple[Share, ...]
    sets: int
    exact: bool


def players_of(scenario: Scenario, mechanisms: Sequence[str]) -> list[str]:
    """Switches of levers that tell a scenario from its reference, or the mechanisms asked for.

    Raises:
        InputError: an unknown mechanism, or nothing to attribute to.
    """
    if mechanisms:
        unknown = [name for name in mechanisms if name not in CATALOGUE]
        if unknown:
            near = did_you_mean(unknown[0], CATALOGUE)
            raise InputError(f"unknown mechanism {unknown[0]!r}", near)
        return list(dict.fromkeys(mechanisms))
    reference = reference_of(scenario)
    theirs = reference.switches if reference else {}
    found = [name for name, on in scenario.switches.items() if on != theirs.get(name, False)]
    if not found:
        raise InputError(
            f"{scenario.name} has no switch that its reference has not",
            "Name mechanisms with --mechanism, or give the levers a group.",
        )
    return found


def sets_to_run(players: Sequence[str], budget: int, seed: int) -> tuple[list[list[str]], bool]:
    """Orders of joining to try within a budget of sets, and whether they are all that matter.

    Up to five players all orders are taken, for all their sets are run. Beyond, orders are drawn in
    pairs, each with its reverse, until the budget of different sets is spent; one pair at least.
    """
    if len(players) <= EXACT_UP_TO:
        return [list(order) for order in itertools.permutations(players)], True
    draw = np.random.default_rng(seed)
    orders: list[list[str]] = []
    seen: set[Players] = set()
    while True:
        order = [str(name) for name in draw.permutation(np.asarray(players))]
        pair = [order, order[::-1]]
        more = seen | {one for each in pair for one in prefixes(each)}
        if orders and len(more) > budget:
            return orders, False
        orders, seen = orders + pair, more
        if len(orders) >= 2 * math.factorial(len(players)):
            return orders, True


def prefixes(order: Sequence[str]) -> list[Players]:
    """Sets that an order passes through, from none to all."""
    return [frozenset(order[:count]) for count in range(len(order) + 1)]


def shapley(orders: Sequence[Sequence[str]], value: Callable[[Players], Draws]) -> dict[str, Draws]:
    """What each player adds in each order, by run: arrays of shape (order, run)."""
    added: dict[str, list[Draws]] = {name: [] for name in orders[0]}
    for order in orders:
        worth = [value(one) for one in prefixes(order)]
        for place, name in enumerate(order):
            added[name].append(worth[place + 1] - worth[place])
    return {name: np.stack(each) for name, each in added.items()}


def cause_jobs(
    scenario: Scenario, players: Sequence[str], sets: Sequence[Players], runs: int, seed: int
) -> list[Job]:
    """One job for every set of players."""
    made = [
        _with(scenario, players, one).model_copy(update={"name": f"set-{place:03d}"})
        for place, one in enumerate(sets)
    ]
    return prepare_together(made, runs, seed, made[0], None)


def run_causes(
    scenario: Scenario,
    players: Sequence[str],
    orders: Sequence[Sequence[str]],
    exact: bool,
    reading: Reading,
    year: int,
    jobs_and_sets: tuple[Sequence[Job], Sequence[Players]],
    folder: Path | None,
    progress: Progress,
) -> Causes:
    """Shares of the difference of a reading between all players on and all off.

    Raises:
        InputError: a quantity, name or year that is not known.
    """
    jobs, sets = jobs_and_sets
    catalogue = load_catalogue(world_on(scenario.start))
    check_reading(reading, catalogue)
    if not scenario.start.year <= year <= scenario.until.year:
        raise InputError(f"{year} is outside {scenario.start.year} to {scenario.until.year}")
    key, mark = key_of(reading), year - scenario.start.year
    done = run_readings(
        jobs, {job.name: {key: reading} for job in jobs}, catalogue, folder, progress
    )
    worth = {
        one: done[job.name][key][:, mark].astype(np.float64)
        for one, job in zip(sets, jobs, strict=True)
    }
    added = shapley(orders, worth.__getitem__)
    shares = [_share(name, each, exact) for name, each in added.items()]
    whole = worth[frozenset(players)] - worth[frozenset()]
    ordered = tuple(sorted(shares, key=lambda share: -abs(share.mean)))
    return Causes(reading, year, band(whole), ordered, len(sets), exact)


def all_sets(orders: Sequence[Sequence[str]]) -> list[Players]:
    """Different sets that the orders pass through, none of the players first."""
    found = dict.fromkeys(one for order in orders for one in prefixes(order))
    return sorted(found, key=lambda one: (len(one), sorted(one)))


def _share(name: str, added: Draws, exact: bool) -> Share:
    by_run, by_order = added.mean(axis=0), added.mean(axis=1)
    over_runs = float(by_run.std(ddof=1) / np.sqrt(by_run.size)) if by_run.size > 1 else 0.0
    orders = by_order.size
    sampled = 0.0 if exact or orders < 2 else float(by_order.std(ddof=1) / np.sqrt(orders))
    return Share(
        name, float(by_run.mean()), float(np.hypot(over_runs, sampled)), sampled, band(by_run)
    )


def _with(scenario: Scenario, players: Sequence[str], on: Players) -> Scenario:
    mechanisms = {name: name in on for name in players if name in CATALOGUE}
    switches = {
        name: scenario.switches[name] if name in on else not scenario.switches[name]
        for name in players
        if name not in CATALOGUE
    }
    changes: Mapping[str, object] = {"mechanisms": mechanisms, "switches": switches}
    return changed(scenario, **{key: value for key, value in changes.items() if value})
