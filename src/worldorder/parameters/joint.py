"""Shocks of parameters that were estimated together, correlated as their estimates are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from worldorder.errors import InputError

Vector = NDArray[np.float64]
ROUNDING = 0.02  # how far below zero a root of rounded correlations may lie


def correlation_matrix(stated: Mapping[str, Mapping[str, float]]) -> Vector:
    """Correlations of the names in order; each pair is stated by one of the two, else is zero.

    Raises:
        InputError: a name is not among them, or no random numbers have such correlations.
    """
    place = {name: i for i, name in enumerate(stated)}
    matrix = np.eye(len(place))
    for name, others in stated.items():
        for other, value in others.items():
            if other not in place or other == name:
                raise InputError(f"{name} is said to be correlated with {other!r}", "Name another.")
            matrix[place[name], place[other]] = matrix[place[other], place[name]] = value
    return _semidefinite(matrix, ", ".join(stated))


def _semidefinite(matrix: Vector, named: str) -> Vector:
    """The matrix with roots below zero, which come of rounding, raised to a trace above it."""
    root, vectors = np.linalg.eigh(matrix)
    if len(root) and root.min() < -ROUNDING:
        raise InputError(f"the correlations of {named} contradict each other", "Estimate again.")
    whole = (vectors * np.maximum(root, 1e-9)) @ vectors.T
    scale = np.sqrt(np.diag(whole))
    return whole / np.outer(scale, scale)


def mixed(
    own: Mapping[str, Vector], stated: Mapping[str, Mapping[str, float]]
) -> dict[str, Vector]:
    r"""Standard normal shocks $L z$ with $L L^\top$ the matrix of correlations.

    Args:
        own: independent standard normal shocks $z$ by name, (runs,). The first name keeps its own.
        stated: correlations of each name with others.
    """
    if not own:
        return {}
    factor = np.asarray(np.linalg.cholesky(correlation_matrix(stated)), np.float64)
    shocks = list(own.values())
    return {name: _weighted(factor[i, : i + 1], shocks) for i, name in enumerate(own)}


def _weighted(weight: Vector, shocks: Sequence[Vector]) -> Vector:
    """Weighted sum of the first shocks, in order: a product of matrices rounds by their size."""
    total = weight[0] * shocks[0]
    for share, shock in zip(weight[1:], shocks[1 : len(weight)], strict=True):
        total = total + share * shock
    return total
