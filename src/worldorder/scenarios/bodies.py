"""Levers on institutions: what is paid as step averages, notices, exits and accessions."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from worldorder.dynamics.levers import BodyLever
from worldorder.errors import InputError
from worldorder.scenarios.catalogue import Catalogue
from worldorder.scenarios.entries import Entries, entries
from worldorder.scenarios.horizon import Horizon, months_later
from worldorder.scenarios.membership import Effect, Membership
from worldorder.scenarios.names import bodies, states
from worldorder.scenarios.paths import Standing, changes
from worldorder.scenarios.schema import Accession, Exit, Funding, Scenario


class Move(NamedTuple):
    """A state gives notice to an institution or joins it, as a lever says."""

    date: datetime.date
    lever: Exit | Accession
    actor: int
    institution: int
    leaves: datetime.date | None  # None: it joins
    from_list: bool


def body_entries(scenario: Scenario, catalogue: Catalogue) -> list[Entries]:
    """All levers on institutions, at most one of a kind for a state, institution and step."""
    return [*_funding_entries(scenario, catalogue), *_membership_entries(scenario, catalogue)]


def _funding_entries(scenario: Scenario, catalogue: Catalogue) -> Iterator[Entries]:
    shape = catalogue.membership.shape
    levers = [lever for lever in scenario.active_levers if isinstance(lever, Funding)]
    cuts = [_funding(lever, catalogue) for lever in levers if lever.fills is None]
    yield from (_fill(lever, scenario, catalogue) for lever in levers if lever.fills is not None)
    for change in changes(cuts, scenario.horizon, np.ones(shape)):
        stopped = change.old == 0
        kind = np.where(stopped, BodyLever.RESUMPTION, BodyLever.FUNDING)
        factor = change.new / np.where(stopped, 1.0, change.old)
        yield entries(change.step, kind, change.row, change.column, factor)


def _funding(lever: Funding, catalogue: Catalogue) -> Standing:
    payers, paid = states(lever, "actor", catalogue), [*bodies(lever, "institution", catalogue)]
    rows, columns = (index.ravel() for index in np.meshgrid(payers, paid, indexing="ij"))
    return Standing(lever.date, lever.until, rows, columns, lever.multiplier, "multiply")


def _fill(lever: Funding, scenario: Scenario, catalogue: Catalogue) -> Entries:
    """What each actor takes over of the gap of each body that it is a member of."""
    payers, paid = states(lever, "actor", catalogue), [*bodies(lever, "institution", catalogue)]
    rows, columns = np.meshgrid(payers, paid, indexing="ij")
    size = catalogue.economic_size[rows] * catalogue.membership[rows, columns]
    share = (lever.fills or 0.0) * size / np.maximum(size.sum(axis=0), 1e-9)
    step, pays = scenario.horizon.nearest_step(lever.date), share > 0
    if not 0 <= step < scenario.horizon.steps:
        pays = np.zeros_like(pays)
    return entries(step, BodyLever.FILL, rows[pays], columns[pays], share[pays])


def _membership_entries(scenario: Scenario, catalogue: Catalogue) -> Iterator[Entries]:
    histories: dict[tuple[int, int], Membership] = {}
    for move in sorted(_moves(scenario, catalogue), key=lambda move: move.date):
        cell = (move.actor, move.institution)
        history = histories.setdefault(cell, Membership(bool(catalogue.membership[cell])))
        _tell(history, move, catalogue)
    for (actor, institution), history in histories.items():
        for step, kind in _by_step(history.close(), scenario.horizon):
            yield entries(step, kind, actor, institution)


def _tell(history: Membership, move: Move, catalogue: Catalogue) -> None:
    try:
        if isinstance(move.lever, Exit) and move.leaves is not None:
            history.give_notice(move.date, move.leaves, move.lever.agreed)
        else:
            history.join(move.date)
    except InputError as error:
        if move.from_list:
            return
        actor = catalogue.entities.country[move.actor]
        body = catalogue.entities.institution[move.institution]
        what = f"{actor} {error.what} {body} on {move.date}"
        raise move.lever.complaint("institution", what, error.fix) from error


def _by_step(effects: list[Effect], horizon: Horizon) -> set[tuple[int, BodyLever]]:
    """Steps of the effects; of exits and accessions in one step the last counts."""
    notices = {horizon.step_of(day) for day, kind in effects if kind == BodyLever.NOTICE}
    moves = {
        max(0, horizon.nearest_step(day)): kind for day, kind in effects if kind != BodyLever.NOTICE
    }
    found = {(step, BodyLever.NOTICE) for step in notices} | set(moves.items())
    return {(step, kind) for step, kind in found if 0 <= step < horizon.steps}


def _moves(scenario: Scenario, catalogue: Catalogue) -> Iterator[Move]:
    for lever in scenario.active_levers:
        if not isinstance(lever, Exit | Accession):
            continue
        actors = states(lever, "actor", catalogue)
        for body, from_list in bodies(lever, "institution", catalogue).items():
            leaves = _end(lever, body, catalogue) if isinstance(lever, Exit) else None
            for actor in actors:
                yield Move(lever.date, lever, actor, body, leaves, from_list)


def _end(lever: Exit, body: int, catalogue: Catalogue) -> datetime.date:
    """Day on which membership ends: as the lever says, else after the institution's notice."""
    if lever.effective is not None:
        return lever.effective
    name = catalogue.entities.institution[body]
    months = lever.notice_months
    if months is None:
        months = catalogue.notice_months.get(name)
    if months is None:
        raise lever.complaint(
            "institution",
            f"the notice period of {name} is not known",
            "Give notice_months, or the day on which membership ends as effective.",
        )
    return months_later(lever.date, months)
