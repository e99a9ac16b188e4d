"""Yearly hazards of events between two parties, and scores of rare events.

The complementary log-log link makes yearly records a sample of proportional hazards in continuous
time (Prentice and Gloeckler 1978, doi:10.2307/2529588). Rows that share a party may depend on each
other; the standard errors allow for that (Aronow, Samii and Assenova 2015,
doi:10.1093/pan/mpv018; Cameron, Gelbach and Miller 2011, doi:10.1198/jbes.2010.07136).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.errors import DataError

Vector = NDArray[np.float64]
Link = Literal["hazard", "logit"]


@dataclass(frozen=True)
class Regression:
    """A fitted regression. The constant comes first."""

    covariates: tuple[str, ...]
    coefficient: Vector
    standard_error: Vector  # clustered by both parties
    covariance: Vector  # of all coefficients; may have negative roots
    events: int
    rows: int
    sample: tuple[int, int]
    link: Link

    def probability(self, rows: pd.DataFrame) -> Vector:
        """Probability of the event within a year, for each row."""
        index = _design(rows, self.covariates) @ self.coefficient
        return _probability(index, self.link)

    def table(self) -> pd.DataFrame:
        """Coefficients and standard errors by name."""
        columns = {"value": self.coefficient, "s.e.": self.standard_error}
        return pd.DataFrame(columns, index=pd.Index(["constant", *self.covariates]))


def fit(
    rows: pd.DataFrame,
    event: str,
    covariates: Sequence[str],
    parties: tuple[str, str] = ("a", "b"),
    link: Link = "hazard",
    prior_spread: float | None = None,
    offset: Vector | float = 0.0,
) -> Regression:
    """Maximum likelihood by Fisher scoring.

    Args:
        rows: `year`, the event (0 or 1), the covariates without gaps, and the parties.
        event: column of the event.
        covariates: columns of the covariates.
        parties: columns with the numbers of the two parties. Parties of two kinds (a state and a
            body) need numbers that do not overlap.
        link: "hazard" for the complementary log-log link, "logit" for the other.
        prior_spread: where events are so few that the likelihood has no maximum: standard deviation
            of a normal prior of each coefficient but the constant, per two standard deviations of
            its covariate (after Gelman, Jakulin, Pittau and Su 2008, doi:10.1214/08-AOAS191).
        offset: by row, part of the index that is known and held; `probability` leaves it out.

    Raises:
        DataError: no event, or the likelihood has no maximum.
    """
    happened = rows[event].to_numpy(float)
    if not happened.any():
        raise DataError(f"no {event} among {len(rows):,} rows", "Use a longer sample.")
    design = _design(rows, covariates)
    prior = np.zeros(design.shape[1])
    if prior_spread is not None:
        prior[1:] = (2.0 * design[:, 1:].std(axis=0) / prior_spread) ** 2
    coefficient = _maximum(design, happened, link, prior, offset)
    slope, curvature = _score(design @ coefficient + offset, happened, link)
    bread = np.linalg.inv(design.T @ (design * curvature[:, None]) + np.diag(prior))
    party = [rows[name].to_numpy(np.int64) for name in parties]
    variance = bread @ _shared(design * slope[:, None], party[0], party[1]) @ bread
    return Regression(
        covariates=tuple(covariates),
        coefficient=coefficient,
        standard_error=np.sqrt(np.maximum(np.diag(variance), np.diag(bread))),
        covariance=variance,
        events=int(happened.sum()),
        rows=len(rows),
        sample=(int(rows["year"].min()), int(rows["year"].max())),
        link=link,
    )


def _design(rows: pd.DataFrame, covariates: Sequence[str]) -> Vector:
    columns = [np.ones(len(rows)), *(rows[name].to_numpy(float) for name in covariates)]
    return np.column_stack(columns)


def _shared(score: Vector, first: NDArray[np.int64], second: NDArray[np.int64]) -> Vector:
    """Sum of products of the scores of all pairs of rows that share a party.

    By party, less by pair of parties, which the sum by party counts twice.
    """
    by_party = np.zeros((int(max(first.max(), second.max())) + 1, score.shape[1]))
    np.add.at(by_party, first, score)
    np.add.at(by_party, second, score)
    pair = pd.factorize(first * (int(second.max()) + 1) + second)[0]
    by_pair = np.zeros((int(pair.max()) + 1, score.shape[1]))
    np.add.at(by_pair, pair, score)
    return by_party.T @ by_party - by_pair.T @ by_pair


def _maximum(
    design: Vector, happened: Vector, link: Link, prior: Vector, offset: Vector | float
) -> Vector:
    """Coefficients at which likelihood times prior is greatest, by scoring with halved steps.

    `prior` is the precision of each coefficient around 0.
    """
    coefficient = np.zeros(design.shape[1])
    share = happened.mean()
    coefficient[0] = np.log(share / (1 - share) if link == "logit" else -np.log1p(-share))
    coefficient[0] -= np.log(np.mean(np.exp(offset)))

    def worth(at: Vector) -> float:
        return _log_likelihood(design @ at + offset, happened, link) - 0.5 * float(prior @ at**2)

    reached = worth(coefficient)
    for _ in range(60):
        slope, curvature = _score(design @ coefficient + offset, happened, link)
        information = design.T @ (design * curvature[:, None]) + np.diag(prior)
        change = np.linalg.solve(information, design.T @ slope - prior * coefficient)
        change *= min(1.0, 3.0 / float(np.abs(change).max()))
        found = reached
        for _ in range(20):
            found = worth(coefficient + change)
            if found >= reached - 1e-9:
                break
            change /= 2
        coefficient, reached = coefficient + change, found
        if np.abs(change).max() < 1e-7:
            return coefficient
    raise DataError("the regression did not converge", "Use fewer covariates.")


def _log_likelihood(index: Vector, happened: Vector, link: Link) -> float:
    if link == "logit":
        return float((happened * index - np.logaddexp(0.0, index)).sum())
    hazard = np.exp(np.clip(index, -30, 5))
    yes = happened > 0
    return float(np.log(-np.expm1(-hazard[yes])).sum() - hazard[~yes].sum())


def _probability(index: Vector, link: Link) -> Vector:
    if link == "logit":
        return 1.0 / (1.0 + np.exp(-index))
    return -np.expm1(-np.exp(np.clip(index, -30, 5)))


def _score(index: Vector, happened: Vector, link: Link) -> tuple[Vector, Vector]:
    """Slope of the log likelihood in the index, and its expected curvature."""
    if link == "logit":
        chance = _probability(index, link)
        return happened - chance, chance * (1 - chance)
    hazard = np.exp(np.clip(index, -30, 5))
    odds_against = hazard / np.expm1(hazard)
    return happened * odds_against - (1 - happened) * hazard, hazard * odds_against


def average_precision(happened: Vector, probability: Vector) -> float:
    """Area under the precision-recall curve, by steps; ties count together.

    Missing (NaN) where nothing happened.
    """
    if not happened.any():
        return float("nan")
    order = np.argsort(-probability, kind="stable")
    hits = np.cumsum(happened[order])
    last = np.append(np.flatnonzero(np.diff(probability[order])), len(order) - 1)
    precision = hits[last] / (last + 1.0)
    gained = np.diff(np.append(0.0, hits[last]))
    return float((precision * gained).sum() / hits[-1])


def scores(happened: Vector, probability: Vector) -> dict[str, float]:
    """Average precision, Brier score and mean log score of forecasts of rare events.

    Probabilities are kept from 0 and 1 by a millionth, so that a forecast that excludes what
    happens has a finite, bad log score.
    """
    chance = np.clip(probability, 1e-6, 1 - 1e-6)
    hit = np.where(happened > 0, np.log(chance), np.log1p(-chance))
    return {
        "events": float(happened.sum()),
        "expected": float(probability.sum()),
        "area under precision-recall": average_precision(happened, probability),
        "Brier x 1000": 1000 * float(((happened - probability) ** 2).mean()),
        "log score x 1000": 1000 * float(hit.mean()),
    }
