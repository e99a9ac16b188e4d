"""A reading of a claim taken from the runs of a scenario: one number a run and year."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from worldorder.errors import InputError, did_you_mean
from worldorder.inference.claims.schema import Reading
from worldorder.results.compare import Draws
from worldorder.results.measures import LEADING, OTHERS, STATE_GROUPS, state_mask, voting_distance
from worldorder.results.order_record import RANKED
from worldorder.results.orders import relative_indices
from worldorder.scenarios.catalogue import Catalogue
from worldorder.variables import variables

if TYPE_CHECKING:
    import xarray as xr

Mask = NDArray[np.bool_]

_RELATIVE: Final = {f"relative_{name}": place for place, name in enumerate(RANKED)}
DERIVED: Final = {  # dims of what is not in `variables.yaml`
    "voting_distance": ("country",),
    **dict.fromkeys(_RELATIVE, ()),
}


def check_reading(reading: Reading, catalogue: Catalogue) -> None:
    """Make sure that the simulator has the quantity and knows the names.

    Raises:
        InputError: no such quantity, state, group or body, or a measure it cannot have.
    """
    dims = _dims(reading.quantity)
    if not dims and (reading.of or reading.excluding or reading.size):
        raise InputError(f"{reading.quantity} is of the world as a whole", "Leave out of and size.")
    if dims == ("area",):
        raise InputError(f"{reading.quantity} is of areas of work, which no claim can name yet")
    if reading.size and dims != ("institution",):
        raise InputError(f"size is for bodies, {reading.quantity} is of states")
    if reading.measured == "not working" and reading.quantity != "capacity":
        raise InputError("not working is read from capacity", "Write quantity: capacity.")
    for name in (*(reading.of or ()), *(reading.excluding or ())):
        if dims == ("currency",):
            _check_currency(name, catalogue)
        elif dims == ("institution",):
            catalogue.institutions(name)
        elif dims and name not in (*STATE_GROUPS, OTHERS):
            catalogue.countries([name])


def read(
    reading: Reading, dataset: xr.Dataset, catalogue: Catalogue, working_capacity: Draws
) -> Draws:
    """The reading in every run and year, shape (run, time), in the unit of the quantity.

    `working_capacity` is the drawn threshold of every run, shape (run,). States or bodies without
    a value in any run or year are left out, never taken for zero.
    """
    values = _values(reading.quantity, dataset)
    if values.ndim == 2:
        return values
    inside = _mask(reading, dataset, catalogue)
    known = inside & ~np.isnan(values).any(axis=(0, 1))
    if not known.any():
        return np.full(values.shape[:2], np.nan)
    own = values[:, :, known].astype(np.float64)
    if reading.measured == "not working":
        return (own < working_capacity[:, None, None]).mean(axis=2)
    if reading.measured == "share":
        return own.sum(axis=2) / np.nansum(values, axis=2)
    if reading.measured == "concentration":
        share = own / own.sum(axis=2, keepdims=True)
        return (share**2).sum(axis=2)
    reduce = {"mean": np.mean, "sum": np.sum, "lowest": np.min, "highest": np.max}
    return reduce[reading.measured](own, axis=2)


def unit_of(reading: Reading) -> str:
    """Unit of what is read."""
    if reading.measured in ("share", "not working"):
        return "share"
    if reading.measured == "concentration":
        return "1"
    if reading.quantity in _RELATIVE:
        return "share of the years 1816-2024"
    if reading.quantity in DERIVED:
        return "ideal point"
    return variables()[reading.quantity].unit


def _dims(quantity: str) -> tuple[str, ...]:
    known = {name: entry.dims for name, entry in variables().items()} | DERIVED
    if quantity not in known:
        near = did_you_mean(quantity, known)
        raise InputError(f"unknown quantity {quantity!r}", near or f"Known: {', '.join(known)}.")
    return known[quantity]


def _values(quantity: str, dataset: xr.Dataset) -> Draws:
    if quantity in _RELATIVE:
        return relative_indices(dataset)[_RELATIVE[quantity]]
    return voting_distance(dataset) if quantity in DERIVED else dataset[quantity].values


def _check_currency(name: str, catalogue: Catalogue) -> None:
    known = catalogue.entities.currency
    if name not in known:
        raise InputError(f"unknown currency {name!r}", f"Known: {', '.join(known)}.")


def _mask(reading: Reading, dataset: xr.Dataset, catalogue: Catalogue) -> Mask:
    if _dims(reading.quantity) == ("institution",):
        inside = _bodies(reading.of or ("all",), catalogue)
        if reading.size:
            inside &= dataset["size_class"].values == reading.size
        return inside & ~_bodies(reading.excluding or (), catalogue)
    if _dims(reading.quantity) == ("currency",):
        names = dataset["currency"].values
        inside = np.isin(names, reading.of) if reading.of else np.ones(names.size, bool)
        return inside & ~np.isin(names, reading.excluding or ())
    inside = _states(reading.of or ("all",), dataset, catalogue)
    return inside & ~_states(reading.excluding or (), dataset, catalogue)


def _bodies(names: Iterable[str], catalogue: Catalogue) -> Mask:
    mask = np.zeros(len(catalogue.entities.institution), bool)
    for name in names:
        mask[list(catalogue.institutions(name))] = True
    return mask


def _states(names: Iterable[str], dataset: xr.Dataset, catalogue: Catalogue) -> Mask:
    mask = np.zeros(len(catalogue.entities.country), bool)
    for name in names:
        if name in (LEADING, OTHERS, *STATE_GROUPS):
            mask |= state_mask(dataset, name)
        else:
            mask[list(catalogue.countries([name]))] = True
    return mask
