"""Figure of what each large economy could cost each other one by a stop of supplies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from worldorder.plots.style import INK, house_style, new_figure

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure


def plot_power(loss: xr.DataArray, names: Sequence[str]) -> Figure:
    """Figure of losses in per cent of real income; the row cuts off the column.

    Args:
        loss: by country and partner, as shares (`worldorder.trade.supply_power`).
        names: countries to show, in order.
    """
    shown = 100 * loss.sel(country=list(names), partner=list(names)).to_numpy()
    most = float(np.nanmax(shown)) or 1.0
    with house_style():
        figure = new_figure(7.2, 6.2, fitted=False)
        axes = figure.add_axes((0.12, 0.04, 0.86, 0.80))
        axes.imshow(np.sqrt(shown), cmap="Blues", vmin=0, vmax=np.sqrt(most) * 1.15)
        for (i, j), value in np.ndenumerate(shown):
            if i != j:
                colour = "white" if value > 0.45 * most else INK
                axes.text(j, i, f"{value:.1f}", ha="center", va="center", color=colour, fontsize=7)
        axes.set_xticks(range(len(names)), list(names))
        axes.set_yticks(range(len(names)), list(names))
        axes.tick_params(length=0, labeltop=True, labelbottom=False)
        axes.grid(visible=False)
        for side in axes.spines.values():
            side.set_visible(False)
        axes.set_ylabel("stops selling")
        axes.set_title("Loss of real income of the column, %", pad=22)
    return figure
