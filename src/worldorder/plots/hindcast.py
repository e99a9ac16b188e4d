"""Plots of a hindcast: skill by horizon, place of the observations in the ensemble, reliability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from worldorder.plots.style import (
    BLUE,
    GRID,
    INK,
    MUTED,
    VERMILION,
    house_style,
    new_figure,
    zero_line,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS: Final = 4
LOWEST_SKILL: Final = -1.0  # below it a point is drawn at the edge


def _titles(name: str) -> str:
    return name.replace("_", " ")


def _grid(names: list[str], height: float = 2.1) -> tuple[Figure, list[Axes]]:
    """One small panel a name."""
    rows = max(1, -(-len(names) // COLUMNS))
    figure = new_figure(2.4 * COLUMNS, height * rows + 0.6)
    axes = figure.subplots(rows, COLUMNS, squeeze=False).ravel().tolist()
    for spare in axes[len(names) :]:
        spare.set_axis_off()
    return figure, axes[: len(names)]


def skill_figure(skill: pd.DataFrame) -> Figure:
    """Skill over the best baseline by horizon, all origins, with 95 % bootstrap intervals."""
    rows = skill[(skill["origin"] == "all") & (skill["score"] != "brier")]
    names = list(dict.fromkeys(rows["target"]))
    with house_style():
        figure, axes = _grid(names)
        for name, at in zip(names, axes, strict=True):
            _draw_skill(at, rows[rows["target"] == name].sort_values("horizon"))
            at.set_title(_titles(name))
        figure.suptitle("Skill over the best naive forecast (above 0 is better)", color=INK)
    return figure


def _draw_skill(at: Axes, rows: pd.DataFrame) -> None:
    horizon, low, high = (rows[c].to_numpy(float) for c in ("horizon", "low", "high"))
    value = rows["skill"].to_numpy(float)
    shown = np.maximum(value, LOWEST_SKILL)
    at.vlines(horizon, np.maximum(low, LOWEST_SKILL), np.maximum(high, LOWEST_SKILL), color=MUTED)
    better = value > 0
    at.plot(horizon, shown, color=MUTED, linewidth=0.8)
    at.scatter(horizon[better], shown[better], color=BLUE, zorder=3, s=22)
    at.scatter(horizon[~better], shown[~better], color=VERMILION, zorder=3, s=22, marker="v")
    zero_line(at)
    at.set_xlabel("years ahead")


def pit_figure(pit: pd.DataFrame) -> Figure:
    """Where observations fell in the ensemble; flat is right, a U says bands are too narrow."""
    pooled = pit.groupby(["target", "bin"], sort=False)["cells"].sum()
    names = list(dict.fromkeys(pit["target"]))
    with house_style():
        figure, axes = _grid(names)
        for name, at in zip(names, axes, strict=True):
            counts = pooled[name].to_numpy(float)
            share = counts / counts.sum()
            at.bar(np.arange(len(share)) + 0.5, share, width=0.9, color=BLUE)
            at.axhline(1 / len(share), color=INK, linewidth=0.9)
            at.set_xticks([0, len(share) / 2, len(share)], ["0", "0.5", "1"])
            at.set_title(_titles(name))
        figure.suptitle("Place of what happened in the ensemble (flat is calibrated)", color=INK)
    return figure


def reliability_figure(reliability: pd.DataFrame) -> Figure:
    """Observed frequency of events against their forecast probability, logarithmic."""
    names = list(dict.fromkeys(reliability["target"]))
    with house_style():
        figure, axes = _grid(names, 2.4)
        for name, at in zip(names, axes, strict=True):
            rows = reliability[reliability["target"] == name]
            for horizon, part in rows.groupby("horizon"):
                at.plot(part["forecast"], part["observed"], marker="o", markersize=3,
                        linewidth=0.8, label=f"{horizon} years")  # fmt: skip
            _finish_reliability(at, rows)
            at.set_title(_titles(name))
        figure.suptitle("How often events happened, by forecast probability", color=INK)
    return figure


def _finish_reliability(at: Axes, rows: pd.DataFrame) -> None:
    positive = rows[["forecast", "observed"]].to_numpy(float)
    least = max(positive[positive > 0].min(initial=1.0) * 0.7, 1e-5)
    at.plot([least, 1], [least, 1], color=GRID, zorder=0)
    at.set_xscale("log")
    at.set_yscale("symlog", linthresh=least)
    at.set_xlabel("forecast")
    at.legend(frameon=False, fontsize=7)
