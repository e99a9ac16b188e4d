"""National Material Capabilities: CINC share and its components, 1816 to 2022."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.cells import by_number
from worldorder.data.flags import OBSERVED
from worldorder.data.sources import Raw, expect

SOURCE = "cow-capabilities"
STATES_2022 = 195
US_1945 = 0.384  # CINC of the United States
IN_DOLLARS = 1914  # military spending is in pounds sterling before
FIRST_YEARS = 3
VARIABLES = {  # column: variable, factor to the panel's unit
    "cinc": ("capability_cinc", 1.0),
    "milper": ("military_personnel", 1.0),
    "irst": ("iron_steel_production", 1.0),
    "pec": ("energy_consumption", 1.0),
    "tpop": ("population", 1e-3),
    "upop": ("urban_population", 1e-3),
}


def without_first_zeros(panel: pd.DataFrame) -> pd.DataFrame:
    """Military spending of zero in the first years of a new state, before it has any, as missing.

    Pakistan has none in 1947 and 107 million dollars in 1948. States without an army, such as
    Iceland, keep their zeros.
    """
    spent = panel["milex"].where(panel["milex"] > 0)
    first = panel["year"].where(spent.notna()).groupby(panel["ccode"]).transform("min")
    begun = panel.groupby("ccode")["year"].transform("min")
    early = (panel["year"] < first) & (first - begun <= FIRST_YEARS)
    return panel.assign(milex=panel["milex"].where(~(early & (panel["milex"] == 0))))


def tidy(panel: pd.DataFrame) -> pd.DataFrame:
    """Long state-years. Military spending is in current USD from 1914 and in pounds before."""
    panel = without_first_zeros(panel)
    pounds = panel["year"] < IN_DOLLARS
    dollars = by_number(panel[~pounds], {"milex": ("military_spending", 1e-6)}, OBSERVED, SOURCE)
    return pd.concat(
        [
            by_number(panel, VARIABLES, OBSERVED, SOURCE),
            dollars,
            dollars.assign(variable="military_spending_cow"),  # whole, where others come first
            by_number(panel[pounds], {"milex": ("military_spending_gbp", 1e-3)}, OBSERVED, SOURCE),
        ],
        ignore_index=True,
    )


def build(raw: Raw) -> pd.DataFrame:
    """State-years of National Material Capabilities."""
    panel = raw.table(SOURCE, "panel")
    expect(SOURCE, "states in 2022", (panel["year"] == 2022).sum(), STATES_2022)
    total = panel[panel["year"] == 2022]["cinc"].sum()
    expect(SOURCE, "sum of CINC in 2022", total, 1.007, 5e-3)
    us = panel[(panel["ccode"] == 2) & (panel["year"] == 1945)]["cinc"].sum()
    expect(SOURCE, "CINC of the United States in 1945", us, US_1945, 2e-3)
    return tidy(panel)
