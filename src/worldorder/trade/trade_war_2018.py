"""The tariffs of the United States and China of 2018 to 2020, entered as history, against trade.

The world of 2017 is solved with the average tariffs of a later year, and the change of what the
two buy from each other is compared with the record. What else happened between the years is in the
record and not in the model. The figures "net" take out what the exporter gained or lost in all
third countries at the same time; they were added after the first comparison had missed.

Run: `python -m worldorder.trade.trade_war_2018`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from worldorder.data.own_tables import own_table
from worldorder.data.panel import panel
from worldorder.trade.labels import Matrix
from worldorder.trade.model import first_year_elasticity
from worldorder.trade.solving import Baseline, make_baseline, solve

Measured = Callable[[Matrix, int, int], float]  # of flows, exporter and importer

BEFORE = 2017
PAIRS = (("USA", "CHN"), ("CHN", "USA"))  # importer, exporter
# Set before the record was looked at: fall of the partner's share in foreign purchases, model over
# record, in logs.
LEAST_RATIO, MOST_RATIO = 0.5, 2.0


def goods_flows(year: int) -> pd.DataFrame:
    """Goods trade of a year with home sales of 80 economies and the rest, million USD (OECD)."""
    rows = panel("gross_goods_trade", year)
    return rows.pivot(index="exporter", columns="importer", values="value").fillna(0.0)


def tariff_record() -> pd.DataFrame:
    """Average tariffs of the two on each other by date, importer and exporter, percent (Bown)."""
    table = own_table("us_china_tariffs")
    return table.assign(average_tariff_pct=table["average_tariff_pct"].astype(float))


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


def share_elsewhere(flows: Matrix, exporter: int, importer: int) -> float:
    """Share of the exporter in what third countries buy abroad."""
    third = [k for k in range(len(flows)) if k not in (exporter, importer)]
    bought = flows[:, third].sum() - flows[third, third].sum()
    return float(flows[exporter, third].sum() / bought)


def compare(year: int, **settings: Any) -> pd.DataFrame:
    """Log change of shares in foreign purchases since 2017, in the model and in the record.

    Args:
        year: of the tariffs and the record, 2018 to 2020.
        **settings: of `TradeModel`.

    Returns:
        By importer and exporter: tariff before and after; log change of the exporter's share in
        the importer's foreign purchases (model, record) and their ratio; the same less the log
        change of the exporter's share in the foreign purchases of third countries (net); and the
        log change of third countries' share in all that the importer spends.
    """
    rates, before = tariff_record(), goods_flows(BEFORE)
    names = list(before.index)
    base = make_baseline(before, tariffs=tariffs_of_year(rates, BEFORE))
    tariffs = tariffs_of_year(rates, year)
    chosen: dict[str, Any] = {"imbalances": "lending", **settings}
    modelled = solve(base, tariffs, **chosen)["flows"].to_numpy()
    recorded = goods_flows(year).loc[names, names].to_numpy(float)
    rows = [_row(base, pair, tariffs[pair], modelled, recorded) for pair in PAIRS]
    return pd.DataFrame(rows).set_index(["importer", "exporter"])


def _row(
    base: Baseline, pair: tuple[str, str], rate: float, modelled: Matrix, recorded: Matrix
) -> dict[str, Any]:
    importer, exporter = (base.names.index(name) for name in pair)
    old, worlds = base.flows, {"model": modelled, "record": recorded}

    def change(measure: Measured, new: Matrix) -> float:
        return float(np.log(measure(new, exporter, importer) / measure(old, exporter, importer)))

    fall = {name: change(foreign_share, new) for name, new in worlds.items()}
    elsewhere = {name: change(share_elsewhere, new) for name, new in worlds.items()}
    net = {name: fall[name] - elsewhere[name] for name in worlds}
    return {
        "importer": pair[0],
        "exporter": pair[1],
        "tariff_before": float(base.tariffs[exporter, importer]),
        "tariff": rate,
        **fall,
        "ratio": fall["model"] / fall["record"],
        "net_model": net["model"],
        "net_record": net["record"],
        "net_ratio": net["model"] / net["record"],
        "third_model": change(third_share, modelled),
        "third_record": change(third_share, recorded),
    }


def third_share(flows: Matrix, exporter: int, importer: int) -> float:
    """Share of third countries in all that the importer spends on goods, home goods included."""
    bought = flows[:, importer]
    return float((bought.sum() - bought[importer] - bought[exporter]) / bought.sum())


def main() -> None:
    """Print the comparison for 2018 to 2020, in the first year and at three elasticities."""
    for year in (2018, 2019, 2020):
        for elasticity in (first_year_elasticity(), 2.0, 4.0, 6.0):
            found = compare(year, elasticity=elasticity)
            print(f"\n{year}, elasticity {elasticity:g}\n{found.round(3).to_string()}")


if __name__ == "__main__":
    main()
