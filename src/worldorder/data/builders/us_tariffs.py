"""Duties added by the United States in 2025 and 2026, by date and partner."""

from __future__ import annotations

import pandas as pd

from worldorder.data.countries import iso3_of_names
from worldorder.data.sources import Raw, expect

SOURCE = "us-tariffs-2025-26"
EUROPEAN_UNION = "EUROPEAN UNION"


def tidy(rates: pd.DataFrame, eu_members: list[str]) -> pd.DataFrame:
    """Added duty by date and ISO3, ad valorem; the EU's row goes to those without their own."""
    rates = rates.assign(tariff=rates["new_tariff_pct"] / 100)
    own = rates[rates["country"] != EUROPEAN_UNION]
    names = sorted(own["country"].unique())
    own = own.assign(iso3=own["country"].map(dict(zip(names, iso3_of_names(names), strict=True))))
    without = [iso3 for iso3 in eu_members if iso3 not in set(own["iso3"])]
    union = rates[rates["country"] == EUROPEAN_UNION]
    union = union.merge(pd.DataFrame({"iso3": without}), how="cross")
    columns = ["date", "iso3", "tariff"]
    both = pd.concat([own[columns], union[columns]])
    return both.sort_values(["date", "iso3"], ignore_index=True)


def build(raw: Raw, eu_members: list[str]) -> pd.DataFrame:
    """Tariffs added by the United States since December 2024, by date and partner."""
    rates = raw.table(SOURCE, "rates")
    expect(SOURCE, "policy dates", rates["date"].nunique(), 23)
    china = rates[(rates["country"] == "CHINA") & (rates["date"] == "2025-02-04")]
    expect(SOURCE, "added duty on China on 2025-02-04", china["new_tariff_pct"].sum(), 20.0)
    return tidy(rates, eu_members)
