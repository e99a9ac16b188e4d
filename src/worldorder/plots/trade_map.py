"""Map of what a trade shock does to real income."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from worldorder.plots.numbers import RELATIVE
from worldorder.plots.world_map import Change, States, draw_map

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure


def plot_trade_map(found: xr.Dataset) -> Figure:
    """Figure of the welfare change of each state after `worldorder.trade.solve`, at its capital.

    Circles have the size of the economy. Countries that are not states of the
    shipped panel have no place and are left out.
    """
    from worldorder.data.start import load_start

    start = load_start()
    names = np.asarray(start.entities.country)
    found = found.reindex(country=names)
    change = RELATIVE.factor * (found["welfare"].to_numpy() - 1)
    certain = np.stack([change, change])
    states = States(
        name=names,
        longitude=start.arrays["longitude"],
        latitude=start.arrays["latitude"],
        gdp=start.arrays["gdp"],
        in_bold=np.zeros(names.shape, dtype=bool),
    )
    return draw_map(Change("Welfare", RELATIVE, change, certain, certain, "change"), states)
