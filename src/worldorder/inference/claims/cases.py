"""The scenarios of a claim file made ready, those of equal content once."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worldorder.data.evidence import load_catalogue
from worldorder.data.worlds import world_on
from worldorder.errors import WorldOrderError
from worldorder.inference.claims.quantities import check_reading
from worldorder.inference.claims.schema import Case, Claim, ClaimFile, Implication, Reading
from worldorder.parameters.known import FIRST_DAY
from worldorder.results.job import Job, prepare_together
from worldorder.scenarios import load_scenario
from worldorder.scenarios.catalogue import Catalogue
from worldorder.scenarios.compile import compile_scenario
from worldorder.scenarios.loader import changed
from worldorder.scenarios.schema import Scenario
from worldorder.scenarios.text import scenario_text


@dataclass(frozen=True)
class Cases:
    """Scenarios ready to run, which of them each name stands for, and what cannot be tested.

    `untestable` gives, by claim, why: a scenario, quantity or name that the simulator lacks.
    """

    jobs: list[Job]
    runs_as: Mapping[str, str]  # name in the claim file -> name of the job
    untestable: Mapping[str, str]
    catalogue: Catalogue


def make_ready(claims: ClaimFile, folder: Path, runs: int, seed: int) -> Cases:
    """Load and compile what the claims need; what cannot be had makes its claims untestable."""
    catalogue = load_catalogue(world_on(_first_day(claims, folder)))
    loaded: dict[str, Scenario | str] = {}
    for claim in claims.claims:
        for test in claim.tests:
            for name in filter(None, (test.scenario, test.reference)):
                if name not in loaded:
                    loaded[name] = _loaded(name, claims, folder, catalogue)
    untestable = {
        claim.id: reason
        for claim in claims.claims
        if (reason := _why_not(claim, loaded, catalogue))
    }
    needed = _needed(claims, untestable)
    runs_as, unique = _once({name: loaded[name] for name in loaded if name in needed})
    jobs = prepare_together(list(unique), runs, seed, None, None) if unique else []
    return Cases(jobs, runs_as, untestable, catalogue)


def _first_day(claims: ClaimFile, folder: Path) -> datetime.date:
    """Day that the first scenario of the claims sets out on; all must share it."""
    named = [test.scenario for claim in claims.claims for test in claim.tests]
    try:
        case = claims.scenarios.get(named[0]) or Case(extends=(named[0],))
        return load_scenario(*(_path(one, folder) for one in case.extends)).start
    except (IndexError, WorldOrderError):
        return FIRST_DAY


def readings_of(test: Implication) -> list[Reading]:
    """What is read of a scenario for a test: its own quantity, and another it is held against."""
    fields = {name: getattr(test, name) for name in Reading.model_fields}
    own = Reading(**fields)
    return [own, test.than] if isinstance(test.than, Reading) else [own]


def _loaded(name: str, claims: ClaimFile, folder: Path, catalogue: Catalogue) -> Scenario | str:
    """The scenario, or why it cannot be had."""
    case = claims.scenarios.get(name) or Case(extends=(name,))
    changes: dict[str, Any] = {
        key: getattr(case, key)
        for key in ("switches", "parameters", "mechanisms", "levers")
        if getattr(case, key)
    }
    changes |= {"until": claims.until, "steps_per_year": claims.steps_per_year}
    try:
        scenario = load_scenario(*(_path(one, folder) for one in case.extends))
        scenario = changed(scenario, **changes).model_copy(update={"name": name, "reference": None})
        compile_scenario(scenario, catalogue)
    except WorldOrderError as error:
        return f"scenario {name}: {error.what}" + (f" ({error.fix})" if error.fix else "")
    return scenario


def _path(name: str, folder: Path) -> str:
    """A file named in a claim file is looked for beside it."""
    is_file = name.endswith((".yaml", ".yml")) and not os.path.isabs(name)
    return str(folder / name) if is_file else name


def _why_not(
    claim: Claim, loaded: Mapping[str, Scenario | str], catalogue: Catalogue
) -> str | None:
    for test in claim.tests:
        for name in filter(None, (test.scenario, test.reference)):
            found = loaded[name]
            if isinstance(found, str):
                return found
        try:
            for reading in readings_of(test):
                check_reading(reading, catalogue)
            _check_years(test, loaded[test.scenario])
        except WorldOrderError as error:
            return error.what + (f" ({error.fix})" if error.fix else "")
    return None


def _check_years(test: Implication, scenario: Scenario | str) -> None:
    from worldorder.errors import InputError

    if isinstance(scenario, str):
        return
    first, last = scenario.start.year, scenario.until.year
    years = test.year if isinstance(test.year, tuple) else (test.year,)
    for year in filter(None, (*years, test.since)):
        if not first <= year <= last:
            raise InputError(f"{year} is outside {first} to {last}, the years of {test.scenario}")


def _needed(claims: ClaimFile, untestable: Mapping[str, str]) -> set[str]:
    tests = [test for one in claims.claims if one.id not in untestable for test in one.tests]
    return {name for test in tests for name in (test.scenario, test.reference) if name}


def _once(loaded: Mapping[str, Scenario | str]) -> tuple[dict[str, str], list[Scenario]]:
    """Names by the name of the first scenario that says the same, and those first ones."""
    first_of: dict[str, Scenario] = {}
    runs_as: dict[str, str] = {}
    for name, scenario in loaded.items():
        if isinstance(scenario, str):
            continue
        said = scenario_text(scenario.model_copy(update=_WORDLESS))
        runs_as[name] = first_of.setdefault(said, scenario).name
    return runs_as, list(first_of.values())


_WORDLESS = {"name": "", "title": "", "question": "", "description": ""}
