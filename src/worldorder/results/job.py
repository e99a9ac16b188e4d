"""A scenario made ready to run: arrays for the runs, labels for the result."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import numpy as np

from worldorder.data.evidence import load_catalogue
from worldorder.data.manifest import read_manifest, verify
from worldorder.data.reference import by_step
from worldorder.data.start import Start
from worldorder.data.worlds import world_on
from worldorder.dynamics.ensemble import Ensemble
from worldorder.errors import InputError
from worldorder.mechanisms.catalogue import CATALOGUE, is_on
from worldorder.parameters.known import FIRST_DAY, Known, known_on
from worldorder.parameters.loader import Parameters, draw_parameters, override
from worldorder.results.dataset import Frame
from worldorder.results.labels import coordinates, versions
from worldorder.scenarios.compile import Compiled, compile_together
from worldorder.scenarios.focus import bodies_in_question
from worldorder.scenarios.loader import reference_of
from worldorder.scenarios.schema import Scenario
from worldorder.scenarios.text import scenario_text

MOST_RUNS = 1_000_000


@dataclass(frozen=True)
class Job:
    """One scenario, ready to run."""

    scenario: Scenario
    ensemble: Ensemble
    frame: Frame

    @property
    def name(self) -> str:
        """Name of the scenario, unique within a result."""
        return self.scenario.name

    @property
    def digest(self) -> str:
        """What decides the figures of a run: all but the number of runs."""
        decides = {k: v for k, v in self.frame.attributes.items() if k not in ("runs", "rerun")}
        return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:16]


def prepare(
    scenario: Scenario,
    runs: int,
    seed: int,
    parameters: Parameters | None = None,
    start: Start | None = None,
) -> Job:
    """Make one scenario ready; `start` is the world it sets out from, else that of its first day.

    Raises:
        InputError: a number of runs below 1, a seed below 0, an unknown mechanism or parameter.
        ScenarioError: a name or date that cannot be used.
    """
    reference = reference_of(scenario)
    return prepare_together([scenario], runs, seed, reference, parameters, start)[0]


def prepare_pair(
    scenario: Scenario,
    runs: int,
    seed: int,
    parameters: Parameters | None = None,
) -> list[Job]:
    """Make a scenario and what it is compared with ready: reference first, then scenario."""
    reference = reference_of(scenario)
    if reference is None:
        return [prepare(scenario, runs, seed, parameters)]
    return prepare_together([reference, scenario], runs, seed, reference, parameters)


def prepare_together(
    scenarios: Sequence[Scenario],
    runs: int,
    seed: int,
    reference: Scenario | None,
    parameters: Parameters | None,
    start: Start | None = None,
) -> list[Job]:
    """Make scenarios of one horizon ready, so that one compiled step serves all."""
    _check_numbers(runs, seed)
    _check_starts(scenarios)
    verify()
    start = start or world_on(scenarios[-1].start)
    catalogue = load_catalogue(start)
    compiled = compile_together(scenarios, catalogue)
    question = scenarios[-1]
    focus = bodies_in_question(question, reference, catalogue)
    then = known_on(start.first_day)
    known = Known(parameters or then.parameters, then.refused)
    return [
        _job(scenario, ready, focus, reference, runs, seed, known, start)
        for scenario, ready in zip(scenarios, compiled, strict=True)
    ]


def _check_starts(scenarios: Sequence[Scenario]) -> None:
    days = {one.start for one in scenarios}
    if len(days) > 1:
        listed = ", ".join(f"{one.name} on {one.start}" for one in scenarios)
        fix = "Compare those that set out on one day; the reference is one of them."
        raise InputError(f"scenarios set out on different days: {listed}", fix)


def _check_numbers(runs: int, seed: int) -> None:
    if not 1 <= runs <= MOST_RUNS:
        raise InputError(f"cannot make {runs} runs", f"Give a number from 1 to {MOST_RUNS:,}.")
    if seed < 0:
        raise InputError(f"seed {seed} is below 0", "Give a whole number from 0 up.")


def _job(
    scenario: Scenario,
    compiled: Compiled,
    focus: np.ndarray[Any, np.dtype[np.bool_]],
    reference: Scenario | None,
    runs: int,
    seed: int,
    known: Known,
    start: Start,
) -> Job:
    years = compiled.horizon.steps // scenario.steps_per_year
    used = override(known.parameters, scenario.parameters)
    off = dict.fromkeys(known.refused, False)
    income = by_step(
        start.arrays["reference_income"], scenario.steps_per_year, compiled.horizon.steps
    )
    leading = np.arange(len(start.entities.country)) == compiled.leading_state
    put = jax.device_put({"leading": leading, "income": income, "focus": focus})
    ensemble = Ensemble(
        world=start.world,
        setting=replace(
            start.setting,
            leading_state=put["leading"],
            reference_income=put["income"],
        ),
        levers=compiled.levers,
        focus=put["focus"],
        draws=draw_parameters(used, seed, runs),
        switches={name: is_on(name, off | scenario.mechanisms) for name in CATALOGUE},
        seed=seed,
        steps_per_year=scenario.steps_per_year,
    )
    frame = Frame(
        coordinates(start, compiled.leading_state, focus, _marks(scenario.start, years)),
        _attributes(scenario, reference, runs, seed, known, start),
    )
    return Job(scenario, ensemble, frame)


def _marks(start: datetime.date, years: int) -> list[datetime.date]:
    return [start.replace(year=start.year + year) for year in range(years + 1)]


def _of_the_past(scenario: Scenario, known: Known, start: Start) -> dict[str, str]:
    """What a result from an earlier start says of what was known then."""
    off = {n: why for n, why in known.refused.items() if not scenario.mechanisms.get(n, False)}
    last = start.first_day - datetime.timedelta(days=1)
    return {"known_until": last.isoformat(), "off_as_unknown": json.dumps(off, sort_keys=True)}


def _attributes(
    scenario: Scenario,
    reference: Scenario | None,
    runs: int,
    seed: int,
    known: Known,
    start: Start,
) -> dict[str, str | int]:
    described = {
        mechanism: {name: parameter.model_dump(mode="json") for name, parameter in named.items()}
        for mechanism, named in known.parameters.items()
    }
    past = {} if start.first_day == FIRST_DAY else _of_the_past(scenario, known, start)
    return past | {
        "name": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "scenario": scenario_text(scenario),
        "reference": "" if reference is None else reference.name,
        "runs": runs,
        "seed": seed,
        "steps_per_year": scenario.steps_per_year,
        "leading_state": scenario.leading_state,
        "parameters": json.dumps(described, sort_keys=True),
        "manifest": json.dumps(read_manifest(), sort_keys=True),
        "versions": json.dumps(versions(), sort_keys=True),
        "rerun": "worldorder rerun result.nc",
    }
