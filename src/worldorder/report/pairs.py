"""A number in reference and scenario, and its paired difference, as one row of text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from worldorder.plots.numbers import interval, number, signed
from worldorder.results.compare import Draws, band


@dataclass(frozen=True)
class PairRow:
    """Medians with what holds 80 % of runs, and the median difference with its own."""

    name: str
    reference: str
    scenario: str
    change: str
    inner: str


def pair_row(name: str, ours: Draws, theirs: Draws, *, none: str | None = None) -> PairRow:
    """Row of one draw a run of each result; `none` stands for draws that are all zero."""
    change = band(ours - theirs)
    before, after = (_level(draws, none) for draws in (theirs, ours))
    inner = interval(change.low_80, change.high_80)
    return PairRow(name, before, after, signed(change.median), inner)


def _level(draws: Draws, none: str | None) -> str:
    if none and not draws.any():
        return none
    low, middle, high = (number(float(x)) for x in np.quantile(draws, (0.1, 0.5, 0.9)))
    return f"{middle} ({low} to {high})"
