"""Applied tariffs by importer, exporter and year, directed: the importer taxes the exporter.

Order by pair and year: averages of the Peterson Institute for the United States and China,
2018-2024; for the United States from 2024 duties collected in 2024 plus those added since, by days;
for other pairs the schedules of 2021 in the input-output tables.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from worldorder.data.builders import us_tariffs
from worldorder.data.builders.trade_fill import ICIO
from worldorder.data.flags import FORECAST, IMPUTED, OBSERVED
from worldorder.data.sources import Raw, expect

PIIE = "us-china-tariffs-2018-20"
US, CHINA = "USA", "CHN"
SCHEDULE_YEAR = 2021
GOODS = ("A", "B", "C")  # first letters of industries that make goods
PIIE_YEARS = range(2018, 2025)
PIIE_READ_TO = 2020  # later years hold the last rate read, of 14 February 2020
FIRST_ADDED = "2025-01-01"
COLUMNS = ["importer", "exporter", "year", "tariff", "tariff_simple", "flag", "source"]
ORDER = (PIIE, us_tariffs.SOURCE, ICIO)


def schedules(flows: pd.DataFrame) -> pd.DataFrame:
    """Mean tariff over goods industries that trade, weighted by imports of 2022 and plain."""
    rows = flows[flows["sector"].str[0].isin(GOODS) & (flows["exporter"] != flows["importer"])]
    rows = rows[(rows["exporter"] != "ROW") & (rows["importer"] != "ROW")]
    rows = rows.assign(duty=rows["value_musd"] * rows["tariff"])
    sums = rows.groupby(["importer", "exporter"], as_index=False).agg(
        duty=("duty", "sum"), value=("value_musd", "sum"), tariff_simple=("tariff", "mean")
    )
    weighted = sums["duty"] / sums["value"].where(sums["value"] > 0)
    sums = sums.assign(tariff=weighted.fillna(sums["tariff_simple"]), year=SCHEDULE_YEAR)
    return sums.assign(flag=OBSERVED, source=ICIO)[COLUMNS]


def _by_days(steps: pd.DataFrame, years: range) -> pd.Series:
    """Mean over the days of each year of a rate that holds until the next step."""
    days = pd.DataFrame({"date": pd.date_range(f"{years[0]}-01-01", f"{years[-1]}-12-31")})
    told = steps.assign(date=pd.to_datetime(steps["date"])).sort_values("date", kind="stable")
    daily = pd.merge_asof(days, told[["date", "rate"]], on="date")
    return daily.groupby(daily["date"].dt.year)["rate"].mean()


def trade_war(rates: pd.DataFrame) -> pd.DataFrame:
    """Averages of the United States and China on each other by year."""
    parts: list[pd.DataFrame] = []
    for (importer, exporter), told in rates.groupby(["importer", "exporter"]):
        mean = _by_days(told.assign(rate=told["average_tariff_pct"] / 100), PIIE_YEARS)
        whole = mean[told["date"].min()[:4] <= mean.index.astype(str)]
        parts.append(
            pd.DataFrame({"year": whole.index, "tariff": whole.to_numpy()}).assign(
                importer=str(importer), exporter=str(exporter)
            )
        )
    frame = pd.concat(parts, ignore_index=True).dropna(subset=["tariff"])
    flag = np.where(frame["year"] <= PIIE_READ_TO, OBSERVED, IMPUTED)
    return frame.assign(tariff_simple=np.nan, flag=flag, source=PIIE)[COLUMNS]


def since_2024(rates: pd.DataFrame, added: pd.DataFrame) -> pd.DataFrame:
    """Duties of the United States: collected in 2024, and with what was added in 2025 and 2026.

    Args:
        rates: collected rate of 2024 by partner, ad valorem.
        added: date, iso3 and duty added since December 2024.
    """
    parts = [rates.assign(year=2024, tariff=rates["collected"])]
    for iso3, told in added.groupby("iso3"):
        base = rates[rates["iso3"] == iso3]["collected"]
        if len(base):
            start = pd.DataFrame({"date": [FIRST_ADDED], "rate": [0.0]})
            steps = pd.concat([start, told.rename(columns={"tariff": "rate"})[["date", "rate"]]])
            mean = _by_days(steps, range(2025, 2027)) + base.iloc[0]
            parts.append(
                pd.DataFrame({"year": mean.index, "tariff": mean.to_numpy()}).assign(iso3=iso3)
            )
    frame = pd.concat(parts, ignore_index=True).rename(columns={"iso3": "exporter"})
    flag = np.where(frame["year"] > 2025, FORECAST, OBSERVED)
    frame = frame.assign(importer=US, tariff_simple=np.nan, flag=flag, source=us_tariffs.SOURCE)
    return frame[COLUMNS]


def build(raw: Raw, union: list[str]) -> pd.DataFrame:
    """Applied tariffs, ad valorem."""
    flows, war = raw.table(ICIO, "industries"), raw.table(PIIE, "rates")
    goods = schedules(flows)
    expect(ICIO, "pairs with a tariff", len(goods), 6163)
    before = war[(war["importer"] == US) & (war["date"] == "2018-01-01")]["average_tariff_pct"]
    expect(PIIE, "tariff of the United States on China on 1 January 2018", before.sum(), 3.1)
    rates = raw.table(us_tariffs.SOURCE, "rates")
    added = us_tariffs.tidy(rates, union)
    collected = us_tariffs.tidy(
        rates.drop_duplicates("country").assign(
            new_tariff_pct=lambda rows: rows["tariff_2024_pct"]
        ),
        union,
    ).rename(columns={"tariff": "collected"})[["iso3", "collected"]]
    frame = pd.concat([trade_war(war), since_2024(collected, added), goods], ignore_index=True)
    frame = frame.assign(rank=frame["source"].map({name: i for i, name in enumerate(ORDER)}))
    frame = frame.sort_values(["year", "importer", "exporter", "rank"], kind="stable")
    frame = frame.drop_duplicates(["year", "importer", "exporter"]).astype({"year": "int16"})
    return frame[COLUMNS].reset_index(drop=True)
