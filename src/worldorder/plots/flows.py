"""Who changes sides: power that passes between stances from year to year."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from worldorder.errors import ResultError
from worldorder.plots.style import BLUE, MUTED, VERMILION, house_style, new_figure
from worldorder.results.compare import Draws, years_of
from worldorder.results.measures import LEADING, state_mask

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDES: Final = ("aligns", "hedges", "opposes")
ALIGNS, OPPOSES = "aligns_with_leading_state", "opposes_leading_state"
_COLOURS: Final = (BLUE, "#8a949e", VERMILION)
_GAP, _BAR = 0.03, 0.12  # between sides, and width of a bar, in parts of a step


def side_of(dataset: xr.Dataset, mark: int) -> NDArray[np.int64]:
    """Likeliest stance of every state in every run, place in `SIDES`; -1 for the leading state.

    Raises:
        ResultError: the result has no stances.
    """
    if ALIGNS not in dataset or OPPOSES not in dataset:
        raise ResultError("the result has no stances of states", "Run its scenario again.")
    aligns, opposes = (np.nan_to_num(dataset[name].values[:, mark]) for name in (ALIGNS, OPPOSES))
    side = np.stack([aligns, 1.0 - aligns - opposes, opposes]).argmax(axis=0)
    return np.where(state_mask(dataset, LEADING)[None, :], -1, side)


def power_flows(dataset: xr.Dataset, first: int, last: int) -> Draws:
    """Power of the later year by side then (row) and side later (column), share, (run, 3, 3)."""
    years = years_of(dataset).tolist()
    then, later = (side_of(dataset, years.index(year)) for year in (first, last))
    power = dataset["power_share"].values[:, years.index(last)].astype(np.float64)
    return np.stack(
        [
            np.stack([(power * ((then == i) & (later == j))).sum(1) for j in range(3)], axis=1)
            for i in range(3)
        ],
        axis=1,
    )


def flow_years(dataset: xr.Dataset) -> list[int]:
    """Start, every tenth year between and the end."""
    years = [int(year) for year in years_of(dataset)]
    between = [year for year in years[5:-4] if year % 10 == 5]
    return sorted({years[0], *between, years[-1]})


def plot_flows(dataset: xr.Dataset, title: str = "") -> Figure:
    """Figure of the power that keeps or changes its side, mean over runs.

    Raises:
        ResultError: the result has no stances.
    """
    years = flow_years(dataset)
    with house_style():
        figure = new_figure(4.6, 3.6)
        axes = figure.subplots()
        for place, (first, last) in enumerate(itertools.pairwise(years)):
            _ribbons(axes, place, power_flows(dataset, first, last).mean(axis=0))
        axes.set_xticks(np.arange(len(years)), [str(year) for year in years])
        axes.set_xlim(-0.15, len(years) - 0.85)
        axes.set_ylabel("share of world power, others")
        axes.grid(visible=False)
        for side, colour in zip(SIDES, _COLOURS, strict=True):
            axes.fill_between([], [], color=colour, label=side)
        key = axes.legend(loc="upper left", bbox_to_anchor=(0, -0.1), ncols=3, frameon=False)
        for text in key.get_texts():
            text.set_color(MUTED)
        axes.set_title(title)
    return figure


def _ribbons(axes: Axes, place: int, flow: Draws) -> None:
    """Bands from the sides on the left to those on the right, coloured by where they come from."""
    ends = [_starts(flow.sum(axis=1)), _starts(flow.sum(axis=0))]
    way = np.linspace(0.0, 1.0, 40)
    bend = way * way * (3.0 - 2.0 * way)
    across = place + _BAR / 2 + way * (1.0 - _BAR)
    for i in range(3):
        for j in range(3):
            low = ends[0][i] + (ends[1][j] - ends[0][i]) * bend
            axes.fill_between(
                across, low, low + flow[i, j], color=_COLOURS[i], alpha=0.35, linewidth=0
            )
            ends[0][i] += flow[i, j]
            ends[1][j] += flow[i, j]
    for at, sizes in ((place, flow.sum(axis=1)), (place + 1, flow.sum(axis=0))):
        axes.bar([at] * 3, sizes, _BAR, bottom=_starts(sizes), color=_COLOURS, linewidth=0)


def _starts(sizes: Draws) -> Draws:
    return np.concatenate([[0.0], np.cumsum(sizes)[:-1]]) + _GAP * np.arange(3)
