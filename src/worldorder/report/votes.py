"""Condemning votes that campaigns brought: how many said yes, no or neither, and who."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from worldorder.plots.numbers import interval, number, signed
from worldorder.report.words import percent
from worldorder.results.compare import Draws, band, years_of

if TYPE_CHECKING:
    import xarray as xr

_KINDS: Final = {"votes_yes": "yes", "votes_abstained": "abstained or absent", "votes_no": "no"}
_STATES: Final = 30  # largest economies that are listed


@dataclass(frozen=True)
class CountRow:
    """States that voted so in the year before a mark, in reference and scenario, as text."""

    name: str
    reference: str
    scenario: str
    change: str
    inner: str


@dataclass(frozen=True)
class VoterRow:
    """Share of runs in which a state votes yes and no, in the scenario, as text."""

    name: str
    yes: str
    no: str


@dataclass(frozen=True)
class VotesPart:
    """What the page says of condemning votes."""

    counts: list[CountRow]
    voters: list[VoterRow]  # of the last vote
    year: int


def condemning_votes(result: xr.Dataset, reference: xr.Dataset) -> VotesPart | None:
    """Votes by year; None where no campaign was called, or for results of before they were kept."""
    if "votes_yes" not in result or "votes_yes" not in reference:
        return None
    pair = (reference, result)
    held = [np.flatnonzero(one["votes_yes"].values.any(axis=0)) for one in pair]
    marks = np.union1d(*held)
    if not marks.size:
        return None
    years = years_of(result)
    counts = [
        _count(f"{kind}, {years[mark] - 1}", *(_draws(one, name, mark) for one in pair))
        for mark in marks
        for name, kind in _KINDS.items()
    ]
    last = held[1] if held[1].size else held[0]
    voters = _voters(result if held[1].size else reference, int(last[-1]))
    return VotesPart(counts, voters, int(years[last[-1]]) - 1)


def _draws(dataset: xr.Dataset, name: str, mark: int) -> Draws:
    return np.asarray(dataset[name].values[:, mark], np.float64)


def _count(name: str, theirs: Draws, ours: Draws) -> CountRow:
    change = band(ours - theirs)
    inner = interval(change.low_80, change.high_80)
    return CountRow(name, _level(theirs), _level(ours), signed(change.median), inner)


def _level(draws: Draws) -> str:
    if not draws.any():
        return "no vote"
    low, middle, high = (float(x) for x in np.quantile(draws, (0.1, 0.5, 0.9)))
    return f"{number(middle)} ({number(low)} to {number(high)})"


def _voters(dataset: xr.Dataset, mark: int) -> list[VoterRow]:
    names, size = dataset["country_name"].values, dataset["gdp"].values[:, mark].mean(0)
    yes, no = (dataset[name].values[:, mark].mean(0) for name in ("voted_yes", "voted_no"))
    return [
        VoterRow(str(names[i]), percent(float(yes[i])), percent(float(no[i])))
        for i in np.argsort(-size, kind="stable")[:_STATES]
    ]
