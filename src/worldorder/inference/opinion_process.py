"""Views of a state by foreign publics as the sum of a slow part and one bound to its leader.

Log odds of the favourable share of truster i about state j at time t:

    y = x b + slow_ij(t) + fast_j(t) + fast_ij(t) + error

with x an image of each state, the distance of ideal points and a defence pact. Each part is a
stationary Gaussian process of exponential memory (Ornstein and Uhlenbeck); memory of the fast
parts runs on the leader's time in office and is cut to `carry_over` with each change of leader.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Views:
    """Surveys (or dates to predict) about one state; one entry a survey."""

    truster: NDArray[np.object_]
    time: Vector  # year and fraction
    leader: NDArray[np.int64]  # number of the leader in office
    term: NDArray[np.int64]  # how many leaders took office before
    in_office: Vector  # years that the leader had been in office, all terms together
    regressors: Matrix  # shape (survey, regressor)
    log_odds: Vector  # NaN at dates to predict


@dataclass(frozen=True)
class OpinionProcess:
    """Spreads (logit, standard deviations) and rates (1/year) of the parts."""

    slow_common_spread: float
    slow_spread: float
    leader_spread: float
    leader_spread_of_dyad: float
    error: float
    slow_rate: float
    fast_rate: float
    carry_over: float


def _slow_memory(a: Views, b: Views, p: OpinionProcess) -> Matrix:
    return np.exp(-p.slow_rate * np.abs(a.time[:, None] - b.time[None, :]))


def _fast_memory(a: Views, b: Views, p: OpinionProcess) -> Matrix:
    """Memory of the fast part between surveys; that of the same leader, in or out of a row."""
    same = a.leader[:, None] == b.leader[None, :]
    served = np.abs(a.in_office[:, None] - b.in_office[None, :])
    changes = np.abs(a.term[:, None] - b.term[None, :])
    apart = np.abs(a.time[:, None] - b.time[None, :])
    return np.where(
        same,
        np.exp(-p.fast_rate * served),
        p.carry_over**changes * np.exp(-p.fast_rate * apart),
    )


def slow_covariance(a: Views, b: Views, p: OpinionProcess) -> Matrix:
    """Covariance of the slow parts of two sets of views of one state."""
    own = (a.truster[:, None] == b.truster[None, :]).astype(float)
    return (p.slow_common_spread**2 + own * p.slow_spread**2) * _slow_memory(a, b, p)


def fast_covariance(a: Views, b: Views, p: OpinionProcess) -> Matrix:
    """Covariance of the fast parts of two sets of views of one state."""
    own = (a.truster[:, None] == b.truster[None, :]).astype(float)
    return (p.leader_spread**2 + own * p.leader_spread_of_dyad**2) * _fast_memory(a, b, p)


def _factor(v: Views, p: OpinionProcess) -> tuple[Matrix, bool]:
    noise = p.error**2 * np.eye(len(v.time))
    return cho_factor(slow_covariance(v, v, p) + fast_covariance(v, v, p) + noise, lower=True)


@dataclass(frozen=True)
class Regression:
    """Coefficients by generalised least squares, their errors, and the log likelihood."""

    coefficient: Vector
    standard_error: Vector
    log_likelihood: float


def regression(views: list[Views], p: OpinionProcess) -> Regression:
    """Coefficients of the regressors given the process, over all states viewed."""
    parts = [_normal_equations(v, p) for v in views]
    information = sum((a for a, *_ in parts), np.zeros_like(parts[0][0]))
    moment = sum((b for _, b, _ in parts), np.zeros_like(parts[0][1]))
    coefficient = np.asarray(np.linalg.solve(information, moment), np.float64)
    constant = sum(c for *_, c in parts)
    return Regression(
        coefficient,
        np.sqrt(np.diag(np.linalg.inv(information))),
        float(constant + 0.5 * moment @ coefficient),
    )


def _normal_equations(v: Views, p: OpinionProcess) -> tuple[Matrix, Vector, float]:
    """Information, moment, and the part of the log likelihood without coefficients."""
    factor = _factor(v, p)
    solved = cho_solve(factor, np.column_stack([v.regressors, v.log_odds]))
    determinant = 2.0 * np.log(np.diag(factor[0])).sum()
    size = len(v.time) * np.log(2.0 * np.pi)
    return (
        v.regressors.T @ solved[:, :-1],
        v.regressors.T @ solved[:, -1],
        -0.5 * float(determinant + size + v.log_odds @ solved[:, -1]),
    )


@dataclass(frozen=True)
class Split:
    """Expected slow part (with what the regressors say) and fast part, logit."""

    slow: Vector
    fast: Vector


def split(seen: Views, at: Views, coefficient: Vector, p: OpinionProcess) -> Split:
    """Slow and fast parts at the entries of `at`, given the surveys `seen` of the same state."""
    departure = cho_solve(_factor(seen, p), seen.log_odds - seen.regressors @ coefficient)
    return Split(
        at.regressors @ coefficient + slow_covariance(at, seen, p) @ departure,
        fast_covariance(at, seen, p) @ departure,
    )
