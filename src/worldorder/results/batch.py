"""A batch of jobs in one file: what to run, how often, and where it is written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, ValidationError

from worldorder.errors import ResultError, ScenarioError
from worldorder.results.files import RESULT_NAME, open_results
from worldorder.results.job import Job, prepare_pair
from worldorder.scenarios import load_scenario
from worldorder.scenarios.complaints import unknown_name
from worldorder.scenarios.loader import first_day
from worldorder.scenarios.reading import read_document
from worldorder.scenarios.schema import Day, Names


class Entry(BaseModel):
    """One job of a batch: a scenario, compared with its reference."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: (
        Names  # names of the library or files beside the batch; a later counts over an earlier
    )
    runs: Annotated[int, Strict(), Field(ge=1)] = 200
    seed: Annotated[int, Strict(), Field(ge=0)] = 1
    until: Annotated[Day | None, BeforeValidator(first_day)] = None  # a date or a year
    out: str | None = None  # folder, by default the scenario's name, inside that of the batch


class Batch(BaseModel):
    """Jobs that run one after the other."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    jobs: Annotated[tuple[Entry, ...], Field(min_length=1)]


def load_batch(path: Path) -> Batch:
    """Read a batch file.

    Raises:
        ScenarioError: it cannot be read or used, with file and line.
    """
    document = read_document(path, str(path))
    try:
        return Batch.model_validate(document.values)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        place = ".".join(map(str, found["loc"]))
        while place and place not in document.places:
            place = place.rpartition(".")[0]
        name = str(next(iter(reversed(found["loc"])), "the file"))
        what, fix = f"{name}: {found['msg']}", None
        if found["type"] == "extra_forbidden":
            known = Entry.model_fields if len(found["loc"]) > 1 else Batch.model_fields
            what, fix = unknown_name("key", name, known)
        raise document.places[place].error(what, fix) from error


def batch_jobs(batch: Batch, beside: Path, into: Path) -> list[tuple[list[Job], Path]]:
    """Jobs of every entry, and the folder that each is written into.

    Raises:
        ScenarioError: a scenario that cannot be used, or two entries with one folder.
    """
    found: list[tuple[list[Job], Path]] = []
    for entry in batch.jobs:
        scenario = load_scenario(*(_path(n, beside) for n in entry.scenario), until=entry.until)
        found.append(
            (prepare_pair(scenario, entry.runs, entry.seed), into / (entry.out or scenario.name))
        )
    folders = [folder for _, folder in found]
    twice = next((folder for folder in folders if folders.count(folder) > 1), None)
    if twice is not None:
        raise ScenarioError(f"two jobs are written into {twice}", "Give one of them another out.")
    return found


def is_finished(jobs: list[Job], folder: Path) -> bool:
    """Whether a folder holds the result of just these jobs."""
    if not (folder / RESULT_NAME).is_file():
        return False
    try:
        held = open_results(folder)
    except ResultError:
        return False
    return all(
        job.name in held.children
        and all(held.children[job.name].attrs.get(k) == v for k, v in job.frame.attributes.items())
        for job in jobs
    )


def _path(name: str, beside: Path) -> str:
    is_file = name.endswith((".yaml", ".yml")) and not os.path.isabs(name)
    return str(beside / name) if is_file else name
