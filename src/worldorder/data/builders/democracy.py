"""Regime scores since 1816: V-Dem polyarchy, extended UDS and Polity."""

from __future__ import annotations

import numpy as np
import pandas as pd

from worldorder.data.builders.cells import by_number
from worldorder.data.flags import ESTIMATED, OBSERVED
from worldorder.data.sources import Raw, expect

SOURCE = "democracy"
VARIABLES = {"v2x_polyarchy": ("regime", 1.0), "euds": ("uds", 1.0), "polity2": ("polity", 1.0)}


def polyarchy_from_euds(panel: pd.DataFrame) -> pd.Series:
    """Polyarchy fitted on the extended Unified Democracy Score, within 0 and 1.

    A cubic fitted on the state-years of the panel that have both (correlation .96 in 2024).
    """
    both = panel.dropna(subset=["euds", "v2x_polyarchy"])
    fit = np.polynomial.Polynomial.fit(both["euds"], both["v2x_polyarchy"], 3)
    return pd.Series(np.clip(fit(panel["euds"].to_numpy()), 0.0, 1.0), index=panel.index)


def tidy(panel: pd.DataFrame) -> pd.DataFrame:
    """Regime scores, polyarchy observed or estimated since 1946; before that only as published."""
    observed = by_number(panel, VARIABLES, OBSERVED, SOURCE)
    since = panel[panel["year"] >= 1946]
    silent = since.assign(fitted=polyarchy_from_euds(since))[since["v2x_polyarchy"].isna()]
    fitted = by_number(silent, {"fitted": ("regime", 1.0)}, ESTIMATED, SOURCE)
    both = pd.concat([observed, fitted], ignore_index=True)
    return both.drop_duplicates(["variable", "iso3", "year"])


def build(raw: Raw) -> pd.DataFrame:
    """State-years of the regime scores."""
    panel = raw.table(SOURCE, "panel")
    us = panel[(panel["ccode"] == 2) & (panel["year"] == 2025)]["v2x_polyarchy"].sum()
    expect(SOURCE, "polyarchy of the United States in 2025", us, 0.735, 1e-3)
    return tidy(panel)
