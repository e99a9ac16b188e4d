"""What an estimator hands over: parameters ready to draw from, and their covariance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from worldorder.data.panel import table
from worldorder.data.vintage import Read
from worldorder.errors import InputError
from worldorder.parameters.loader import Parameter, load_parameters

Matrix = NDArray[np.float64]
MOST_LOG_ERROR = 1.0  # of a logarithm: a record that tells less is drawn within a factor of e
LEAST_CORRELATION, MOST_CORRELATION = 0.02, 0.999  # that are written down
REACH = 4.0  # standard errors from the value within which draws are kept


class NeedsFilesError(InputError):
    """The shipped panel does not suffice."""


@dataclass(frozen=True)
class Sources:
    """Where an estimator reads, the last year that it may know, and the seed of what is drawn."""

    to: int
    raw: Path | None = None
    read: Read = table
    seed: int = 0

    def folder(self, why: str) -> Path:
        """The raw folder.

        Raises:
            NeedsFilesError: none was given, or it is no folder.
        """
        if self.raw is not None and not self.raw.is_dir():
            raise NeedsFilesError(f"--raw {self.raw} is no folder", "Give the publishers' files.")
        if self.raw is None:
            raise NeedsFilesError(
                f"{why} is not in the shipped panel", "Give the publishers' files with --raw DIR."
            )
        return self.raw


@dataclass(frozen=True)
class Found:
    """One number found; the error is that of the logarithm where the parameter is lognormal."""

    value: float
    standard_error: float
    sample: tuple[int, int]
    source: str
    least_error: float = 0.0  # for uncertainty that the estimator does not see


@dataclass(frozen=True)
class Estimates:
    """Parameters of a mechanism. `covariance` is on the scale on which runs draw."""

    mechanism: str
    parameters: Mapping[str, Parameter]
    names: tuple[str, ...]
    covariance: Matrix
    observations: int


class TooThin(Exception):  # noqa: N818
    """The record to the last year does not tell; the message says why."""


def parameter_of(mechanism: str, name: str, found: Found) -> Parameter:
    """The shipped parameter with another value, error, sample and source.

    Draws are kept within four errors of the value and on its side of zero where the shipped range
    lies on one side.
    """
    shipped = load_parameters()[mechanism][name]
    error = max(found.standard_error, found.least_error)
    if not math.isfinite(error) or error <= 0:
        raise TooThin(f"{mechanism}.{name} has no standard error in {found.sample}")
    value, logarithmic = found.value, shipped.distribution == "lognormal"
    error = min(error, MOST_LOG_ERROR) if logarithmic else error
    low, high = (
        (value * math.exp(-REACH * error), value * math.exp(REACH * error))
        if logarithmic
        else (value - REACH * error, value + REACH * error)
    )
    if shipped.range[0] >= 0:
        low, value = max(low, 0.0), max(value, 0.0)
    if shipped.range[1] <= 0:
        high, value = min(high, 0.0), min(value, 0.0)
    return shipped.model_copy(
        update={
            "value": float(value),
            "standard_error": float(error),
            "distribution": "lognormal" if logarithmic else "normal",
            "range": (float(low), float(high)),
            "status": "estimated",
            "sample": found.sample,
            "source": found.source,
        }
    )


def estimates_of(
    mechanism: str,
    found: Mapping[str, Found],
    observations: int,
    covariance: Matrix | None = None,
    names: Sequence[str] = (),
    ranges: Mapping[str, Parameter] | None = None,
) -> Estimates:
    """Estimates from what was found; without a covariance the errors are taken as independent.

    `ranges` are further parameters for which the record gives a range only.
    """
    made = {name: parameter_of(mechanism, name, one) for name, one in found.items()}
    names = tuple(names or made)
    error = np.array([made[name].standard_error or 0.0 for name in names])
    if covariance is None:
        covariance = np.diag(error**2)
    else:
        covariance = with_errors(covariance, error)
        made |= _correlated({name: made[name] for name in names}, covariance, error)
    return Estimates(mechanism, made | dict(ranges or {}), names, covariance, observations)


def with_errors(variance: Matrix, error: Matrix) -> Matrix:
    """A covariance made semidefinite and given errors.

    Variances over rows that share parties are differences of sums and may have negative roots. What
    an error has beyond its variance is independent of the rest; a smaller one scales its row.
    """
    root, vectors = np.linalg.eigh(variance)
    whole = (vectors * np.maximum(root, 0.0)) @ vectors.T
    spread = np.sqrt(np.maximum(np.diag(whole), np.finfo(float).tiny))
    less = np.minimum(error / spread, 1.0)
    whole = whole * np.outer(less, less)
    np.fill_diagonal(whole, error**2)
    return whole


def _correlated(
    made: Mapping[str, Parameter], covariance: Matrix, error: Matrix
) -> dict[str, Parameter]:
    """Parameters that say how they are correlated with those before them."""
    matrix, names = covariance / np.outer(error, error), list(made)
    written = np.clip(matrix, -MOST_CORRELATION, MOST_CORRELATION).round(3)
    return {
        name: made[name].model_copy(
            update={
                "correlation": {
                    other: float(written[i, j])
                    for j, other in enumerate(names[:i])
                    if abs(matrix[i, j]) >= LEAST_CORRELATION
                }
            }
        )
        for i, name in enumerate(names)
    }
