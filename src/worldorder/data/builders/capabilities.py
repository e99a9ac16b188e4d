"""Correlates of War capabilities: CINC share, and military spending where WDI has none."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.cells import cells
from worldorder.data.flags import OBSERVED
from worldorder.data.own_tables import cow_to_iso3
from worldorder.data.sources import Raw, expect

SOURCE = "cow-capabilities"
STATES_2022 = 195


def tidy(panel: pd.DataFrame) -> pd.DataFrame:
    """Long state-years since 1946: CINC as a share, military spending in bn USD."""
    panel = panel[panel["year"] >= 1946]
    panel = panel.assign(iso3=panel["ccode"].map(cow_to_iso3()))
    year, iso3 = panel["year"], panel["iso3"]
    return pd.concat(
        [
            cells(iso3, year, panel["cinc"], "capability_cinc", OBSERVED, SOURCE),
            cells(iso3, year, panel["milex"] * 1e-6, "military_spending", OBSERVED, SOURCE),
        ],
        ignore_index=True,
    )


def build(raw: Raw) -> pd.DataFrame:
    """State-years of National Material Capabilities."""
    panel = raw.table(SOURCE, "panel")
    expect(SOURCE, "states in 2022", (panel["year"] == 2022).sum(), STATES_2022)
    total = panel[panel["year"] == 2022]["cinc"].sum()
    expect(SOURCE, "sum of CINC in 2022", total, 1.007, 5e-3)
    return tidy(panel)
