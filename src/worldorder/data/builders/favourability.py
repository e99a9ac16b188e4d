"""Views of states by the public of others, Pew Global Attitudes."""

from __future__ import annotations

import pandas as pd

from worldorder.data.flags import OBSERVED
from worldorder.data.own_tables import state_codes
from worldorder.data.sources import Raw, expect

SOURCE = "pew-global-attitudes"


def tidy(views: pd.DataFrame) -> pd.DataFrame:
    """Share favourable and unfavourable by respondent, object and year, states only."""
    known = state_codes()
    views = views[views["about"].isin(known) & views["respondent_iso3"].isin(known)]
    frame = pd.DataFrame(
        {
            "respondent": views["respondent_iso3"],
            "about": views["about"],
            "year": views["year"].astype("int16"),
            "favourable": views["fav_pct"] / 100,
            "unfavourable": views["unfav_pct"] / 100,
            "respondents": views["n"].astype("int32"),
            "flag": OBSERVED,
            "source": SOURCE,
        }
    )
    return frame.sort_values(["year", "respondent", "about"], ignore_index=True)


def build(raw: Raw) -> pd.DataFrame:
    """Favourability by dyad and year, 2002 to 2023."""
    views = raw.table(SOURCE, "favourability")
    about_us = views[(views["about"] == "USA")]
    expect(SOURCE, "country-years about the United States", len(about_us), 576)
    germany = about_us[(about_us["respondent_iso3"] == "DEU") & (about_us["year"] == 2016)]
    expect(SOURCE, "Germans favourable in 2016, percent", germany["fav_pct"].sum(), 56.3, 2e-3)
    return tidy(views)
