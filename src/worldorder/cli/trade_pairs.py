"""worldorder trade power --pairs: every pair cut off in equilibrium, and loss by supply share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from worldorder.trade import Baseline


def print_pairs(
    base: Baseline, country: str | None, elasticity: float, most: int, out: Path, plot: Path | None
) -> None:
    """Solve all pairs, or those of a country, write them and print rankings.

    On Ctrl-C what has been solved is written.
    """
    from worldorder.cli.targets import write_figure, write_target
    from worldorder.plots.power import plot_convexity

    found, whole = _solved(base, country, elasticity)
    if len(found):
        write_target(out, found.to_csv)
    if not whole:
        Console(stderr=True).print(f"Stopped; {len(found)} rows of solved pairs are in {out}.")
        raise KeyboardInterrupt
    Console().print(_vulnerable(found, most), _by_share(found))
    if plot is not None:
        write_figure(plot, plot_convexity(found, elasticity))


def _solved(base: Baseline, country: str | None, elasticity: float) -> tuple[pd.DataFrame, bool]:
    """Rows of all pairs, and whether all were solved before an interruption."""
    import pandas as pd
    from rich.progress import track

    from worldorder.trade import pair_table

    wanted = [
        (one, other)
        for number, one in enumerate(base.names)
        for other in base.names[number + 1 :]
        if country in (None, one, other)
    ]
    parts: list[pd.DataFrame] = []
    steps = range(0, len(wanted), 500)
    try:
        for start in track(steps, "cutting off pairs", console=Console(stderr=True)):
            parts.append(pair_table(base, wanted[start : start + 500], elasticity))
    except KeyboardInterrupt:
        return (pd.concat(parts) if parts else pd.DataFrame()), False
    return pd.concat(parts).sort_index(), True


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def _vulnerable(found: pd.DataFrame, most: int) -> Table:
    """Countries by the most that one partner can cost them, the most vulnerable first."""
    table = Table(title="Most vulnerable to one partner that ends trade both ways", min_width=60)
    table.add_column("country")
    table.add_column("to")
    for column in ("supply share", "stop of supplies", "welfare lost", "that costs the partner"):
        table.add_column(column, justify="right")
    worst = found.loc[found.groupby("partner")["cut_off"].idxmax()].nlargest(most, "cut_off")
    for row in worst.reset_index().to_dict("records"):
        values = (row[c] for c in ("supply_share", "stop_of_supplies", "cut_off", "own_loss"))
        table.add_row(row["partner"], row["country"], *map(_percent, values))
    return table


def _by_share(found: pd.DataFrame) -> Table:
    from worldorder.trade import convexity

    table = Table(title="Loss in points for each point of supply share", min_width=60)
    for column in ("supply share", "pairs", "stop of supplies", "trade ends both ways"):
        table.add_column(column, justify="right")
    for share, row in convexity(found).iterrows():
        told = f"{100 * share.left:g} to {100 * share.right:g} %"  # pyright: ignore
        losses = (f"{row[name]:.3f}" for name in ("stop_of_supplies", "cut_off"))
        table.add_row(told, f"{row['pairs']:.0f}", *losses)
    return table
