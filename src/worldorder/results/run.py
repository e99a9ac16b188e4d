"""Run scenarios: one alone, or a scenario and what it is compared with, paired run by run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from worldorder.dynamics.devices import configure
from worldorder.dynamics.ensemble import Metrics, chunk_size, chunk_starts, run_chunk
from worldorder.errors import ConvergenceError
from worldorder.results.dataset import to_dataset
from worldorder.results.job import Job, prepare, prepare_pair
from worldorder.results.unfinished import Unfinished
from worldorder.scenarios.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

Progress: TypeAlias = Callable[[int], None]  # told how many runs have been added
Kept: TypeAlias = Callable[[Job, Metrics, int], Metrics]  # what is kept of a chunk of a job


def _quiet(_runs: int) -> None:
    return


def _whole(_job: Job, metrics: Metrics, _first: int) -> Metrics:
    return metrics


def run(
    scenario: Scenario, runs: int = 200, seed: int = 1, workers: int | None = None
) -> xr.Dataset:
    """Simulate a scenario.

    Args:
        scenario: from `load_scenario`.
        runs: number of runs; each draws its own parameters and chance.
        seed: runs of two scenarios with one seed are paired by their number.
        workers: processors to use; by default all. The figures do not depend on it.

    Returns:
        Dataset with dims run, time (1 January of each year), country and institution.

    Raises:
        InputError: a number that cannot be used.
        ScenarioError: a name or date that cannot be used.
    """
    configure(workers)
    job = prepare(scenario, runs, seed)
    return to_dataset(execute([job])[job.name], job.frame)


def run_pair(
    scenario: Scenario, runs: int = 200, seed: int = 1, workers: int | None = None
) -> dict[str, xr.Dataset]:
    """Simulate a scenario and what it is compared with: datasets by name, the reference first."""
    configure(workers)
    jobs = prepare_pair(scenario, runs, seed)
    done = execute(jobs)
    return {job.name: to_dataset(done[job.name], job.frame) for job in jobs}


def execute(
    jobs: Sequence[Job],
    unfinished: Unfinished | None = None,
    progress: Progress = _quiet,
    kept: Kept = _whole,
) -> dict[str, Metrics]:
    """Run jobs chunk by chunk in turn, so that what is finished at any time is paired.

    `kept` makes of the quantities of a chunk, which begins with run `first`, what is kept of it;
    every array keeps its run dimension first.

    Raises:
        ConvergenceError: a run left the numbers, or its trade solver did not converge.
    """
    parts: dict[str, list[Metrics]] = {job.name: [] for job in jobs}
    runs = jobs[0].ensemble.runs
    for first in chunk_starts(runs):
        size = min(chunk_size(), runs - first)
        for job in jobs:
            parts[job.name].append(_chunk(job, first, size, unfinished, kept))
            progress(size)
    return {name: _joined(chunks) for name, chunks in parts.items()}


def _chunk(job: Job, first: int, size: int, unfinished: Unfinished | None, kept: Kept) -> Metrics:
    done = unfinished and unfinished.load(job.name, first, size)
    if done:
        return done
    found = run_chunk(job.ensemble, first)
    _check(job, found, first)
    metrics = kept(job, found, first)
    if unfinished:
        unfinished.keep(job.name, first, metrics)
    return metrics


def _check(job: Job, metrics: Metrics, first: int) -> None:
    for name in ("gdp", "ideal_point", "capacity"):
        bad = ~np.isfinite(metrics[name]).reshape(len(metrics[name]), -1).all(1)
        if bad.any():
            run = first + int(np.argmax(bad))
            raise ConvergenceError(
                f"{job.name}: {name} is not a number in run {run} (seed {job.ensemble.seed})",
                "A parameter or lever is too extreme; narrow it, or run with another seed.",
            )


def _joined(chunks: Sequence[Metrics]) -> Metrics:
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}
