"""The time that a scenario covers, cut into steps that begin on calendar dates."""

from __future__ import annotations

import calendar
import datetime
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property


def months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day of a later month, or that month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


@dataclass(frozen=True)
class Horizon:
    """From the first day to the first day no longer covered, by steps of equal calendar length."""

    start: datetime.date
    until: datetime.date
    steps_per_year: int

    @cached_property
    def edges(self) -> tuple[datetime.date, ...]:
        """First days of the steps, and the first day after the last one."""
        months = 12 // self.steps_per_year
        edges = [self.start]
        while edges[-1] < self.until:
            edges.append(months_later(self.start, months * len(edges)))
        return tuple(edges)

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return len(self.edges) - 1

    @property
    def step_years(self) -> float:
        """Length of a step in years."""
        return 1 / self.steps_per_year

    def step_of(self, day: datetime.date) -> int:
        """Step that contains the day: negative before the start, `steps` or more after the end."""
        return bisect_right(self.edges, day) - 1 if day < self.edges[-1] else self.steps

    def nearest_step(self, day: datetime.date) -> int:
        """Step whose first day is nearest to the day."""
        step = self.step_of(day)
        if not 0 <= step < self.steps:
            return step
        since, left = day - self.edges[step], self.edges[step + 1] - day
        return step if since <= left else step + 1
