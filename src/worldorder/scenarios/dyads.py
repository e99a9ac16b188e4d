"""Levers between states: duties and aid as step averages, threats and recognitions as acts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from worldorder.dynamics.levers import DyadLever
from worldorder.scenarios.catalogue import Catalogue
from worldorder.scenarios.entries import Entries, entries
from worldorder.scenarios.names import customs_union, pairs, states, trading_pairs, written_in
from worldorder.scenarios.paths import Indices, Standing, Values, changes
from worldorder.scenarios.schema import (
    Aid,
    Campaign,
    Recognition,
    Sanction,
    Scenario,
    Tariff,
    TariffPath,
    Threat,
)
from worldorder.scenarios.security import security_entries


def dyad_entries(scenario: Scenario, catalogue: Catalogue) -> list[Entries]:
    """All levers between states, at most one of a kind for a dyad and step."""
    nothing = np.zeros_like(catalogue.sanction)
    return [
        *_standing_entries(DyadLever.TARIFF, duties(scenario, catalogue), scenario, nothing),
        *_standing_entries(DyadLever.AID, aid(scenario, catalogue), scenario, nothing),
        *_standing_entries(
            DyadLever.SANCTION, sanctions(scenario, catalogue), scenario, catalogue.sanction
        ),
        *security_entries(scenario, catalogue),
        *_act_entries(scenario, catalogue),
    ]


def duties(scenario: Scenario, catalogue: Catalogue) -> list[Standing]:
    """Duties in order of precedence: of two in force at once, the later in the list counts."""
    found: list[Standing] = []
    for lever in scenario.active_levers:
        if isinstance(lever, Tariff):
            found += _tariff(lever, catalogue)
        elif isinstance(lever, TariffPath):
            found += _tariff_path(lever, catalogue)
    return found


def aid(scenario: Scenario, catalogue: Catalogue) -> list[Standing]:
    """Aid, which adds up."""
    levers = [lever for lever in scenario.active_levers if isinstance(lever, Aid)]
    return [_aid(lever, catalogue) for lever in levers]


def sanctions(scenario: Scenario, catalogue: Catalogue) -> list[Standing]:
    """Sanctions in order of precedence: of two in force at once, the later in the list counts."""
    found: list[Standing] = []
    for lever in scenario.active_levers:
        if isinstance(lever, Sanction | Campaign):
            rows, columns = pairs(lever, catalogue)
            rule = "raise" if isinstance(lever, Campaign) else "set"
            found.append(Standing(lever.date, lever.until, rows, columns, lever.intensity, rule))
    return found


def _standing_entries(
    kind: DyadLever, standings: list[Standing], scenario: Scenario, initial: Values
) -> Iterator[Entries]:
    for change in changes(standings, scenario.horizon, initial):
        yield entries(change.step, kind, change.row, change.column, change.new)


def _tariff(lever: Tariff, catalogue: Catalogue) -> list[Standing]:
    rows, columns = trading_pairs(lever, catalogue)
    rule = "set" if lever.rise is None else "add"
    value = (lever.rise if lever.rise is not None else lever.rate or 0.0) * (1 - lever.exemptions)
    duty = Standing(lever.date, lever.until, rows, columns, value, rule)
    return [duty] if lever.retaliation == "none" else [duty, *_answers(duty, catalogue)]


def _answers(duty: Standing, catalogue: Catalogue) -> list[Standing]:
    """The same by each state that is hit; a customs union hit in some members answers as one.

    All its members then impose the mean duty that they meet, weighted by the size of economies.
    """
    inside, size = customs_union(catalogue), catalogue.economic_size
    members, as_one = np.flatnonzero(inside), np.zeros(duty.row.shape, bool)
    found: list[Standing] = []
    for actor in np.unique(duty.row[~inside[duty.row]]):
        on_union = (duty.row == actor) & inside[duty.column]
        if not 0 < on_union.sum() < members.size:
            continue
        as_one |= on_union
        met = np.nansum(size[duty.column[on_union]]) / np.nansum(size[members])
        mean = float(met) * duty.value
        actors = np.full(members.shape, actor)
        found.append(Standing(duty.begins, duty.ends, members, actors, mean, duty.rule))
    row, column = duty.column[~as_one], duty.row[~as_one]
    return [Standing(duty.begins, duty.ends, row, column, duty.value, duty.rule), *found]


def _tariff_path(lever: TariffPath, catalogue: Catalogue) -> list[Standing]:
    with written_in(lever, "dataset"):
        path = catalogue.tariff_path(lever.dataset)
    found: list[Standing] = []
    for day in sorted({change.date for change in path}):
        if lever.decided_by and day > lever.decided_by:
            break
        on_day = [change for change in path if change.date == day]
        rows = np.array([catalogue.country(change.actor) for change in on_day])
        columns = np.array([catalogue.country(change.target) for change in on_day])
        rate = np.array([change.rate for change in on_day]) * (1 - lever.exemptions)
        found += _answered(Standing(day, lever.until, rows, columns, rate, "set"), lever)
    return found


def _answered(duty: Standing, lever: TariffPath) -> list[Standing]:
    """The duty, and the same by each target on the actor where retaliation is reciprocal."""
    if lever.retaliation == "none":
        return [duty]
    mirror = Standing(duty.begins, duty.ends, duty.column, duty.row, duty.value, duty.rule)
    return [duty, mirror]


def _aid(lever: Aid, catalogue: Catalogue) -> Standing:
    rows, columns = pairs(lever, catalogue)
    givers = list(states(lever, "actor", catalogue))
    size = np.zeros(len(catalogue.entities.country))
    size[givers] = np.nan_to_num(catalogue.economic_size[givers])
    value = lever.amount * size[rows] / size.sum() if len(givers) > 1 else lever.amount
    return Standing(lever.date, lever.until, rows, columns, value, "add")


def _act_entries(scenario: Scenario, catalogue: Catalogue) -> Iterator[Entries]:
    """Threats of a step add up to at most 1; of several recognitions the last counts."""
    size = len(catalogue.entities.country)
    acts: dict[tuple[DyadLever, int], Values] = defaultdict(lambda: np.zeros((size, size)))
    for lever in scenario.active_levers:
        if not isinstance(lever, Threat | Recognition):
            continue
        rows, columns = pairs(lever, catalogue)
        step = scenario.horizon.step_of(lever.date)
        if isinstance(lever, Threat):
            _add(acts[DyadLever.THREAT, step], rows, columns, lever.intensity)
        else:
            acts[DyadLever.RECOGNITION, step][rows, columns] = lever.strength
    for (kind, step), values in acts.items():
        if 0 <= step < scenario.horizon.steps:
            rows, columns = np.nonzero(values)
            yield entries(step, kind, rows, columns, values[rows, columns])


def _add(values: Values, rows: Indices, columns: Indices, intensity: float) -> None:
    values[rows, columns] = np.minimum(1.0, values[rows, columns] + intensity)
