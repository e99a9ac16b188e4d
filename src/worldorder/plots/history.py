"""Order indices on the record, with the range over thresholds and the turning points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from worldorder.plots.orders import COLOURS
from worldorder.plots.style import GRID, MUTED, house_style, new_figure
from worldorder.results.compare import Draws
from worldorder.results.orders import ORDERS

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_history(
    years: NDArray[np.integer[Any]],
    paths: Mapping[str, tuple[Draws, Draws, Draws, Draws]],
    turns: Mapping[str, Sequence[int]],
) -> Figure:
    """One panel for each order.

    Args:
        years: calendar years.
        paths: by order the index of what the whole record has, its range over thresholds (low,
            high), and the index with all that is known, each by year.
        turns: years of turning points by order.
    """
    with house_style():
        figure = new_figure(7.4, 1.75 * len(paths))
        panels = figure.subplots(len(paths), 1, sharex=True)
        for axes, (order, (core, low, high, full)) in zip(panels, paths.items(), strict=True):
            colour = COLOURS[order]
            for year in turns.get(order, ()):
                axes.axvline(year, color=GRID, linewidth=1.4, zorder=0)
            axes.fill_between(years, low, high, color=colour, alpha=0.18, linewidth=0)
            axes.plot(years, core, color=colour, linewidth=1.7)
            axes.plot(years, full, color=MUTED, linewidth=0.9, linestyle=(0, (3, 2)))
            axes.set_ylim(0, 1)
            axes.set_xlim(years[0], years[-1])
            axes.set_title(ORDERS[order], fontsize=9.5)
        figure.supylabel("index, 0 to 1", fontsize=9, color=MUTED)
    return figure
