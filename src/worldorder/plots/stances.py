"""Where states stand toward the leading state: a map, and the power on each side by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from worldorder.errors import ResultError
from worldorder.plots.numbers import Scale
from worldorder.plots.orders import years_axis
from worldorder.plots.style import BLUE, GRID, MUTED, VERMILION, house_style, new_figure
from worldorder.plots.world_map import Change, States, draw_map
from worldorder.results.compare import QUANTILES, Draws, years_of
from worldorder.results.measures import LEADING, state_mask

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

ALIGNS, OPPOSES = "aligns_with_leading_state", "opposes_leading_state"


def has_stances(dataset: xr.Dataset) -> bool:
    """Whether a result carries the stance of states toward the leading state."""
    return ALIGNS in dataset and OPPOSES in dataset


def plot_stance_map(dataset: xr.Dataset, year: int) -> Figure:
    """World map of the probability to align less that to oppose, median over runs.

    Raises:
        ResultError: the result has no stances.
    """
    _check(dataset)
    mark = years_of(dataset).tolist().index(year)
    aligns, opposes = (
        dataset[name].values[:, mark].astype(np.float64) for name in (ALIGNS, OPPOSES)
    )
    levels = 100 * np.quantile(aligns - opposes, QUANTILES, axis=0)
    points = Scale(100, "% points", "% points")
    change = Change(
        f"Stance toward the leading state in {year}", points, levels[2], levels[1:4:2],
        levels[::4], "probability to align less that to oppose",
    )  # fmt: skip
    states = States(
        name=dataset["country"].values,
        longitude=dataset["longitude"].values,
        latitude=dataset["latitude"].values,
        gdp=np.median(dataset["gdp"].values[:, mark], axis=0),
        in_bold=state_mask(dataset, LEADING),
    )
    return draw_map(change, states)


def power_by_stance(dataset: xr.Dataset) -> dict[str, Draws]:
    """Power of the leading state and of others by stance: share of the world, (run, time) each.

    Raises:
        ResultError: the result has no stances.
    """
    _check(dataset)
    power = dataset["power_share"].values.astype(np.float64)
    aligned, opposed = (
        (power * np.nan_to_num(dataset[n].values)).sum(2) for n in (ALIGNS, OPPOSES)
    )
    own = power[:, :, state_mask(dataset, LEADING)].sum(2)
    hedged = power.sum(2) - own - aligned - opposed
    return {"leading state": own, "aligns": aligned, "hedges": hedged, "opposes": opposed}


def plot_power_by_stance(dataset: xr.Dataset) -> Figure:
    """Figure of the power on each side by year, mean over runs.

    Raises:
        ResultError: the result has no stances.
    """
    years, found = years_of(dataset), power_by_stance(dataset)
    colours = ("#00406b", BLUE, GRID, VERMILION)
    with house_style():
        figure = new_figure(4.6, 3.6)
        axes = figure.subplots()
        shares = [draws.mean(axis=0) for draws in found.values()]
        axes.stackplot(
            years, shares, labels=list(found), colors=colours, edgecolor="w", linewidth=0.4
        )
        years_axis(axes, years)
        axes.set_ylim(0, 1)
        axes.set_ylabel("share of world power")
        key = axes.legend(loc="upper left", bbox_to_anchor=(0, -0.12), ncols=2, frameon=False)
        for text in key.get_texts():
            text.set_color(MUTED)
    return figure


def _check(dataset: xr.Dataset) -> None:
    if not has_stances(dataset):
        raise ResultError(
            "the result has no stances of states",
            "It was made by an earlier version; run its scenario again.",
        )
