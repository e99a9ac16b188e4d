"""Gold's share of official reserves in 32 emerging economies, 1997 to 2022."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.cells import cells
from worldorder.data.flags import OBSERVED
from worldorder.data.sources import Raw, expect

SOURCE = "worldbank-gold-reserves"


def build(raw: Raw) -> pd.DataFrame:
    """State-years of the share of gold in reserves."""
    panel = raw.table(SOURCE, "panel")
    china = panel[(panel["iso3"] == "CHN") & (panel["year"] == 2022)]
    held, without = china["total_reserves"].sum(), china["reserves_excluding_gold"].sum()
    expect(SOURCE, "gold's share in China in 2022, percent", 100 * (1 - without / held), 3.54, 0.02)
    share = panel["gold_share_pct"] * 0.01
    return cells(panel["iso3"], panel["year"], share, "gold_share", OBSERVED, SOURCE)
