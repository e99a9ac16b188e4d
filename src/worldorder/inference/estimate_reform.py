"""With what lag does say in the Monetary Fund follow economic weight?

Run: `worldorder evidence reform`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.own_tables import own_table
from worldorder.data.panel import table
from worldorder.data.vintage import Read

FIRST, LAST = 1960, 2021  # years of GDP; the quotas are those of October 2022
BASIC_SDR: Final = 1e5  # SDR of quota for one vote

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Lag:
    """Share of quotas as a power of a mean of past shares of GDP, its weights falling with age."""

    log_rate: float  # of 1/year
    log_rate_error: float
    compression: float
    compression_error: float
    misfit: float  # weighted squares left
    misfit_without_lag: float
    states: int


def quota_rows(read: Read = table, variable: str = "gdp") -> tuple[Vector, Vector]:
    """Shares of quotas, and shares of world GDP by state and age from the youngest.

    A state counts before its first known year with the share of that year.
    """
    rows = read("state_year")
    rows = rows[(rows["variable"] == variable) & rows["year"].between(FIRST, LAST)]
    gdp = rows.pivot(index="iso3", columns="year", values="value")
    share = gdp.div(gdp.sum()).bfill(axis=1)
    quota = read("quotas").set_index("iso3")["quota_share"].reindex(share.index)
    known = (quota.notna() & share.iloc[:, -1].notna()).to_numpy()
    return quota.to_numpy(float)[known], share.to_numpy(float)[known][:, ::-1]


def past_share(log_rate: float, share: Vector) -> Vector:
    """Mean of past shares with weights that fall by `exp(log_rate)` a year."""
    rate = np.exp(log_rate)
    weight = np.exp(-rate * np.arange(share.shape[1]))
    weight[-1] /= -np.expm1(-rate)
    return share @ (weight / weight.sum())


def quota_lag(quota: Vector, share: Vector) -> Lag:
    """Rate and elasticity by nonlinear least squares in logs, weighted by quota; robust errors."""
    from scipy.optimize import least_squares

    weight, log_quota = np.sqrt(quota), np.log(quota)

    def misfit(given: Vector) -> Vector:
        past = np.log(past_share(given[0], share))
        return weight * (log_quota - given[1] * past - given[2])

    def at_once(given: Vector) -> Vector:
        return weight * (log_quota - given[0] * np.log(share[:, 0]) - given[1])

    found = least_squares(misfit, [-2.5, 0.8, -0.5])
    plain = least_squares(at_once, [0.8, -0.5])
    bread = np.linalg.inv(found.jac.T @ found.jac)
    scores = found.jac * found.fun[:, None]
    error = np.sqrt(np.diag(bread @ (scores.T @ scores) @ bread))
    return Lag(
        float(found.x[0]),
        float(error[0]),
        float(found.x[1]),
        float(error[1]),
        float(found.fun @ found.fun),
        float(plain.fun @ plain.fun),
        len(quota),
    )


def basic_votes(quotas: pd.DataFrame) -> float:
    """Share of votes that all members have alike: votes beyond one for 100,000 SDR of quota."""
    of_quota = quotas["quota"] * 1e6 / BASIC_SDR
    return float((quotas["votes"] - of_quota).sum() / quotas["votes"].sum())


def adoption(to: int = 2023) -> tuple[float, float, int]:
    """Share of general reviews to a year that moved shares, its error, and their number.

    A review counts as half adopted and half not before the first (Jeffreys), so that few of them
    leave some doubt.
    """
    reviews = own_table("quota_reviews")
    known = reviews[reviews["concluded"].astype(int) <= to]
    number = len(known)
    share = (float((known["moved"] == "yes").sum()) + 0.5) / (number + 1.0)
    return share, float(np.sqrt(share * (1.0 - share) / (number + 2.0))), number


def report() -> None:
    """Print the table of the docs: every variant that was tried."""
    print("reviews that moved shares", adoption())
    for variable in ("gdp", "gdp_latent", "gdp_ppp"):
        print(variable, quota_lag(*quota_rows(variable=variable)))
    print("basic votes", basic_votes(table("quotas")))
