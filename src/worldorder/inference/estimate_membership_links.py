"""Does sharing bodies bring two states' votes together?

Run: `worldorder evidence membership-links`.

Change over five years of the distance of ideal points of each pair on the change of the log of its
joint memberships over the same five years, or the five before, with effects of both states in each
period, so that only what is special to the pair counts. Errors are clustered by state: each pair's
residual counts with those of either state.
"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.own_tables import state_codes
from worldorder.data.panel import panel, table

Array = NDArray[np.float64]

YEARS = tuple(range(1974, 2015, 5))


def joint_memberships(codes: list[str], year: int) -> Array:
    """Log of one plus the bodies that each pair shares; NaN for a state without any."""
    spells = table("membership_spells")
    held = spells[
        (spells["begin"] <= year) & (spells["end"] >= year) & (spells["status"] == "full")
    ]
    wide = pd.crosstab(held["iso3"], held["institution"]).reindex(codes).fillna(0).clip(upper=1)
    flags = wide.to_numpy(float)
    shared = np.log1p(flags @ flags.T)
    shared[flags.sum(1) == 0] = np.nan
    return shared


def distances(codes: list[str], year: int) -> Array:
    """Distance of ideal points of each pair."""
    points = panel("ideal_point", year=year).set_index("iso3")["value"].reindex(codes).to_numpy()
    return np.abs(points[:, None] - points[None, :])


def within(values: Array) -> Array:
    """Residual of effects of both states, by alternating projection; NaN stays out."""
    left = values.copy()
    for _ in range(50):
        left = left - np.nanmean(left, axis=1, keepdims=True)
        left = left - np.nanmean(left, axis=0, keepdims=True)
    return left


def slope(outcome: list[Array], cause: list[Array]) -> tuple[float, float, int]:
    """Coefficient, error clustered by state, number of pairs by period."""
    usable = [
        np.where(np.isnan(y) | np.isnan(x) | np.eye(len(y), dtype=bool), np.nan, 1.0)
        for y, x in zip(outcome, cause, strict=True)
    ]
    keep = [np.isfinite(mask).sum(1) > 1 for mask in usable]
    parts = [
        (within((y * mask)[np.ix_(k, k)]), within((x * mask)[np.ix_(k, k)]), k)
        for y, x, mask, k in zip(outcome, cause, usable, keep, strict=True)
    ]
    total = sum(np.nansum(x * x) for _, x, _ in parts)
    value = sum(np.nansum(x * y) for y, x, _ in parts) / total
    by_state = np.zeros(len(keep[0]))
    for y, x, k in parts:
        by_state[k] += np.nansum(x * (y - value * x), axis=1)
    count = sum(int(np.isfinite(x).sum()) for _, x, _ in parts) // 2
    # every pair stands twice in the total and lies in the clusters of both its states
    return float(value), float(2.0 * np.sqrt((by_state**2).sum()) / total), count


def report() -> None:
    """Print the estimates."""
    codes = state_codes()
    apart = {year: distances(codes, year) for year in YEARS}
    shared = {year: joint_memberships(codes, year) for year in YEARS}
    moved = [apart[b] - apart[a] for a, b in itertools.pairwise(YEARS)]
    joined = [shared[b] - shared[a] for a, b in itertools.pairwise(YEARS)]
    for label, outcome, cause in (
        ("same five years", moved, joined),
        ("the five before", moved[1:], joined[:-1]),
        ("placebo, the five after", moved[:-1], joined[1:]),
    ):
        value, error, count = slope(outcome, cause)
        print(f"{label}: {value:.3f} (s.e. {error:.3f}), {count} pairs by period")
