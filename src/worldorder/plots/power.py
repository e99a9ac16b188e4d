"""Figure of what each large economy could cost each other one by a stop of supplies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from worldorder.plots.style import INK, house_style, new_figure

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure


def plot_power(loss: xr.DataArray, names: Sequence[str]) -> Figure:
    """Figure of losses in per cent of real income; the row cuts off the column.

    Args:
        loss: by country and partner, as shares (`worldorder.trade.supply_power`).
        names: countries to show, in order.
    """
    shown = 100 * loss.sel(country=list(names), partner=list(names)).to_numpy()
    most = float(np.nanmax(shown)) or 1.0
    with house_style():
        figure = new_figure(7.2, 6.2, fitted=False)
        axes = figure.add_axes((0.12, 0.04, 0.86, 0.80))
        axes.imshow(np.sqrt(shown), cmap="Blues", vmin=0, vmax=np.sqrt(most) * 1.15)
        for (i, j), value in np.ndenumerate(shown):
            if i != j:
                colour = "white" if value > 0.45 * most else INK
                axes.text(j, i, f"{value:.1f}", ha="center", va="center", color=colour, fontsize=7)
        axes.set_xticks(range(len(names)), list(names))
        axes.set_yticks(range(len(names)), list(names))
        axes.tick_params(length=0, labeltop=True, labelbottom=False)
        axes.grid(visible=False)
        for side in axes.spines.values():
            side.set_visible(False)
        axes.set_ylabel("stops selling")
        axes.set_title("Loss of real income of the column, %", pad=22)
    return figure


def plot_convexity(pairs: pd.DataFrame, elasticity: float) -> Figure:
    """Figure of loss against supply share: pairs in equilibrium, and the closed form as a line.

    Args:
        pairs: of `worldorder.trade.pair_table`.
        elasticity: theta of both.
    """
    share = np.linspace(0, float(pairs["supply_share"].max()), 200)
    most = pairs.nlargest(8, "cut_off")
    with house_style():
        figure = new_figure(6.4, 4.4)
        axes = figure.add_subplot()
        axes.scatter(100 * pairs["supply_share"], 100 * pairs["cut_off"], s=6, alpha=0.4, lw=0)
        axes.plot(
            100 * share, 100 * (1 - (1 - share) ** (1 / elasticity)), color=INK, lw=1,
            label="stop of supplies at given wages",
        )  # fmt: skip
        places = 100 * most[["supply_share", "cut_off"]].to_numpy()
        for (by, name), place in zip(most.index, places, strict=True):
            left = _has_neighbour_at_right(place, places)
            axes.annotate(
                f"{name} by {by}", tuple(place), fontsize=6, textcoords="offset points",
                xytext=(-3 if left else 3, 2), ha="right" if left else "left",
            )  # fmt: skip
        axes.set_xlabel("share of the country in what the partner spends, %")
        axes.set_ylabel("loss of the partner, %")
        axes.set_title("What an end of trade costs the partner, by the share it buys")
        axes.legend(frameon=False)
    return figure


def _has_neighbour_at_right(place: np.ndarray, places: np.ndarray) -> bool:
    """Whether a label at the right of a point would run into another point's."""
    reach = np.ptp(places, axis=0) * (0.25, 0.15)
    ahead = places - place
    return bool(((ahead[:, 0] > 0) & (np.abs(ahead) < reach).all(axis=1)).any())
