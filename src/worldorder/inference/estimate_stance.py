"""Does a state align with a great power, hedge, or oppose it? A quantal response, and its scores.

Run: `worldorder evidence stance --raw DIR`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import softmax

from worldorder.inference.stance_samples import ALIGN, OPPOSE, stance_samples
from worldorder.inference.state_record import read_state_record

Vector = NDArray[np.float64]
FIRST_YEAR, LAST_YEAR, CUTOFF = 1963, 2014, 1999
COVARIATES = (
    "was_aligned", "was_opposed", "affinity_gap", "affinity_unknown", "regime_gap",
    "log_distance", "dependence", "aligned_neighbours", "opposed_neighbours",
)  # fmt: skip
ORDER = (ALIGN, OPPOSE)  # against hedging


@dataclass(frozen=True)
class Response:
    """Coefficients of aligning and of opposing, each against hedging; the constant first."""

    covariates: tuple[str, ...]
    coefficient: Vector  # (2, 1 + covariates)
    standard_error: Vector  # clustered by pair
    covariance: Vector  # of all coefficients, those of aligning first
    rows: int

    def probability(self, rows: pd.DataFrame) -> Vector:
        """Probability of aligning, hedging, opposing, (row, 3)."""
        align, oppose = self.coefficient @ design(rows, self.covariates).T
        return softmax(np.stack([align, np.zeros_like(align), oppose], axis=1), axis=1)

    def table(self) -> pd.DataFrame:
        """Coefficients and errors by name."""
        columns = {
            f"{name} {what}": held[k]
            for k, name in enumerate(("align", "oppose"))
            for what, held in (("value", self.coefficient), ("s.e.", self.standard_error))
        }
        return pd.DataFrame(columns, index=pd.Index(["constant", *self.covariates]))


def design(rows: pd.DataFrame, covariates: tuple[str, ...]) -> Vector:
    """Constant and covariates."""
    return np.column_stack([np.ones(len(rows)), *(rows[c].to_numpy(float) for c in covariates)])


def with_last(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with last year's stance as two indicators."""
    return rows.assign(
        was_aligned=(rows["last"] == ALIGN) * 1.0, was_opposed=(rows["last"] == OPPOSE) * 1.0
    )


def fit_response(rows: pd.DataFrame, covariates: tuple[str, ...] = COVARIATES) -> Response:
    """Multinomial logit by Newton's method, with a ridge of 1e-6 against flat directions."""
    x = design(rows, covariates)
    stance = rows["stance"].to_numpy(int)
    chosen = np.stack([np.asarray(stance == k, np.float64) for k in ORDER])
    held = np.zeros((2, x.shape[1]))
    for _ in range(60):
        score, bread = _score(held, x, chosen)
        change = np.linalg.solve(bread, score.sum(axis=0))
        change *= min(1.0, 2.0 / np.abs(change).max())
        held = held + change.reshape(held.shape)
        if np.abs(change).max() < 1e-8:
            break
    score, bread = _score(held, x, chosen)
    pair = pd.factorize(rows["a"] * 1000 + rows["b"])[0]
    total = np.zeros((pair.max() + 1, score.shape[1]))
    np.add.at(total, pair, score)
    inverse = np.linalg.inv(bread)
    variance = inverse @ total.T @ total @ inverse
    error = np.sqrt(np.diag(variance)).reshape(held.shape)
    return Response(covariates, held, error, variance, len(rows))


def _score(held: Vector, x: Vector, chosen: Vector) -> tuple[Vector, Vector]:
    """Slope of the log likelihood by row, and its curvature."""
    utility = held @ x.T
    chance = softmax(np.vstack([utility, np.zeros(len(x))]), axis=0)[:2]
    score = np.concatenate([(chosen[k] - chance[k])[:, None] * x for k in (0, 1)], axis=1)
    blocks = [
        [x.T @ (x * (chance[a] * ((a == b) - chance[b]))[:, None]) for b in (0, 1)] for a in (0, 1)
    ]
    return score, np.block(blocks) + 1e-6 * np.eye(score.shape[1])


def brier_and_log(rows: pd.DataFrame, chance: Vector) -> dict[str, float]:
    """Brier score over the three outcomes and mean log score."""
    outcome = np.eye(3)[rows["stance"].to_numpy(int)]
    hit = (np.clip(chance, 1e-6, 1) * outcome).sum(axis=1)
    return {
        "Brier x 1000": 1000 * float(((chance - outcome) ** 2).sum(axis=1).mean()),
        "log score x 1000": 1000 * float(np.log(hit).mean()),
    }


def forecast_scores(rows: pd.DataFrame, cutoff: int = CUTOFF) -> pd.DataFrame:
    """Scores a year ahead after `cutoff`: all rows, and those whose stance changed.

    Rivals: last year's stance for sure (kept from 0 by a millionth), the shares of the training
    years after each stance, and the response without contagion.
    """
    early, late = rows[rows["year"] <= cutoff], rows[rows["year"] > cutoff]
    shares = pd.crosstab(early["last"], early["stance"], normalize="index")
    shares = shares.reindex(index=range(3), columns=range(3)).fillna(0.0).to_numpy()
    alone = tuple(name for name in COVARIATES if "neighbours" not in name)
    forecasts = {
        "model": fit_response(early).probability(late),
        "without contagion": fit_response(early, alone).probability(late),
        "shares after each stance": shares[late["last"].to_numpy(int)],
        "persistence": np.eye(3)[late["last"].to_numpy(int)],
    }
    return pd.DataFrame({name: brier_and_log(late, p) for name, p in forecasts.items()}).T


def report(raw: Path) -> None:
    """Print the response, its scores and how often stances change."""
    rows = with_last(
        stance_samples(read_state_record(raw), range(FIRST_YEAR, LAST_YEAR + 1), trade=True)
    )
    print("rows", len(rows), rows.attrs)
    print(pd.crosstab(rows["last"], rows["stance"]))
    print(fit_response(rows).table().round(3).to_string())
    print(forecast_scores(rows).round(3).to_string())
