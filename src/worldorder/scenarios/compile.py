"""From a scenario and a catalogue of names to the arrays that the compiled step reads.

When a lever takes effect:

- duties, aid and payments are averaged over each step by the days on which they are in force;
- notices, threats, recognitions and changes of leader happen in the step that contains their date;
- exits and accessions happen at the beginning of the step nearest to the day they take effect.

What a scenario inherits from before its start holds from the first step on. Acts that were over by
then are left out, and so is what comes after the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import jax
import numpy as np
from numpy.typing import NDArray

from worldorder.dynamics.levers import Levers
from worldorder.mechanisms.politics import EXECUTIVE, LEGISLATIVE
from worldorder.scenarios.bodies import body_entries
from worldorder.scenarios.catalogue import Catalogue
from worldorder.scenarios.dyads import dyad_entries
from worldorder.scenarios.entries import Entries, Padded, joined, padded, width_needed
from worldorder.scenarios.horizon import Horizon
from worldorder.scenarios.names import states, written_in
from worldorder.scenarios.policies import Rules, policies
from worldorder.scenarios.schema import Campaign, Election, LeaderChange, Scenario

CALLS = 4  # campaigns that a step holds


class Called(NamedTuple):
    """Campaigns by step and place in it; unused places have indices that no array has."""

    sender: NDArray[np.int32]
    target: NDArray[np.int32]
    intensity: NDArray[np.float32]
    pressure: NDArray[np.float32]


class Width(NamedTuple):
    """How many levers a step holds."""

    dyad: int
    body: int


@dataclass(frozen=True)
class Compiled:
    """What a run needs of a scenario."""

    horizon: Horizon
    levers: Levers
    leading_state: int  # index of the country


@dataclass(frozen=True)
class _Resolved:
    horizon: Horizon
    leading_state: int
    dyad: Entries
    body: Entries
    leader_change: NDArray[np.bool_]  # step x country
    election: NDArray[np.int32]  # step x country
    rules: Rules
    calls: Called  # step x call


def compile_scenario(
    scenario: Scenario, catalogue: Catalogue, width: Width | None = None
) -> Compiled:
    """Resolve the names and dates of a scenario.

    Raises:
        ScenarioError: an unknown name, an exit by a non-member, an accession of a member.
        ValueError: a step has more levers than `width` holds.
    """
    resolved = _resolve(scenario, catalogue)
    return _compiled(resolved, catalogue, width or _width([resolved]))


def compile_together(scenarios: Sequence[Scenario], catalogue: Catalogue) -> list[Compiled]:
    """Compile several scenarios to arrays of equal widths, so that one compiled step serves all."""
    resolved = [_resolve(scenario, catalogue) for scenario in scenarios]
    width = _width(resolved)
    return [_compiled(one, catalogue, width) for one in resolved]


def _width(resolved: Sequence[_Resolved]) -> Width:
    return Width(
        max(width_needed(one.dyad) for one in resolved),
        max(width_needed(one.body) for one in resolved),
    )


def _check_horizon(scenario: Scenario, catalogue: Catalogue) -> None:
    first, last, end = catalogue.first_day, catalogue.last_day, scenario.horizon.edges[-1]
    if first is not None and scenario.start != first:
        what = f"start is {scenario.start}, the world that is known is that of {first}"
        raise scenario.complaint("start", what, f"Leave start out, or write {first}.")
    if last is not None and scenario.until > last:
        what = f"until is {scenario.until}, growth is known until {last}"
        raise scenario.complaint("until", what, f"Write {last} or earlier.")
    if end != scenario.until or scenario.horizon.steps % scenario.steps_per_year:
        what = f"from {scenario.start} until {scenario.until} is not a whole number of years"
        next_year = scenario.start.replace(year=scenario.until.year + 1)
        raise scenario.complaint("until", what, f"Write {next_year}, for example.")


def _resolve(scenario: Scenario, catalogue: Catalogue) -> _Resolved:
    _check_horizon(scenario, catalogue)
    with written_in(scenario, "leading_state"):
        leading_state = catalogue.country(scenario.leading_state)
    return _Resolved(
        scenario.horizon,
        leading_state,
        joined(dyad_entries(scenario, catalogue)),
        joined(body_entries(scenario, catalogue)),
        _leader_changes(scenario, catalogue),
        _elections(scenario, catalogue),
        policies(scenario, catalogue),
        _calls(scenario, catalogue),
    )


def _leader_changes(scenario: Scenario, catalogue: Catalogue) -> NDArray[np.bool_]:
    horizon = scenario.horizon
    changed = np.zeros((horizon.steps, len(catalogue.entities.country)), bool)
    for lever in scenario.active_levers:
        if isinstance(lever, LeaderChange):
            step = horizon.step_of(lever.date)
            actors = list(states(lever, "actor", catalogue))
            if 0 <= step < horizon.steps:
                changed[step, actors] = True
    return changed


def _elections(scenario: Scenario, catalogue: Catalogue) -> NDArray[np.int32]:
    """Kind of election by step and state; of two in one step that of the executive counts."""
    horizon = scenario.horizon
    held = np.zeros((horizon.steps, len(catalogue.entities.country)), np.int32)
    for lever in scenario.active_levers:
        if isinstance(lever, Election):
            step, actors = horizon.step_of(lever.date), list(states(lever, "actor", catalogue))
            if 0 <= step < horizon.steps:
                kind = EXECUTIVE if lever.office == "executive" else LEGISLATIVE
                held[step, actors] = np.maximum(held[step, actors], kind)
    return held


def _calls(scenario: Scenario, catalogue: Catalogue) -> Called:
    """Campaigns by step, one a target: the largest actor recruits."""
    horizon, states_of = scenario.horizon, len(catalogue.entities.country)
    sender = np.full((horizon.steps, CALLS), states_of, np.int32)
    target, size = sender.copy(), np.zeros((2, horizon.steps, CALLS), np.float32)
    for lever in scenario.active_levers:
        step = horizon.step_of(lever.date) if isinstance(lever, Campaign) else -1
        if not isinstance(lever, Campaign) or not 0 <= step < horizon.steps:
            continue
        actors = np.array(states(lever, "actor", catalogue))
        largest = actors[np.argmax(np.nan_to_num(catalogue.economic_size[actors]))]
        for one in states(lever, "target", catalogue):
            free = int((sender[step] < states_of).sum())
            if free == CALLS:
                fix = "Name fewer targets, or spread the dates."
                raise lever.complaint("target", f"more than {CALLS} campaigns in a step", fix)
            sender[step, free], target[step, free] = largest, one
            size[:, step, free] = lever.intensity, lever.pressure
    return Called(sender, target, size[0], size[1])


def _ahead(election: NDArray[np.int32], steps_per_year: int) -> NDArray[np.float32]:
    """1 where an election falls in the year that begins with a step."""
    held = election > 0
    ahead = held.copy()
    for later in range(1, steps_per_year):
        ahead[:-later] |= held[later:]
    return ahead.astype(np.float32)


def _compiled(resolved: _Resolved, catalogue: Catalogue, width: Width) -> Compiled:
    countries, institutions = catalogue.membership.shape
    steps = resolved.horizon.steps
    dyad = padded(resolved.dyad, steps, width.dyad, (countries, countries))
    body = padded(resolved.body, steps, width.body, (countries, institutions))
    return Compiled(resolved.horizon, _levers(dyad, body, resolved), resolved.leading_state)


def _levers(dyad: Padded, body: Padded, resolved: _Resolved) -> Levers:
    ahead = _ahead(resolved.election, resolved.horizon.steps_per_year)
    calls = resolved.calls
    called = (calls.sender, calls.target, calls.intensity, calls.pressure)
    calendar = (resolved.leader_change, resolved.election, ahead, *resolved.rules)
    parts = (tuple(dyad), tuple(body), called, calendar)
    dyads, bodies, called, dates = jax.device_put(parts)  # singly is slow
    return Levers(*dyads, *bodies, *called, *dates)
