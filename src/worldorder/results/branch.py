"""Go on from a date of a finished run with other levers.

A run is decided by its scenario, parameters and seed, so its world at the date is had again by
running it up to there; the branch shares every draw with the run it leaves, and is paired with it.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from worldorder.errors import InputError, ResultError, did_you_mean
from worldorder.results.compare import years_of
from worldorder.results.job import Job, prepare_together
from worldorder.results.rerun import carried_parameters, differences_from_here
from worldorder.scenarios.loader import changed
from worldorder.scenarios.schema import Scenario
from worldorder.scenarios.text import scenario_from_text

if TYPE_CHECKING:
    import xarray as xr


def branch_jobs(
    results: Mapping[str, xr.Dataset],
    name: str | None,
    at: datetime.date,
    layer: Scenario,
    until: datetime.date | None = None,
) -> tuple[list[Job], list[str]]:
    """Jobs of the run that is left and of its branch, and what differs from when it was made.

    Args:
        results: datasets of a saved result by scenario.
        name: scenario of the result; None is its last.
        at: date from which the branch differs.
        layer: what is added: levers from that date on, and the switches that govern them.
        until: another end for both.

    Raises:
        InputError: no such scenario, or the layer would change what was before the date.
        ResultError: the result does not carry what a run needs.
    """
    chosen = name or list(results)[-1]
    if chosen not in results:
        raise InputError(f"no scenario {chosen!r} in this result", did_you_mean(chosen, results))
    attributes = {str(key): value for key, value in results[chosen].attrs.items()}
    trunk = changed(_scenario(attributes), until=until)
    if not trunk.start <= at < trunk.until:
        raise InputError(f"{at} is outside the run, {trunk.start} to {trunk.until}")
    _refuse_the_past(layer, trunk, at)
    grown = changed(trunk, switches=dict(layer.switches) or None, levers=layer.levers)
    grown = grown.model_copy(update={"name": f"{trunk.name}+{layer.name}", "title": layer.title})
    runs, seed = int(attributes["runs"]), int(attributes["seed"])
    parameters = carried_parameters(json.loads(attributes["parameters"]))
    jobs = prepare_together([trunk, grown], runs, seed, trunk, parameters)
    return jobs, differences_from_here(attributes)


def check_branch(trunk: xr.Dataset, grown: xr.Dataset, at: datetime.date) -> None:
    """Make sure that a branch is the run that it leaves up to its date.

    Raises:
        ResultError: a quantity differs before the date.
    """
    before = years_of(trunk) <= at.year - (at <= datetime.date(at.year, 1, 1))
    for name in trunk.data_vars:
        ours, theirs = (one[name].values[:, before] for one in (grown, trunk))
        if not np.array_equal(ours, theirs, equal_nan=True):
            raise ResultError(f"the branch differs in {name} before {at}", "Please report this.")


def _scenario(attributes: Mapping[str, Any]) -> Scenario:
    try:
        return scenario_from_text(str(attributes["scenario"]))
    except (KeyError, ValueError) as error:
        raise ResultError(
            f"this result does not carry its scenario: {error}",
            "It was not written by `worldorder run`; run its scenario anew.",
        ) from None


def _refuse_the_past(layer: Scenario, trunk: Scenario, at: datetime.date) -> None:
    for kind in ("parameters", "mechanisms"):
        if getattr(layer, kind):
            raise layer.complaint(
                kind, f"{kind} would change what was before {at}", "Run a scenario of its own."
            )
    for name in layer.switches:
        governed = [lever for lever in trunk.levers if lever.group == name]
        if any(lever.begins is None or lever.begins < at for lever in governed):
            raise layer.complaint(
                f"switches.{name}", f"{name} governs levers from before {at}", "Use a later date."
            )
    for lever in layer.levers:
        if lever.begins is None or lever.begins < at:
            raise lever.complaint(
                "date",
                f"a lever of {lever.begins or 'a table'} is before {at}",
                "Use a later date.",
            )
