"""The whole hindcast: origins, simulations, targets, scores, gates."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from worldorder.data.panel import table
from worldorder.data.vintage import (
    FIRST_ORIGIN,
    Read,
    positions_known,
    start_known,
    trust_parts_known,
    until,
)
from worldorder.errors import InputError
from worldorder.inference.hindcast import judge
from worldorder.inference.hindcast.cells import Case, Cells, Unscored
from worldorder.inference.hindcast.forecast import Setout, horizons_until, job_from, simulated
from worldorder.inference.hindcast.gates import Gates
from worldorder.inference.hindcast.targets import TARGETS, cells_of, check_observations, chosen
from worldorder.inference.hindcast.vote_targets import NO_VOTES
from worldorder.inference.hindcast.widening import factors_for_runs, widened
from worldorder.parameters.known import parameters_known
from worldorder.results.unfinished import Unfinished

LAST = 2024  # last year with observations
Progress = Callable[[str, int], None]  # origin or "scoring", and how many runs were added


@dataclass(frozen=True)
class Asked:
    """What a hindcast is asked for."""

    origins: tuple[int, ...]
    targets: tuple[str, ...]
    runs: int
    seed: int
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hindcast:
    """Every table of a hindcast."""

    asked: Asked
    scores: pd.DataFrame
    skill: pd.DataFrame
    coverage: pd.DataFrame
    pit: pd.DataFrame
    reliability: pd.DataFrame
    verdicts: pd.DataFrame
    scored: pd.DataFrame  # target by origin: horizons scored, or why not
    widening: pd.DataFrame  # factor by target and horizon for runs from a later start


def asked_for(
    origins: Sequence[int],
    targets: Sequence[str] | None,
    runs: int,
    seed: int,
    without: Sequence[str] = (),
) -> Asked:
    """The request, checked.

    Raises:
        InputError: an origin outside the record, an unknown target or mechanism, too few runs.
    """
    from worldorder.mechanisms.catalogue import CATALOGUE

    for origin in origins:
        if not FIRST_ORIGIN <= origin <= LAST:
            raise InputError(
                f"cannot set out from {origin}",
                f"Origins lie from {FIRST_ORIGIN} to {LAST}: before, the panel is too thin; "
                "after, nothing is left to score.",
            )
        positions_known(origin - 1)
    for name in without:
        if name not in CATALOGUE:
            raise InputError(f"no mechanism {name!r}", f"Known: {', '.join(CATALOGUE)}.")
    if runs < 2:
        raise InputError(f"{runs} runs have no spread", "Give 2 or more with --runs.")
    names = chosen(targets)
    check_observations(names, origins)
    return Asked(tuple(sorted(set(origins))), tuple(names), runs, seed, tuple(without))


def setout(
    year: int, without: Sequence[str] = (), read: Read = table
) -> tuple[Setout, dict[str, str]]:
    """A world of which all is known to the end of a year, and why mechanisms were refused."""
    known = parameters_known(year)
    off = dict.fromkeys((*known.refused, *without), False)
    parts = trust_parts_known(year)
    start = start_known(year, known.parameters, parts, read)
    return Setout(year, start, known.parameters, off), dict(known.refused)


def known_at(year: int, read: Read = table) -> Read:
    """Tables as known at the end of a year, each formed once however often it is asked for."""

    @functools.cache
    def known(name: str) -> pd.DataFrame:
        frame = read(name)
        frame = until(frame, year) if "year" in frame else frame
        if name != "state_year":
            return frame
        rest = frame[~frame["variable"].str.startswith("ideal_point")]
        return pd.concat([rest, positions_known(year, read)], ignore_index=True)

    return known


def case_of(
    ready: Setout,
    forecast: Mapping[str, object],
    read: Read = table,
    last: int = LAST,
    known: Read | None = None,
) -> Case:
    """What the targets of an origin may look at; `known` from `known_at` where it is there."""
    return Case(
        ready.year,
        ready.start.entities.country,
        ready.start.entities.institution,
        ready.start.arrays,
        dict(forecast),  # type: ignore[arg-type]
        horizons_until(ready.year, last),
        known or known_at(ready.year, read),
        read,
    )


def reading(votes: pd.DataFrame | None) -> Read:
    """Tables of the shipped panel, and records of votes where the user has them."""

    def read(name: str) -> pd.DataFrame:
        if name != "votes":
            return table(name)
        return NO_VOTES if votes is None else votes

    return read


def hindcast(
    asked: Asked,
    gates: Gates,
    folder: Path | None = None,
    progress: Progress | None = None,
    votes: pd.DataFrame | None = None,
) -> Hindcast:
    """Simulate from every origin and score.

    Args:
        asked: from `asked_for`.
        gates: what to judge by.
        folder: where finished runs are kept while the hindcast is under way, so that a stopped one
            goes on where it stood; None keeps none.
        progress: told the origin and the number of runs that were added.
        votes: from `votes_by_title`; None leaves votes on resolutions unscored.
    """
    cells: list[Cells] = []
    unscored: list[Unscored] = []
    for origin in asked.origins:
        year = origin - 1  # last that is known on 1 January of the origin
        ready, refused = setout(year, asked.without)
        job = job_from(ready, LAST, asked.runs, asked.seed)
        unfinished = Unfinished(folder / ".unfinished", job.digest) if folder else None
        say = (lambda runs, at=origin: progress(str(at), runs)) if progress else lambda runs: None
        forecast = simulated(job, horizons_until(year, LAST), unfinished, say)
        case = case_of(ready, forecast, reading(votes))
        for name in asked.targets:
            found = cells_of(name, case, ready.switches, refused)
            if isinstance(found, Unscored):
                unscored.append(replace(found, origin=origin))
            else:
                cells += [replace(part, origin=origin) for part in found]
    if not cells:
        reasons = dict.fromkeys(f"{u.target}: {u.why}" for u in unscored)
        raise InputError("nothing could be scored", "; ".join(reasons))
    found = judged(asked, gates, cells, unscored)
    if folder:
        Unfinished(folder / ".unfinished", "").clear()
    return found


def judged(
    asked: Asked, gates: Gates, cells: Sequence[Cells], unscored: Sequence[Unscored]
) -> Hindcast:
    """Scores and verdicts of cells."""
    found = judge.pools(widened(cells))
    skill = judge.skill_table(found)
    return Hindcast(
        asked=asked,
        scores=judge.score_table(found),
        skill=skill,
        coverage=judge.coverage_table(found),
        pit=judge.pit_table(found),
        reliability=judge.reliability_table(found),
        verdicts=judge.verdicts(gates, skill, found),
        scored=_scored_table(asked, cells, unscored),
        widening=factors_for_runs(cells),
    )


def _scored_table(
    asked: Asked, cells: Sequence[Cells], unscored: Sequence[Unscored]
) -> pd.DataFrame:
    """Target by origin: the horizons that were scored, or why none was."""
    rows: list[dict[str, object]] = []
    why = {(u.target, u.origin): u.why for u in unscored}
    for target in asked.targets:
        for origin in asked.origins:
            parts = [c for c in cells if (c.target, c.origin) == (target, origin)]
            rows.append(
                {
                    "target": target, "meaning": TARGETS[target].meaning, "origin": origin,
                    "horizons": " ".join(str(c.horizon) for c in parts),
                    "cells": sum(len(c.observed) for c in parts),
                    "why_not": why.get((target, origin), ""),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)
