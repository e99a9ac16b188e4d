"""worldorder batch: the jobs of a file, one after the other."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from worldorder.cli.run import Out, Quiet, Workers
from worldorder.cli.start import start


def run_batch(
    file: Annotated[Path, typer.Argument(help="Batch file (YAML).")],
    workers: Workers = None,
    out: Out = None,
    quiet: Quiet = False,
) -> None:
    """Run the jobs of a file one after the other; those that are finished are left alone."""
    from worldorder.cli.run import results_of
    from worldorder.results.batch import batch_jobs, is_finished, load_batch
    from worldorder.results.files import usable_folder

    start(workers)
    into = usable_folder(out or Path("runs") / file.stem)
    todo = batch_jobs(load_batch(file), file.parent, into)
    for place, (jobs, folder) in enumerate(todo, start=1):
        typer.echo(f"{place} of {len(todo)}: {jobs[-1].name}", err=True)
        if is_finished(jobs, folder):
            typer.echo(f"Finished already in {folder}", err=True)
        else:
            results_of(jobs, usable_folder(folder), quiet)
