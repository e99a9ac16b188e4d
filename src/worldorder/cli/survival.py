"""worldorder bodies survival: how long bodies live, on the record since 1815 and simulated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def print_survival(
    raw: Annotated[Path, typer.Option(help="Publishers' files; igo-deaths is read.")],
    out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("runs/survival"),
    draws: Annotated[int, typer.Option(min=20, help="Simulated copies of the record.")] = 400,
) -> None:
    """Survival of intergovernmental bodies by cohort since 1815: table, curves, picture, test."""
    import pandas as pd
    from rich.console import Console

    from worldorder.errors import InputError
    from worldorder.inference import estimate_survival as survival
    from worldorder.inference.survival_record import survival_rows
    from worldorder.plots.survival import plot_survival
    from worldorder.results.files import usable_folder, write_whole

    if not (raw / "igo-deaths").is_dir():
        raise InputError(
            f"{raw} has no folder igo-deaths", "Give the folder of the publishers' files."
        )
    folder, console = usable_folder(out), Console()
    with console.status("Fitting and simulating"):
        found = survival.curves(survival_rows(raw), draws)
    table = survival.summary(found)
    paths = pd.concat(
        [
            pd.DataFrame(
                {
                    "group": name, "age": one.age, "record": one.record,
                    "low": one.low, "median": one.median, "high": one.high,
                }
            )
            for name, one in found.items()
        ]
    )  # fmt: skip
    write_whole(folder / "survival.csv", lambda p: table.to_csv(p, index_label="group") and None)
    write_whole(folder / "curves.csv", lambda path: paths.to_csv(path, index=False) and None)
    figure = plot_survival(found)
    write_whole(folder / "survival.svg", lambda path: figure.savefig(path, format="svg"))
    console.print(table.round(2).to_string(), highlight=False)
    test = found[f"test: founded after {survival.LAST_TAUGHT}"]
    verdict = "passed" if survival.passed(test) else "lost"
    console.print(
        f"Test, written down before it was run (|z| at most {survival.LARGEST_Z}, record within "
        f"the band at {survival.LEAST_COVERED:.0%} of ages): {verdict}.", highlight=False,
    )  # fmt: skip
    typer.echo(f"Written to {folder}: survival.csv, curves.csv, survival.svg")
