"""Order indices of a run read beside the recorded years 1816-2024.

The indices have ramps of their own, so that the levels of two cannot be compared: on the record
hegemony is the highest in half of all years and the coalition in one of twenty. What can be
compared is how unusual each is: the share of recorded years in which the same index was lower.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from worldorder.errors import ResultError
from worldorder.results.compare import Draws

RANKED: Final = ("hegemony", "concert", "coalition", "fragmentation")  # those with a record
FILE: Final = "order_record.csv"


@dataclass(frozen=True)
class OrderRecord:
    """Indices on the record at the shipped thresholds, of what the whole record has (the core)."""

    years: NDArray[np.int64]
    leaders: tuple[str, ...]
    index: dict[str, Draws]  # order -> by year

    def before(self, year: int) -> tuple[str, dict[str, float]]:
        """Leading state and indices at the turn of a year: those of the year before, or the last.

        Raises:
            ResultError: the record begins later.
        """
        place = int(np.searchsorted(self.years, year)) - 1
        if place < 0:
            raise ResultError(f"the record of orders begins after {year}")
        return self.leaders[place], {name: float(of[place]) for name, of in self.index.items()}


@functools.cache
def order_record() -> OrderRecord:
    """The record that comes with this version; `worldorder history` computes it."""
    text = (resources.files("worldorder.parameters") / FILE).read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return OrderRecord(
        np.array([int(row["year"]) for row in rows]),
        tuple(row["leader"] for row in rows),
        {name: np.array([float(row[name]) for row in rows]) for name in RANKED},
    )


def lower_share(values: Draws, recorded: Draws) -> Draws:
    """Share of `recorded` values below each value, straight between them, any shape.

    A value that occurs counts half of its occurrences. Beyond the record the share goes on with
    slope 1, below 0 and above 1, so that values that never occurred still differ.
    """
    known, counts = np.unique(recorded, return_counts=True)
    shares = (np.cumsum(counts) - counts / 2.0) / recorded.size
    inside = np.interp(values, known, shares)
    beyond = np.maximum(values - known[-1], 0.0) - np.maximum(known[0] - values, 0.0)
    return inside + beyond
