"""The runs behind a verdict: where they lie, and what counts as no difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from worldorder.plots.numbers import tick
from worldorder.plots.style import BLUE, GRID, INK, MUTED, VERMILION, house_style, new_figure
from worldorder.results.compare import Draws

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_draws(difference: Draws, direction: str, practical: float, label: str) -> Figure:
    """Histogram of a difference over runs: blue where a claim holds, vermilion where its opposite.

    Args:
        difference: one number a run, shape (run,).
        direction: higher, lower or "no different".
        practical: half width of the region of practical equivalence, shaded.
        label: what is on the axis, with its unit.
    """
    edges = _edges(difference, practical)
    middle = (edges[:-1] + edges[1:]) / 2
    count, _ = np.histogram(difference, edges)
    with house_style():
        figure = new_figure(5.6, 2.6)
        axes = figure.subplots()
        axes.axvspan(-practical, practical, color=GRID, zorder=0)
        colours = [_colour(value, direction, practical) for value in middle]
        axes.bar(middle, count / difference.size, np.diff(edges), color=colours, edgecolor="white")
        axes.axvline(0, color=INK, linewidth=0.9)
        axes.set_xlabel(label)
        axes.set_ylabel("share of runs")
        axes.xaxis.set_major_formatter(lambda value, _: tick(value))
    return figure


def _edges(difference: Draws, practical: float) -> Draws:
    """Bin edges that fall on the ends of the region of equivalence where that can be."""
    low, high = float(difference.min()), float(difference.max())
    span = max(high - low, 4 * practical, 1e-9)
    width = practical if span / max(practical, 1e-12) <= 40 else span / 30
    width = width if span / width >= 8 else span / 12
    first = np.floor(min(low, -practical) / width) * width
    steps = int(np.ceil((max(high, practical) - first) / width)) + 1
    return first + width * np.arange(steps + 1)


def _colour(value: float, direction: str, practical: float) -> str:
    if direction == "no different":
        return BLUE if abs(value) <= practical else VERMILION
    signed = value if direction == "higher" else -value
    return BLUE if signed > practical else VERMILION if signed < -practical else MUTED
