"""Votes as arrays: who voted how on what and when, and which votes share their cut points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.voting.ordinal import ABSTAIN, NO, YES

Ints = NDArray[Any]
CODES = {"N": NO, "A": ABSTAIN, "Y": YES}
BRIDGE_YEARS = 1  # a resolution repeated under the same title within so many years is identical


@dataclass(frozen=True)
class Design:
    """Votes cast, one element each, with the state-years and resolutions they belong to.

    The grid has a row for each state and a column for each year; a state-year outside the span
    from its first to its last vote is not estimated.
    """

    states: NDArray[Any]  # codes, one a row of the grid
    years: Ints  # one a column of the grid
    vote: Ints  # 0 no, 1 abstention, 2 yes
    state: Ints  # row of the voter
    state_year: Ints  # place of the voter in the raveled grid
    roll_call: Ints  # index of the resolution
    cut: Ints  # by resolution: index of its pair of cut points, the same for identical ones
    voted: NDArray[np.bool_]  # grid: at least one vote
    active: NDArray[np.bool_]  # grid: between first and last vote
    first: Ints  # by state: column of its first vote

    @property
    def shape(self) -> tuple[int, int]:
        """States and years."""
        return self.voted.shape

    @property
    def linked(self) -> NDArray[np.bool_]:
        """Grid without the first column: this year and the year before are both estimated."""
        return self.active[:, 1:] & self.active[:, :-1]


def identical_resolutions(resolutions: pd.DataFrame, within: int = BRIDGE_YEARS) -> pd.Series:
    """Number of the group of identical resolutions that each belongs to.

    Without the texts of resolutions, one counts as identical to the last one with the same title
    where both titles are the only ones of their kind in their years and the years are at most
    `within` apart; 0 makes every resolution its own group. (Bailey, Strezhnev and Voeten compared
    the texts.)

    Args:
        resolutions: with `title` (plain, see `records`), `year` and `date`, indexed by resolution.
        within: years.
    """
    rows = resolutions.sort_values("date", kind="stable")
    alone = ~rows.duplicated(["title", "year"], keep=False)
    if within < 1:
        alone[:] = False
    singles = rows[alone]
    last = singles.groupby("title")["year"].shift()
    begins = last.isna() | (singles["year"] - last > within)
    run = begins.groupby(singles["title"]).cumsum()
    key = pd.Series([f"#{i}" for i in range(len(rows))], index=rows.index)
    key[alone] = singles["title"] + "#" + run.astype(str)
    return pd.Series(pd.factorize(key)[0], index=rows.index).reindex(resolutions.index)


def design(resolutions: pd.DataFrame, votes: pd.DataFrame, within: int = BRIDGE_YEARS) -> Design:
    """Arrays of the votes cast; absences are missing.

    Args:
        resolutions: `title`, `year` and `date`, indexed by resolution.
        votes: `resolution`, `state`, `vote` (Y, N or A).
        within: reach in years of the rule of identical resolutions.
    """
    used = resolutions[resolutions.index.isin(votes["resolution"])]
    roll_call = used.index.get_indexer(pd.Index(votes["resolution"]))
    states = np.array(sorted(votes["state"].unique()))
    years = np.arange(used["year"].min(), used["year"].max() + 1)
    row = np.searchsorted(states, votes["state"].to_numpy(str))
    column = used["year"].to_numpy()[roll_call] - years[0]
    place = row * len(years) + column
    voted = np.bincount(place, minlength=len(states) * len(years)).reshape(len(states), -1) > 0
    first, last = voted.argmax(1), len(years) - 1 - voted[:, ::-1].argmax(1)
    span = np.arange(len(years))
    return Design(
        states=states,
        years=years,
        vote=votes["vote"].map(CODES).to_numpy(np.int64),
        state=row,
        state_year=place,
        roll_call=roll_call,
        cut=pd.factorize(identical_resolutions(used, within))[0],
        voted=voted,
        active=(span >= first[:, None]) & (span <= last[:, None]),
        first=first,
    )
