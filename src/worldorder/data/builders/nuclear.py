"""Nuclear weapons: status of states 1938 to 2022 and warheads of eight states 1945 to 2014."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.cells import cells
from worldorder.data.countries import iso3_of_names
from worldorder.data.flags import OBSERVED
from worldorder.data.polities import state_key
from worldorder.data.sources import Raw, expect

SOURCE = "owid-nuclear-status"
POSSESSING = 3
ALSO_FORMER = {"RUS": 365, "SRB": 345}  # the source's name for the earlier state too


def _keys(iso3: pd.Series, years: pd.Series) -> pd.Series:
    pairs = zip(iso3, years, strict=True)
    codes = [
        state_key(ALSO_FORMER[code], int(year)) if code in ALSO_FORMER else code
        for code, year in pairs
    ]
    return pd.Series(codes, index=iso3.index)


def tidy(status: pd.DataFrame, warheads: pd.DataFrame) -> pd.DataFrame:
    """Long state-years; there is no row of status where no programme is known."""
    names = sorted(status["entity"].unique())
    iso3 = status["entity"].map(dict(zip(names, iso3_of_names(names), strict=True)))
    held = _keys(warheads["Code"], warheads["Year"])
    known = _keys(iso3, status["year"])
    return pd.concat(
        [
            cells(known, status["year"], status["status"], "nuclear_status", OBSERVED, SOURCE),
            cells(held, warheads["Year"], warheads["count"], "warheads", OBSERVED, SOURCE),
        ],
        ignore_index=True,
    )


def build(raw: Raw) -> pd.DataFrame:
    """State-years of nuclear status and warheads."""
    status, warheads = raw.table(SOURCE, "status"), raw.table(SOURCE, "warheads")
    now = status[(status["year"] == 2022) & (status["status"] == POSSESSING)]
    expect(SOURCE, "possessors in 2022", len(now), 9)
    return tidy(status, warheads)
