"""Which order a run shows, and how likely each is by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from worldorder.errors import ResultError
from worldorder.parameters.loader import load_parameters
from worldorder.results.compare import Draws, years_of
from worldorder.results.drawn import drawn_parameters
from worldorder.results.order_record import RANKED, lower_share, order_record

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
LABELS: Final = (*RANKED, UNCLEAR)


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


def relative_indices(dataset: xr.Dataset) -> Draws:
    """Share of the years 1816-2024 in which each index of `RANKED` was lower, (order, run, time).

    A run has evidence that the record has not (money, bodies, currencies), so it is linked to the
    record where it starts: the last recorded value, plus the run's change since its start. The
    coalition is NaN where the leading state is another than on the record.

    Raises:
        ResultError: the result has no order indices, or starts before the record.
    """
    record, indices = order_record(), dict(zip(ORDERS, order_indices_of(dataset), strict=True))
    leader, last = record.before(int(years_of(dataset)[0]))
    found = {
        name: lower_share(last[name] + indices[name] - indices[name][:, :1], record.index[name])
        for name in RANKED
    }
    if str(dataset.attrs.get("leading_state", leader)) != leader:
        found["coalition"] = np.full_like(found["coalition"], np.nan)
    return np.stack([found[name] for name in RANKED])


def order_labels(dataset: xr.Dataset) -> NDArray[np.int64]:
    """Place in `LABELS` of the order that every run shows in every year, shape (run, time).

    The order that is furthest up in its own record names the moment, where it reaches the level
    `orders.label_from` that the run drew; below it no order is clear.
    """
    relative = np.nan_to_num(relative_indices(dataset), nan=-np.inf)
    level = _level(dataset)
    return np.where(relative.max(axis=0) >= level[:, None], relative.argmax(axis=0), len(RANKED))


def order_probabilities(dataset: xr.Dataset) -> Draws:
    """Share of runs that show each order of `LABELS` in each year, shape (label, time)."""
    labels = order_labels(dataset)
    return np.stack([(labels == place).mean(axis=0) for place in range(len(LABELS))])


def multilateral_probability(dataset: xr.Dataset) -> Draws:
    """Share of runs whose multilateral index is `orders.label_from` or more, by year.

    It stands beside the other four and is not ranked with them: no recorded year had such an order.
    """
    index = order_indices_of(dataset)[list(ORDERS).index("multilateral")]
    return (index >= _level(dataset)[:, None]).mean(axis=0)


def _level(dataset: xr.Dataset) -> Draws:
    drawn = drawn_parameters(dataset).get("orders", {}).get("label_from")
    shipped = load_parameters()["orders"]["label_from"].value
    return np.full(dataset.sizes["run"], shipped) if drawn is None else drawn
