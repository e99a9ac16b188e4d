"""Capacity that bodies lose by size and area, with and without compensation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldorder.plots.style import BLUE, MUTED, house_style, new_figure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

SHOWN = ("size, as known", "size, as drawn", "area")


def plot_losses(groups: pd.DataFrame, year: int) -> Figure:
    """Figure of the mean loss by group: dots are medians over runs, bars 80 % of runs.

    Args:
        groups: from `results.losses.by_group`.
        year: of the losses.
    """
    rows = groups[groups["by"].isin(SHOWN)]
    labels = list(dict.fromkeys(zip(rows["by"], rows["group"], strict=True)))
    with house_style():
        figure = new_figure(6.8, 1.3 + 0.3 * len(labels))
        axes = figure.subplots()
        for switch, colour, shift, marker in (
            ("with compensation", BLUE, -0.14, "o"),
            ("without compensation", MUTED, 0.14, "D"),
        ):
            mine = rows[rows["switch"] == switch].set_index(["by", "group"]).loc[labels]
            place = [i + shift for i in range(len(labels))]
            low, high = (100 * mine[f"loss_{end}_80"] for end in ("low", "high"))
            axes.hlines(place, low, high, color=colour, linewidth=3)
            axes.plot(100 * mine["loss"], place, marker, color=colour, mec="white", label=switch)
        names = [f"{group} ({by})" if by != "area" else group for by, group in labels]
        axes.set_yticks(range(len(labels)), names)
        axes.invert_yaxis()
        axes.set_xlabel(f"capacity lost by {year}, % of the start, mean over bodies")
        axes.grid(visible=False, axis="y")
        figure.legend(loc="outside upper center", ncols=2, frameon=False)
    return figure
