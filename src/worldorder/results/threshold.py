"""The capacity below which a body counts as no longer working: drawn per run, as all parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from worldorder.parameters.loader import load_parameters
from worldorder.results.compare import Draws
from worldorder.results.drawn import drawn_parameters

if TYPE_CHECKING:
    import xarray as xr

_MECHANISM, _NAME = "funding", "paralysis_threshold"


def working_capacity(dataset: xr.Dataset, fixed: float | None = None) -> Draws:
    """Working capacity of every run of a result, share of the capacity at the start, shape (run,).

    It is drawn as the run drew it, from the parameters and the seed that the result carries;
    `fixed` puts one value in its place, and a result without the parameter takes the shipped one.
    """
    if fixed is not None:
        return np.full(dataset.sizes["run"], fixed)
    drawn = drawn_parameters(dataset).get(_MECHANISM, {}).get(_NAME)
    shipped = load_parameters()[_MECHANISM][_NAME].value
    return np.full(dataset.sizes["run"], shipped) if drawn is None else drawn
