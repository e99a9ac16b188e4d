"""Readings taken from runs as they finish: scenarios run once, only what is asked for is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from worldorder.dynamics.ensemble import Metrics
from worldorder.inference.claims.quantities import read
from worldorder.inference.claims.schema import Reading
from worldorder.results.dataset import to_dataset
from worldorder.results.job import Job
from worldorder.results.run import Progress, execute
from worldorder.results.unfinished import Unfinished
from worldorder.scenarios.catalogue import Catalogue

Wanted = Mapping[str, Mapping[str, Reading]]  # job -> key of the reading -> reading


def key_of(reading: Reading) -> str:
    """Short name of a reading, the same for equal readings."""
    text = json.dumps(reading.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def run_readings(
    jobs: Sequence[Job],
    wanted: Wanted,
    catalogue: Catalogue,
    folder: Path | None,
    progress: Progress,
) -> dict[str, Metrics]:
    """Readings of every job by its name: arrays (run, time) by the key of the reading.

    With a `folder` finished chunks are kept there, and a call that was stopped goes on from them.
    """

    def kept(job: Job, metrics: Metrics, first: int) -> Metrics:
        dataset = to_dataset(metrics, job.frame)
        drawn = job.ensemble.draws["funding"]["paralysis_threshold"]
        working = drawn[first : first + dataset.sizes["run"]]
        return {
            key: read(reading, dataset, catalogue, working).astype(np.float32)
            for key, reading in wanted[job.name].items()
        }

    if not jobs:
        return {}
    return execute(jobs, folder and Unfinished(folder, _digest(jobs, wanted)), progress, kept)


def _digest(jobs: Sequence[Job], wanted: Wanted) -> str:
    decides = [(job.digest, sorted(wanted[job.name])) for job in jobs]
    return hashlib.sha256(json.dumps(decides).encode()).hexdigest()[:16]
