"""What an outcome hangs on: swings as a tornado, and shares of its variance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from worldorder.plots.numbers import tick
from worldorder.plots.style import BLUE, INK, SKY, VERMILION, house_style, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROW: Final = 0.32  # inches


def plot_tornado(swings: pd.DataFrame, label: str) -> Figure:
    """Outcome with each parameter at its low and high end, the widest swing on top.

    Vermilion is the low end, blue the high end; whiskers are two standard errors over chance.
    """
    place = np.arange(len(swings))[::-1]
    centre = float(swings["centre"].iloc[0])
    with house_style():
        figure, axes = _rows(swings["factor"].tolist(), place)
        for end, colour in (("low", VERMILION), ("high", BLUE)):
            change = swings[end].to_numpy(float) - centre
            error = 2 * swings[f"{end}_error"].to_numpy(float)
            axes.barh(place, change, left=centre, height=0.62, color=colour, alpha=0.85,
                      label=f"{end} end (5 %)" if end == "low" else f"{end} end (95 %)",
                      xerr=error, error_kw={"ecolor": INK, "elinewidth": 0.9})  # fmt: skip
        axes.axvline(centre, color=INK, linewidth=0.9)
        axes.set_xlabel(label)
        axes.xaxis.set_major_formatter(lambda value, _: tick(value))
        _key(axes)
    return figure


def plot_sobol(sobol: pd.DataFrame, label: str) -> Figure:
    """First-order and total indices with 95 % intervals, the largest total on top."""
    place = np.arange(len(sobol))[::-1]
    with house_style():
        figure, axes = _rows(sobol["factor"].tolist(), place)
        kinds = (("first_order", SKY, 0.19, "alone"), ("total", BLUE, -0.19, "with interactions"))
        for kind, colour, shift, name in kinds:
            axes.barh(place + shift, sobol[kind], height=0.36, color=colour, label=name,
                      xerr=sobol[f"{kind}_half_width"],
                      error_kw={"ecolor": INK, "elinewidth": 0.9})  # fmt: skip
        axes.axvline(0, color=INK, linewidth=0.9)
        axes.set_xlabel(f"share of the variance of {label}")
        _key(axes)
    return figure


def _key(axes: Axes) -> None:
    """Names of the colours above the axes, where no bar ends."""
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, fontsize=8,
        borderaxespad=0.2,
    )  # fmt: skip


def _rows(
    names: list[str], place: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> tuple[Figure, Axes]:
    figure = new_figure(7.2, 1.1 + _ROW * len(names))
    axes = figure.subplots()
    axes.set_yticks(place, names)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    return figure, axes
