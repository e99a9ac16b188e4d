"""IMF World Economic Outlook, October 2025: output, population, prices and debt to 2030."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.cells import cells
from worldorder.data.flags import FORECAST, OBSERVED
from worldorder.data.own_tables import state_codes
from worldorder.data.sources import Raw, expect

SOURCE = "imf-weo-2025-10"
ISO3 = {"KOS": "XKX", "WBG": "PSE"}
VARIABLES = {  # column: variable, factor to the panel's unit
    "NGDPD": ("gdp", 1.0),
    "PPPGDP": ("gdp_ppp", 1.0),
    "NGDP_RPCH": ("real_growth", 0.01),
    "LP": ("population", 1.0),
    "PCPIPCH": ("inflation", 0.01),
    "GGXWDG_NGDP": ("government_debt", 0.01),
    "GGXCNL_NGDP": ("fiscal_balance", 0.01),
    "BCA": ("current_account", 1.0),
}
WORLD_GDP_2024 = 111_012.0  # bn USD, area G001
US_GDP_2024 = 29_298.0


def last_actual_year(text: pd.Series) -> pd.Series:
    """Last year that is not an estimate; a fiscal year counts as the year in which it begins."""
    return text.astype(str).str.extract(r"(\d{4})", expand=False).astype(float)


def tidy(panel: pd.DataFrame) -> pd.DataFrame:
    """Long state-years; years after the last actual one are flagged as forecast."""
    panel = panel.assign(iso3=panel["ref_area"].replace(ISO3))
    panel = panel[panel["iso3"].isin(state_codes())]
    forecast = panel["year"] > last_actual_year(panel["ngdpd_last_actual"])
    parts: list[pd.DataFrame] = []
    for column, (variable, factor) in VARIABLES.items():
        for flag, rows in ((OBSERVED, panel[~forecast]), (FORECAST, panel[forecast])):
            value = rows[column] * factor
            parts.append(cells(rows["iso3"], rows["year"], value, variable, flag, SOURCE))
    return pd.concat(parts, ignore_index=True)


def build(raw: Raw) -> pd.DataFrame:
    """State-years of the World Economic Outlook."""
    panel = raw.table(SOURCE, "panel")
    at_2024 = panel[panel["year"] == 2024].set_index("ref_area")["NGDPD"]
    expect(SOURCE, "GDP of the world in 2024, bn USD", at_2024["G001"], WORLD_GDP_2024, 1e-3)
    expect(SOURCE, "GDP of the United States in 2024, bn USD", at_2024["USA"], US_GDP_2024, 1e-4)
    return tidy(panel)
