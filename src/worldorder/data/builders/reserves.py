"""Official foreign exchange reserves: shares by currency (IMF COFER)."""

from __future__ import annotations

import pandas as pd

from worldorder.data.flags import OBSERVED
from worldorder.data.sources import Raw, expect

SOURCE = "imf-cofer"
CURRENCIES = ("USD", "EUR", "CNY", "JPY", "GBP", "other")
ISSUERS = {"USD": "USA", "EUR": "DEU", "CNY": "CHN", "JPY": "JPN", "GBP": "GBR"}
HOLDERS = ("advanced", "emerging")
CODES = {
    "US dollar": "USD",
    "Euro": "EUR",
    "Chinese yuan renminbi": "CNY",
    "Japanese yen": "JPY",
    "Pound sterling": "GBP",
    "Deutsche mark": "EUR",  # until 1998 the currencies that the euro replaced
    "French franc": "EUR",
    "Dutch guilder": "EUR",
    "ECU": "EUR",
}
GROUPS = {
    "World": "world",
    "Advanced Economies": "advanced",
    "Emerging Market and Developing Economies": "emerging",
}
COLUMNS = ["holder", "currency", "year", "value", "flag", "source"]


def shares(series: pd.DataFrame) -> pd.DataFrame:
    """Shares of allocated reserves by group of holders, currency and year; they sum to 1."""
    rows = series[
        (series["frequency"] == "Annual")
        & (series["measure"] == "Shares")
        & (series["indicator"] == "Allocated foreign exchange reserves")
        & (series["currency"] != "All currencies")
    ]
    frame = pd.DataFrame(
        {
            "holder": rows["group"].map(GROUPS),
            "currency": rows["currency"].map(CODES).fillna("other"),
            "year": rows["period"].astype("int16"),
            "value": rows["value"].astype(float),
        }
    )
    total = frame.groupby(["holder", "currency", "year"], as_index=False)["value"].sum()
    whole = total.groupby(["holder", "year"])["value"].transform("sum")
    return total.assign(value=total["value"] / whole)


def build(raw: Raw) -> pd.DataFrame:
    """Shares of currencies in reserves, 1995 to 2024; by group of holders to 2014."""
    series = raw.table(SOURCE, "series", dtype={"period": str})
    frame = shares(series).assign(flag=OBSERVED, source=SOURCE)
    key = frame.set_index(["holder", "currency", "year"])["value"]
    expect(SOURCE, "dollar share of 1999", key["world", "USD", 1999], 0.7101, 0.001)
    expect(SOURCE, "dollar share of 2024", key["world", "USD", 2024], 0.5779, 0.001)
    return frame[COLUMNS].sort_values(["holder", "currency", "year"], ignore_index=True)
