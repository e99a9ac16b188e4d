"""House style: one set of colours and sizes, safe for colour-blind readers and in print."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure

# The hues of Okabe and Ito, of which blue and vermilion are told apart by all kinds of sight, dark
# enough to stand out three to one on white (WCAG 2.2, 1.4.11).
BLUE: Final = "#005A8C"
VERMILION: Final = "#B34700"
SKY: Final = "#3A9BD9"
ORANGE: Final = "#C88700"
GREEN: Final = "#009E73"
INK: Final = "#1d2733"
MUTED: Final = "#56616d"
GRID: Final = "#dde2e7"
PAPER: Final = "#ffffff"

_SETTINGS: Final[dict[Any, Any]] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Arial", "Helvetica"],
    "font.size": 9.5,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlecolor": INK,
    "axes.labelcolor": MUTED,
    "axes.labelsize": 9,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "ytick.major.size": 0,
    "xtick.major.size": 3,
    "text.color": INK,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "none",
    "svg.hashsalt": "worldorder",
}


@contextmanager
def house_style() -> Generator[None]:
    """Matplotlib with the house's settings, and the user's own again afterwards."""
    from matplotlib import rc_context

    with rc_context(_SETTINGS):
        yield


def new_figure(width: float, height: float, fitted: bool = True) -> Figure:
    """An empty figure, inches, that belongs to no window.

    `fitted` makes room for labels by drawing twice; without it the axes stay where they are put.
    """
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained" if fitted else None)


def diverging() -> LinearSegmentedColormap:
    """Vermilion for less, blue for more, pale in between."""
    from matplotlib.colors import LinearSegmentedColormap

    stops = ["#8f3b00", VERMILION, "#f4b183", "#f3f4f5", "#8fc1e3", BLUE, "#00406b"]
    return LinearSegmentedColormap.from_list("worldorder", stops)


def zero_line(axes: Axes, horizontal: bool = True) -> None:
    """A line at no difference."""
    draw = axes.axhline if horizontal else axes.axvline
    draw(0, color=INK, linewidth=0.9, zorder=2)
