"""Outcomes of points by the simulator: parameters are arrays, so nothing is compiled anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from worldorder.data.evidence import load_catalogue
from worldorder.data.worlds import world_on
from worldorder.dynamics.ensemble import Metrics
from worldorder.errors import InputError
from worldorder.inference.claims.quantities import check_reading, read, unit_of
from worldorder.inference.claims.schema import Reading
from worldorder.inference.sensitivity.design import Design, Vector
from worldorder.inference.sensitivity.factors import drawn_at, used_by, varying
from worldorder.parameters.loader import Parameter, Parameters
from worldorder.results.compare import Draws
from worldorder.results.dataset import to_dataset
from worldorder.results.job import Job, prepare_together
from worldorder.results.run import execute
from worldorder.scenarios.catalogue import Catalogue
from worldorder.scenarios.loader import reference_of
from worldorder.scenarios.schema import Scenario


@dataclass(frozen=True)
class Question:
    """An outcome of a scenario, by default its difference from the reference, run by run."""

    reading: Reading
    year: int
    jobs: tuple[Job, ...]  # reference (where the difference is taken) and scenario
    factors: Mapping[str, Parameter]
    parameters: Parameters
    catalogue: Catalogue

    @property
    def digest(self) -> str:
        """What decides an outcome besides the point."""
        decides = [*(job.digest for job in self.jobs), self.year, self.reading.model_dump_json()]
        return hashlib.sha256(json.dumps(decides).encode()).hexdigest()[:16]

    @property
    def label(self) -> str:
        """The outcome in words, with its unit."""
        of = f" of {', '.join(self.reading.of)}" if self.reading.of else ""
        what = "difference, " if len(self.jobs) > 1 else ""
        return f"{self.reading.quantity}{of} {self.year} ({what}{unit_of(self.reading)})"

    def evaluate(self, points: Design) -> Vector:
        """Outcome at every point, shape (row,), in the unit of the quantity."""
        draws = drawn_at(points, self.factors, self.parameters)
        ready = [
            replace(job, ensemble=replace(job.ensemble, draws=draws, chance=points.chance))
            for job in self.jobs
        ]
        values = execute(ready, kept=self._kept)
        outcomes = [values[job.name]["outcome"].astype(np.float64) for job in ready]
        return outcomes[-1] - outcomes[0] if len(outcomes) > 1 else outcomes[0]

    def _kept(self, job: Job, metrics: Metrics, first: int) -> Metrics:
        dataset = to_dataset(metrics, job.frame)
        working: Draws = job.ensemble.draws["funding"]["paralysis_threshold"]
        taken = read(
            self.reading, dataset, self.catalogue, working[first : first + dataset.sizes["run"]]
        )
        return {"outcome": taken[:, self.year - job.scenario.start.year]}


def question_of(
    scenario: Scenario, reading: Reading, year: int, seed: int, level: bool = False
) -> Question:
    """A question made ready.

    Args:
        scenario: from `load_scenario`.
        reading: what is taken from a run.
        year: when.
        seed: of all that is drawn.
        level: take the outcome itself, not its difference from the reference.

    Raises:
        InputError: a quantity, name or year that is not known, or nothing is uncertain.
    """
    catalogue = load_catalogue(world_on(scenario.start))
    check_reading(reading, catalogue)
    if not scenario.start.year < year <= scenario.until.year:
        raise InputError(
            f"{year} is outside {scenario.start.year + 1} to {scenario.until.year}",
            "Give another --year, or a later --until.",
        )
    reference = None if level else reference_of(scenario)
    asked: Sequence[Scenario] = [scenario] if reference is None else [reference, scenario]
    jobs = prepare_together(asked, 1, seed, reference, None)
    return Question(reading, year, tuple(jobs), varying(scenario), used_by(scenario), catalogue)
