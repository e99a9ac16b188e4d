"""Simulate from a past origin and keep what the targets are made of."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worldorder.data.start import Start
from worldorder.dynamics.ensemble import chunk_size, chunk_starts, run_chunk
from worldorder.errors import ConvergenceError
from worldorder.inference.hindcast.record import kept_of_moment, unpacked
from worldorder.parameters.loader import Parameters
from worldorder.results.job import Job, prepare_together
from worldorder.results.unfinished import Unfinished
from worldorder.scenarios.schema import Scenario

HORIZONS = (1, 3, 5, 10, 15, 20)
STEPS_PER_YEAR = 4
BITS = ("membership", "defence_pact", "dispute", "sanction")
SINCE_ORIGIN = ("dispute",)  # true at a horizon where it was true at any mark since the origin
Forecast = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Setout:
    """A past origin made ready: the world then, parameters known then, mechanisms that may run."""

    year: int
    start: Start
    parameters: Parameters
    switches: Mapping[str, bool]


def horizons_until(year: int, last: int) -> tuple[int, ...]:
    """Horizons from an origin that end by the last year."""
    return tuple(h for h in HORIZONS if year + h <= last)


def job_from(setout: Setout, last: int, runs: int, seed: int) -> Job:
    """The undisturbed course from an origin to the end of the last year, nobody's levers pulled."""
    scenario = Scenario(
        name=f"hindcast-{setout.year}",
        start=datetime.date(setout.year + 1, 1, 1),
        until=datetime.date(last + 1, 1, 1),
        steps_per_year=STEPS_PER_YEAR,
        mechanisms=dict(setout.switches),
    )
    job = prepare_together([scenario], runs, seed, None, setout.parameters, setout.start)[0]
    return replace(job, ensemble=replace(job.ensemble, measured_as=kept_of_moment))


def simulated(
    job: Job,
    horizons: tuple[int, ...],
    unfinished: Unfinished | None = None,
    progress: Callable[[int], None] = lambda runs: None,
) -> Forecast:
    """Forecasts at the horizons, by quantity, shape (run, horizon, ...).

    Chunks of runs that were finished before are taken from `unfinished`.

    Raises:
        ConvergenceError: a run left the numbers.
    """
    parts: list[Forecast] = []
    for first in chunk_starts(job.ensemble.runs):
        size = min(chunk_size(), job.ensemble.runs - first)
        held = unfinished and unfinished.load(job.name, first, size)
        if not held:
            held = _at_horizons(run_chunk(job.ensemble, first), horizons)
            if unfinished:
                unfinished.keep(job.name, first, held)
        _check(job, held)
        parts.append(held)
        progress(size)
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return {name: _opened(job, name, values) for name, values in whole.items()}


def _at_horizons(metrics: Forecast, horizons: tuple[int, ...]) -> Forecast:
    ever = {name: np.bitwise_or.accumulate(metrics[name], axis=1) for name in SINCE_ORIGIN}
    return {name: values[:, list(horizons)] for name, values in (metrics | ever).items()}


def _opened(job: Job, name: str, values: NDArray[Any]) -> NDArray[Any]:
    if name not in BITS:
        return values
    states, bodies = job.ensemble.world.membership.shape
    shape = (states, bodies) if name == "membership" else (states, states)
    return unpacked(values.astype(np.uint8), shape)


def _check(job: Job, metrics: Forecast) -> None:
    for name in ("gdp", "ideal_point"):
        if not np.isfinite(metrics[name].astype(float)).all():
            raise ConvergenceError(
                f"{job.name}: {name} is not a number in some run",
                "A parameter drawn is too extreme; run with another seed.",
            )
