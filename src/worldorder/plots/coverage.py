"""Which variables of the panel have cells in which years, as one picture."""

from __future__ import annotations

import itertools
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

SHADES: Final = ("#dbe5ee", "#a9c4da", "#6c9cc2", "#2f6fa3", "#12436d")
INK, GRID, PAPER = "#1c2833", "#c8ced4", "#ffffff"
LABEL_WIDTH, YEAR_WIDTH, ROW_HEIGHT, TOP = 178, 3, 12, 30
DECADES: Final = 20  # years between lines


def shade_of(share: float) -> int | None:
    """Shade of a share of cells, in fifths; None where there is no cell."""
    return None if share <= 0 else min(int(share * len(SHADES)), len(SHADES) - 1)


def _bars(shares: pd.Series, top: float) -> list[str]:
    """One rectangle a run of years with the same shade."""
    bars: list[str] = []
    years_of = shares.index.astype(int).tolist()
    cells = zip(years_of, shares.tolist(), strict=True)
    for shade, run in itertools.groupby(cells, key=lambda cell: shade_of(cell[1])):
        years = [year for year, _ in run]
        if shade is not None:
            x = LABEL_WIDTH + YEAR_WIDTH * (years[0] - years_of[0])
            bars.append(
                f'<rect x="{x}" y="{top + 2:g}" width="{YEAR_WIDTH * len(years)}" '
                f'height="{ROW_HEIGHT - 3}" fill="{SHADES[shade]}"/>'
            )
    return bars


def _axis(years: pd.Index, bottom: float) -> list[str]:
    first, lines = int(years[0]), []
    start = first + -first % DECADES
    for year in range(start, int(years[-1]) + 1, DECADES):
        x = LABEL_WIDTH + YEAR_WIDTH * (year - first)
        lines.append(f'<path d="M{x} {TOP}V{bottom:g}" stroke="{GRID}" stroke-width=".5"/>')
        lines.append(f'<text x="{x}" y="{TOP - 6}" text-anchor="middle">{year}</text>')
    return lines


def _legend(bottom: float) -> list[str]:
    parts = [f'<text x="{LABEL_WIDTH}" y="{bottom + 20:g}">share of cells:</text>']
    for i, shade in enumerate(SHADES):
        x = LABEL_WIDTH + 78 + 62 * i
        parts.append(
            f'<rect x="{x}" y="{bottom + 12:g}" width="12" height="9" fill="{shade}"/>'
            f'<text x="{x + 16}" y="{bottom + 20:g}">{20 * i}-{20 * i + 20} %</text>'
        )
    return parts


def coverage_picture(shares: pd.DataFrame) -> str:
    """The picture as SVG.

    Args:
        shares: variables by years, 0 to 1.
    """
    bottom = TOP + ROW_HEIGHT * len(shares)
    width = LABEL_WIDTH + YEAR_WIDTH * shares.shape[1] + 16
    body = _axis(shares.columns, bottom)
    for i, (name, row) in enumerate(shares.iterrows()):
        top = TOP + ROW_HEIGHT * i
        label = f'<text x="{LABEL_WIDTH - 6}" y="{top + 9}" text-anchor="end">'
        body += [f"{label}{escape(str(name))}</text>", *_bars(row, top)]
    body += _legend(bottom)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {bottom + 32}" '
        f'font-family="sans-serif" font-size="9" fill="{INK}" role="img">\n'
        "<title>Coverage of the panel by variable and year</title>\n"
        f'<rect width="{width}" height="{bottom + 32}" fill="{PAPER}"/>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )
