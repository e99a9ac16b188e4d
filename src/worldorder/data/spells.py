"""Spells: rows that hold from a first to a last year, and the same by year.

A table of spells has `begin` and `end`, the first and last year held, and `observed_until`: the
last year that the source covers. What is carried on beyond it is imputed.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from worldorder.data.flags import IMPUTED

LAST_YEAR = 2026  # of the panel: a spell that goes on ends here
ENDS = ["begin", "end", "observed_until"]


def from_years(rows: pd.DataFrame, key: list[str], last: int) -> pd.DataFrame:
    """Spells of unbroken years.

    Args:
        rows: `key` columns and `year`, one row where something holds.
        key: what makes a spell.
        last: last year of the source; spells that hold then are carried to the end of the panel.
    """
    held = rows[[*key, "year"]].drop_duplicates().sort_values([*key, "year"], ignore_index=True)
    same = (held[key] == held[key].shift()).all(axis=1) & (held["year"] == held["year"].shift() + 1)
    spells = held.groupby((~same).cumsum())
    frame = spells.first().rename(columns={"year": "begin"}).assign(end=spells["year"].last())
    goes_on = frame["end"] == last
    frame = frame.assign(observed_until=frame["end"], end=frame["end"].where(~goes_on, LAST_YEAR))
    return frame.reset_index(drop=True).astype(dict.fromkeys(ENDS, "int16"))


def by_year(spells: pd.DataFrame, years: Iterable[int]) -> pd.DataFrame:
    """One row per spell and year; what is carried beyond the source is flagged imputed."""
    wanted = np.array(sorted(set(years)), dtype=np.int64)
    first = np.searchsorted(wanted, spells["begin"].to_numpy(), side="left")
    last = np.searchsorted(wanted, spells["end"].to_numpy(), side="right")
    times = last - first
    row = np.repeat(np.arange(len(spells)), times)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
    frame = spells.iloc[row].reset_index(drop=True)
    year = wanted[first[row] + offset]
    flag = frame["flag"].astype(object).where(year <= frame["observed_until"], IMPUTED)
    others = [name for name in spells.columns if name not in (*ENDS, "flag", "source")]
    return frame[others].assign(year=year.astype(np.int16), flag=flag, source=frame["source"])
