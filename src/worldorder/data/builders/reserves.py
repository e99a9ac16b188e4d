"""Shares of the main currencies in official reserves (IMF COFER), as the simulator has them."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders import currencies
from worldorder.data.builders.currencies import RESERVES as SOURCE
from worldorder.data.flags import OBSERVED
from worldorder.data.sources import Raw, expect

CURRENCIES = ("USD", "EUR", "CNY", "JPY", "GBP", "other")
ISSUERS = {"USD": "USA", "EUR": "DEU", "CNY": "CHN", "JPY": "JPN", "GBP": "GBR"}
HOLDERS = ("advanced", "emerging")
EURO_BEFORE = ("DEM", "FRF", "NLG", "XEU")  # until 1998 the currencies that the euro replaced
COLUMNS = ["holder", "currency", "year", "value", "flag", "source"]


def shares(composition: pd.DataFrame) -> pd.DataFrame:
    """Shares of the main currencies by group of holders and year; they sum to 1.

    Args:
        composition: group, year, quarter (0 is the year's end), currency and share, as in
            `currencies.reserves`.
    """
    rows = composition[composition["quarter"] == 0]
    currency = rows["currency"].replace(dict.fromkeys(EURO_BEFORE, "EUR"))
    frame = pd.DataFrame(
        {
            "holder": rows["group"],
            "currency": currency.where(currency.isin(CURRENCIES), "other"),
            "year": rows["year"],
            "value": rows["share"],
        }
    )
    total = frame.groupby(["holder", "currency", "year"], as_index=False)["value"].sum()
    whole = total.groupby(["holder", "year"])["value"].transform("sum")
    return total.assign(value=total["value"] / whole)


def build(raw: Raw) -> pd.DataFrame:
    """Shares of currencies in reserves, 1995 to 2024; by group of holders to 2014."""
    frame = shares(currencies.build_reserves(raw)).assign(flag=OBSERVED, source=SOURCE)
    key = frame.set_index(["holder", "currency", "year"])["value"]
    expect(SOURCE, "dollar share of 1999", key["world", "USD", 1999], 0.7101, 0.001)
    return frame[COLUMNS].sort_values(["holder", "currency", "year"], ignore_index=True)
