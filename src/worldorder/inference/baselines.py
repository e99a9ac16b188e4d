"""Naive forecasts: what a forecaster without a model would say.

Each is made of the record to the origin and nothing later. Levels are states (or pairs) by years,
NaN where unknown; an ensemble has shape (unit, member).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import norm

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

MEMBERS = 99
FEWEST = 30  # changes over a horizon, fewer are scaled up from shorter ones
_GRID = np.arange(1, MEMBERS + 1) / (MEMBERS + 1)


def persistence(now: Vector) -> Matrix:
    """The value of the origin, shape (unit, 1)."""
    return now[:, None]


def past_changes(levels: pd.DataFrame, horizon: int) -> Vector:
    """Changes over the horizon that had ended by the last year of the record, all units.

    With fewer than thirty, those over the longest shorter span, scaled by the root of time.
    """
    for span in range(horizon, 0, -1):
        later = levels.to_numpy(float)[:, span:]
        gone = later - levels.to_numpy(float)[:, : later.shape[1]]
        known = gone[np.isfinite(gone)]
        if len(known) >= FEWEST:
            return known * np.sqrt(horizon / span)
    return np.zeros(1)


def persistence_spread(levels: pd.DataFrame, horizon: int, years: int = 40) -> Matrix:
    """The value of the origin plus the changes seen over the same horizon before it.

    Args:
        levels: units by consecutive years, the origin last.
        horizon: years ahead.
        years: length of the record that counts.
    """
    changes = past_changes(levels.iloc[:, -years:], horizon)
    return levels.iloc[:, -1].to_numpy(float)[:, None] + np.quantile(changes, _GRID)


def _pooled(levels: pd.DataFrame) -> tuple[float, Vector, float]:
    """Common autoregressive coefficient, means of the units and variance of the surprises."""
    values = levels.to_numpy(float)
    known = np.isfinite(values)
    overall = np.nanmean(values)
    mean = np.where(
        known.any(1), np.nan_to_num(values).sum(1) / np.maximum(known.sum(1), 1), overall
    )
    gone = values - mean[:, None]
    before, after = gone[:, :-1], gone[:, 1:]
    both = np.isfinite(before) & np.isfinite(after)
    phi = float(np.clip((before[both] @ after[both]) / (before[both] @ before[both]), -0.99, 0.995))
    return phi, mean, float(np.var(after[both] - phi * before[both]))


def ar1(levels: pd.DataFrame, horizon: int, years: int = 40) -> Matrix:
    r"""First-order autoregression with own mean and a common coefficient, normal surprises.

    $$x_{i,t+1} = m_i + \phi (x_{it} - m_i) + e_{it}$$

    The coefficient is that of least squares within units, which is too low in short records
    (Nickell 1981, doi:10.2307/1911408).
    """
    record = levels.iloc[:, -years:]
    phi, mean, variance = _pooled(record)
    now = record.iloc[:, -1].to_numpy(float)
    centre = mean + phi**horizon * (now - mean)
    spread = np.sqrt(variance * sum(phi ** (2 * k) for k in range(horizon)))
    return centre[:, None] + spread * norm.ppf(_GRID)


def growth_ar1(growth: pd.DataFrame, horizon: int, years: int = 30) -> Matrix:
    """Change of a log level when growth is a first-order autoregression, shape (unit, member)."""
    record = growth.iloc[:, -years:]
    phi, mean, variance = _pooled(record)
    gap = np.nan_to_num(record.iloc[:, -1].to_numpy(float) - mean)
    centre = horizon * mean + gap * sum(phi**k for k in range(1, horizon + 1))
    loads = [sum(phi**j for j in range(k + 1)) for k in range(horizon)]
    spread = np.sqrt(variance * sum(load**2 for load in loads))
    return centre[:, None] + spread * norm.ppf(_GRID)


def toward_mean(levels: pd.DataFrame, weight: Vector, horizon: int, years: int = 40) -> Matrix:
    """Everybody at the weighted mean of all, with the changes seen before as spread."""
    now = levels.iloc[:, -1].to_numpy(float)
    known = np.isfinite(now) & np.isfinite(weight)
    mean = float(np.average(now[known], weights=weight[known]))
    changes = past_changes(levels.iloc[:, -years:], horizon)
    return np.full((len(now), 1), mean) + np.quantile(changes, _GRID)


def base_rate(happened: NDArray[np.bool_], cells: int) -> Vector:
    """Share of events before the origin, for every cell."""
    return np.full(cells, (happened.sum() + 0.5) / (len(happened) + 1.0))


def logit(
    before: Matrix, happened: NDArray[np.bool_], now: Matrix, most_rows: int = 200_000
) -> Vector:
    """Probability of the event from a logit on plain covariates, fitted before the origin.

    Args:
        before: covariates one horizon before the origin, shape (row, covariate).
        happened: whether the event happened between then and the origin.
        now: covariates at the origin, shape (cell, covariate).
        most_rows: a longer sample is thinned by taking every n-th row without an event, with
            weights.
    """
    import statsmodels.api as sm

    if happened.sum() < 5:
        return base_rate(happened, len(now))
    quiet = np.flatnonzero(~happened)
    step = max(1, len(quiet) // most_rows)
    kept = np.concatenate([np.flatnonzero(happened), quiet[::step]])
    weight = np.where(happened[kept], 1.0, float(step))
    centre, scale = before.mean(0), np.maximum(before.std(0), 1e-9)
    design = sm.add_constant((before[kept] - centre) / scale, has_constant="add")
    family = sm.families.Binomial()
    fitted = sm.GLM(happened[kept].astype(float), design, family=family, freq_weights=weight).fit()
    return expit(sm.add_constant((now - centre) / scale, has_constant="add") @ fitted.params)
