"""Who pays more to the bodies in question when the leading state pays less."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldorder.plots.style import BLUE, INK, house_style, new_figure, zero_line
from worldorder.results.compare import check_pair, years_of
from worldorder.results.measures import seen_with
from worldorder.results.money import Donor, replacement

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_donors(result: xr.Dataset, reference: xr.Dataset, year: int) -> Figure:
    """Figure of the states that pay most more in a year: bars are medians over runs.

    Raises:
        ResultError: the two were not run as a pair.
    """
    check_pair(result, reference)
    mark = years_of(result).tolist().index(year)
    found = replacement(result, seen_with(reference, result), mark, year)
    with house_style():
        figure = new_figure(4.4, 1.2 + 0.32 * max(len(found.donors), 2))
        axes = figure.subplots()
        axes.set_title(f"Who pays more, {year}")
        if found.donors:
            _draw_bars(axes, found.donors)
        else:
            axes.text(0.5, 0.5, "No state pays more.", ha="center", transform=axes.transAxes)
            axes.set_axis_off()
    return figure


def _draw_bars(axes: Axes, donors: tuple[Donor, ...]) -> None:
    for place, donor in enumerate(donors):
        change = donor.difference
        axes.barh(place, change.median, height=0.62, color=BLUE, alpha=0.75)
        axes.hlines(place, change.low_95, change.high_95, color=INK, linewidth=0.9)
        axes.hlines(place, change.low_80, change.high_80, color=INK, linewidth=2.6)
    axes.set_yticks(range(len(donors)), [donor.name for donor in donors])
    axes.invert_yaxis()
    zero_line(axes, horizontal=False)
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("change of payments, mn USD a year\n(thick line 80 %, thin line 95 % of runs)")
