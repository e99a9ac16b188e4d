"""What a difference is due to: one bar for each switch or mechanism, with its error."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from worldorder.plots.style import BLUE, INK, VERMILION, house_style, new_figure, zero_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_causes(
    names: Sequence[str], shares: Sequence[float], errors: Sequence[float], unit: str
) -> Figure:
    """Figure of Shapley shares, the first at the top; whiskers are 1.96 standard errors."""
    with house_style():
        figure = new_figure(4.6, 1.0 + 0.42 * len(names))
        axes = figure.subplots()
        places = np.arange(len(names))[::-1]
        colours = [BLUE if share >= 0 else VERMILION for share in shares]
        axes.barh(places, shares, 0.6, color=colours)
        axes.errorbar(
            shares, places, xerr=1.96 * np.asarray(errors), fmt="none", ecolor=INK, capsize=3
        )
        axes.set_yticks(places, [textwrap.fill(name, 24) for name in names])
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x")
        zero_line(axes, horizontal=False)
        axes.set_xlabel(unit)
    return figure
