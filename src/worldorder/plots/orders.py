"""Which order, how likely, by year: one band for each, stacked to all runs."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

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
)
from worldorder.results.compare import QUANTILES, years_of
from worldorder.results.order_record import RANKED
from worldorder.results.orders import (
    LABELS,
    ORDERS,
    UNCLEAR,
    multilateral_probability,
    order_indices_of,
    order_probabilities,
    relative_indices,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS: Final = {
    **dict(zip(ORDERS, (BLUE, GREEN, VERMILION, SKY, ORANGE), strict=True)),
    UNCLEAR: GRID,
}


def plot_order_probabilities(dataset: xr.Dataset, title: str = "") -> Figure:
    """Figure of the share of runs that show each order in each year of a result.

    The dashed line is the multilateral order, which can stand beside any of the others.

    Raises:
        ResultError: the result has no order indices.
    """
    years, shares = years_of(dataset), order_probabilities(dataset)
    with house_style():
        figure = new_figure(4.6, 4.0)
        axes = figure.subplots()
        names = [ORDERS.get(label, label) for label in LABELS]
        colours = [COLOURS[label] for label in LABELS]
        axes.stackplot(years, shares, labels=names, colors=colours, linewidth=0.4, edgecolor="w")
        beside = multilateral_probability(dataset)
        axes.plot(years, beside, color=INK, linestyle=(0, (4, 2)), label=ORDERS["multilateral"])
        years_axis(axes, years)
        axes.set_ylim(0, 1)
        axes.set_ylabel("share of runs")
        _key_below(axes)
        axes.set_title(title)
    return figure


def plot_order_paths(dataset: xr.Dataset, title: str = "") -> Figure:
    """Figure of the five indices with the bands that hold 80 % of runs.

    Raises:
        ResultError: the result has no order indices.
    """
    drawn = zip(ORDERS, order_indices_of(dataset), strict=True)
    return _banded(years_of(dataset), drawn, "index, 0 to 1", title)


def plot_relative_orders(dataset: xr.Dataset, title: str = "") -> Figure:
    """Figure of how many recorded years each order was lower in, with bands of 80 % of runs.

    Raises:
        ResultError: the result has no order indices.
    """
    drawn = zip(RANKED, relative_indices(dataset), strict=True)
    return _banded(
        years_of(dataset), drawn, "share of 1816-2024 that was lower", title, halfway=True
    )


def _banded(
    years: NDArray[np.int64], drawn: Iterable[tuple[str, NDArray[np.float64]]], unit: str,
    title: str, halfway: bool = False,
) -> Figure:  # fmt: skip
    """Median by order with the band of 80 % of runs; `halfway` marks one half."""
    with house_style():
        figure = new_figure(4.6, 4.0)
        axes = figure.subplots()
        for label, draws in drawn:
            low, median, high = np.quantile(draws, QUANTILES[1:4], axis=0)
            axes.fill_between(years, low, high, color=COLOURS[label], alpha=0.18, linewidth=0)
            axes.plot(years, median, color=COLOURS[label], linewidth=1.9, label=ORDERS[label])
        years_axis(axes, years)
        if halfway:
            axes.axhline(0.5, color=GRID, linewidth=1.2, zorder=0)
        axes.set_ylim(0, 1)
        axes.set_ylabel(unit)
        _key_below(axes)
        axes.set_title(title)
    return figure


def years_axis(axes: Axes, years: NDArray[np.integer[Any]]) -> None:
    """The years of a result along the axis, a mark at every fifth."""
    axes.set_xlim(years[0], years[-1])
    axes.set_xticks([int(year) for year in years if year % 5 == 0])


def _key_below(axes: Axes, **more: Any) -> None:
    """Names of the orders under the axes, wrapped so that they fit a page."""
    handles, names = axes.get_legend_handles_labels()
    wrapped = [textwrap.fill(name, 26) for name in names]
    place = {"loc": "upper left", "bbox_to_anchor": (0, -0.12)}
    key = axes.legend(handles, wrapped, ncols=2, frameon=False, fontsize=8, **place, **more)
    for text in key.get_texts():
        text.set_color(MUTED)
