"""Goods trade between 194 economies in 2023, and the tariff rates of 2 April 2025."""

from __future__ import annotations

import pandas as pd

from worldorder.data.flags import OBSERVED
from worldorder.data.sources import Raw, expect

SOURCE = "ilms2025-trade-tariffs"
YEAR = 2023
WORLD_TRADE = 21_749_670_434.0  # thousand USD
CHINA_TO_US = 440.5e6
US_TO_CHINA = 145.3e6


def flows(raw: Raw) -> pd.DataFrame:
    """Bilateral goods trade of 2023, thousand USD, entities as published."""
    trade = raw.table(SOURCE, "trade")
    pair = trade.set_index(["exporter", "importer"])["value_kusd"]
    expect(SOURCE, "world goods trade 2023, thousand USD", pair.sum(), WORLD_TRADE, 1e-9)
    expect(SOURCE, "exports of China to the United States", pair["CHN", "USA"], CHINA_TO_US, 1e-3)
    expect(SOURCE, "exports of the United States to China", pair["USA", "CHN"], US_TO_CHINA, 1e-3)
    return pd.DataFrame(
        {
            "exporter": trade["exporter"],
            "importer": trade["importer"],
            "year": YEAR,
            "value": trade["value_kusd"],
            "flag": OBSERVED,
            "source": SOURCE,
        }
    )


def liberation_day(raw: Raw) -> pd.DataFrame:
    """US rate announced on 2 April 2025 by partner, ad valorem.

    The United States itself has none. Russia has no rate in the announcement.
    """
    countries = raw.table(SOURCE, "countries")
    rates = countries.set_index("iso3")["liberation_day_tariff"]
    expect(SOURCE, "rate on China, with the 20 points already in place", rates["CHN"], 0.54)
    expect(SOURCE, "rate on Germany, as in the European Union", rates["DEU"], 0.20)
    expect(SOURCE, "rate on Viet Nam", rates["VNM"], 0.46)
    return rates.drop(index="USA").rename("tariff").reset_index()
