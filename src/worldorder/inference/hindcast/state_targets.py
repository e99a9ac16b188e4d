"""Targets that every state has each year: ideal points, GDP, shares of GDP and of capability."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.vintage import position_years, positions_known
from worldorder.inference import baselines
from worldorder.inference.hindcast.cells import MODEL, Case, Cells
from worldorder.parameters.loader import load_parameters

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
WEIGHTS = ("gdp_weight", "population_weight", "military_weight", "efficiency_weight")


def wide(frame: pd.DataFrame, variable: str, states: tuple[str, ...]) -> pd.DataFrame:
    """States by years of a variable of the state-years, without what is forecast or imputed."""
    flags = ("observed",) if variable == "ideal_point" else ("observed", "estimated")
    rows = frame[(frame["variable"] == variable) & frame["flag"].isin(flags)]
    table = rows.pivot(index="iso3", columns="year", values="value")
    years = range(int(min(table.columns)), int(max(table.columns)) + 1)
    return table.reindex(index=list(states), columns=years)


def real_gdp(case: Case, frame: pd.DataFrame) -> pd.DataFrame:
    """Log of GDP at the prices and exchange rates of the origin, states by years.

    The level of the start, carried back and on by growth in constant prices.
    """
    growth = wide(frame, "real_growth", case.states).clip(lower=-0.9)
    years = growth.columns
    path = np.log1p(growth.to_numpy(float))
    at = [int(str(y)) for y in years].index(case.origin)
    log_level = np.full_like(path, np.nan)
    log_level[:, at] = np.log(case.arrays["gdp"].astype(float))
    for t in range(at + 1, len(years)):
        log_level[:, t] = log_level[:, t - 1] + path[:, t]
    for t in range(at, 0, -1):
        log_level[:, t - 1] = log_level[:, t] - path[:, t]
    return pd.DataFrame(log_level, index=growth.index, columns=years)


def _record(case: Case, levels: pd.DataFrame) -> pd.DataFrame:
    return levels.loc[:, : case.origin]


def _observed(case: Case, levels: pd.DataFrame, horizon: int) -> Vector:
    return levels.reindex(columns=[case.origin + horizon]).iloc[:, 0].to_numpy(float)


def _states(
    case: Case, target: str, horizon: int, observed: Vector, forecasts: dict[str, Matrix]
) -> Cells:
    return Cells(target, case.origin, horizon, np.array(case.states), observed, forecasts)


def _level_baselines(record: pd.DataFrame, weight: Vector, horizon: int) -> dict[str, Matrix]:
    return {
        "persistence": baselines.persistence(record.iloc[:, -1].to_numpy(float)),
        "persistence_spread": baselines.persistence_spread(record, horizon),
        "ar1": baselines.ar1(record, horizon),
        "weighted_mean": baselines.toward_mean(record, weight, horizon),
    }


def later_positions(case: Case, record: pd.DataFrame) -> pd.DataFrame:
    """Ideal points as estimated from all votes, put on the scale of those to the origin.

    Each estimate has its own mean and spread; the two are related by least squares over the
    state-years that both have, so that the outcome is read on the scale of the forecast.
    """
    last = max(position_years(case.outcome))
    frame = positions_known(last, case.outcome)
    came = wide(frame, "ideal_point", case.states)
    both = came.reindex(columns=record.columns).to_numpy(float)
    known = np.isfinite(both) & np.isfinite(record.to_numpy(float))
    slope, level = np.polyfit(both[known], record.to_numpy(float)[known], 1)
    return level + slope * came


def ideal_point(case: Case, horizon: int) -> Cells:
    """Ideal points; forecasts start from those estimated on votes to the origin."""
    record = _record(case, wide(case.known("state_year"), "ideal_point", case.states))
    forecasts = _level_baselines(record, case.arrays["gdp"].astype(float), horizon)
    forecasts[MODEL] = case.at("ideal_point", horizon).T.astype(float)
    observed = _observed(case, later_positions(case, record), horizon)
    return _states(case, "ideal_point", horizon, observed, forecasts)


def gdp(case: Case, horizon: int) -> Cells:
    """Log of GDP at the prices of the origin."""
    record = _record(case, real_gdp(case, case.known("state_year")))
    growth = record.diff(axis=1)
    came = real_gdp(case, case.outcome("state_year"))
    now = record.iloc[:, -1].to_numpy(float)
    weight = case.arrays["gdp"].astype(float)
    mean = growth.iloc[:, -10:].mean(axis=1).to_numpy(float)
    known = np.isfinite(mean)
    together = horizon * np.average(mean[known], weights=weight[known])
    spread = baselines.past_changes(record.iloc[:, -40:], horizon)
    departures = np.quantile(spread - spread.mean(), np.arange(1, 100) / 100)
    forecasts: dict[str, Matrix] = {
        "persistence": baselines.persistence(now),
        "persistence_spread": baselines.persistence_spread(record, horizon),
        "ar1": now[:, None] + baselines.growth_ar1(growth, horizon),
        "weighted_mean": now[:, None] + together + departures,
        MODEL: np.log(case.at("gdp", horizon).T.astype(float)),
    }
    return _states(case, "gdp", horizon, _observed(case, came, horizon), forecasts)


def _exp(levels: pd.DataFrame) -> pd.DataFrame:
    return levels.apply(np.exp)


def _log_shares(levels: Matrix) -> Matrix:
    """Log of shares of the sum over the first axis, of those that are known."""
    return np.log(levels / np.nansum(levels, axis=0, keepdims=True))


def _always_known(levels: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Rows known in every year of the span, so that shares have the same members."""
    span = levels.loc[:, first:last]
    return span[span.notna().all(axis=1)]


def gdp_share(case: Case, horizon: int) -> Cells:
    """Log share of GDP at the prices of the origin among the states known all along."""
    first, last = case.origin - 20, case.origin + horizon
    came = _always_known(real_gdp(case, case.outcome("state_year")), first, last)
    record = real_gdp(case, case.known("state_year")).loc[came.index, first : case.origin]
    keep = np.isin(case.states, came.index)
    simulated = case.at("gdp", horizon)[:, keep].T.astype(float)
    return _share_cells(case, "gdp_share", horizon, _exp(came), _exp(record), simulated)


def _share_cells(
    case: Case, target: str, horizon: int, came: pd.DataFrame, record: pd.DataFrame, model: Matrix
) -> Cells:
    history = pd.DataFrame(
        _log_shares(record.to_numpy(float)), index=record.index, columns=record.columns
    )
    observed = _log_shares(came.to_numpy(float))[:, -1]
    weight = record.iloc[:, -1].to_numpy(float)
    forecasts = _level_baselines(history, weight, horizon)
    del forecasts["weighted_mean"]  # nobody expects all states to end at the mean share
    forecasts[MODEL] = _log_shares(model)
    return Cells(target, case.origin, horizon, np.array(record.index, str), observed, forecasts)


@cache
def _central_weights() -> tuple[float, ...]:
    named = load_parameters()["capability"]
    return tuple(named[name].value for name in WEIGHTS)


def capability(gdp: Matrix, population: Matrix, burden: Matrix) -> Matrix:
    """Share of world capability with the central weights of the mechanism, states in axis 0."""

    def share(amount: Matrix) -> Matrix:
        return amount / amount.sum(axis=0, keepdims=True)

    parts = (gdp, population, burden * gdp, gdp * gdp / population)
    weighted = sum(w * share(p) for w, p in zip(_central_weights(), parts, strict=True))
    return share(np.asarray(weighted, float))


def capability_share(case: Case, horizon: int) -> Cells:
    """Log share of capability, central weights, among the states known all along."""
    first, last = case.origin - 20, case.origin + horizon
    came = _capabilities(case, case.outcome("state_year"), first, last)
    record = _capabilities(case, case.known("state_year"), first, case.origin)
    both = came.index.intersection(record.index)
    keep = np.isin(case.states, both)
    simulated = capability(
        *(
            case.at(name, horizon)[:, keep].T.astype(float)
            for name in ("gdp", "population", "military_burden")
        )
    )
    return _share_cells(
        case, "capability_share", horizon, came.loc[both], record.loc[both], simulated
    )


def _capabilities(case: Case, frame: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    level = _exp(real_gdp(case, frame)).loc[:, first:last]
    people = wide(frame, "population", case.states).reindex(columns=level.columns)
    burden = wide(frame, "military_burden", case.states).reindex(columns=level.columns)
    burden = burden.interpolate(axis=1, limit=3, limit_area="inside").ffill(axis=1, limit=2)
    keep = (level.notna() & people.notna() & burden.notna()).all(axis=1)
    parts = (part[keep].to_numpy(float) for part in (level, people, burden))
    return pd.DataFrame(capability(*parts), index=level.index[keep], columns=level.columns)


STATE_TARGETS: dict[str, Callable[[Case, int], Cells]] = {
    "ideal_point": ideal_point,
    "gdp": gdp,
    "gdp_share": gdp_share,
    "capability_share": capability_share,
}
