"""Ideal points of UN members, final-passage votes, with 90 % posterior bounds."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.cells import cells
from worldorder.data.flags import OBSERVED
from worldorder.data.own_tables import cow_to_iso3
from worldorder.data.sources import Raw, expect

SOURCE = "un-ideal-points"
COLUMNS = {
    "idealpointfp": "ideal_point",
    "q5fp": "ideal_point_low",
    "q95fp": "ideal_point_high",
}
WEST_GERMANY = 260
CHECKED = {"USA": 2.57, "GBR": 1.60, "CHN": -0.45}  # idealpointfp of 2019


def tidy(panel: pd.DataFrame) -> pd.DataFrame:
    """Long state-years by the states of today; West Germany is Germany before 1990."""
    iso3 = panel["ccode"].map({**cow_to_iso3(), WEST_GERMANY: "DEU"})
    panel = panel.assign(iso3=iso3).dropna(subset=["iso3"])
    panel = panel.sort_values("ccode").drop_duplicates(["iso3", "year"], keep="first")
    return pd.concat(
        [
            cells(panel["iso3"], panel["year"], panel[column], variable, OBSERVED, SOURCE)
            for column, variable in COLUMNS.items()
        ],
        ignore_index=True,
    )


def build(raw: Raw) -> pd.DataFrame:
    """State-years of the ideal points, 1946 to 2024."""
    panel = raw.table(SOURCE, "panel")
    expect(SOURCE, "states in 2024", (panel["year"] == 2024).sum(), 191)
    at_2019 = panel[panel["year"] == 2019].set_index("iso3c")["idealpointfp"]
    for iso3, published in CHECKED.items():
        expect(SOURCE, f"ideal point of {iso3} in 2019", at_2019[iso3], published, 0.02)
    return tidy(panel)
