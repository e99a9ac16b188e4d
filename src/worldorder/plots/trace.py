"""Path of one state in one run, and the terms of each year's change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from worldorder.plots.orders import years_axis
from worldorder.plots.style import (
    BLUE,
    GREEN,
    GRID,
    INK,
    MUTED,
    ORANGE,
    SKY,
    VERMILION,
    house_style,
    new_figure,
    zero_line,
)
from worldorder.results.compare import Draws
from worldorder.results.trace import TOWARD, Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS: Final = (BLUE, VERMILION, GREEN, ORANGE, SKY)
_HATCHES: Final = ("", "////", "....", "xxxx", "\\\\\\\\")  # told apart without colour


def plot_trace(found: Trace) -> Figure:
    """Figure of a trace: its path above, each year's change by term below."""
    with house_style():
        figure = new_figure(7.0, 5.4)
        path, change = figure.subplots(2, 1, sharex=True, height_ratios=(1, 1.5))
        path.plot(found.when, found.level, color=INK, linewidth=1.8)
        for one in found.happenings:
            path.axvline(one.when, color=GRID, linewidth=1.2, zorder=0)
        toward = f" toward {found.toward}" if found.quantity in TOWARD else ""
        path.set_title(f"{found.state}{toward}: {found.quantity}, run {found.run}")
        path.set_ylabel("level")
        _bars(change, found)
        change.set_ylabel("change in the year")
        years_axis(change, np.append(found.years, round(found.when[-1])))
        figure.supxlabel(found.unit, fontsize=8.5, color=MUTED)
    return figure


def _bars(axes: Axes, found: Trace) -> None:
    """Terms stacked from zero up and down, the largest five by themselves."""
    terms = found.by_year()
    ranked = sorted(terms, key=lambda name: -float(np.abs(terms[name]).sum()))
    shown = {name: terms[name] for name in ranked[: len(_COLOURS)]}
    others = [terms[name] for name in ranked[len(_COLOURS) :]]
    up, down = np.zeros(found.years.size), np.zeros(found.years.size)

    def stack(values: Draws, **look: object) -> None:
        base = np.where(values >= 0, up, down)
        axes.bar(found.years + 0.5, values, 0.8, bottom=base, linewidth=0, **look)  # type: ignore[arg-type]
        up[:], down[:] = up + np.maximum(values, 0), down + np.minimum(values, 0)

    for (name, values), colour, hatch in zip(shown.items(), _COLOURS, _HATCHES, strict=False):
        stack(values, color=colour, hatch=hatch, edgecolor="white", label=name)
    if others:
        stack(np.sum(others, axis=0), color=GRID, label="other terms")
    zero_line(axes)
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.1), ncols=3, frameon=False, fontsize=8)
