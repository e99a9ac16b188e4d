"""Targets of pairs and bodies in money and opinion: trade, revenue of entities, favourability."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.inference import baselines
from worldorder.inference.hindcast.cells import MODEL, Case, Cells, no_cells
from worldorder.inference.hindcast.state_targets import real_gdp, wide

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
PRICES_OF = "USA"  # flows in current dollars are deflated with this state's GDP deflator
LEAST_TRADE = 1e-3  # bn USD/year, both ways: smaller flows are noise of reporting
TRADE_RECORD = 20  # years


def prices(case: Case, frame: pd.DataFrame) -> pd.Series:
    """GDP deflator of the United States by year, 1 at the origin."""
    nominal = wide(frame, "gdp", case.states).loc[PRICES_OF]
    level = real_gdp(case, frame).loc[PRICES_OF].reindex(nominal.index)
    real = level.apply(np.exp)
    ratio = pd.Series(nominal.to_numpy(float) / real.to_numpy(float), index=nominal.index)
    return (ratio / ratio[case.origin]).dropna()


def pair_trade(
    case: Case, frame: pd.DataFrame, deflator: pd.Series, years: Iterable[int]
) -> pd.DataFrame:
    """Log of trade both ways by pair (rows a < b, `AAA/BBB`) and year, bn USD of the origin.

    Missing where one direction is not reported: in a year of thin reports that is no fall.
    """
    place = {code: i for i, code in enumerate(case.states)}
    rows = frame[frame["year"].isin(list(years)) & (frame["flag"] == "observed")]
    a, b = (rows[name].astype(str).map(place) for name in ("exporter", "importer"))
    known = a.notna() & b.notna() & (a != b)
    rows, a, b = rows[known], a[known].to_numpy(int), b[known].to_numpy(int)
    pair = np.minimum(a, b) * len(place) + np.maximum(a, b)
    total = rows["value"].groupby([pair, rows["year"].to_numpy()]).sum(min_count=2).unstack()
    names = [f"{case.states[k // len(place)]}/{case.states[k % len(place)]}" for k in total.index]
    total = total.set_axis(pd.Index(names), axis=0).reindex(columns=list(years))
    return (total * 1e-6 / deflator.reindex(total.columns)).where(total > 0).apply(np.log)


def trade_flow(case: Case, horizon: int) -> Cells:
    """Log of trade both ways of pairs that traded a million dollars and more at the origin."""
    known = case.known("state_year")
    years = range(case.origin - TRADE_RECORD, case.origin + 1)
    record = pair_trade(case, case.known("trade"), prices(case, known), years)
    deflator = prices(case, case.outcome("state_year"))
    came = pair_trade(case, case.outcome("trade"), deflator, [case.origin + horizon])
    now = record.iloc[:, -1]
    pairs = now[now > np.log(LEAST_TRADE)].index.intersection(came.index)
    if pairs.empty:
        return no_cells("trade_flow", case, horizon)
    record = record.loc[pairs]
    a, b = _places(case, pairs)
    forecasts: dict[str, Matrix] = {
        "persistence": baselines.persistence(record.iloc[:, -1].to_numpy(float)),
        "persistence_spread": baselines.persistence_spread(record, horizon, TRADE_RECORD),
        "ar1": baselines.ar1(record, horizon, TRADE_RECORD),
        MODEL: case.at("trade", horizon)[:, a, b].T.astype(float),
    }
    observed = came.loc[pairs].iloc[:, 0].to_numpy(float)
    return Cells("trade_flow", case.origin, horizon, np.array(pairs, str), observed, forecasts)


def _places(case: Case, pairs: pd.Index) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    place = {code: i for i, code in enumerate(case.states)}
    halves = [str(pair).split("/") for pair in pairs]
    return (
        np.array([place[a] for a, _ in halves], np.int64),
        np.array([place[b] for _, b in halves], np.int64),
    )


def _revenue(frame: pd.DataFrame, deflator: pd.Series) -> pd.DataFrame:
    total = frame.groupby(["institution", "year"], observed=True)["value"].sum().unstack()
    return (total / deflator.reindex(total.columns)).where(total > 0).apply(np.log)


def entity_revenue(case: Case, horizon: int) -> Cells:
    """Log of the yearly revenue of entities of the UN system, mn USD of the origin."""
    known, came = case.known("state_year"), case.outcome("state_year")
    record = _revenue(case.known("funding"), prices(case, known))
    later = _revenue(case.outcome("funding"), prices(case, came))
    bodies = [body for body in case.bodies if body in record.index and body in later.index]
    record = record.loc[bodies].reindex(columns=range(int(record.columns.min()), case.origin + 1))
    at = [case.bodies.index(body) for body in bodies]
    simulated = case.at("revenue", horizon)[:, at].T.astype(float)
    forecasts: dict[str, Matrix] = {
        "persistence": baselines.persistence(record.iloc[:, -1].to_numpy(float)),
        "persistence_spread": baselines.persistence_spread(record, horizon),
        "ar1": baselines.ar1(record, horizon),
        MODEL: np.log(np.maximum(simulated, 1e-6)),
    }
    observed = later.reindex(columns=[case.origin + horizon]).loc[bodies].iloc[:, 0]
    return Cells(
        "entity_revenue", case.origin, horizon, np.array(bodies, str),
        observed.to_numpy(float), forecasts,
    )  # fmt: skip


def _log_odds(frame: pd.DataFrame) -> pd.DataFrame:
    """Log odds of the favourable share by pair `truster/about` and year."""
    share = frame["favourable"].clip(0.005, 0.995)
    pair = frame["respondent"].astype(str) + "/" + frame["about"].astype(str)
    table = np.log(share / (1 - share)).groupby([pair, frame["year"]]).mean().unstack()
    return table.reindex(columns=range(int(table.columns.min()), int(table.columns.max()) + 1))


def favourability(case: Case, horizon: int) -> Cells:
    """Log odds of the favourable share in surveys, of pairs asked about before the origin."""
    record = _log_odds(case.known("favourability")).reindex(columns=range(2002, case.origin + 1))
    came = _log_odds(case.outcome("favourability"))
    last = record.ffill(axis=1)
    pairs = last.index[last.iloc[:, -1].notna()].intersection(came.index)
    pairs = pairs[[all(half in case.states for half in str(p).split("/")) for p in pairs]]
    a, b = _places(case, pairs)
    trust = np.clip(case.at("trust", horizon)[:, a, b].T.astype(float), 0.005, 0.995)
    filled = last.loc[pairs]
    gaps = record.loc[pairs].copy()
    gaps.iloc[:, -1] = filled.iloc[:, -1]
    forecasts: dict[str, Matrix] = {
        "persistence": baselines.persistence(filled.iloc[:, -1].to_numpy(float)),
        "persistence_spread": baselines.persistence_spread(gaps, horizon),
        "ar1": baselines.ar1(gaps, horizon),
        MODEL: np.log(trust / (1 - trust)),
    }
    observed = came.reindex(columns=[case.origin + horizon]).loc[pairs].iloc[:, 0].to_numpy(float)
    return Cells("favourability", case.origin, horizon, np.array(pairs, str), observed, forecasts)


FLOW_TARGETS = {
    "trade_flow": trade_flow,
    "entity_revenue": entity_revenue,
    "favourability": favourability,
}
