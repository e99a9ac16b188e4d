"""The tariffs of the United States and China of 2018 to 2020, entered as history, against trade.

The world of 2017 is solved with the average tariffs of a later year, and the change of what the two
buy from each other is compared with the record. What else happened between the years is in the
record and not in the model: read the miss with that in mind.

Run: `python -m worldorder.trade.trade_war_2018 --raw DIR`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from worldorder.trade.labels import Matrix
from worldorder.trade.solving import Baseline, make_baseline, solve

BEFORE = 2017
PAIRS = (("USA", "CHN"), ("CHN", "USA"))  # importer, exporter
GOODS = ["agri", "manuf", "mining"]
# Set before the record was looked at: fall of the partner's share in foreign purchases, model over
# record, in logs.
LEAST_RATIO, MOST_RATIO = 0.5, 2.0


def goods_flows(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """Goods trade of a year with home sales, exporter by importer, million USD."""
    rows = table[table["year"] == year]
    value = rows[GOODS].sum(axis=1)
    return pd.crosstab(rows["exporter"], rows["importer"], values=value, aggfunc="sum").fillna(0.0)


def average_rate(rates: pd.DataFrame, importer: str, exporter: str, year: int) -> float:
    """Mean tariff over the days of a year; a rate holds until the next row. Ad valorem.

    Before its first row a pair has the rate of that row.
    """
    own = rates[(rates["importer"] == importer) & (rates["exporter"] == exporter)]
    day = pd.to_datetime(own["date"])
    held = pd.Series(own["average_tariff_pct"].to_numpy(float), index=day).sort_index()
    days = pd.date_range(f"{year}-01-01", f"{year}-12-31")
    daily = held.reindex(held.index.union(days)).ffill().bfill().loc[days]
    return float(daily.mean()) / 100


def tariffs_of_year(rates: pd.DataFrame, year: int) -> dict[tuple[str, str], float]:
    """Tariffs of the two on each other by (importer, exporter)."""
    return {pair: average_rate(rates, *pair, year) for pair in PAIRS}


def foreign_share(flows: Matrix, exporter: int, importer: int) -> float:
    """Share of the exporter in what the importer buys abroad."""
    return float(flows[exporter, importer] / (flows[:, importer].sum() - flows[importer, importer]))


def compare(
    before: pd.DataFrame, after: pd.DataFrame, rates: pd.DataFrame, year: int, **settings: Any
) -> pd.DataFrame:
    """Log change of shares in foreign purchases since 2017, in the model and in the record.

    Args:
        before: flows of 2017, exporter by importer, home sales on the diagonal.
        after: flows of `year`.
        rates: average tariffs by date, importer and exporter, percent.
        year: of `after` and of the tariffs.
        **settings: of `TradeModel`.

    Returns:
        By importer and exporter: tariff before and after, log change of the exporter's share in
        the importer's foreign purchases (model, record), their ratio, and the log change of what
        the importer buys from third countries over its spending.
    """
    names = list(before.index)
    base = make_baseline(before, tariffs=tariffs_of_year(rates, BEFORE))
    tariffs = tariffs_of_year(rates, year)
    chosen: dict[str, Any] = {"imbalances": "lending", **settings}
    modelled = solve(base, tariffs, **chosen)["flows"].to_numpy()
    recorded = after.loc[names, names].to_numpy(float)
    rows = [_row(base, pair, tariffs[pair], modelled, recorded) for pair in PAIRS]
    return pd.DataFrame(rows).set_index(["importer", "exporter"])


def _row(
    base: Baseline, pair: tuple[str, str], rate: float, modelled: Matrix, recorded: Matrix
) -> dict[str, Any]:
    importer, exporter = (base.names.index(name) for name in pair)
    old = base.flows

    def fall(new: Matrix) -> float:
        return float(
            np.log(foreign_share(new, exporter, importer) / foreign_share(old, exporter, importer))
        )

    def diverted(new: Matrix) -> float:
        ratio = _third(new, exporter, importer) / _third(old, exporter, importer)
        return float(np.log(ratio))

    return {
        "importer": pair[0],
        "exporter": pair[1],
        "tariff_before": float(base.tariffs[exporter, importer]),
        "tariff": rate,
        "model": fall(modelled),
        "record": fall(recorded),
        "ratio": fall(modelled) / fall(recorded),
        "third_model": diverted(modelled),
        "third_record": diverted(recorded),
    }


def _third(flows: Matrix, exporter: int, importer: int) -> float:
    """Share of third countries in all that the importer spends on goods, home goods included."""
    bought = flows[:, importer]
    return float((bought.sum() - bought[importer] - bought[exporter]) / bought.sum())


def main() -> None:
    """Print the comparison for 2018, 2019 and 2020 at three elasticities."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, required=True, help="folder of the raw data")
    raw = parser.parse_args().raw
    table = pd.read_csv(raw / "oecd-icio-2011-2022" / "icio_bilateral_4sector.csv.gz")
    rates = pd.read_csv(raw / "us-china-tariffs-2018-20" / "average_tariffs.csv")
    before = goods_flows(table, BEFORE)
    for year in (2018, 2019, 2020):
        for elasticity in (2.0, 4.0, 6.0):
            found = compare(before, goods_flows(table, year), rates, year, elasticity=elasticity)
            print(f"\n{year}, elasticity {elasticity:g}\n{found.round(3).to_string()}")


if __name__ == "__main__":
    main()
