"""Currencies between states: shares of reserves and of payments, and how much the shares cover."""

from __future__ import annotations

import pandas as pd

from worldorder.data.flags import OBSERVED
from worldorder.data.sources import Raw, expect

RESERVES, FIGURES = "imf-cofer", "published-figures"
CODES = {  # ISO 4217, with the last codes of currencies that are no more
    "Australian dollar": "AUD",
    "Canadian dollar": "CAD",
    "Chinese yuan renminbi": "CNY",
    "Deutsche mark": "DEM",
    "Dutch guilder": "NLG",
    "ECU": "XEU",
    "Euro": "EUR",
    "French franc": "FRF",
    "Japanese yen": "JPY",
    "Other currencies": "other",
    "Pound sterling": "GBP",
    "Swiss franc": "CHF",
    "US dollar": "USD",
}
GROUPS = {
    "World": "world",
    "Advanced Economies": "advanced",
    "Emerging Market and Developing Economies": "emerging",
}
ALLOCATED, TOTAL = "Allocated foreign exchange reserves", "Total foreign exchange reserves"
AMOUNT, SHARE = "Nominal value", "Shares"
PHASE_IN = range(2015, 2019)  # China's reserves enter the allocated ones step by step
COLUMNS = ["group", "year", "quarter", "currency", "share", "amount", "covered", "coverage"]
CHECKED = {("1995", "USD"): 0.5896, ("2024", "USD"): 0.5779, ("2024", "EUR"): 0.1984}


def coverage_note(year: int) -> str:
    """What the reported currencies cover: "partial", "phase-in" or "most" of all reserves.

    Coverage was 53 to 79 % to 2014, grew as China reported in 2015-2018, and is about 93 % since;
    a change of shares in the phase-in is partly one of who reports.
    """
    if year in PHASE_IN:
        return "phase-in"
    return "partial" if year < PHASE_IN.start else "most"


def reserves(frame: pd.DataFrame) -> pd.DataFrame:
    """Shares of allocated reserves by group, period and currency; quarter 0 is the year's end.

    Args:
        frame: the publisher's long table; amounts in USD (its scale "Millions" is for display).

    Returns:
        group, year, quarter, currency, share, amount (mn USD), covered (allocated over all
        reserves), coverage (see `coverage_note`).
    """
    keys = ["group", "period"]
    amounts = frame[frame["measure"] == AMOUNT]
    total = amounts[amounts["indicator"] == TOTAL].set_index(keys)["value"]
    allocated = amounts[amounts["indicator"] == ALLOCATED]
    whole = allocated[allocated["currency"] == "All currencies"].set_index(keys)["value"]
    shares = frame[(frame["indicator"] == ALLOCATED) & (frame["measure"] == SHARE)]
    held = shares.merge(allocated, on=[*keys, "currency"], suffixes=("", "_amount"))
    held = held[held["currency"] != "All currencies"]
    at = pd.MultiIndex.from_frame(held[keys])
    part = held["period"].astype(str).str.extract(r"^(?P<year>\d{4})(?:-Q(?P<quarter>\d))?$")
    year = part["year"].astype("int16")
    made = pd.DataFrame(
        {
            "group": held["group"].map(GROUPS),
            "year": year,
            "quarter": part["quarter"].fillna("0").astype("int8"),
            "currency": held["currency"].map(CODES),
            "share": held["value"] / 100,
            "amount": held["value_amount"] * 1e-6,
            "covered": (whole / total).reindex(at).to_numpy(),
            "coverage": [coverage_note(y) for y in year],
        }
    )
    return made.sort_values(COLUMNS[:4], ignore_index=True)[COLUMNS]


def build_reserves(raw: Raw) -> pd.DataFrame:
    """Reserve currencies 1995 to the first quarter of 2025."""
    frame = raw.table(RESERVES, "series", dtype={"period": str})
    made = reserves(frame)
    expect(RESERVES, "currencies without a code", made["currency"].isna().sum(), 0)
    world = made[(made["group"] == "world") & (made["quarter"] == 0)]
    for (year, currency), published in CHECKED.items():
        row = world[(world["year"] == int(year)) & (world["currency"] == currency)]
        what = f"share of {currency} in {year}"
        expect(RESERVES, what, row["share"].iloc[0], published, 1e-3)
    for year, total in world.groupby("year")["share"].sum().items():
        expect(RESERVES, f"sum of shares in {year}", total, 1.0, 1e-3)
    return made.assign(flag=OBSERVED, source=RESERVES)


def build_payments(raw: Raw) -> pd.DataFrame:
    """Shares of international payments by value at the few dates that are known.

    Returns:
        date (year and month), year, currency, share, found_in (the page), flag, source.
    """
    figures = raw.table(FIGURES, "figures")
    rows = figures[figures["measure"] == "swift_payment_share"]
    expect(FIGURES, "dates of payment shares", rows["period"].nunique(), 4)
    page = rows["source"].where(rows["source"] != "same").ffill()
    made = pd.DataFrame(
        {
            "date": rows["period"],
            "year": rows["period"].str[:4].astype("int16"),
            "currency": rows["unit_of_observation"],
            "share": rows["value"] / 100,
            "found_in": page,
        }
    )
    made = made.assign(flag=OBSERVED, source=FIGURES)
    return made.sort_values(["date", "currency"], ignore_index=True)
