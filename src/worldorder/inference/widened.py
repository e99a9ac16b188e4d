"""Bands of a run widened by what hindcasts asked for: spread for errors of the model's structure.

The spread of runs holds chance and the uncertainty of parameters. In hindcasts the bands of some
quantities held less than they say; the factor at which they would have held it, over all origins,
is shipped by target and horizon. It is for levels of one scenario: in the difference of two
scenarios run as a pair the error of structure is largely shared, and no hindcast says how much is
left.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.errors import ResultError

if TYPE_CHECKING:
    import xarray as xr

Values = NDArray[np.float64]
LEAST = 1e-9

SCALES: Final[dict[str, tuple[Callable[[Values], Values], Callable[[Values], Values]]]] = {
    "level": (lambda x: x, lambda x: x),
    "log": (lambda x: np.log(np.maximum(x, LEAST)), np.exp),
    "logit": (
        lambda x: np.log(np.clip(x, LEAST, 1 - LEAST) / (1 - np.clip(x, LEAST, 1 - LEAST))),
        lambda x: 1 / (1 + np.exp(-x)),
    ),
}
MEASURED_BY: Final = {  # variable of a result -> target of the hindcast, scale it was scored on
    "ideal_point": ("ideal_point", "level"),
    "gdp": ("gdp", "log"),
    "power_share": ("capability_share", "log"),
    "revenue": ("entity_revenue", "log"),
    "trust_in_leading_state": ("favourability", "logit"),
    "reserve_share": ("reserve_share", "logit"),
}


def widening_factors() -> pd.DataFrame:
    """Shipped factors: target, horizon (years), origins (number) and factor, 1 or more."""
    file = resources.files("worldorder.inference.hindcast") / "widening.csv"
    with file.open(encoding="utf-8") as stream:
        return pd.read_csv(stream)


def factors_at(target: str, years: Values, factors: pd.DataFrame | None = None) -> Values:
    """Factor at each number of years ahead: linear between scored horizons, held outside them.

    Raises:
        ResultError: the target was not scored.
    """
    table = widening_factors() if factors is None else factors
    rows = table[table["target"] == target].sort_values("horizon")
    if rows.empty:
        raise ResultError(f"no hindcast has scored {target}", "Leave its bands as they are.")
    return np.interp(years, rows["horizon"].to_numpy(float), rows["factor"].to_numpy(float))


def widened(dataset: xr.Dataset, factors: pd.DataFrame | None = None) -> xr.Dataset:
    """A result whose runs depart from their median by so much more as hindcasts asked for.

    Args:
        dataset: of one scenario, dims run and time first.
        factors: as from `widening_factors`; None is the shipped table.

    Returns:
        The same with `ideal_point`, `gdp`, `power_share`, `revenue`, `trust_in_leading_state` and
        `reserve_share` widened where they are there and were scored; each says so in its attribute
        `widened_by`, the range of its factors. Shares no longer sum to one in each run.
    """
    table = widening_factors() if factors is None else factors
    time = dataset["time"].values.astype("datetime64[Y]").astype(int)
    ahead = (time - time[0]).astype(float)
    changed = {
        name: _widened(dataset[name], factors_at(target, ahead, table), scale)
        for name, (target, scale) in MEASURED_BY.items()
        if name in dataset and target in set(table["target"])
    }
    return dataset.assign(changed)


def _widened(values: xr.DataArray, factor: Values, scale: str) -> xr.DataArray:
    there, back = SCALES[scale]
    on_scale = there(values.values.astype(np.float64))
    middle = np.median(on_scale, axis=0)
    shape = (1, -1) + (1,) * (on_scale.ndim - 2)
    moved = back(middle + factor.reshape(shape) * (on_scale - middle)).astype(values.dtype)
    attributes = {**values.attrs, "widened_by": f"{factor.min():.2f} to {factor.max():.2f}"}
    return values.copy(data=moved).assign_attrs(attributes)
