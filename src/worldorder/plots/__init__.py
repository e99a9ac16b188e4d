"""Plots: a pair of results in, a matplotlib figure out. Matplotlib loads at the first figure."""

from worldorder.plots.donors import plot_donors
from worldorder.plots.institutions import plot_capacity
from worldorder.plots.paths import plot_path
from worldorder.plots.world_map import plot_map

__all__ = ["plot_capacity", "plot_donors", "plot_map", "plot_path"]
