"""Views of states by the public of others, Pew Global Attitudes."""

from __future__ import annotations

import pandas as pd

from worldorder.data.countries import iso3_of_names
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
            "respondents": views["n"].astype("Int32"),
            "flag": OBSERVED,
            "source": SOURCE,
        }
    )
    return frame.sort_values(["year", "respondent", "about"], ignore_index=True)


def published_views(table: pd.DataFrame) -> pd.DataFrame:
    """Share favourable to the United States by respondent and year, as the publisher printed it."""
    rows = table[table["country"] != "avg"].dropna(subset=["fav_us_pct"])
    names = sorted(rows["country"].unique())
    iso3 = rows["country"].map(dict(zip(names, iso3_of_names(names), strict=True)))
    return pd.DataFrame(
        {
            "respondent": iso3,
            "about": "USA",
            "year": rows["year"].astype("int16"),
            "favourable": rows["fav_us_pct"] / 100,
            "flag": OBSERVED,
            "source": SOURCE,
        }
    )


def joined(views: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Computed percentages, and published ones where the surveys at hand lack the year."""
    key = ["respondent", "about", "year"]
    both = pd.concat([views, published], ignore_index=True).drop_duplicates(key, keep="first")
    return both.sort_values(["year", "respondent", "about"], ignore_index=True)


def largest_difference(views: pd.DataFrame, published: pd.DataFrame) -> float:
    """Between the computed and the published share where both are there."""
    both = views.merge(published, on=["respondent", "about", "year"], suffixes=("", "_published"))
    return float((both["favourable"] - both["favourable_published"]).abs().max())


def build(raw: Raw) -> pd.DataFrame:
    """Favourability by dyad and year, 2000 to 2023."""
    views = raw.table(SOURCE, "favourability")
    about_us = views[(views["about"] == "USA")]
    expect(SOURCE, "country-years about the United States", len(about_us), 576)
    germany = about_us[(about_us["respondent_iso3"] == "DEU") & (about_us["year"] == 2016)]
    expect(SOURCE, "Germans favourable in 2016, percent", germany["fav_pct"].sum(), 56.3, 2e-3)
    computed, published = tidy(views), published_views(raw.table(SOURCE, "published"))
    apart = largest_difference(computed, published)
    expect(SOURCE, "shares within a point of the published ones", float(apart < 0.01), 1.0)
    return joined(computed, published)
