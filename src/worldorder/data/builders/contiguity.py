"""Contiguity of homelands 1816-2016 and the shortest distance between borders in 2019."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.geography import COW
from worldorder.data.flags import OBSERVED
from worldorder.data.own_tables import cow_to_iso3
from worldorder.data.polities import state_keys
from worldorder.data.sources import Raw, expect
from worldorder.data.spells import from_years

LAST_YEAR = 2016
PAIR = ["state_a", "state_b"]
MIDYEAR = "-07-01"


def contiguous(spells: pd.DataFrame) -> pd.DataFrame:
    """Pairs by mid-year and kind: 1 land, 2 to 5 up to 12, 24, 150 and 400 miles of water.

    The list ends on 1 December 2016; what stood then counts in 2016.
    """
    held = spells[spells["conttype"] > 0]
    first = held["stdate"].str[:4].astype(int) + (held["stdate"].str[4:] > MIDYEAR)
    last = held["enddate"].str[:4].astype(int) - (held["enddate"].str[4:] < MIDYEAR)
    years = [range(a, b + 1) for a, b in zip(first, last, strict=True)]
    rows = (
        held.assign(year=pd.Series(years, index=held.index))
        .explode("year", ignore_index=True)
        .dropna(subset=["year"])
    )
    rows = rows.astype({"year": int})
    a, b = state_keys(rows["ccode1"], rows["year"]), state_keys(rows["ccode2"], rows["year"])
    known = a.notna() & b.notna() & (a != b)
    turned = (a > b)[known]
    a, b = a[known], b[known]
    pairs = rows[known].assign(state_a=a.where(~turned, b), state_b=b.where(~turned, a))
    pairs = pairs.assign(kind=pairs["conttype"].astype("int8"))
    return pairs.groupby([*PAIR, "year"], as_index=False)[["kind"]].min()


def build(raw: Raw) -> pd.DataFrame:
    """Spells of contiguity by pair and kind; those of 2016 are carried on."""
    listed = raw.table(COW, "contiguity")
    expect(COW, "land border spells", (listed["conttype"] == 1).sum(), 948)
    expect(COW, "spells that stood in 2016", (listed["enddate"] >= "2016").sum(), 1162)
    frame = from_years(contiguous(listed), [*PAIR, "kind"], LAST_YEAR)
    return frame.assign(flag=OBSERVED, source=COW)


def border_distances(raw: Raw) -> pd.DataFrame:
    """Shortest distance between borders on 31 December 2019, km; 0 where they touch."""
    listed = raw.table(COW, "minimum_distance")
    expect(COW, "states with distances", len({*listed["ccode1"], *listed["ccode2"]}), 195)
    iso3 = cow_to_iso3()
    a, b = listed["ccode1"].map(iso3), listed["ccode2"].map(iso3)
    known = a.notna() & b.notna()
    turned = (a > b)[known]
    a, b = a[known], b[known]
    frame = pd.DataFrame(
        {
            "state_a": a.where(~turned, b),
            "state_b": b.where(~turned, a),
            "year": listed["year"][known].astype("int16"),
            "km": listed["mindist"][known],
        }
    )
    frame = frame.assign(flag=OBSERVED, source=COW)
    return frame.sort_values(PAIR, ignore_index=True)
