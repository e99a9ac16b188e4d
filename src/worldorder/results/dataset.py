"""From the arrays of an ensemble to a labelled dataset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from worldorder.variables import variables

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class Frame:
    """Labels of a result: coordinates by name as (dims, values), and attributes as text."""

    coordinates: Mapping[str, tuple[tuple[str, ...], NDArray[Any]]]
    attributes: Mapping[str, str | int | float]


def to_dataset(metrics: Mapping[str, NDArray[np.float32]], frame: Frame) -> xr.Dataset:
    """Dataset with dims run, time, country and institution; every variable with its unit."""
    import xarray as xr

    described = variables()
    data = {
        name: (
            ("run", "time", *described[name].dims),
            values,
            {"units": described[name].unit, "long_name": described[name].label},
        )
        for name, values in metrics.items()
    }
    runs = next(iter(metrics.values())).shape[0]
    coordinates = {"run": (("run",), np.arange(runs)), **frame.coordinates}
    return xr.Dataset(data, coords=coordinates, attrs=dict(frame.attributes))
