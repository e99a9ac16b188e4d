"""Maddison Project: GDP and income per head at 2011 prices, 1820 to 2018 (some since 1800)."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.cells import cells
from worldorder.data.countries import iso3_of_names
from worldorder.data.flags import OBSERVED
from worldorder.data.own_tables import state_codes
from worldorder.data.polities import former_states
from worldorder.data.sources import Raw, expect

SOURCE = "maddison-2020"
FIRST_YEAR = 1816
WORLD_GDP_2018 = 113_630.0  # bn USD of 2011
FORMER = {"Former USSR": "SUN", "Former Yugoslavia": "YUG", "Czechoslovakia": "CSK"}
REGIONS = (
    "World",
    "East Asia",
    "Eastern Europe",
    "Latin America",
    "Middle East",
    "South and South-East Asia",
    "Sub-Sahara Africa",
    "Western Europe",
    "Western Offshoots",
)
VARIABLES = {  # column: variable, factor to the panel's unit
    "gdp_2011usd": ("gdp_maddison", 1e-9),
    "gdp_pc_2011usd": ("gdp_per_head_maddison", 1.0),
}


def codes_of(names: list[str]) -> dict[str, str]:
    """Code of each entity of the table."""
    usual = [name for name in names if name not in FORMER]
    return dict(zip(usual, iso3_of_names(usual), strict=True)) | FORMER


def tidy(panel: pd.DataFrame) -> pd.DataFrame:
    """Long state-years. Sums that go on after a state ended are dropped."""
    panel = panel[~panel["entity"].isin(REGIONS) & (panel["year"] >= FIRST_YEAR)]
    panel = panel.assign(iso3=panel["entity"].map(codes_of(sorted(panel["entity"].unique()))))
    ended = panel["iso3"].map({code: row["end"][:4] for code, row in former_states().items()})
    panel = panel[ended.isna() | (panel["year"] <= ended.fillna("9999").astype(int))]
    panel = panel[panel["iso3"].isin([*state_codes(), *former_states()])]
    parts = [
        cells(panel["iso3"], panel["year"], panel[column] * factor, variable, OBSERVED, SOURCE)
        for column, (variable, factor) in VARIABLES.items()
    ]
    return pd.concat(parts, ignore_index=True)


def build(raw: Raw) -> pd.DataFrame:
    """State-years of the Maddison Project Database 2020."""
    panel = raw.table(SOURCE, "panel")
    world = panel[(panel["entity"] == "World") & (panel["year"] == 2018)]["gdp_2011usd"].sum()
    expect(SOURCE, "GDP of the world in 2018, bn USD of 2011", world * 1e-9, WORLD_GDP_2018, 1e-4)
    return tidy(panel)
