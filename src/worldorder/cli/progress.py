"""Runs under a progress bar that says what is kept when they are stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

if TYPE_CHECKING:
    from worldorder.results.job import Job
    from worldorder.results.run import Progress

Done = TypeVar("Done")


def with_progress(
    what: str,
    jobs: Sequence[Job],
    work: Callable[[Progress], Done],
    stopped: Callable[[int], None],
    quiet: bool = False,
) -> Done:
    """Result of `work`, which tells how many runs have been added.

    On Ctrl-C `stopped` is told how many runs of every job are finished, and the interruption goes
    on.
    """
    total, each = sum(job.ensemble.runs for job in jobs), max(len(jobs), 1)
    return with_bar(what, total, work, lambda done: stopped(done // each), quiet)


def with_bar(
    what: str,
    total: int,
    work: Callable[[Progress], Done],
    stopped: Callable[[int], None],
    quiet: bool = False,
) -> Done:
    """Result of `work`, which tells how many of `total` runs have been added.

    On Ctrl-C `stopped` is told how many runs are finished, and the interruption goes on.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as progress:
        task = progress.add_task(what, total=total)
        try:
            return work(lambda runs: progress.advance(task, runs))
        except KeyboardInterrupt:
            stopped(int(progress.tasks[0].completed))
            raise


def run_and_write(
    what: str,
    jobs: Sequence[Job],
    work: Callable[[Path, Progress], Done],
    write: Callable[[Done], None],
    folder: Path,
    quiet: bool = False,
) -> None:
    """Do `work` under a progress bar and write what it found.

    Finished chunks are kept in `folder`, which `work` is told, until all is written.
    """
    from worldorder.results.unfinished import Unfinished

    kept, runs = folder / ".unfinished", jobs[0].ensemble.runs if jobs else 0

    def stopped(done: int) -> None:
        typer.echo(
            f"Stopped: {done} of {runs} runs of every scenario are finished and kept in {folder}. "
            "The same command goes on from there.",
            err=True,
        )

    write(with_progress(what, jobs, lambda progress: work(kept, progress), stopped, quiet))
    Unfinished(kept, "").clear()
