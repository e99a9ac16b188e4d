"""Levers of security: concerts and mediation that stand, exercises and pacts on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worldorder.dynamics.levers import DyadLever
from worldorder.scenarios.catalogue import Catalogue
from worldorder.scenarios.entries import Entries, entries
from worldorder.scenarios.fields import Lever
from worldorder.scenarios.names import pairs, states
from worldorder.scenarios.paths import Standing, changes
from worldorder.scenarios.schema import Consultation, Exercise, Mediation, Pact, Scenario


def security_entries(scenario: Scenario, catalogue: Catalogue) -> Iterator[Entries]:
    """Entries of consultation, veto, mediation, exercises and pacts.

    Raises:
        ScenarioError: a concert of one, a mediation between fewer than two.
    """
    kinds = {
        DyadLever.CONSULTATION: _standing(scenario, catalogue, Consultation, _consultation),
        DyadLever.VETO: _standing(scenario, catalogue, Consultation, _veto),
        DyadLever.MEDIATION: _standing(scenario, catalogue, Mediation, _mediation),
    }
    size = len(catalogue.entities.country)
    for kind, standings in kinds.items():
        for change in changes(standings, scenario.horizon, np.zeros((size, size))):
            yield entries(change.step, kind, change.row, change.column, change.new)
    for lever in scenario.active_levers:
        if isinstance(lever, Exercise | Pact):
            yield from _on_a_day(lever, scenario, catalogue)


def _standing(
    scenario: Scenario,
    catalogue: Catalogue,
    kind: type[Lever],
    made: Callable[[Any, Catalogue], list[Standing]],
) -> list[Standing]:
    levers = [lever for lever in scenario.active_levers if isinstance(lever, kind)]
    return [standing for lever in levers for standing in made(lever, catalogue)]


def _consultation(lever: Consultation, catalogue: Catalogue) -> list[Standing]:
    rows, columns = _among(lever, "actor", catalogue)
    return [Standing(lever.date, lever.until, rows, columns, lever.strength, "set")]


def _veto(lever: Consultation, catalogue: Catalogue) -> list[Standing]:
    if lever.veto is None:
        return []
    holders = np.array(list(states(lever, "veto", catalogue)))
    return [Standing(lever.date, lever.until, holders, holders, 1.0, "set")]


def _mediation(lever: Mediation, catalogue: Catalogue) -> list[Standing]:
    _among(lever, "target", catalogue)
    actors = np.array(list(states(lever, "actor", catalogue)))
    parties = np.array(list(states(lever, "target", catalogue)))
    rows, columns = (side.ravel() for side in np.meshgrid(actors, parties, indexing="ij"))
    apart = rows != columns
    return [Standing(lever.date, lever.until, rows[apart], columns[apart], lever.effort, "set")]


def _among(
    lever: Consultation | Mediation, place: str, catalogue: Catalogue
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """All ordered pairs of different states named at a place."""
    named = np.array(list(states(lever, place, catalogue)))
    if len(named) < 2:
        what = f"{place} names one state; this needs two or more"
        raise lever.complaint(place, what, "Write a list, for example [USA, CHN].")
    rows, columns = (side.ravel() for side in np.meshgrid(named, named, indexing="ij"))
    return rows[rows != columns], columns[rows != columns]


def _on_a_day(
    lever: Exercise | Pact, scenario: Scenario, catalogue: Catalogue
) -> Iterator[Entries]:
    step = scenario.horizon.step_of(lever.date)
    if not 0 <= step < scenario.horizon.steps:
        return
    rows, columns = pairs(lever, catalogue)
    if isinstance(lever, Exercise):
        yield entries(step, DyadLever.EXERCISE, rows, columns, lever.intensity)
        return
    value = 0.0 if lever.ends else 1.0
    yield entries(step, DyadLever.PACT, rows, columns, value)
    if lever.mutual:
        yield entries(step, DyadLever.PACT, columns, rows, value)
    if lever.ends and not lever.agreed:
        yield entries(step, DyadLever.BREACH, rows, columns, 1.0)
