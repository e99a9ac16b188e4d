"""Who joined the coalitions against Iraq in 1990-91 and 2003, directed to the state that led."""

from __future__ import annotations

import pandas as pd

from worldorder.data.flags import IMPUTED, OBSERVED
from worldorder.data.sources import Raw, expect

SOURCE = "campaigns"
YEARS = {"iraq-1990-91": 1991, "iraq-2003": 2003}
READ = "read in a source"
WAYS = ("yes", "combat", "money")
LISTED_IN_2003 = 49


def build(raw: Raw) -> pd.DataFrame:
    """States that joined, and how; absence is not opposition. What was not read is imputed."""
    listed = raw.table(SOURCE, "coalitions")
    joined = listed["joined"].isin(WAYS)
    expect(SOURCE, "rows with a known way of joining", joined.sum(), len(listed))
    in_2003 = listed["campaign"] == "iraq-2003"
    expect(SOURCE, "states that joined in 2003", in_2003.sum(), LISTED_IN_2003)
    frame = pd.DataFrame(
        {
            "campaign": listed["campaign"],
            "actor": listed["iso3"],
            "partner": listed["sender"],
            "year": listed["campaign"].map(YEARS).astype("int16"),
            "joined": listed["joined"],
            "flag": listed["status"].eq(READ).map({True: OBSERVED, False: IMPUTED}),
            "source": SOURCE,
        }
    )
    return frame.sort_values(["campaign", "actor"], ignore_index=True)
