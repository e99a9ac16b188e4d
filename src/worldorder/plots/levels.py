"""Several paths in one figure: the scenario with bands, its reference dashed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from worldorder.plots.numbers import tick
from worldorder.plots.orders import years_axis
from worldorder.plots.style import (
    BLUE,
    GREEN,
    MUTED,
    ORANGE,
    SKY,
    VERMILION,
    house_style,
    new_figure,
)
from worldorder.results.compare import QUANTILES, Draws

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLOURS: Final = (BLUE, VERMILION, GREEN, ORANGE, SKY, MUTED)


def plot_levels(
    years: NDArray[np.integer[Any]],
    paths: Mapping[str, tuple[Draws, Draws]],
    unit: str,
    title: str = "",
) -> Figure:
    """Figure of paths by name: (scenario, reference), each of shape (run, time), in one unit.

    Lines are medians and bands hold 80 % of runs of the scenario; dashed is the reference. At most
    six names.
    """
    with house_style():
        figure = new_figure(4.6, 3.6)
        axes = figure.subplots()
        for (name, (ours, theirs)), colour in zip(paths.items(), _COLOURS, strict=False):
            low, median, high = np.quantile(ours, QUANTILES[1:4], axis=0)
            axes.fill_between(years, low, high, color=colour, alpha=0.18, linewidth=0)
            axes.plot(years, median, color=colour, linewidth=1.9, label=name)
            axes.plot(
                years, np.median(theirs, axis=0), color=colour, linewidth=1, linestyle=(0, (4, 2))
            )
        years_axis(axes, years)
        axes.set_ylim(bottom=0)
        axes.set_ylabel(unit)
        axes.yaxis.set_major_formatter(lambda value, _: tick(value))
        key = axes.legend(loc="upper left", bbox_to_anchor=(0, -0.1), ncols=3, frameon=False)
        for text in key.get_texts():
            text.set_color(MUTED)
        axes.set_title(title)
    return figure
