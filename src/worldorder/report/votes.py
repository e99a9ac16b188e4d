"""Condemning votes that campaigns brought: how many said yes, no or neither, and who."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from worldorder.report.pairs import PairRow, pair_row
from worldorder.report.words import percent
from worldorder.results.compare import Draws, years_of

if TYPE_CHECKING:
    import xarray as xr

_KINDS: Final = {"votes_yes": "yes", "votes_abstained": "abstained or absent", "votes_no": "no"}
_STATES: Final = 30  # largest economies that are listed


@dataclass(frozen=True)
class VoterRow:
    """Share of runs in which a state votes yes and no, in the scenario, as text."""

    name: str
    yes: str
    no: str


@dataclass(frozen=True)
class VotesPart:
    """What the page says of condemning votes."""

    counts: list[PairRow]
    voters: list[VoterRow]  # of the last vote
    year: int


def condemning_votes(result: xr.Dataset, reference: xr.Dataset) -> VotesPart | None:
    """Votes by year; None where no campaign was called, or for results of before they were kept."""
    if "votes_yes" not in result or "votes_yes" not in reference:
        return None
    pair = (result, reference)
    held = [np.flatnonzero(one["votes_yes"].values.any(axis=0)) for one in pair]
    marks = np.union1d(*held)
    if not marks.size:
        return None
    years = years_of(result)
    counts = [
        pair_row(
            f"{kind}, {years[mark] - 1}", *(_draws(one, name, mark) for one in pair), none="no vote"
        )
        for mark in marks
        for name, kind in _KINDS.items()
    ]
    last = held[0] if held[0].size else held[1]
    voters = _voters(result if held[0].size else reference, int(last[-1]))
    return VotesPart(counts, voters, int(years[last[-1]]) - 1)


def _draws(dataset: xr.Dataset, name: str, mark: int) -> Draws:
    return np.asarray(dataset[name].values[:, mark], np.float64)


def _voters(dataset: xr.Dataset, mark: int) -> list[VoterRow]:
    names, size = dataset["country_name"].values, dataset["gdp"].values[:, mark].mean(0)
    yes, no = (dataset[name].values[:, mark].mean(0) for name in ("voted_yes", "voted_no"))
    return [
        VoterRow(str(names[i]), percent(float(yes[i])), percent(float(no[i])))
        for i in np.argsort(-size, kind="stable")[:_STATES]
    ]
