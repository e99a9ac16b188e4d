"""Proper scores of forecasts, whether bands hold what they say, and how sure that is.

Gneiting, T. and Raftery, A. E. (2007), Strictly proper scoring rules, prediction, and estimation,
Journal of the American Statistical Association 102, doi:10.1198/016214506000001437.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

LEAST_PROBABILITY = 1e-6
RESAMPLES = 1000
INTERVAL = (0.025, 0.975)


def crps(observed: Vector, ensemble: Matrix) -> Vector:
    """Continuous ranked probability score of each cell, unit of the target; lower is better.

    Args:
        observed: shape (cell,).
        ensemble: shape (cell, member); one member gives the absolute error.
    """
    import scoringrules

    if ensemble.shape[1] == 1:
        return np.abs(observed - ensemble[:, 0])
    return np.asarray(scoringrules.crps_ensemble(observed, ensemble), np.float64)


def kept_probability(probability: Vector) -> Vector:
    """Probabilities kept away from certainty, so that one surprise is not an infinite score."""
    return np.clip(probability, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)


def log_score(happened: NDArray[np.bool_], probability: Vector) -> Vector:
    """Minus the log probability of what happened; lower is better."""
    kept = kept_probability(probability)
    return -np.log(np.where(happened, kept, 1 - kept))


def brier(happened: NDArray[np.bool_], probability: Vector) -> Vector:
    """Squared error of the probability; lower is better."""
    import scoringrules

    return np.asarray(scoringrules.brier_score(happened.astype(float), probability), np.float64)


def inside_band(observed: Vector, ensemble: Matrix, band: float) -> NDArray[np.bool_]:
    """Whether each observation lies in the central `band` (share) of its ensemble."""
    low, high = np.quantile(ensemble, [(1 - band) / 2, (1 + band) / 2], axis=1)
    return (low <= observed) & (observed <= high)


def probability_integral_transform(observed: Vector, ensemble: Matrix, seed: int = 1) -> Vector:
    """Place of each observation in its ensemble, uniform on 0 to 1 where the forecast is right.

    Ties are broken at random with a fixed seed.
    """
    below = (ensemble < observed[:, None]).sum(1)
    same = (ensemble == observed[:, None]).sum(1)
    drawn = np.random.default_rng(seed).random(len(observed))
    return (below + drawn * (same + 1)) / (ensemble.shape[1] + 1)


@dataclass(frozen=True)
class Interval:
    """A figure with the bounds of its 95 % bootstrap interval and its bootstrap standard error."""

    value: float
    low: float
    high: float
    standard_error: float


def _block_sums(blocks: NDArray[np.int64], values: Matrix) -> Matrix:
    """Sums by block; `values` has shape (cell, column)."""
    sums = np.zeros((int(blocks.max()) + 1, values.shape[1]))
    np.add.at(sums, blocks, values)
    return sums


def _resampled(sums: Matrix, resamples: int, seed: int) -> Matrix:
    """Column sums over blocks drawn with replacement, shape (resample, column)."""
    drawn = np.random.default_rng(seed).multinomial(
        len(sums), np.full(len(sums), 1 / len(sums)), resamples
    )
    return drawn @ sums


def skill(
    model: Vector, baseline: Vector, blocks: NDArray[np.int64], resamples: int = RESAMPLES
) -> Interval:
    r"""Skill of a model over a baseline, $1 - \bar S_{model} / \bar S_{baseline}$.

    Args:
        model: score of each cell, lower is better.
        baseline: likewise.
        blocks: number of the block of each cell, from 0; blocks are resampled whole.
        resamples: number of bootstrap samples.

    NaN where the baseline makes no error at all, as where no event came and none was forecast.
    """
    if not baseline.any():
        return Interval(np.nan, np.nan, np.nan, np.nan)
    both = np.column_stack([model, baseline])
    drawn = _resampled(_block_sums(blocks, both), resamples, seed=1)
    drawn = drawn[drawn[:, 1] != 0.0]
    ratio = 1 - drawn[:, 0] / drawn[:, 1]
    low, high = np.quantile(ratio, INTERVAL)
    value = float(1 - model.sum() / baseline.sum())
    return Interval(value, float(low), float(high), float(ratio.std()))


def coverage(
    inside: NDArray[np.bool_], blocks: NDArray[np.int64], resamples: int = RESAMPLES
) -> Interval:
    """Share of observations inside a band, with its block bootstrap interval."""
    both = np.column_stack([inside.astype(float), np.ones(len(inside))])
    drawn = _resampled(_block_sums(blocks, both), resamples, seed=1)
    share = drawn[:, 0] / drawn[:, 1]
    low, high = np.quantile(share, INTERVAL)
    return Interval(float(inside.mean()), float(low), float(high), float(share.std()))


@dataclass(frozen=True)
class Reliability:
    """Forecast probability and observed frequency by bin of probability."""

    forecast: Vector
    observed: Vector
    cells: NDArray[np.int64]


def reliability(happened: NDArray[np.bool_], probability: Vector, bins: int = 10) -> Reliability:
    """Observed frequency of events by bin of equal numbers of expected events.

    Rare events crowd near zero, so bins hold equal shares of the sum of probabilities.
    """
    order = np.argsort(probability, kind="stable")
    mass = np.cumsum(probability[order])
    place = np.minimum((bins * mass / max(mass[-1], 1e-12)).astype(int), bins - 1)
    held = np.unique(place)
    return Reliability(
        np.array([probability[order][place == k].mean() for k in held]),
        np.array([happened[order][place == k].mean() for k in held]),
        np.array([(place == k).sum() for k in held]),
    )


def widened(ensemble: Matrix, factor: float) -> Matrix:
    """Ensemble with departures from each cell's median multiplied by `factor`."""
    middle = np.median(ensemble, axis=1, keepdims=True)
    return middle + factor * (ensemble - middle)


def widening(observed: Vector, ensemble: Matrix, band: float = 0.8) -> float:
    """Factor on departures from the median at which the band holds its nominal share.

    Each cell's factor is the one at which its observation sits on the edge of the band; the
    nominal quantile of those over cells is the answer.
    """
    low, middle, high = np.quantile(ensemble, [(1 - band) / 2, 0.5, (1 + band) / 2], axis=1)
    above = observed >= middle
    half = np.where(above, high - middle, middle - low)
    needed = np.abs(observed - middle) / np.maximum(half, 1e-12)
    return float(np.quantile(needed, band))
