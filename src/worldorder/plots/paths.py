"""Paths over time with bands: a scenario, its reference, and the paired difference."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from worldorder.plots.numbers import Scale, scale_of, tick
from worldorder.plots.style import BLUE, GRID, MUTED, house_style, new_figure, zero_line
from worldorder.results.compare import QUANTILES, Draws, check_pair, first_clear_year, years_of
from worldorder.results.measures import Measure, measure_of, seen_with

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MARGINS: Final = {"left": 0.2, "right": 0.955, "top": 0.83, "bottom": 0.065, "hspace": 0.27}

Years = NDArray[np.integer[Any]]


def plot_path(result: xr.Dataset, reference: xr.Dataset, measure: str, group: str) -> Figure:
    """Figure of a measure of a group: both results with bands, and below it their difference.

    Raises:
        ResultError: the two were not run as a pair, or have no such measure.
    """
    check_pair(result, reference)
    ours = measure_of(result, measure, group)
    return path_figure(
        ours, measure_of(seen_with(reference, result), measure, group), years_of(result)
    )


def path_figure(ours: Measure, theirs: Measure, years: Years) -> Figure:
    """Figure of a measure that has been computed for both of a pair."""
    scale = scale_of(ours.name, ours.unit)
    with house_style():
        figure = new_figure(4.4, 4.4, fitted=False)
        levels, change = figure.subplots(
            2, 1, sharex=True, height_ratios=(1.5, 1), gridspec_kw=_MARGINS
        )
        _draw_levels(levels, years, ours.path * scale.factor, theirs.path * scale.factor)
        _draw_difference(change, years, (ours.path - theirs.path) * scale.factor)
        _name_axes(levels, change, scale, years)
        figure.text(0.02, 0.985, textwrap.fill(ours.title, 46), va="top", fontweight="bold")
    return figure


def _draw_band(axes: Axes, years: Years, draws: Draws, colour: str, **line: Any) -> None:
    low_95, low_80, median, high_80, high_95 = np.quantile(draws, QUANTILES, axis=0)
    axes.fill_between(years, low_95, high_95, color=colour, alpha=0.14, linewidth=0)
    axes.fill_between(years, low_80, high_80, color=colour, alpha=0.24, linewidth=0)
    axes.plot(years, median, color=colour, linewidth=1.9, solid_capstyle="round", **line)


def _draw_levels(axes: Axes, years: Years, ours: Draws, theirs: Draws) -> None:
    _draw_band(axes, years, theirs, MUTED, linestyle=(0, (4, 2)), label="reference")
    _draw_band(axes, years, ours, BLUE, label="scenario")
    axes.margins(x=0)
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=2,
        frameon=False,
        borderaxespad=0.2,
        handlelength=2.2,
    )


def _draw_difference(axes: Axes, years: Years, difference: Draws) -> None:
    _draw_band(axes, years, difference, BLUE)
    zero_line(axes)
    axes.set_xlim(years[0], years[-1])
    if not difference.any():
        axes.set_ylim(-1, 1)
    clear_from = first_clear_year(difference, years)
    if clear_from is not None:
        axes.axvline(clear_from, color=MUTED, linewidth=0.9, linestyle=":")
    note = "not clear of zero" if clear_from is None else f"clear of zero in {clear_from}"
    axes.set_title(f"Difference, {note}", fontsize=9, fontweight="normal", color=MUTED)


def _name_axes(levels: Axes, change: Axes, scale: Scale, years: Years) -> None:
    levels.set_ylabel(scale.level)
    change.set_ylabel(scale.change)
    change.set_xticks([year for year in years if year % 5 == 0])
    for axes in (levels, change):
        axes.locator_params(axis="y", nbins=5)
        axes.yaxis.set_major_formatter(lambda value, _: tick(value))
        middle = axes.get_position().y0 + axes.get_position().height / 2
        axes.yaxis.set_label_coords(0.04, middle, transform=axes.figure.transFigure)
        axes.spines["bottom"].set_color(GRID)
