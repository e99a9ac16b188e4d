"""Map of what a trade shock does to real income."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from worldorder.plots.numbers import RELATIVE
from worldorder.plots.world_map import Change, draw_map

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure


def plot_trade_map(found: xr.Dataset) -> Figure:
    """Figure of the welfare change of each state after `worldorder.trade.solve`, at its capital.

    Circles have the size of income in the unit of the flows. Countries that are not states of the
    shipped panel have no place and are left out.
    """
    from worldorder.data.start import load_start

    start = load_start()
    names = list(start.entities.country)
    found = found.reindex(country=names)
    change = RELATIVE.factor * (found["welfare"].to_numpy() - 1)
    both = np.stack([change, change])
    places = (start.arrays["longitude"], start.arrays["latitude"])
    shown = Change("Welfare", RELATIVE, change, both, both)
    return draw_map(shown, np.asarray(names), places, found["income"].to_numpy())
