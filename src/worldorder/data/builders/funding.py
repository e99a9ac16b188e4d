"""Money of the UN system by donor, entity and type, 2013 to 2024."""

from __future__ import annotations

import pandas as pd

from worldorder.data.countries import iso3_of_names
from worldorder.data.flags import OBSERVED
from worldorder.data.own_tables import own_table, state_codes
from worldorder.data.sources import Raw, expect

SOURCE = "un-system-funding"
TOTALS = {2022: 74.3e9, 2023: 67.5e9}  # USD, as the Board reports
NON_STATE = "organization"


def donor_codes(donors: pd.DataFrame) -> pd.Series:
    """ISO3 of states and territories; the category for those that are not states."""
    states = donors[donors["status"] != NON_STATE]
    names = sorted(states["donor"].unique())
    iso3 = dict(zip(names, iso3_of_names(names), strict=True))
    return donors["donor"].map(iso3).where(donors["status"] != NON_STATE, donors["category"])


def tidy(donors: pd.DataFrame) -> pd.DataFrame:
    """Revenue in mn current USD by year, institution, donor and type."""
    bodies = own_table("institutions")
    ids = dict(zip(bodies["ceb"], bodies["id"], strict=True))
    coded = donors.assign(
        donor=donor_codes(donors),
        institution=donors["entity"].map(ids),
        type=donors["type"].str.lower(),
        value=donors["amount_usd"] * 1e-6,
    )
    keys = ["year", "institution", "donor", "type"]
    frame = coded.groupby(keys, as_index=False)["value"].sum()
    kind = frame["donor"].isin(state_codes()).map({True: "state", False: "other"})
    frame = frame.assign(donor_kind=kind, flag=OBSERVED, source=SOURCE)
    return frame.astype({"year": "int16"}).sort_values(keys, ignore_index=True)


def build(raw: Raw) -> pd.DataFrame:
    """Revenue of the 48 entities that report to the Board."""
    donors, entities = raw.table(SOURCE, "donors"), raw.table(SOURCE, "entities")
    by_donor = donors.groupby("year")["amount_usd"].sum()
    by_entity = entities.groupby("year")["amount_usd"].sum()
    for year, total in TOTALS.items():
        expect(SOURCE, f"revenue in {year}, USD", by_donor[year], total, 1e-3)
    for year in by_donor.index:
        what = f"revenue by donor against revenue by entity in {year}"
        expect(SOURCE, what, by_donor[year], by_entity[year], 1e-6)
    us = donors[donors["donor"] == "United States of America"].groupby("year")["amount_usd"].sum()
    expect(SOURCE, "contributions of the United States in 2024, USD", us[2024], 14.27e9, 1e-3)
    return tidy(donors)
