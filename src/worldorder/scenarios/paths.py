"""Standing values (a duty, aid, what is paid) over time, averaged over each step.

A value in force for part of a step counts for that part, so that yearly, quarterly and monthly
steps carry the same amount over any whole year.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from worldorder.scenarios.horizon import Horizon

Values = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Standing:
    """From a day on and until another, cells take a value, or it is added or multiplied."""

    begins: datetime.date
    ends: datetime.date | None  # first day without it; None is never
    row: Indices
    column: Indices
    value: Values | float
    rule: Literal["set", "add", "multiply", "raise"]

    def in_force(self, day: datetime.date) -> bool:
        """Whether it counts on the day."""
        return self.begins <= day and (self.ends is None or day < self.ends)

    def act_on(self, values: Values) -> None:
        """Change `values` in place."""
        if self.rule == "set":
            values[self.row, self.column] = self.value
        elif self.rule == "raise":
            values[self.row, self.column] = np.maximum(values[self.row, self.column], self.value)
        elif self.rule == "add":
            values[self.row, self.column] += self.value
        else:
            values[self.row, self.column] *= self.value


class Change(NamedTuple):
    """Cells whose average in a step differs from that in the step before."""

    step: int
    row: Indices
    column: Indices
    old: Values
    new: Values


def changes(standings: Sequence[Standing], horizon: Horizon, initial: Values) -> Iterator[Change]:
    """Changes of the step averages, step by step, from `initial` before the start.

    Where several count on one day they act in the order given.
    """
    cuts = _cuts(standings, horizon)

    @lru_cache(maxsize=len(cuts))
    def values_from(cut: datetime.date) -> Values:
        values = initial.copy()
        for standing in standings:
            if standing.in_force(cut):
                standing.act_on(values)
        return values

    old = initial
    for step in _steps_with_change(cuts, horizon):
        new = _average(step, cuts, horizon, values_from)
        row, column = np.nonzero(new != old)
        if row.size:
            yield Change(step, row, column, old[row, column], new[row, column])
        old = new


def _cuts(standings: Sequence[Standing], horizon: Horizon) -> list[datetime.date]:
    days = {day for s in standings for day in (s.begins, s.ends) if day is not None}
    first, last = horizon.edges[0], horizon.edges[-1]
    return sorted({first} | {day for day in days if first < day < last})


def _steps_with_change(cuts: Sequence[datetime.date], horizon: Horizon) -> list[int]:
    """Steps in which a value changes, and those after, in which it counts in full."""
    changing = {horizon.step_of(cut) for cut in cuts}
    after = {step + 1 for step in changing if step + 1 < horizon.steps}
    return sorted(changing | after)


def _average(
    step: int,
    cuts: Sequence[datetime.date],
    horizon: Horizon,
    values_from: Callable[[datetime.date], Values],
) -> Values:
    begin, end = horizon.edges[step], horizon.edges[step + 1]
    inside = [cut for cut in cuts if begin < cut < end]
    first = values_from(max(cut for cut in cuts if cut <= begin))
    average = first.copy()
    for since, to in zip(inside, [*inside, end][1:], strict=True):
        # Differences keep a value that does not change exactly as it was.
        average += (to - since) / (end - begin) * (values_from(since) - first)
    return average
