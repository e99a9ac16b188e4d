"""Who supplies whom with what: shares of suppliers by industry, input-output tables of 2022.

A supplier with less than a thousandth of what the importer spends in the industry is left out.
Elasticities are the median and the ends of eight published sets.
"""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.trade_fill import ICIO
from worldorder.data.flags import OBSERVED
from worldorder.data.sources import Raw, expect

LEAST_SHARE = 1e-3
SETS = ["BSY", "CP", "FGO", "GYY", "IS", "LL", "Shap", "U4"]
GROUPS = {"A": "agriculture", "B": "mining and energy", "C": "manufactures", "S": "services"}
WORLD_2022 = 199.7e6  # mn USD


def shares(flows: pd.DataFrame) -> pd.DataFrame:
    """Supplier's share in what the importer spends in a sector, and that sector's share."""
    spent = flows.groupby(["sector", "importer"])["value_musd"].transform("sum")
    whole = flows.groupby("importer")["value_musd"].transform("sum")
    frame = flows.assign(share=flows["value_musd"] / spent, spending_share=spent / whole)
    frame = frame[(frame["share"] >= LEAST_SHARE) & (frame["exporter"] != "ROW")]
    frame = frame[frame["importer"] != "ROW"]
    frame["group"] = frame["sector"].str[0].map(GROUPS)
    return frame[["sector", "group", "exporter", "importer", "share", "spending_share"]]


def build(raw: Raw) -> pd.DataFrame:
    """One row a sector, exporter and importer; home supplies are exporter = importer."""
    flows = raw.table(ICIO, "industries")
    total = flows["value_musd"].sum()
    expect(ICIO, "use of the world by 28 sectors, mn USD", total, WORLD_2022, 1e-3)
    sets = raw.table(ICIO, "elasticities").set_index("sector")[SETS]
    frame = shares(flows).assign(year=2022, flag=OBSERVED, source=ICIO)
    for name, value in (
        ("elasticity", sets.median(axis=1)),
        ("elasticity_low", sets.min(axis=1)),
        ("elasticity_high", sets.max(axis=1)),
    ):
        frame[name] = frame["sector"].map(value)
    return frame.astype({"year": "int16"}).sort_values(
        ["sector", "exporter", "importer"], ignore_index=True
    )
