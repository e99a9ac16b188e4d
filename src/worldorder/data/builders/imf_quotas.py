"""Quotas and votes in the International Monetary Fund, October 2022."""

from __future__ import annotations

import pandas as pd

from worldorder.data.countries import iso3_of_names
from worldorder.data.flags import OBSERVED
from worldorder.data.sources import Raw, expect

SOURCE = "imf-quotas"
DATE = "2022-10-02"
TOTAL = 476_272  # mn SDR, the page's own total
CHECKED = {"USA": 0.1650, "CHN": 0.0608, "JPN": 0.0614}  # share of votes as published


def tidy(page: pd.DataFrame) -> pd.DataFrame:
    """Quota in mn SDR and votes, each with its share of the total."""
    return pd.DataFrame(
        {
            "iso3": iso3_of_names(page["member"].tolist()),
            "institution": "IMF",
            "date": DATE,
            "year": pd.Series(int(DATE[:4]), page.index, dtype="int16"),
            "quota": page["quota_sdr_million"],
            "quota_share": page["quota_sdr_million"] / page["quota_sdr_million"].sum(),
            "votes": page["votes"].astype("int32"),
            "vote_share": page["votes"] / page["votes"].sum(),
        }
    ).sort_values("iso3", ignore_index=True)


def build(raw: Raw) -> pd.DataFrame:
    """All 190 members of the time; Liechtenstein joined in 2024 and is missing."""
    made = tidy(raw.table(SOURCE, "quotas"))
    expect(SOURCE, "members with a code of their own", made["iso3"].nunique(), 190)
    expect(SOURCE, "sum of quotas, mn SDR", made["quota"].sum(), TOTAL, 1e-5)
    shares = made.set_index("iso3")["vote_share"]
    for iso3, published in CHECKED.items():
        expect(SOURCE, f"votes of {iso3}", shares[iso3], published, 2e-3)
    return made.assign(flag=OBSERVED, source=SOURCE)
