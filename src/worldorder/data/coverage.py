"""How many cells each variable has in each year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from worldorder.data.manifest import panel_variables
from worldorder.data.panel import panel, table
from worldorder.data.polities import states
from worldorder.errors import InputError

FIRST_YEAR, LAST_YEAR = 1816, 2030
STATE_YEAR = "state_year"


def cells_by_year(name: str) -> pd.Series | None:
    """Cells of a variable by year, or None where it has no years."""
    try:
        rows = panel(name, range(FIRST_YEAR, LAST_YEAR + 1))
    except InputError:
        return None
    counted = rows.groupby("year").size()
    return counted.reindex(range(FIRST_YEAR, LAST_YEAR + 1), fill_value=0)


def states_by_year() -> pd.Series:
    """States in being at the middle of each year; after the panel's end as in 2026."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    spells = states()
    begin, end = spells["begin"].to_numpy(str), spells["end"].replace("", "9999").to_numpy(str)
    count = [int(np.sum((begin <= f"{y}-07-01") & (f"{y}-07-01" <= end))) for y in years]
    return pd.Series(count, index=pd.Index(years))


def coverage() -> pd.DataFrame:
    """Share of cells that are there: variables with years by year, 0 to 1.

    For state-years it is the states with a cell over the states in being (1 where there are more,
    since sources also cover territories before they were states); for others the cells over those
    of the variable's fullest year.
    """
    there = states_by_year()
    shares: dict[str, pd.Series] = {}
    for name, variable in panel_variables().items():
        counted = cells_by_year(name)
        if counted is None or counted.sum() == 0:
            continue
        whole = there if variable.table == STATE_YEAR else counted.max()
        shares[name] = (counted / whole).clip(upper=1.0)
    return pd.DataFrame(shares).T


def agreement() -> pd.DataFrame:
    """Agreement of sources, one row a pair of sources and measure over the years."""
    rows = table("source_overlaps").dropna(subset=["value"])
    key = ["variable", "first", "second", "measure"]
    ordered = rows.sort_values("year", kind="stable").groupby(key, sort=False)
    frame = ordered.agg(
        from_year=("year", "first"),
        to_year=("year", "last"),
        earliest=("value", "first"),
        median=("value", "median"),
        latest=("value", "last"),
    )
    return frame.reset_index()
