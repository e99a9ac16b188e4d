"""What a trade model cannot be solved with, said before it is tried."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse.csgraph import connected_components

from worldorder.errors import InputError
from worldorder.trade.labels import Matrix, Vector

MOST_NAMED = 10


def _listed(names: Sequence[str], wrong: np.ndarray) -> str:
    found = [name for name, is_wrong in zip(names, wrong, strict=True) if is_wrong]
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return ", ".join(found[:MOST_NAMED]) + more


def _first_pair(names: Sequence[str], wrong: np.ndarray) -> str:
    exporter, importer = np.argwhere(wrong)[0]
    return f"{names[exporter]} to {names[importer]}"


def check_flows(flows: Matrix, names: Sequence[str]) -> None:
    """Flows must be finite, not negative, and tie all countries together.

    Raises:
        InputError: naming the countries in question.
    """
    if not np.isfinite(flows).all():
        pair = _first_pair(names, ~np.isfinite(flows))
        raise InputError(f"the flow from {pair} is not a number", "Missing flows are 0.")
    if (flows < 0).any():
        pair = _first_pair(names, flows < 0)
        raise InputError(f"the flow from {pair} is negative", "Flows are 0 or more.")
    if not np.diagonal(flows).any():
        raise InputError(
            "no country buys from itself: the diagonal is zero",
            "Put home sales on the diagonal, or give gdp, from which they follow.",
        )
    for total, what in ((flows.sum(1), "sells nothing"), (flows.sum(0), "buys nothing")):
        if (total == 0).any():
            raise InputError(f"{what}: {_listed(names, total == 0)}", "Leave such countries out.")
    _check_connected(flows, names)


def _check_connected(flows: Matrix, names: Sequence[str]) -> None:
    pieces, piece = connected_components(flows > 0, directed=False)
    if pieces > 1:
        largest = np.bincount(piece).argmax()
        raise InputError(
            f"no trade ties these countries to the rest: {_listed(names, piece != largest)}",
            "Solve each group on its own.",
        )


def check_tariffs(tariffs: Matrix, names: Sequence[str], what: str = "tariff") -> None:
    """Tariffs must be numbers above -1 (a subsidy of the whole price), none at home.

    Raises:
        InputError: naming the pair.
    """
    wrong = ~((tariffs > -1) & (tariffs < np.inf))
    if wrong.any():
        exporter, importer = np.argwhere(wrong)[0]
        raise InputError(
            f"{what} of {names[importer]} on {names[exporter]} is {tariffs[exporter, importer]}",
            "A tariff is a fraction of the price, above -1: 0.25 is 25 percent. For no trade at "
            "all give an infinite cost.",
        )
    home = np.diagonal(tariffs) != 0
    if home.any():
        raise InputError(f"{what} on home goods: {_listed(names, home)}", "Set it to 0.")


def check_costs(costs: Matrix, names: Sequence[str]) -> None:
    """Cost changes must be above 0; infinite is an embargo.

    Raises:
        InputError: naming the pair.
    """
    if not (costs > 0).all():
        pair = _first_pair(names, ~(costs > 0))
        raise InputError(
            f"the cost change from {pair} is not above 0", "1 is no change, inf is an embargo."
        )


def check_transfers(given: Vector) -> None:
    """What some receive others must give.

    Raises:
        InputError: it does not sum to zero.
    """
    if abs(given.sum()) > 1e-9 * np.abs(given).sum():
        raise InputError("transfers do not sum to 0", "What some receive others must give.")
