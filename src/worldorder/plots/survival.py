"""Survival of intergovernmental bodies: the record within what the hazard makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from worldorder.plots.style import BLUE, INK, MUTED, house_style, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from worldorder.inference.estimate_survival import Curve


def plot_survival(found: Mapping[str, Curve]) -> Figure:
    """One panel for each group of bodies: Kaplan-Meier curve and the simulated 90 % band."""
    rows = -(-len(found) // 2)
    with house_style():
        figure = new_figure(7.4, 2.1 * rows)
        panels = figure.subplots(rows, 2, sharey=True).ravel()
        for axes, (name, one) in zip(panels, found.items(), strict=False):
            axes.fill_between(one.age, one.low, one.high, color=BLUE, alpha=0.2, linewidth=0)
            axes.plot(one.age, one.median, color=BLUE, linewidth=1.1)
            axes.step(one.age, one.record, color=INK, linewidth=1.5, where="post")
            axes.set_ylim(0, 1)
            axes.set_xlim(0, one.age[-1])
            axes.set_title(name[:1].upper() + name[1:], fontsize=9.5)
            said = f"{one.deaths} of {one.bodies} ended, log-rank z {one.z:+.1f}"
            axes.text(0.02, 0.05, said, transform=axes.transAxes, fontsize=8, color=MUTED)
        for axes in panels[len(found) :]:
            axes.set_axis_off()
        figure.supylabel("share of bodies alive", fontsize=9, color=MUTED)
        figure.supxlabel(
            "years since founding; record black, simulated blue (90 % band)",
            fontsize=9,
            color=MUTED,
        )
    return figure
