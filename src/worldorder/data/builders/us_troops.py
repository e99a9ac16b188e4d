"""United States military personnel and sites in other states."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.cells import by_number
from worldorder.data.flags import OBSERVED
from worldorder.data.sources import Raw, expect

SOURCE = "us-troops-abroad"
UNITED_STATES = 2
HOLY_SEE = 327  # in this source; elsewhere the number is that of the Papal States
SITES_YEAR = 2015  # of the list of sites
JAPAN_2024 = 55_154


def tidy(troops: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """Long state-years of the hosts; territories, the Holy See and the homeland are left out."""
    abroad = troops[~troops["ccode"].isin([UNITED_STATES, HOLY_SEE])]
    own = sites[sites["ccode"] != UNITED_STATES]
    count = own.groupby("ccode").size().rename("sites").reset_index().assign(year=SITES_YEAR)
    return pd.concat(
        [
            by_number(abroad, {"troops_ad": ("us_troops", 1.0)}, OBSERVED, SOURCE),
            by_number(count, {"sites": ("us_military_sites", 1.0)}, OBSERVED, SOURCE),
        ],
        ignore_index=True,
    )


def build(raw: Raw) -> pd.DataFrame:
    """State-years of United States troops hosted, 1950 to 2024, and sites in 2015."""
    troops, sites = raw.table(SOURCE, "troops"), raw.table(SOURCE, "sites")
    japan = troops[(troops["iso3c"] == "JPN") & (troops["year"] == 2024)]["troops_ad"].sum()
    expect(SOURCE, "active personnel in Japan in 2024", japan, JAPAN_2024)
    return tidy(troops, sites)
