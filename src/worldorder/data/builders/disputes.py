"""Militarized disputes and interstate wars between states, by pair and year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from worldorder.data.flags import OBSERVED
from worldorder.data.own_tables import cow_to_iso3
from worldorder.data.sources import Raw, expect

MID, UCDP = "mid-disputes", "ucdp-conflicts"
FIRST_YEAR, LAST_MID_YEAR = 1946, 2014
FORCE, WAR = 4, 5  # hostility level of a side: use of force, war
UCDP_WAR = 2  # 1,000 deaths in battle in the year


def _pairs(one: pd.Series, other: pd.Series) -> pd.DataFrame:
    """ISO3 of both in alphabetical order; missing where one is no state of today."""
    iso3 = cow_to_iso3()
    codes = pd.DataFrame({"a": one.map(iso3), "b": other.map(iso3)})
    ordered = np.sort(codes.fillna("").to_numpy(str), axis=1)
    return pd.DataFrame(ordered, columns=["state_a", "state_b"], index=one.index)


def mid_years(dyads: pd.DataFrame) -> pd.DataFrame:
    """Years of disputes 1946-2014: level 1 without force, 2 force by a side, 3 war by both."""
    held = dyads[(dyads["ccode1"] < dyads["ccode2"]) & (dyads["year"] >= FIRST_YEAR)]
    hostility = held[["hostlev1", "hostlev2"]]
    level = 1 + (hostility.max(axis=1) >= FORCE) + (hostility.min(axis=1) >= WAR)
    both = (held["orig1"] == 1) & (held["orig2"] == 1) & (held["disponset"] == 1)
    return _pairs(held["ccode1"], held["ccode2"]).assign(
        year=held["year"], level=level, onset=both, source=MID
    )


def ucdp_years(conflicts: pd.DataFrame) -> pd.DataFrame:
    """Years of conflict between states since 2015, the two sides and not those who support them.

    Level 3 from 1,000 deaths in battle in the year, else 2.
    """
    held = conflicts[
        (conflicts["type_of_conflict"] == "interstate") & (conflicts["year"] > LAST_MID_YEAR)
    ].drop_duplicates(["year", "gwno_a", "gwno_b"])
    return _pairs(held["gwno_a"], held["gwno_b"]).assign(
        year=held["year"],
        level=np.where(held["intensity_level"] >= UCDP_WAR, 3, 2),
        onset=held["start_date2"].str[:4].astype(int) == held["year"],
        source=UCDP,
    )


def build(raw: Raw) -> pd.DataFrame:
    """Years of disputes between states of today: pair, year, highest level, onset in the year.

    To 2014 every militarized dispute; from 2015 only conflicts between states with 25 deaths in
    battle or more.
    """
    dyads = raw.table(MID, "dyads")
    expect(MID, "rows of an onset since 1946", int(_recent(dyads).sum()), 4992)
    rows = pd.concat([mid_years(dyads), ucdp_years(raw.table(UCDP, "conflicts"))])
    rows = rows[(rows["state_a"] != "") & (rows["state_b"] != "")]
    grouped = rows.groupby(["year", "state_a", "state_b", "source"], as_index=False)
    frame = grouped.agg(level=("level", "max"), onset=("onset", "max")).assign(flag=OBSERVED)
    return frame.astype({"year": "int16", "level": "int8"})


def _recent(dyads: pd.DataFrame) -> pd.Series:
    return (dyads["year"] >= FIRST_YEAR) & (dyads["disponset"] == 1)
