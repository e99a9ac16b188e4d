"""What is scored: a target at one origin and horizon, with its forecasts side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
MODEL = "model"
UNWIDENED = "model as simulated"  # before its bands were widened


@dataclass(frozen=True)
class Cells:
    """Observations and forecasts of a target at one origin and horizon.

    A continuous target has ensembles of shape (cell, member); an event has probabilities of shape
    (cell,) and observations of 0 and 1.
    """

    target: str
    origin: int
    horizon: int
    unit: NDArray[np.str_]  # state, or pair of states or of state and body, by cell
    observed: Vector
    forecasts: dict[str, Matrix]  # by forecaster, `model` among them
    widening: float = 1.0  # factor on the model's departures from its median

    @property
    def is_event(self) -> bool:
        """Whether the target is an event with a probability."""
        return self.forecasts[MODEL].ndim == 1

    @property
    def baselines(self) -> list[str]:
        """Forecasters other than the model."""
        return [name for name in self.forecasts if name not in (MODEL, UNWIDENED)]

    @property
    def blocks(self) -> NDArray[np.str_]:
        """The state (first of a pair) that a cell belongs to, which is resampled whole."""
        return np.array([name.partition("/")[0] for name in self.unit], str)

    def kept(self, keep: NDArray[np.bool_]) -> Cells:
        """The same for some cells."""
        parts = {name: values[keep] for name, values in self.forecasts.items()}
        return replace(self, unit=self.unit[keep], observed=self.observed[keep], forecasts=parts)


def no_cells(target: str, case: Case, horizon: int) -> Cells:
    """A target without an observation at an origin and horizon."""
    nothing = np.zeros(0)
    return Cells(target, case.origin, horizon, np.array([], str), nothing, {MODEL: nothing})


def whole(cells: Cells) -> Cells:
    """Cells with an observation and a forecast of every forecaster."""
    keep = np.isfinite(cells.observed)
    for values in cells.forecasts.values():
        keep &= np.isfinite(values) if values.ndim == 1 else np.isfinite(values).all(axis=1)
    return cells.kept(keep)


@dataclass(frozen=True)
class Unscored:
    """A target that cannot be scored at an origin, and why."""

    target: str
    origin: int
    why: str


@dataclass(frozen=True)
class Case:
    """All that a target may look at: forecasts of one origin, and tables by name.

    `origin` is the last year that is known.

    `known` gives tables as known at the origin; `outcome` gives them as they came out. A forecast
    or baseline is made from the first alone.
    """

    origin: int
    states: tuple[str, ...]
    bodies: tuple[str, ...]
    arrays: dict[str, NDArray[Any]]  # of the start
    forecast: dict[str, NDArray[Any]]  # by quantity, shape (run, horizon, ...)
    horizons: tuple[int, ...]
    known: Callable[[str], pd.DataFrame]
    outcome: Callable[[str], pd.DataFrame]

    def at(self, quantity: str, horizon: int) -> NDArray[Any]:
        """Forecast of a quantity at a horizon, shape (run, ...)."""
        return self.forecast[quantity][:, self.horizons.index(horizon)]
