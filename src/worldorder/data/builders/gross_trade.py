"""Trade in goods and services with domestic sales, directed from seller's to buyer's economy.

Two sources that do not measure the same and are not joined: the input-output tables at basic
prices with all industries of 80 economies (the rest of the world is "ROW"), and the USITC's sums
over industries with data, whose domestic part is thin where production is not reported.
"""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.trade_fill import ICIO
from worldorder.data.flags import OBSERVED
from worldorder.data.sources import Raw, expect

ITPD = "usitc-itpde-2000-2016"
GOODS = ["agri", "manuf", "mining"]
WORLD_2022, ABROAD_2022 = 199.69e6, 27.11e6  # mn USD
ITPD_US_TO_CHINA_2016 = 154_340.0  # mn USD of 2010
ITPD_CHINA_TO_US_2016 = 455_910.0


def _cells(flows: pd.DataFrame, value: pd.Series, variable: str, source: str) -> pd.DataFrame:
    frame = flows[["exporter", "importer", "year"]].assign(value=value.round(6))
    frame = frame[frame["value"] > 0]
    return frame.assign(variable=variable, flag=OBSERVED, source=source)


def input_output(raw: Raw) -> pd.DataFrame:
    """Intermediate and final use by origin and destination, 2011-2022, mn current USD."""
    flows = raw.table(ICIO, "flows")
    whole = flows[[*GOODS, "services"]].sum(axis=1)
    now = flows["year"] == 2022
    abroad = flows["exporter"] != flows["importer"]
    expect(ICIO, "use of the world in 2022, mn USD", whole[now].sum(), WORLD_2022, 1e-3)
    expect(ICIO, "of which traded, mn USD", whole[now & abroad].sum(), ABROAD_2022, 1e-3)
    goods = flows[GOODS].sum(axis=1)
    return pd.concat(
        [
            _cells(flows, whole, "gross_trade", ICIO),
            _cells(flows, goods, "gross_goods_trade", ICIO),
        ]
    )


def industries(raw: Raw) -> pd.DataFrame:
    """Sums over the industries of ITPD-E, 2000-2016, mn USD of 2010."""
    flows = raw.table(ITPD, "flows")
    pair = flows[flows["year"] == 2016].set_index(["exporter", "importer"])["value_musd2010"]
    expect(ITPD, "United States to China in 2016", pair["USA", "CHN"], ITPD_US_TO_CHINA_2016, 1e-3)
    expect(ITPD, "China to United States in 2016", pair["CHN", "USA"], ITPD_CHINA_TO_US_2016, 1e-3)
    return _cells(flows, flows["value_musd2010"], "industry_trade", ITPD)


def build(raw: Raw) -> pd.DataFrame:
    """Both sources, one variable each; exporter and importer are the same for domestic sales."""
    frame = pd.concat([input_output(raw), industries(raw)]).astype({"year": "int16"})
    return frame.sort_values(["variable", "year", "exporter", "importer"], ignore_index=True)
