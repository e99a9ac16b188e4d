"""Which order a run shows, and how likely each is by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from worldorder.errors import ResultError
from worldorder.parameters.loader import load_parameters
from worldorder.results.compare import Draws
from worldorder.results.drawn import drawn_parameters

if TYPE_CHECKING:
    import xarray as xr

ORDERS: Final = {
    "hegemony": "Hegemony",
    "concert": "Concert of great powers",
    "coalition": "Coalition against the leading state",
    "multilateral": "Multilateral order without the leading state",
    "fragmentation": "Fragmentation",
}
UNCLEAR: Final = "no clear order"
LABELS: Final = (*ORDERS, UNCLEAR)


def order_indices_of(dataset: xr.Dataset) -> Draws:
    """The five indices in the order of `ORDERS`, shape (order, run, time).

    Raises:
        ResultError: the result has no order indices.
    """
    missing = [name for name in ORDERS if f"order_{name}" not in dataset]
    if missing:
        raise ResultError(
            f"the result has no index of {missing[0]}",
            "It was made by an earlier version; run its scenario again.",
        )
    return np.stack([dataset[f"order_{name}"].values for name in ORDERS])


def order_labels(dataset: xr.Dataset) -> NDArray[np.int64]:
    """Place in `LABELS` of the order that every run shows in every year, shape (run, time).

    The highest index names the moment, where it reaches the level `orders.label_from` that the run
    drew; below it no order is clear.
    """
    indices = order_indices_of(dataset)
    drawn = drawn_parameters(dataset).get("orders", {}).get("label_from")
    shipped = load_parameters()["orders"]["label_from"].value
    level = np.full(indices.shape[1], shipped) if drawn is None else drawn
    highest = indices.argmax(axis=0)
    return np.where(indices.max(axis=0) >= level[:, None], highest, len(ORDERS))


def order_probabilities(dataset: xr.Dataset) -> Draws:
    """Share of runs that show each order of `LABELS` in each year, shape (label, time)."""
    labels = order_labels(dataset)
    return np.stack([(labels == place).mean(axis=0) for place in range(len(LABELS))])
