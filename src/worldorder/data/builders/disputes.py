"""Militarized disputes and interstate wars, by pair and year; pairs in alphabetical order.

The pair is symmetric; the hostility of each side toward the other is given beside.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from worldorder.data.flags import OBSERVED
from worldorder.data.polities import System, state_keys
from worldorder.data.sources import Raw, expect

MID, UCDP = "mid-disputes", "ucdp-conflicts"
LAST_MID_YEAR = 2014
FORCE, WAR = 4, 5  # hostility level of a side: use of force, war
UCDP_WAR = 2  # 1,000 deaths in battle in the year
PAIR = ["state_a", "state_b"]
COLUMNS = [*PAIR, "year", "level", "hostility_a", "hostility_b", "onset", "flag", "source"]


def _ordered(rows: pd.DataFrame, one: str, other: str, system: System) -> pd.DataFrame:
    """Codes of both in alphabetical order, and whether that turned them round."""
    a = state_keys(rows[one], rows["year"], system).astype(object)
    b = state_keys(rows[other], rows["year"], system).astype(object)
    known = a.notna() & b.notna() & (a != b)
    rows, a, b = rows[known], a[known], b[known]
    turned = (a > b).to_numpy(bool)
    return rows.assign(state_a=a.where(~turned, b), state_b=b.where(~turned, a), turned=turned)


def mid_years(dyads: pd.DataFrame) -> pd.DataFrame:
    """Years of disputes 1816-2014: level 1 without force, 2 force by a side, 3 war by both."""
    held = _ordered(dyads[dyads["ccode1"] < dyads["ccode2"]], "ccode1", "ccode2", "cow")
    one, other = held["hostlev1"], held["hostlev2"]
    begun = (held["orig1"] == 1) & (held["orig2"] == 1) & (held["disponset"] == 1)
    highest, least = np.maximum(one, other), np.minimum(one, other)
    return held[[*PAIR, "year"]].assign(
        level=1 + (highest >= FORCE) + (least >= WAR),
        hostility_a=one.where(~held["turned"], other),
        hostility_b=other.where(~held["turned"], one),
        onset=begun,
        source=MID,
    )


def ucdp_years(conflicts: pd.DataFrame, years: range) -> pd.DataFrame:
    """Years of conflict between states, the two sides and not those who support them.

    Level 3 from 1,000 deaths in battle in the year, else 2; hostility is not on record.
    """
    wanted = (conflicts["type_of_conflict"] == "interstate") & conflicts["year"].isin(years)
    held = conflicts[wanted].drop_duplicates(["year", "gwno_a", "gwno_b"])
    held = _ordered(held.astype({"year": int}), "gwno_a", "gwno_b", "gw")
    return held[[*PAIR, "year"]].assign(
        level=np.where(held["intensity_level"] >= UCDP_WAR, 3, 2),
        onset=held["start_date2"].str[:4].astype(int) == held["year"],
        source=UCDP,
    )


def highest(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a pair and year: the highest level, and whether anything began."""
    grouped = rows.groupby(["year", *PAIR, "source"], as_index=False)
    values = [name for name in ("level", "hostility_a", "hostility_b", "onset") if name in rows]
    return grouped[values].max()


def build(raw: Raw) -> pd.DataFrame:
    """Years of disputes by pair: highest level, hostility of each side, onset in the year.

    To 2014 every militarized dispute; from 2015 only conflicts between states with 25 deaths in
    battle or more.
    """
    dyads = raw.table(MID, "dyads")
    recent = (dyads["year"] >= 1946) & (dyads["disponset"] == 1)
    expect(MID, "rows of an onset since 1946", int(recent.sum()), 4992)
    war = (dyads["hostlev1"] == WAR) & (dyads["hostlev2"] == WAR)
    expect(MID, "rows of war by both sides", int(war.sum()), 2032)
    later = range(LAST_MID_YEAR + 1, 2100)
    fought = ucdp_years(raw.table(UCDP, "conflicts"), later)
    frame = highest(pd.concat([mid_years(dyads), fought])).assign(flag=OBSERVED)
    frame = frame.astype({"year": "int16", "level": "int8", "onset": "bool"})
    hostility = {"hostility_a": "float32", "hostility_b": "float32"}
    return frame.astype(hostility)[COLUMNS].sort_values(["year", *PAIR], ignore_index=True)
