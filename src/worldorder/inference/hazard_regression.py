"""Hazards from yearly records: complementary log-log regression and its scores.

The complementary log-log link makes yearly records of events a sample of proportional hazards in
continuous time (Prentice and Gloeckler 1978, doi:10.2307/2529588), so coefficients hold for any
length of step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.errors import DataError

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Hazard:
    """A fitted hazard. Coefficients are of the log hazard a year, the constant first."""

    covariates: tuple[str, ...]
    coefficient: Vector
    standard_error: Vector  # clustered
    events: int
    at_risk: int  # rows, weighted
    sample: tuple[int, int]
    covariance: Vector  # of the coefficients, clustered

    def rate(self, rows: pd.DataFrame) -> Vector:
        """Hazard of each row, 1/year."""
        return np.exp(_design(rows, self.covariates) @ self.coefficient)

    def table(self) -> pd.DataFrame:
        """Coefficients and errors by name."""
        columns = {"value": self.coefficient, "s.e.": self.standard_error}
        return pd.DataFrame(columns, index=["constant", *self.covariates])


def _design(rows: pd.DataFrame, covariates: Sequence[str]) -> Vector:
    columns = [np.ones(len(rows)), *(rows[name].to_numpy(float) for name in covariates)]
    return np.column_stack(columns)


def fit_hazard(rows: pd.DataFrame, covariates: Sequence[str], cluster: str = "body") -> Hazard:
    """Maximum likelihood by Fisher scoring; errors by the sandwich over clusters.

    Args:
        rows: `event` (0 or 1), `weight`, `year`, the covariates and the column of clusters.
        covariates: names of columns.
        cluster: column within which rows may depend on each other.
    """
    design, weight = _design(rows, covariates), rows["weight"].to_numpy(float)
    event = rows["event"].to_numpy(float)
    coefficient = _maximum(design, event, weight)
    slope, curvature = _score(design @ coefficient, event)
    bread = np.linalg.inv(design.T @ (design * (weight * curvature)[:, None]))
    group = pd.factorize(rows[cluster])[0]
    total = np.zeros((group.max() + 1, design.shape[1]))
    np.add.at(total, group, design * (weight * slope)[:, None])
    many = len(total) / (len(total) - 1)
    variance = many * bread @ (total.T @ total) @ bread
    years = rows["year"]
    return Hazard(
        covariates=tuple(covariates),
        coefficient=coefficient,
        standard_error=np.sqrt(np.diag(variance)),
        events=int(event.sum()),
        at_risk=round(weight.sum()),
        sample=(int(years.min()), int(years.max())),
        covariance=variance,
    )


def _maximum(design: Vector, event: Vector, weight: Vector) -> Vector:
    """Coefficients at which the weighted likelihood is greatest."""
    coefficient = np.zeros(design.shape[1])
    coefficient[0] = np.log(np.average(event, weights=weight))
    for _ in range(100):
        slope, curvature = _score(design @ coefficient, event)
        information = design.T @ (design * (weight * curvature)[:, None])
        change = np.linalg.solve(information, design.T @ (weight * slope))
        coefficient = coefficient + np.clip(change, -2, 2)
        if np.abs(change).max() < 1e-10:
            return coefficient
    raise DataError("The hazard regression did not converge.", "Use fewer covariates.")


def _score(log_hazard: Vector, event: Vector) -> tuple[Vector, Vector]:
    """Slope of the log likelihood in the log hazard, and its expected curvature."""
    hazard = np.exp(np.clip(log_hazard, -30, 3))
    odds_against = hazard / np.expm1(hazard)
    return event * odds_against - (1 - event) * hazard, hazard * odds_against


def log_score(rows: pd.DataFrame, hazard: Vector) -> float:
    """Mean log score of the event probabilities, weighted."""
    probability = np.clip(-np.expm1(-hazard), 1e-12, 1 - 1e-12)
    hit = np.where(rows["event"] == 1, np.log(probability), np.log1p(-probability))
    return float(np.average(hit, weights=rows["weight"]))


def area_under_curve(rows: pd.DataFrame, hazard: Vector) -> float:
    """Chance that a row with an event has a higher hazard than one without."""
    order = np.argsort(hazard, kind="stable")
    event = rows["event"].to_numpy(float)[order]
    below = np.cumsum(rows["weight"].to_numpy(float)[order] * (1 - event))
    return float(np.sum(below * event) / (event.sum() * below[-1]))


def scored(rows: pd.DataFrame, covariates: Sequence[str], cutoff: int) -> dict[str, float]:
    """Scores after `cutoff` of a fit to the years up to it, beside those of the base rate."""
    early, late = rows[rows["year"] <= cutoff], rows[rows["year"] > cutoff]
    rate = fit_hazard(early, covariates).rate(late)
    base = np.full(len(late), -np.log1p(-np.average(early["event"], weights=early["weight"])))
    return {
        "events": float(late["event"].sum()),
        "expected events": float(np.sum(-np.expm1(-rate) * late["weight"])),
        "log score": log_score(late, rate),
        "log score of base rate": log_score(late, base),
        "area under curve": area_under_curve(late, rate),
    }
