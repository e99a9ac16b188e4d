"""Ideal points of UN members, final-passage votes, with 90 % posterior bounds."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.cells import by_number
from worldorder.data.flags import OBSERVED
from worldorder.data.sources import Raw, expect

SOURCE = "un-ideal-points"
VARIABLES = {
    "idealpointfp": ("ideal_point", 1.0),
    "q5fp": ("ideal_point_low", 1.0),
    "q95fp": ("ideal_point_high", 1.0),
}
CHECKED = {"USA": 2.57, "GBR": 1.60, "CHN": -0.45}  # idealpointfp of 2019


def tidy(panel: pd.DataFrame) -> pd.DataFrame:
    """Long state-years."""
    return by_number(panel, VARIABLES, OBSERVED, SOURCE)


def build(raw: Raw) -> pd.DataFrame:
    """State-years of the ideal points, 1946 to 2024."""
    panel = raw.table(SOURCE, "panel")
    expect(SOURCE, "states in 2024", (panel["year"] == 2024).sum(), 191)
    at_2019 = panel[panel["year"] == 2019].set_index("iso3c")["idealpointfp"]
    for iso3, published in CHECKED.items():
        expect(SOURCE, f"ideal point of {iso3} in 2019", at_2019[iso3], published, 0.02)
    return tidy(panel)
