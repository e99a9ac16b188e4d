"""Electoral democracy: V-Dem polyarchy, and where it is silent its fit on extended UDS."""

from __future__ import annotations

import numpy as np
import pandas as pd

from worldorder.data.builders.cells import cells
from worldorder.data.flags import ESTIMATED, OBSERVED
from worldorder.data.own_tables import cow_to_iso3
from worldorder.data.sources import Raw, expect

SOURCE = "democracy"


def polyarchy_from_euds(panel: pd.DataFrame) -> pd.Series:
    """Polyarchy fitted on the extended Unified Democracy Score, within 0 and 1.

    A cubic fitted on the state-years of the panel that have both (correlation .96 in 2024).
    """
    both = panel.dropna(subset=["euds", "v2x_polyarchy"])
    fit = np.polynomial.Polynomial.fit(both["euds"], both["v2x_polyarchy"], 3)
    return pd.Series(np.clip(fit(panel["euds"].to_numpy()), 0.0, 1.0), index=panel.index)


def tidy(panel: pd.DataFrame) -> pd.DataFrame:
    """Regime score since 1946, observed or estimated."""
    panel = panel[panel["year"] >= 1946]
    panel = panel.assign(iso3=panel["ccode"].map(cow_to_iso3()))
    silent = panel["v2x_polyarchy"].isna()
    fitted = polyarchy_from_euds(panel)
    iso3, year = panel["iso3"], panel["year"]
    return pd.concat(
        [
            cells(iso3, year, panel["v2x_polyarchy"], "regime", OBSERVED, SOURCE),
            cells(iso3[silent], year[silent], fitted[silent], "regime", ESTIMATED, SOURCE),
        ],
        ignore_index=True,
    )


def build(raw: Raw) -> pd.DataFrame:
    """State-years of the regime score."""
    panel = raw.table(SOURCE, "panel")
    us = panel[(panel["ccode"] == 2) & (panel["year"] == 2025)]["v2x_polyarchy"].sum()
    expect(SOURCE, "polyarchy of the United States in 2025", us, 0.735, 1e-3)
    return tidy(panel)
