"""What must hold across the parts of a scenario."""

from __future__ import annotations

from collections.abc import Sequence

from worldorder.errors import InputError
from worldorder.parameters.known import start_days
from worldorder.parameters.loader import load_parameters, override
from worldorder.scenarios.complaints import unknown_name
from worldorder.scenarios.deciding import choices, optimising
from worldorder.scenarios.schema import Scenario


def check_scenario(scenario: Scenario) -> None:
    """Check horizon, switches, parameters and mechanisms against each other and what is known.

    Raises:
        ScenarioError: with file and line where they are known.
    """
    _check_start(scenario)
    _ = scenario.horizon
    _check_switches(scenario)
    _check_parameters(scenario)
    for policy in optimising(scenario):
        choices(policy, policy.date, policy.until)
    if scenario.mechanisms:
        _check_mechanisms(scenario)


def check_days(scenario: Scenario, named: Sequence[Scenario]) -> None:
    """Check that levers of the files asked for begin within the horizon.

    Those of the files they rest on may lie outside: what was before the start still holds, what is
    after the end is not reached.

    Raises:
        ScenarioError: with file and line.
    """
    for layer in named:
        for lever in layer.levers:
            day = lever.begins
            if day and not (scenario.start <= lever.takes_effect and day < scenario.until):
                what = f"date {day} is outside the horizon, {scenario.start} to {scenario.until}"
                raise lever.complaint("date", what, "Change the date, or start or until.")


def _check_start(scenario: Scenario) -> None:
    days = start_days()
    if scenario.start in days:
        return
    near = sorted(sorted(days, key=lambda day: abs(day - scenario.start))[:2])
    what = f"start is {scenario.start}, and the shipped data do not support a start on that day"
    fix = f"Nearest: {' and '.join(map(str, near))}. All: {', '.join(map(str, days))}."
    raise scenario.complaint("start", what, fix)


def _check_switches(scenario: Scenario) -> None:
    groups = {lever.group for lever in scenario.levers if lever.group is not None}
    for lever in scenario.levers:
        if lever.group is not None and lever.group not in scenario.switches:
            what, fix = unknown_name("switch", lever.group, scenario.switches)
            raise lever.complaint("group", what, f"{fix} Declare it under switches: on or off.")
    for name in scenario.switches:
        if name not in groups:
            what, fix = unknown_name("switch", name, sorted(groups))
            raise scenario.complaint(f"switches.{name}", f"{what}: it governs no lever", fix)


def _check_parameters(scenario: Scenario) -> None:
    for path, value in scenario.parameters.items():
        try:
            override(load_parameters(), {path: value})
        except InputError as error:
            raise scenario.complaint(f"parameters.{path}", error.what, error.fix) from error


def _check_mechanisms(scenario: Scenario) -> None:
    from worldorder.mechanisms.catalogue import CATALOGUE

    for name in scenario.mechanisms:
        if name not in CATALOGUE:
            said = unknown_name("mechanism", name, CATALOGUE)
            raise scenario.complaint(f"mechanisms.{name}", *said)
