"""Latent PPP GDP and income per head since 1816, model estimates with their errors."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.cells import by_number
from worldorder.data.flags import ESTIMATED
from worldorder.data.sources import Raw, expect

SOURCE = "isard-gdppop"
NORTH_KOREA = 731  # no statistical office publishes its GDP
VARIABLES = {  # column: variable, factor to the panel's unit
    "pwtrgdp": ("gdp_latent", 1e-3),
    "sd_pwtrgdp": ("gdp_latent_sd", 1e-3),
    "mrgdppc": ("gdp_per_head_latent", 1.0),
    "sd_mrgdppc": ("gdp_per_head_latent_sd", 1.0),
}


def build(raw: Raw) -> pd.DataFrame:
    """State-years of latent GDP, and PPP GDP of North Korea since 1950."""
    panel = raw.table(SOURCE, "panel")
    us = panel[(panel["ccode"] == 2) & (panel["year"] == 2019)]["pwtrgdp"].sum()
    total = panel[panel["year"] == 2019]["pwtrgdp"].sum()
    expect(SOURCE, "US share of PPP GDP in 2019", us / total, 0.18, 0.01)
    korea = panel[(panel["ccode"] == NORTH_KOREA) & (panel["year"] >= 1950)]
    parts = [
        by_number(panel, VARIABLES, ESTIMATED, SOURCE),
        by_number(korea, {"pwtrgdp": ("gdp_ppp", 1e-3)}, ESTIMATED, SOURCE),
    ]
    return pd.concat(parts, ignore_index=True)
