"""Strategic rivalries between states, 1494 to 2020."""

from __future__ import annotations

import pandas as pd

from worldorder.data.flags import OBSERVED
from worldorder.data.own_tables import cow_to_iso3
from worldorder.data.sources import Raw, expect

SOURCE = "rivalries"
LAST_YEAR = 2020


def build(raw: Raw) -> pd.DataFrame:
    """Rivalries of present-day states since 1816: symmetric pairs with first and last year.

    One that runs to the last year of the data is taken to go on.
    """
    listed = raw.table(SOURCE, "strategic")
    expect(SOURCE, "rivalries that go on", (listed["end"] == LAST_YEAR).sum(), 56)
    iso3 = cow_to_iso3()
    frame = pd.DataFrame(
        {
            "state_a": listed["ccode1"].map(iso3),
            "state_b": listed["ccode2"].map(iso3),
            "begin": listed["start"].astype("int16"),
            "end": listed["end"].astype("int16"),
            "flag": OBSERVED,
            "source": SOURCE,
        }
    )
    kept = frame.dropna(subset=["state_a", "state_b"])
    kept = kept[kept["end"] >= 1816]
    return kept.sort_values(["begin", "state_a", "state_b", "end"], ignore_index=True)
