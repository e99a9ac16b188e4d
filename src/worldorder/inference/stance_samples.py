"""How each state stood to each great power in each year: aligned, hedging or opposed.

Aligned: a defence tie with the power, and no rivalry with it. Opposed: a strategic rivalry with the
power, a militarized dispute with it begun in this year or the two before, or a defence tie with a
great power that is a rival of it, and to which the state votes nearer, and none with itself.
Hedging: all else, pacts with both sides included.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.inference.alliance_samples import pair_covariates
from worldorder.inference.dispute_samples import onset_matrix
from worldorder.inference.state_record import Flags, StateRecord

ALIGN, HEDGE, OPPOSE = 0, 1, 2
NEAREST = 10  # states whose stance may be contagious
LAST_DISPUTES = 2014


def stance(record: StateRecord, year: int) -> NDArray[np.int8]:
    """Stance of the row to the column, whether or not the column is a great power."""
    tie, rival = record.ties("defence", year), record.rivalry(year)
    major = record.major[record.year(year)]
    recent = [onset_matrix(record, y) for y in range(year - 2, min(year, LAST_DISPUTES) + 1)]
    fought = np.any(recent, axis=0) if recent else np.zeros_like(tie)
    with_rival = _with_rival(tie, rival, major, record.ideal_point[record.year(year)])
    opposed = rival | fought | (with_rival & ~tie)
    return np.where(opposed, OPPOSE, np.where(tie, ALIGN, HEDGE)).astype(np.int8)


def _with_rival(tie: Flags, rival: Flags, major: Flags, point: NDArray[np.float64]) -> Flags:
    """Tied to a great power that is a rival of the column and nearer in votes than the column.

    Where votes are not known the tie alone counts.
    """
    gap = np.abs(point[:, None] - point[None, :])
    found = np.zeros_like(tie)
    for power in np.flatnonzero(major):
        nearer = ~(gap[:, [power]] >= gap)  # true also where a gap is not known
        found |= np.outer(tie[:, power], rival[power]) & nearer
    return found


def neighbour_mean(
    values: NDArray[np.float64], distance: NDArray[np.float64], here: Flags
) -> NDArray[np.float64]:
    """Mean over the nearest states of the row that are there, for each column."""
    apart = np.where(here[None, :] & ~np.eye(len(here), dtype=bool), distance, np.inf)
    near = np.argsort(apart, axis=1)[:, :NEAREST]
    return values[near].mean(axis=1)


def stance_samples(record: StateRecord, years: range, trade: bool = False) -> pd.DataFrame:
    """One row a state, great power and year; covariates are those of the year before."""
    parts: list[pd.DataFrame] = []
    for year in years:
        before = record.year(year - 1)
        here = record.present[before]
        fields = pair_covariates(record, year - 1, record.ties("defence", year - 1), trade)
        last = stance(record, year - 1)
        power = np.log(record.power[before] + 1e-5)
        fields |= {
            "log_power_of_state": np.broadcast_to(power[:, None], last.shape),
            "log_power_of_power": np.broadcast_to(power[None, :], last.shape),
            "aligned_neighbours": neighbour_mean((last == ALIGN) * 1.0, record.distance, here),
            "opposed_neighbours": neighbour_mean((last == OPPOSE) * 1.0, record.distance, here),
            "last": last.astype(float),
            "stance": stance(record, year).astype(float),
        }
        major = record.major[before]
        i, j = np.nonzero(np.outer(here, here & major) & ~np.eye(len(here), dtype=bool))
        columns = {name: field[i, j].astype(np.float32) for name, field in fields.items()}
        parts.append(pd.DataFrame({"year": np.full(len(i), year), "a": i, "b": j, **columns}))
    rows = pd.concat(parts, ignore_index=True)
    whole = rows.dropna()
    whole.attrs = {"rows_left_out": len(rows) - len(whole)}
    return whole
