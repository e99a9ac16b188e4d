"""World map without borders: one circle a state, its area the size of its economy.

A circle stands at the capital, or as near to it as the other circles allow. The map needs no map
files, takes no side in a border dispute and keeps small states in sight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from worldorder.plots.numbers import RELATIVE, Scale, number, scale_of, tick
from worldorder.plots.projection import equal_earth
from worldorder.plots.style import GRID, INK, MUTED, diverging, house_style, new_figure
from worldorder.results.compare import QUANTILES, Draws, check_pair, years_of
from worldorder.results.measures import LEADING, state_mask, voting_distance
from worldorder.variables import variables

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure

_LARGEST_RADIUS: Final = 0.24  # radii of the sphere
_SMALLEST_RADIUS: Final = 0.018
_GAP: Final = 0.004  # between circles, radii of the sphere
_PULL: Final = 0.02  # share of the way back to the capital in each round of moving apart
_ROUNDS: Final = 250
_NAMED_RADIUS: Final = 0.042  # a code of three letters fits into this
_READABLE: Final = 8.0  # points; codes that are smaller are left out on a small screen
_MAP_WIDTH, _MAP_HEIGHT = 2.7066, 1.3174
_REGIONS: Final = {  # where the eye looks for a continent: name, longitude, latitude
    "NORTH AMERICA": (-108, 60),
    "SOUTH AMERICA": (-60, -6),
    "AFRICA": (11, 23),
    "EUROPE": (4, 70),
    "ASIA": (92, 60),
    "OCEANIA": (140, -24),
}


@dataclass(frozen=True)
class Change:
    """What a map shows of each state: median change, shape (country,), and intervals, (2, country).

    A change is clear where its 80 % interval lies on one side of zero.
    """

    title: str
    scale: Scale
    median: Draws
    interval_80: Draws
    interval_95: Draws
    statistic: str = "median change"

    @property
    def is_clear(self) -> NDArray[np.bool_]:
        """Whether 80 % of runs agree on the direction, shape (country,)."""
        return (self.interval_80[0] > 0) | (self.interval_80[1] < 0)


@dataclass(frozen=True)
class States:
    """Where a map shows each state, and how large, shape (country,) each."""

    name: NDArray[Any]
    longitude: Draws  # of the capital, degrees
    latitude: Draws
    gdp: Draws  # bn USD/year
    in_bold: NDArray[np.bool_]


def change_by_state(result: xr.Dataset, reference: xr.Dataset, variable: str, year: int) -> Change:
    """Median paired change of a variable in a year; in per cent for amounts of money.

    `variable` is a variable of the result by country, or `voting_distance`.
    """
    mark = years_of(result).tolist().index(year)
    if variable == "voting_distance":
        ours, theirs = voting_distance(result), voting_distance(reference)
        unit, title = "ideal point", "Voting distance to the leading state"
    else:
        ours, theirs = result[variable].values, reference[variable].values
        unit, title = variables()[variable].unit, variables()[variable].label
    difference = (ours[:, mark] - theirs[:, mark]).astype(np.float64)
    is_amount = "USD" in unit
    if is_amount:
        difference = difference / theirs[:, mark]
    scale = RELATIVE if is_amount else scale_of(variable, unit)
    levels = scale.factor * np.quantile(difference, QUANTILES, axis=0)
    return Change(title, scale, levels[2], levels[1:4:2], levels[::4])


def plot_map(
    result: xr.Dataset, reference: xr.Dataset, variable: str = "gdp", year: int = 2045
) -> Figure:
    """Figure of the change of a variable in every state.

    Coloured circles are states whose 80 % interval lies on one side of zero; the others are white,
    and dotted where there is no value.

    Raises:
        ResultError: the two were not run as a pair.
    """
    check_pair(result, reference)
    change = change_by_state(result, reference, variable, year)
    mark = years_of(result).tolist().index(year)
    states = States(
        name=result["country"].values,
        longitude=result["longitude"].values,
        latitude=result["latitude"].values,
        gdp=np.median(reference["gdp"].values[:, mark], axis=0),
        in_bold=state_mask(result, LEADING),
    )
    return draw_map(change, states)


def draw_map(change: Change, states: States) -> Figure:
    """Figure of a change in every state, a circle each."""
    with house_style():
        figure = new_figure(8.6, 4.95, fitted=False)
        axes = figure.add_axes((0.0, 0.15, 1.0, 0.85))
        _draw_globe(axes)
        _draw_states(figure, axes, states, change)
        _draw_sizes(axes, states.gdp)
    return figure


def _radius(gdp: Draws, largest: float) -> Draws:
    return np.maximum(_LARGEST_RADIUS * np.sqrt(gdp / largest), _SMALLEST_RADIUS)


def apart(x: Draws, y: Draws, radius: Draws) -> tuple[Draws, Draws]:
    """Centres of circles that do not overlap, each drawn back toward where it belongs.

    In every round circles that overlap push each other apart along the line of their centres,
    the smaller one moving more, as in Dorling's cartograms.
    """
    at_x, at_y, count = x.astype(np.float64), y.astype(np.float64), x.size
    first, second = np.triu_indices(count, 1)
    reach = radius[first] + radius[second] + _GAP
    yields = radius[second] ** 2 / (radius[first] ** 2 + radius[second] ** 2)
    for turn in range(_ROUNDS):
        if turn < 0.8 * _ROUNDS:
            at_x, at_y = at_x + _PULL * (x - at_x), at_y + _PULL * (y - at_y)
        right, up = at_x[first] - at_x[second], at_y[first] - at_y[second]
        near = np.flatnonzero(right**2 + up**2 < reach**2)
        distance = np.maximum(np.hypot(right[near], up[near]), 1e-9)
        push = (reach[near] - distance) / distance
        for at, line in ((at_x, right[near]), (at_y, up[near])):
            at += np.bincount(first[near], push * yields[near] * line, count)
            at -= np.bincount(second[near], push * (1 - yields[near]) * line, count)
    return at_x, at_y


def _draw_globe(axes: Axes) -> None:
    side = np.linspace(-90, 90, 91)
    edge_x, edge_y = equal_earth(
        np.concatenate([np.full(91, -180.0), np.full(91, 180.0)]),
        np.concatenate([side, side[::-1]]),
    )
    axes.fill(edge_x, edge_y, facecolor="#f6f8fa", edgecolor="#b8c1ca", linewidth=0.9, zorder=0)
    for meridian in range(-150, 180, 30):
        axes.plot(*equal_earth(np.full(91, float(meridian)), side), color=GRID, lw=0.6, zorder=1)
    for parallel in (-60.0, -30.0, 0.0, 30.0, 60.0):
        line = equal_earth(np.array([-180.0, 180.0]), np.full(2, parallel))
        axes.plot(*line, color="#c3cbd3" if parallel == 0 else GRID, lw=0.6, zorder=1)
    for name, (longitude, latitude) in _REGIONS.items():
        x, y = equal_earth(np.array(float(longitude)), np.array(float(latitude)))
        axes.text(float(x), float(y), name, ha="center", fontsize=7.5, color="#a0abb6", zorder=1)
    axes.set_xlim(-_MAP_WIDTH * 1.01, _MAP_WIDTH * 1.01)
    axes.set_ylim(-_MAP_HEIGHT * 1.02, _MAP_HEIGHT * 1.02)
    axes.set_aspect("equal")
    axes.set_axis_off()


def _draw_states(figure: Figure, axes: Axes, states: States, change: Change) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from matplotlib.patches import Circle
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    gdp = states.gdp
    x, y = equal_earth(states.longitude, states.latitude)
    placed = np.flatnonzero(~np.isnan(x + y + gdp))
    radius = _radius(gdp, float(np.nanmax(gdp)))
    x[placed], y[placed] = apart(x[placed], y[placed], radius[placed])
    limit = _limit(change.median)
    colours = ScalarMappable(Normalize(-limit, limit), diverging())
    for i in placed[np.argsort(-gdp[placed])]:
        known = not np.isnan(change.median[i])
        colour: Any = colours.to_rgba(change.median[i]) if change.is_clear[i] else "white"
        axes.add_patch(
            Circle(
                (float(x[i]), float(y[i])),
                float(radius[i]),
                facecolor=colour,
                edgecolor=INK if change.is_clear[i] else MUTED,
                linewidth=0.6,
                linestyle="-" if known else ":",
                zorder=3,
            )
        )
    _name_largest(axes, states, change, colours, (x, y, radius))
    bar = figure.colorbar(
        colours, cax=figure.add_axes((0.25, 0.105, 0.5, 0.024)), orientation="horizontal"
    )
    bar.locator = MaxNLocator(5)
    bar.formatter = FuncFormatter(lambda value, _: tick(value))
    bar.update_ticks()
    bar.outline.set_visible(False)  # pyright: ignore[reportCallIssue]
    bar.set_label(f"{change.title}: {change.statistic}, {change.scale.change}")


def _limit(median: Draws) -> float:
    """A round number that holds nearly all changes."""
    largest = float(np.nanquantile(np.abs(median), 0.97)) if median.size else 0.0
    if not largest > 0:
        return 1.0
    size = 10 ** np.floor(np.log10(largest))
    return float(size * next(step for step in (1, 2, 5, 10) if step * size >= largest))


def _name_largest(
    axes: Axes,
    states: States,
    change: Change,
    colours: ScalarMappable,
    places: tuple[Draws, Draws, Draws],
) -> None:
    x, y, radius = places
    placed = np.flatnonzero(~np.isnan(x + y + states.gdp))
    named = placed[radius[placed] > _NAMED_RADIUS]
    sizes = np.clip(radius * 78, 4.6, 10)
    for i in named:
        red, green, blue, _ = colours.to_rgba(change.median[i])
        dark = bool(change.is_clear[i]) and 0.3 * red + 0.6 * green + 0.1 * blue < 0.5
        axes.text(
            float(x[i]),
            float(y[i]),
            str(states.name[i]),
            ha="center",
            va="center",
            fontsize=float(sizes[i]),
            gid=f"small-{i}" if sizes[i] < _READABLE else None,  # a small screen leaves it out
            fontweight="bold" if states.in_bold[i] else "normal",
            color="white" if dark else INK,
            zorder=4,
        )


def _draw_sizes(axes: Axes, gdp: Draws) -> None:
    from matplotlib.patches import Circle

    largest = float(np.nanmax(gdp))
    size = 10.0 ** np.floor(np.log10(largest))
    bottom, left = -_MAP_HEIGHT * 0.98, -_MAP_WIDTH * 0.98
    for value in (size, size / 10):
        radius = float(_radius(np.array(value), largest))
        centre = (left + 0.16, bottom + radius)
        axes.add_patch(Circle(centre, radius, facecolor="none", edgecolor=MUTED, lw=0.8, zorder=4))
        axes.text(
            left + 0.36, bottom + 2 * radius, number(value), va="top", fontsize=7.5, color=MUTED
        )
    axes.text(left, bottom - 0.02, "GDP, bn USD a year", va="top", fontsize=7.5, color=MUTED)
