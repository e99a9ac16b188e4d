"""Monetary gold of states at the few early dates that are known."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.cells import cells
from worldorder.data.flags import OBSERVED
from worldorder.data.sources import Raw, expect

SOURCE = "published-figures"


def tidy(figures: pd.DataFrame) -> pd.DataFrame:
    """Stocks in thousand tonnes."""
    rows = figures[figures["measure"] == "monetary_gold"]
    year = rows["period"].astype(int)
    state = rows["unit_of_observation"]
    return cells(state, year, rows["value"], "gold_stock", OBSERVED, SOURCE)


def build(raw: Raw) -> pd.DataFrame:
    """The United States, Britain and France between 1938 and 1971."""
    made = tidy(raw.table(SOURCE, "figures"))
    expect(SOURCE, "figures of monetary gold", len(made), 8)
    return made
