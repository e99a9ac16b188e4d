"""PPP GDP of North Korea, for which no statistical office publishes one."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.cells import cells
from worldorder.data.flags import ESTIMATED
from worldorder.data.sources import Raw, expect

SOURCE = "isard-gdppop"
NORTH_KOREA = 731


def build(raw: Raw) -> pd.DataFrame:
    """PPP GDP of North Korea since 1950, bn international dollars, a model estimate."""
    panel = raw.table(SOURCE, "panel")
    us = panel[(panel["ccode"] == 2) & (panel["year"] == 2019)]["pwtrgdp"].sum()
    total = panel[panel["year"] == 2019]["pwtrgdp"].sum()
    expect(SOURCE, "US share of PPP GDP in 2019", us / total, 0.18, 0.01)
    rows = panel[(panel["ccode"] == NORTH_KOREA) & (panel["year"] >= 1950)]
    iso3 = pd.Series("PRK", index=rows.index)
    return cells(iso3, rows["year"], rows["pwtrgdp"] * 1e-3, "gdp_ppp", ESTIMATED, SOURCE)
