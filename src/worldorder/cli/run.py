"""worldorder run and rerun: simulate, print the table, write the folder."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer

from worldorder.cli.start import start

if TYPE_CHECKING:
    import xarray as xr

    from worldorder.dynamics.ensemble import Metrics
    from worldorder.results.job import Job
    from worldorder.results.unfinished import Unfinished

Scenarios = Annotated[
    list[str],
    typer.Argument(help="Scenario of the library, or file; later files count over earlier."),
]
Until = Annotated[str | None, typer.Option(help="Year or date at which to end.")]
Runs = Annotated[int, typer.Option(help="Number of paired runs.")]
Seed = Annotated[int, typer.Option(help="Seed of all that is drawn.")]
Workers = Annotated[int | None, typer.Option(help="Processors to use; by default all.")]
Out = Annotated[
    Path | None, typer.Option(help="Folder to write; by default runs/ and the scenario's name.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress bar.")]


def run_scenario(
    scenario: Scenarios,
    runs: Runs = 200,
    seed: Seed = 1,
    until: Until = None,
    steps_per_year: Annotated[int | None, typer.Option(help="1, 4 or 12.")] = None,
    workers: Workers = None,
    out: Out = None,
    quiet: Quiet = False,
) -> None:
    """Simulate a scenario and what it is compared with, in pairs, and say what changes."""
    start(workers)
    from worldorder.results.job import prepare_pair
    from worldorder.scenarios import load_scenario
    from worldorder.scenarios.deciding import optimising

    asked = load_scenario(*scenario, until=until, steps_per_year=steps_per_year)
    folder = out or Path("runs") / asked.name
    if optimising(asked):
        from worldorder.cli.decide import decided

        asked = decided(asked, seed, folder, quiet)
    finish(prepare_pair(asked, runs, seed), folder, quiet)


def rerun_result(
    result: Annotated[Path, typer.Argument(help="Result file, or the folder that holds it.")],
    workers: Workers = None,
    out: Out = None,
    quiet: Quiet = False,
) -> None:
    """Run a saved result again from what it carries: scenario, parameters, runs and seed."""
    start(workers)
    from worldorder.results.files import open_results
    from worldorder.results.rerun import jobs_of

    jobs, differences = jobs_of(open_results(result))
    for difference in differences:
        typer.echo(f"Note: {difference}", err=True)
    finish(jobs, out or Path("runs") / f"{jobs[-1].name}-rerun", quiet)


def finish(jobs: list[Job], out: Path, quiet: bool) -> None:
    """Run jobs with a progress bar, print their table, write result, summary and report."""
    from worldorder.results.files import usable_folder

    results_of(jobs, usable_folder(out), quiet, _print_table)


def _print_table(results: dict[str, xr.Dataset]) -> None:
    from rich.console import Console

    from worldorder.report.table import print_job

    print_job(results, Console())


def results_of(
    jobs: list[Job],
    folder: Path,
    quiet: bool,
    show: Callable[[dict[str, xr.Dataset]], None] | None = None,
) -> dict[str, xr.Dataset]:
    """Run jobs with a progress bar, `show` results, then write result, summary and report."""
    from worldorder.results.unfinished import Unfinished

    unfinished = Unfinished(folder / ".unfinished", "-".join(job.digest for job in jobs))
    tables = Thread(target=importlib.import_module, args=("xarray",))
    tables.start()  # takes a quarter of a second, which the runs can cover
    metrics = _with_progress(jobs, unfinished, folder, quiet)
    tables.join()

    from worldorder.results.dataset import to_dataset

    results = {job.name: to_dataset(metrics[job.name], job.frame) for job in jobs}
    if show:
        show(results)  # before the files, and what they need: a reader need not wait for them

    from worldorder.report.write import REPORT_NAME, write_report
    from worldorder.results.files import RESULT_NAME, save_results
    from worldorder.results.summary import write_summary

    written = [save_results(results, folder / RESULT_NAME)]
    if len(jobs) > 1:
        written += [
            write_summary(results, folder / "summary.json"),
            write_report(results, folder / REPORT_NAME),
        ]
    else:
        typer.echo(
            f"{jobs[0].name} is compared with nothing, so there is no table, summary or report: "
            "run a scenario that rests on it.",
            err=True,
        )
    unfinished.clear()
    names = ", ".join(file.name for file in written)
    typer.echo(f"Written to {folder}: {names}", err=True)
    return results


def _with_progress(
    jobs: list[Job], unfinished: Unfinished, folder: Path, quiet: bool
) -> dict[str, Metrics]:
    from worldorder.cli.progress import with_progress
    from worldorder.results.run import execute

    names = " and ".join(job.name for job in jobs)
    runs = jobs[0].ensemble.runs
    return with_progress(
        f"Running {names}",
        jobs,
        lambda progress: execute(jobs, unfinished, progress),
        lambda done: _say_where_it_stands(done, runs, folder),
        quiet,
    )


def _say_where_it_stands(done: int, runs: int, folder: Path) -> None:
    typer.echo(
        f"Stopped: {done} of {runs} pairs are finished and kept in {folder}. The same command "
        f"goes on from there; with --runs {max(done, 1)} it gives the table of what is finished.",
        err=True,
    )
