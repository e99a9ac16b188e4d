"""Maximum likelihood with standard errors that allow for dependence within clusters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from worldorder.errors import ConvergenceError

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Fit:
    """Estimates, their standard errors and covariance, and the log likelihood reached."""

    value: Vector
    standard_error: Vector
    covariance: Vector  # NaN in rows and columns of parameters without an error
    log_likelihood: float


def maximum_likelihood(
    log_likelihood: Callable[[Vector], Vector],
    start: Sequence[float],
    bounds: Sequence[tuple[float, float]],
    step: float = 1e-3,
) -> Fit:
    """Maximise the sum of cluster log likelihoods.

    Args:
        log_likelihood: parameters to log likelihoods by cluster, shape (cluster,). With a single
            cluster the standard errors are those of the curvature alone.
        start: where the search begins.
        bounds: lowest and highest value of each parameter.
        step: step of the numerical derivatives.

    A parameter at its bound, or one that the data do not tell, has a standard error of NaN.

    Raises:
        ConvergenceError: the likelihood is nowhere finite.
    """
    found = minimize(
        lambda z: -float(log_likelihood(z).sum()), np.array(start), method="L-BFGS-B", bounds=bounds
    )
    if not np.isfinite(found.fun):
        raise ConvergenceError("the likelihood is not finite", "Check the panel for constants.")
    low, high = np.array(bounds).T
    inside = (found.x > low + step) & (found.x < high - step)
    error = np.full(len(found.x), np.nan)
    covariance = np.full((len(found.x), len(found.x)), np.nan)
    covariance[np.ix_(inside, inside)] = _covariance(log_likelihood, found.x, inside, step)
    variance = np.diag(covariance)
    error[inside] = np.sqrt(np.where(variance > 0, variance, np.nan)[inside])
    return Fit(found.x, error, covariance, -float(found.fun))


def _covariance(
    log_likelihood: Callable[[Vector], Vector], at: Vector, free: NDArray[np.bool_], step: float
) -> NDArray[np.float64]:
    """Sandwich covariance (White 1982) of the free parameters, clusters independent."""
    moves = step * np.eye(len(at))[free]
    score = np.array(
        [(log_likelihood(at + m) - log_likelihood(at - m)) / (2 * step) for m in moves]
    )
    curvature = np.zeros((len(moves), len(moves)))
    for i, a in enumerate(moves):
        for j, b in enumerate(moves[: i + 1]):
            corners = (
                log_likelihood(at + a + b).sum()
                - log_likelihood(at + a - b).sum()
                - log_likelihood(at - a + b).sum()
                + log_likelihood(at - a - b).sum()
            )
            curvature[i, j] = curvature[j, i] = -corners / (4 * step * step)
    bread = np.asarray(np.linalg.pinv(curvature), np.float64)
    if score.shape[1] == 1:
        return bread
    return bread @ (score @ score.T) @ bread
