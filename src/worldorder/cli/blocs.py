"""worldorder blocs: which blocs form from sizes and propensities, and what would tip them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from worldorder.blocs import Landscape


def print_blocs(
    file: Annotated[Path, typer.Argument(help="CSV of pairs (a, b, propensity) or a matrix.")],
    sizes: Annotated[Path | None, typer.Option(help="CSV with columns name and size.")] = None,
    blocs: Annotated[int, typer.Option(help="Most blocs that may form.")] = 2,
    method: Annotated[
        Literal["auto", "exact", "search"], typer.Option(help="How to look for minima.")
    ] = "auto",
    absent: Annotated[
        float | None, typer.Option(help="Propensity of pairs that the table leaves out.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the random starts of a search.")] = 0,
    top: Annotated[int, typer.Option(help="How many minima to print.", min=1)] = 5,
) -> None:
    """Stable partitions into blocs by landscape theory, lowest energy first."""
    from worldorder.bloc_tables import read_landscape

    found = read_landscape(file, sizes, blocs, method, absent, seed)
    console = Console()
    console.print(_minima(found, top))
    console.print(_tips(found))


def _minima(found: Landscape, top: int) -> Table:
    starts = len(found.energies) if found.exact else found.lowest.starts
    how = "all partitions" if found.exact else "random partitions"
    table = Table(title=f"Local minima: {len(found.minima)}, from {starts} ({how})")
    table.add_column("energy", justify="right")
    table.add_column("starts that end here", justify="right")
    table.add_column("blocs")
    for number, (energy, share) in enumerate(
        zip(found.lowest.energies[:top], found.basins[:top], strict=True)
    ):
        blocs = "\n".join(", ".join(names) for names in found.members(number))
        table.add_row(f"{energy:.6g}", f"{share:.1%}", blocs, end_section=True)
    return table


def _tips(found: Landscape) -> Table:
    table = Table(title="What would tip the lowest minimum, the loosest state first")
    for column in ("state", "bloc", "energy of leaving", "partner", "change of propensity"):
        table.add_column(column)
    for state, row in found.tips().sort_values("cost_of_leaving").iterrows():
        table.add_row(
            str(state),
            str(row["bloc"] + 1),
            f"{row['cost_of_leaving']:.4g}",
            str(row["partner"]),
            f"{row['propensity_change']:+.3g}",
        )
    return table
