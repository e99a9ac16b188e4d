"""World Development Indicators: output, population, prices, reserves, spending since 1960."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.cells import cells
from worldorder.data.flags import OBSERVED
from worldorder.data.own_tables import state_codes
from worldorder.data.sources import Raw, expect

SOURCE = "worldbank-wdi"
VARIABLES = {  # indicator: variable, factor to the panel's unit
    "NY.GDP.MKTP.CD": ("gdp", 1e-9),
    "gdp_ppp_current_intl": ("gdp_ppp", 1e-9),
    "NY.GDP.MKTP.KD.ZG": ("real_growth", 0.01),
    "SP.POP.TOTL": ("population", 1e-6),
    "MS.MIL.XPND.GD.ZS": ("military_burden", 0.01),
    "FP.CPI.TOTL.ZG": ("inflation", 0.01),
    "FI.RES.TOTL.CD": ("reserves", 1e-9),
    "BN.CAB.XOKA.CD": ("current_account", 1e-9),
    "DT.DOD.DECT.CD": ("external_debt", 1e-9),
}
US_GDP_2024 = 29_298.0
STATES_WITH_MILITARY_SPENDING_2024 = 147


def tidy(panel: pd.DataFrame) -> pd.DataFrame:
    """Long state-years, and military spending in USD where both factors are there."""
    panel = panel[panel["iso3"].isin(state_codes())]
    parts = [
        cells(panel["iso3"], panel["year"], panel[column] * factor, variable, OBSERVED, SOURCE)
        for column, (variable, factor) in VARIABLES.items()
    ]
    spent = panel["MS.MIL.XPND.GD.ZS"] * 0.01 * panel["NY.GDP.MKTP.CD"] * 1e-9
    parts.append(cells(panel["iso3"], panel["year"], spent, "military_spending", OBSERVED, SOURCE))
    return pd.concat(parts, ignore_index=True)


def build(raw: Raw) -> pd.DataFrame:
    """State-years of the World Development Indicators."""
    panel = raw.table(SOURCE, "panel")
    us = panel[(panel["iso3"] == "USA") & (panel["year"] == 2024)]["NY.GDP.MKTP.CD"].sum() * 1e-9
    expect(SOURCE, "GDP of the United States in 2024, bn USD", us, US_GDP_2024, 1e-4)
    frame = tidy(panel)
    burden = frame[(frame["variable"] == "military_burden") & (frame["year"] == 2024)]
    expect(
        SOURCE,
        "states with military spending in 2024",
        len(burden),
        STATES_WITH_MILITARY_SPENDING_2024,
    )
    return frame
