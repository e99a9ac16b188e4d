"""A scenario at several values of its levers or parameters, paired run by run."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worldorder.data.evidence import load_catalogue
from worldorder.data.worlds import world_on
from worldorder.errors import InputError, did_you_mean
from worldorder.inference.claims.quantities import check_reading
from worldorder.inference.claims.schema import Reading
from worldorder.inference.claims.taking import key_of, run_readings
from worldorder.parameters.loader import load_parameters
from worldorder.results.compare import Band, band
from worldorder.results.job import Job, prepare_together
from worldorder.results.run import Progress
from worldorder.scenarios.loader import changed, reference_of
from worldorder.scenarios.schema import Scenario

MOST_POINTS = 400


@dataclass(frozen=True)
class Axis:
    """What is varied: a parameter (mechanism.name) or a field of the levers of a group."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Point:
    """Values by axis, and the difference from the reference at them."""

    at: tuple[float, ...]
    difference: Band


@dataclass(frozen=True)
class Sweep:
    """Points in the order of the values, the last axis fastest."""

    axes: tuple[Axis, ...]
    reading: Reading
    year: int
    reference: str
    points: tuple[Point, ...]

    @property
    def medians(self) -> NDArray[np.float64]:
        """Median difference at every point, one dim an axis."""
        shape = [len(axis.values) for axis in self.axes]
        return np.array([point.difference.median for point in self.points]).reshape(shape)


def parse_axis(text: str) -> Axis:
    """An axis from `name=value,value,...`.

    Raises:
        InputError: it has another form, or a value is no number.
    """
    name, sign, listed = text.partition("=")
    try:
        values = tuple(float(value) for value in listed.split(","))
    except ValueError:
        values = ()
    if not sign or not name or len(values) < 2:
        raise InputError(
            f"cannot vary {text!r}",
            "Write name=value,value: trade.elasticity=3,4,6 or GROUP.rate=0.1,0.2.",
        )
    return Axis(name.strip(), values)


def sweep_jobs(
    scenario: Scenario, axes: Sequence[Axis], runs: int, seed: int
) -> tuple[list[Job], list[tuple[float, ...]]]:
    """Jobs of the reference and of every point, and the points.

    Raises:
        InputError: an axis that the scenario does not have, or too many points.
    """
    points = list(itertools.product(*(axis.values for axis in axes)))
    if len(points) > MOST_POINTS:
        raise InputError(f"{len(points)} points are more than {MOST_POINTS}", "Give fewer values.")
    reference = reference_of(scenario) or scenario
    base = reference.model_copy(update={"name": "reference"})
    varied = [
        _at(scenario, axes, point).model_copy(update={"name": f"point-{place:03d}"})
        for place, point in enumerate(points)
    ]
    return prepare_together([base, *varied], runs, seed, base, None), points


def run_sweep(
    jobs: Sequence[Job],
    axes: Sequence[Axis],
    points: Sequence[tuple[float, ...]],
    reading: Reading,
    year: int,
    folder: Path | None,
    progress: Progress,
) -> Sweep:
    """Differences of a reading in a year from the reference, at every point.

    Raises:
        InputError: a quantity, name or year that is not known.
    """
    catalogue = load_catalogue(world_on(jobs[0].scenario.start))
    check_reading(reading, catalogue)
    years = jobs[0].frame.coordinates["time"][1].astype("datetime64[Y]").astype(int) + 1970
    if year not in years:
        raise InputError(f"{year} is outside {years[0]} to {years[-1]}")
    mark, key = int(np.flatnonzero(years == year)[0]), key_of(reading)
    wanted = {job.name: {key: reading} for job in jobs}
    done = run_readings(jobs, wanted, catalogue, folder, progress)
    base = done[jobs[0].name][key][:, mark].astype(np.float64)
    found = [
        Point(at, band(done[job.name][key][:, mark] - base))
        for job, at in zip(jobs[1:], points, strict=True)
    ]
    return Sweep(tuple(axes), reading, year, jobs[0].scenario.title or "reference", tuple(found))


def _at(scenario: Scenario, axes: Sequence[Axis], point: tuple[float, ...]) -> Scenario:
    for axis, value in zip(axes, point, strict=True):
        scenario = _with_value(scenario, axis.name, value)
    return scenario


def _with_value(scenario: Scenario, name: str, value: float) -> Scenario:
    mechanism, _, parameter = name.partition(".")
    if parameter in load_parameters().get(mechanism, {}):
        return changed(scenario, parameters={name: value})
    group, _, field = name.rpartition(".")
    touched = [lever for lever in scenario.levers if lever.group == group and hasattr(lever, field)]
    if not touched:
        raise InputError(f"the scenario has nothing named {name!r} to vary", _known(scenario, name))
    levers = [_lever(one, field, value) if one in touched else one for one in scenario.levers]
    return Scenario.model_validate({**_fields(scenario), "levers": levers})


def _lever(lever: Any, field: str, value: float) -> Any:
    return type(lever).model_validate({**dict(lever), field: value})


def _fields(scenario: Scenario) -> dict[str, Any]:
    return {key: getattr(scenario, key) for key in scenario.model_fields_set - {"extends"}}


def _known(scenario: Scenario, name: str) -> str:
    groups = [
        f"{lever.group}.{field}"
        for lever in scenario.levers
        for field in ("rate", "rise", "intensity", "strength", "amount", "factor", "exemptions")
        if lever.group and hasattr(lever, field)
    ]
    parameters = [f"{m}.{n}" for m, named in load_parameters().items() for n in named]
    near = did_you_mean(name, [*groups, *parameters])
    listed = f"Levers: {', '.join(dict.fromkeys(groups)) or 'none with a group'}."
    return f"{near} {listed}" if near else f"{listed} Or a parameter as mechanism.name."
