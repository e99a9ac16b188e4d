"""Where known parameters fell in what estimators said: a histogram a quantity, flat if right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
from scipy.stats import binom

from worldorder.plots.style import BLUE, GRID, MUTED, VERMILION, house_style, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS: Final = 5
BINS: Final = 10
WITHIN: Final = 0.95  # of counts per bin, if places are uniform


def plot_recovery(table: pd.DataFrame, verdicts: pd.DataFrame) -> Figure:
    """Histograms of places by case and quantity, with the band that chance alone would fill.

    Args:
        table: case, quantity, place (0 to 1).
        verdicts: case, quantity, verdict, in the order of the panels.
    """
    rows = -(-len(verdicts) // COLUMNS)
    with house_style():
        figure = new_figure(2.1 * COLUMNS, 1.6 * rows + 0.5)
        panels = figure.subplots(rows, COLUMNS, squeeze=False, sharex=True).ravel()
        for axes, one in zip(panels, verdicts.to_dict("records"), strict=False):
            mine = (table["case"] == one["case"]) & (table["quantity"] == one["quantity"])
            place = table.loc[mine, "place"].dropna()
            low, high = binom.interval(WITHIN, max(len(place), 1), 1 / BINS)
            axes.axhspan(low, high, color=GRID, linewidth=0)
            lost = one["verdict"] == "not recovered"
            axes.hist(place, bins=BINS, range=(0, 1), color=VERMILION if lost else BLUE, alpha=0.85)
            axes.set_title(f"{one['case']}\n{one['quantity']}", fontsize=7.5)
            axes.tick_params(labelsize=7, colors=MUTED)
        for spare in panels[len(verdicts) :]:
            spare.set_axis_off()
        figure.supxlabel("place of the truth in the estimate", fontsize=8)
        figure.supylabel("worlds", fontsize=8)
    return figure
