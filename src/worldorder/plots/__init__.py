"""Plots: a pair of results in, a matplotlib figure out. Matplotlib loads at the first figure."""

from worldorder.plots.donors import plot_donors
from worldorder.plots.draws import plot_draws
from worldorder.plots.history import plot_history
from worldorder.plots.institutions import plot_capacity
from worldorder.plots.orders import (
    plot_order_paths,
    plot_order_probabilities,
    plot_relative_orders,
)
from worldorder.plots.paths import plot_path
from worldorder.plots.stances import plot_power_by_stance, plot_stance_map
from worldorder.plots.sweeps import plot_sweep_line, plot_sweep_map
from worldorder.plots.trace import plot_trace
from worldorder.plots.world_map import plot_map

__all__ = [
    "plot_capacity",
    "plot_donors",
    "plot_draws",
    "plot_history",
    "plot_map",
    "plot_order_paths",
    "plot_order_probabilities",
    "plot_path",
    "plot_power_by_stance",
    "plot_relative_orders",
    "plot_stance_map",
    "plot_sweep_line",
    "plot_sweep_map",
    "plot_trace",
]
