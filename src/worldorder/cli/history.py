"""worldorder history: order indices on the record, turning points, eras."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def print_history(
    out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("runs/history"),
    draws: Annotated[int, typer.Option(min=2, help="Draws of thresholds for the range.")] = 20,
    seed: Annotated[int, typer.Option(help="Seed of the draws.")] = 1,
) -> None:
    """Compute the order indices on the record 1816-2024: table, plot, turning points, eras."""
    import numpy as np
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from worldorder.dynamics.devices import configure
    from worldorder.inference.history import (
        RECORDED,
        expectations,
        history,
        named_eras,
        record_table,
        turning_points,
    )
    from worldorder.plots.history import plot_history
    from worldorder.results.files import usable_folder, write_whole
    from worldorder.results.order_record import FILE

    configure()
    folder, console = usable_folder(out), Console()
    with console.status("Reading the record"):
        found = history(draws, seed)
    turns = turning_points(found)
    columns = {"year": found.years, "leader": np.array(found.leaders)}
    for place, order in enumerate(RECORDED):
        columns |= {order: found.indices[place], f"{order}_core": found.core[place]}
        columns |= {f"{order}_low": found.low[place], f"{order}_high": found.high[place]}
    paths = {
        order: (found.core[i], found.low[i], found.high[i], found.indices[i])
        for i, order in enumerate(RECORDED)
    }
    years_of = {order: turns[turns["order"] == order]["year"].tolist() for order in RECORDED}
    frame = pd.DataFrame(columns)
    write_whole(folder / "history.csv", lambda path: frame.to_csv(path, index=False))
    write_whole(folder / "turning_points.csv", lambda path: turns.to_csv(path, index=False))
    record = record_table(found)
    write_whole(folder / FILE, lambda path: record.to_csv(path, index=False))
    figure = plot_history(found.years, paths, years_of)
    write_whole(folder / "history.svg", lambda path: figure.savefig(path, format="svg"))
    table = Table("year", "order", "before", "after", "change", box=None)
    for row in turns.itertuples():
        table.add_row(
            str(row.year), str(row.order), f"{row.before:.2f}", f"{row.after:.2f}",
            f"{row.change:+.2f}",
        )  # fmt: skip
    console.print("Turning points", style="bold")
    console.print(table)
    console.print("\nEras", style="bold")
    for one in expectations(found):
        word = "as expected" if one.holds else "NOT as expected"
        console.print(f"{one.says}: {word}. {one.found}", highlight=False)
    console.print("\nShare of an era's years in which its order comes out highest", style="bold")
    table = Table("era", "order", "by level", "by its own record", box=None)
    for era in named_eras(found):
        table.add_row(
            f"{era.first}-{era.last}", era.order, f"{era.by_level:.0%}", f"{era.by_record:.0%}"
        )
    console.print(table)
    typer.echo(f"Written to {folder}: history.csv, turning_points.csv, {FILE}, history.svg")
