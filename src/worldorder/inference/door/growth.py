"""How far growth strays from what was expected: shared surprises and each state's own."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.own_tables import state_codes
from worldorder.data.vintage import until
from worldorder.inference.door.estimates import Estimates, Found, Sources, estimates_of
from worldorder.mechanisms.growth import REFERENCE_GDP

Vector = NDArray[np.float64]
YEARS = 30  # of the sample
FEWEST = 25  # years that an economy needs
SPAN = 5  # years of the sums that hold the persistence of surprises
RESAMPLES = 2000


def growth_record(sources: Sources) -> tuple[pd.DataFrame, pd.Series]:
    """Growth by state and year, less each state's mean, and GDP of the last year, bn USD."""
    frame = until(sources.read("state_year"), sources.to)
    rows = frame[(frame["variable"] == "real_growth") & (frame["flag"] == "observed")]
    wide = rows.pivot(index="iso3", columns="year", values="value").reindex(state_codes())
    wide = wide.reindex(columns=range(sources.to - YEARS + 1, sources.to + 1))
    wide = wide[wide.notna().sum(axis=1) >= FEWEST]
    gdp = frame[(frame["variable"] == "gdp")].sort_values("year").groupby("iso3")["value"].last()
    return wide.sub(wide.mean(axis=1), axis=0), gdp.reindex(wide.index)


def shared_spread(departures: pd.DataFrame, seed: int = 0) -> tuple[float, float]:
    """Standard deviation over years of the median economy's departure, and its bootstrap error."""
    median = departures.median(axis=0).dropna().to_numpy(float)
    drawn = np.random.default_rng(seed).choice(median, (RESAMPLES, len(median)))
    return float(median.std(ddof=1)), float(drawn.std(axis=1, ddof=1).std())


def own_spread(departures: pd.DataFrame) -> pd.Series:
    """Spread of each economy's own surprises, 1/year^0.5, from sums over five years."""
    own = departures.sub(departures.median(axis=0), axis=1)
    sums = own.T.rolling(SPAN).sum().T
    return ((sums**2).mean(axis=1) / SPAN).pow(0.5)


def estimate(sources: Sources) -> Estimates:
    """Spread of the surprise shared by all, of each state's own, and its slope in size."""
    departures, gdp = growth_record(sources)
    shared, shared_error = shared_spread(departures, sources.seed)
    spread = own_spread(departures)
    known = gdp.notna() & (spread > 0)
    x = np.log(gdp[known].to_numpy(float) / REFERENCE_GDP)
    y = np.log(spread[known].to_numpy(float))
    design = np.column_stack([np.ones_like(x), x])
    coefficient, covariance = _robust(design, y)
    error = np.sqrt(np.diag(covariance))
    sample = (sources.to - YEARS + 1, sources.to)
    where = f"Growth in constant prices of the panel, {int(known.sum())} economies"
    found = {
        "world_shock_sd": Found(shared, shared_error, sample, f"{where}; bootstrap of years."),
        "shock_sd": Found(
            float(np.exp(coefficient[0])), float(error[0]), sample, f"{where}; five-year sums."
        ),
        "shock_size_slope": Found(
            float(coefficient[1]), float(error[1]), sample, f"{where}; robust error."
        ),
    }
    whole = np.zeros((3, 3))
    whole[0, 0], whole[1:, 1:] = shared_error**2, covariance
    return estimates_of("growth", found, int(departures.notna().sum().sum()), whole, tuple(found))


def _robust(design: Vector, outcome: Vector) -> tuple[Vector, Vector]:
    """Least squares with covariance robust to unequal variance (HC1)."""
    bread = np.linalg.inv(design.T @ design)
    coefficient = bread @ design.T @ outcome
    left = outcome - design @ coefficient
    many = len(outcome) / (len(outcome) - design.shape[1])
    return coefficient, many * bread @ (design.T * left**2) @ design @ bread
