"""What a calibration searches: names, where from, within what, and what was held before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
FLAT: Final = (0.0, 1e3)  # a prior that says nothing


@dataclass(frozen=True)
class Search:
    """What is searched: names, where from, within what, and steps alike in worth."""

    names: tuple[str, ...]
    start: tuple[float, ...]
    bounds: tuple[tuple[float, float], ...]
    scale: tuple[float, ...]
    prior: tuple[tuple[float, float], ...]  # normal, mean and standard deviation

    @property
    def precision(self) -> Vector:
        """Of the prior."""
        return np.array([spread**-2 for _, spread in self.prior])

    def pull(self, value: Vector) -> Vector:
        """Slope of the log prior."""
        return self.precision * (np.array([mean for mean, _ in self.prior]) - value)

    def log_prior(self, value: Vector) -> float:
        """Up to a constant."""
        return float(-0.5 * (self.pull(value) ** 2 / self.precision).sum())
