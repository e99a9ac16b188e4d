"""Run a saved result again from what it carries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from worldorder.data.manifest import read_manifest
from worldorder.errors import ResultError
from worldorder.mechanisms.catalogue import CATALOGUE
from worldorder.parameters.loader import Parameter
from worldorder.results.job import Job, prepare_together
from worldorder.results.labels import versions
from worldorder.scenarios.text import scenario_from_text

if TYPE_CHECKING:
    import xarray as xr


def jobs_of(results: xr.DataTree) -> tuple[list[Job], list[str]]:
    """Jobs of a saved result, ready to run, and what differs from when it was made.

    Raises:
        ResultError: the result does not carry what a run needs.
    """
    carried: list[dict[str, Any]] = [
        {str(key): value for key, value in node.attrs.items()} for node in results.children.values()
    ]
    try:
        scenarios = [scenario_from_text(attributes["scenario"]) for attributes in carried]
        last = carried[-1]
        parameters = carried_parameters(json.loads(last["parameters"]))
        runs, seed = int(last["runs"]), int(last["seed"])
        differences = differences_from_here(last)
    except (KeyError, IndexError, ValueError) as error:
        raise ResultError(
            f"this result does not carry its scenario: {error}",
            "It was not written by `worldorder run`; run its scenario anew.",
        ) from None
    reference = scenarios[0] if len(scenarios) > 1 else None
    return prepare_together(scenarios, runs, seed, reference, parameters), differences


def carried_parameters(carried: Mapping[str, Any]) -> dict[str, dict[str, Parameter]]:
    """Parameters as a result carries them.

    Raises:
        ResultError: they are not those of this version.
    """
    missing = sorted(set(CATALOGUE) - set(carried))
    if missing:
        raise ResultError(
            f"this result was made without the mechanisms {', '.join(missing)}",
            "It is of an earlier version: run its scenario again with this one.",
        )
    return {
        mechanism: {name: Parameter(**entry) for name, entry in named.items()}
        for mechanism, named in carried.items()
    }


def differences_from_here(carried: Mapping[str, Any]) -> list[str]:
    """What differs between the version and panel of a result and those of this installation."""
    made, here = json.loads(carried["versions"]), versions()
    found = [
        f"made with {name} {version}, this is {here.get(name)}"
        for name, version in made.items()
        if here.get(name) != version
    ]
    if json.loads(carried["manifest"])["files"] != read_manifest()["files"]:
        found.append("made from another panel; figures will differ")
    return found
