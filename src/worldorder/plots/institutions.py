"""Capacity of institutions by size class, with and without the scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldorder.plots.style import BLUE, MUTED, house_style, new_figure
from worldorder.results.compare import band, check_pair, years_of
from worldorder.results.measures import Measure, bodies_in_question, measures, seen_with

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_capacity(result: xr.Dataset, reference: xr.Dataset, year: int) -> Figure:
    """Figure of the mean capacity of the bodies in question by size class in a year.

    Dots are medians over runs, thick bars 80 % and thin bars 95 % of runs.

    Raises:
        ResultError: the two were not run as a pair.
    """
    check_pair(result, reference)
    mark = years_of(result).tolist().index(year)
    scope = bodies_in_question(result)
    pairs = [
        (ours, theirs)
        for ours, theirs in zip(
            measures(result), measures(seen_with(reference, result)), strict=False
        )
        if ours.name == "capacity" and ours.group.startswith(scope)
    ]
    with house_style():
        figure = new_figure(4.4, 1.3 + 0.48 * len(pairs))
        axes = figure.subplots()
        for place, (ours, theirs) in enumerate(pairs):
            _draw_class(axes, place, ours, theirs, mark)
        _finish(axes, [ours for ours, _ in pairs], scope, year)
    return figure


def _draw_class(axes: Axes, place: int, ours: Measure, theirs: Measure, mark: int) -> None:
    for path, colour, shift, marker in (
        (theirs.path, MUTED, -0.14, "D"),
        (ours.path, BLUE, 0.14, "o"),
    ):
        found = band(path[:, mark])
        axes.hlines(place + shift, found.low_95, found.high_95, color=colour, linewidth=1.2)
        axes.hlines(place + shift, found.low_80, found.high_80, color=colour, linewidth=3.6)
        axes.plot(found.median, place + shift, marker, color=colour, markersize=6.5, mec="white")


def _finish(axes: Axes, classes: list[Measure], scope: str, year: int) -> None:
    names = [one.group.removeprefix(scope).removeprefix(", ") or "all" for one in classes]
    labels = [f"{name} ({one.members})" for name, one in zip(names, classes, strict=True)]
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    axes.set_xlim(left=0)
    axes.axvline(1, color=MUTED, linewidth=0.8, linestyle=":")
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("mean capacity, 1 = at the start\n(in brackets: number of bodies)")
    axes.set_title(f"Capacity by size of budget, {year}", pad=24)
    axes.plot([], [], "D", color=MUTED, label="reference")
    axes.plot([], [], "o", color=BLUE, label="scenario")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, borderaxespad=0.2)
