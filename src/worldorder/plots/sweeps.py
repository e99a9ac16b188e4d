"""A difference over lever values: a line with bands for one, a heat map for two."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from worldorder.plots.numbers import signed, tick
from worldorder.plots.style import BLUE, INK, diverging, house_style, new_figure, zero_line
from worldorder.results.compare import Band, Draws

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_sweep_line(
    values: Sequence[float], bands: Sequence[Band], name: str, label: str
) -> Figure:
    """Median difference and the bands of 80 % and 95 % of runs over the values of one lever."""
    with house_style():
        figure = new_figure(5.6, 3.6)
        axes = figure.subplots()
        for low, high, alpha in (("low_95", "high_95", 0.14), ("low_80", "high_80", 0.24)):
            ends = [[getattr(one, end) for one in bands] for end in (low, high)]
            axes.fill_between(values, ends[0], ends[1], color=BLUE, alpha=alpha, linewidth=0)
        axes.plot(values, [one.median for one in bands], color=BLUE, marker="o", linewidth=1.9)
        zero_line(axes)
        axes.set_xlabel(name)
        axes.set_ylabel(textwrap.fill(label, 40))
        axes.yaxis.set_major_formatter(lambda value, _: tick(value))
    return figure


def plot_sweep_map(
    medians: Draws, rows: Sequence[float], columns: Sequence[float], names: tuple[str, str],
    label: str,
) -> Figure:  # fmt: skip
    """Heat map of median differences, shape (row, column), with the number in every cell."""
    largest = float(np.nanmax(np.abs(medians))) or 1.0
    with house_style():
        figure = new_figure(2.4 + 0.75 * len(columns), max(1.6 + 0.45 * len(rows), 3.0))
        axes = figure.subplots()
        shown = axes.imshow(medians, cmap=diverging(), vmin=-largest, vmax=largest, aspect="auto")
        axes.grid(visible=False)
        axes.set_xticks(range(len(columns)), [f"{value:g}" for value in columns])
        axes.set_yticks(range(len(rows)), [f"{value:g}" for value in rows])
        axes.set_xlabel(names[1])
        axes.set_ylabel(names[0])
        for (row, column), value in np.ndenumerate(medians):
            dark = abs(value) > 0.6 * largest
            axes.text(column, row, signed(float(value), 2), ha="center", va="center",
                      color="white" if dark else INK, fontsize=8)  # fmt: skip
        figure.colorbar(shown, ax=axes, label=textwrap.fill(label, 30))
    return figure
