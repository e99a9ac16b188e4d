"""Policies that optimise: when they decide, among what, and the scenario once they have chosen."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from worldorder.scenarios.complaints import complaint
from worldorder.scenarios.fields import Place
from worldorder.scenarios.horizon import months_later
from worldorder.scenarios.schema import LEVERS, AnyLever, Scenario
from worldorder.scenarios.security_levers import NOTHING, Policy


@dataclass(frozen=True)
class Decision:
    """One decision of a policy: the day, and the first day on which its choice is no longer held.

    `until` is None where the choice is held to the end.
    """

    policy: Policy
    day: datetime.date
    until: datetime.date | None


def optimising(scenario: Scenario) -> list[Policy]:
    """Policies in force whose levers have yet to be chosen, in the order of the file."""
    levers = scenario.active_levers
    return [one for one in levers if isinstance(one, Policy) and one.rule == "optimising"]


def decisions(scenario: Scenario) -> list[Decision]:
    """Decisions of a scenario by date; on one day in the order of the policies."""
    found = [one for policy in optimising(scenario) for one in decisions_of(policy, scenario.until)]
    return sorted(found, key=lambda one: one.day)


def decisions_of(policy: Policy, end: datetime.date) -> list[Decision]:
    """Decisions of one policy before `end`, the first day no longer simulated."""
    last = min(policy.until or end, end)
    days = [policy.date]
    for place in count(1):
        if policy.every_years is None:
            break
        day = months_later(policy.date, 12 * policy.every_years * place)
        if day >= last:
            break
        days.append(day)
    return [
        Decision(policy, day, following)
        for day, following in zip(days, [*days[1:], policy.until], strict=True)
    ]


def choices(
    policy: Policy, day: datetime.date, until: datetime.date | None
) -> dict[str, tuple[AnyLever, ...]]:
    """Levers of each choice of a policy on a day, doing nothing more first.

    What can end ends on `until`, unless it says when.

    Raises:
        ScenarioError: a lever that cannot be used, with file and line.
    """
    found: dict[str, tuple[AnyLever, ...]] = {NOTHING: ()}
    for name, templates in policy.choices.items():
        found[name] = tuple(
            _lever(policy, f"choices.{name}.{place}", template, day, until)
            for place, template in enumerate(templates)
        )
    return found


def _lever(
    policy: Policy,
    path: str,
    template: Mapping[str, Any],
    day: datetime.date,
    until: datetime.date | None,
) -> AnyLever:
    for given in ("actor", "date", "group"):
        if given in template:
            what = f"a lever to choose from has its {given} from the policy"
            raise policy.complaint(f"{path}.{given}", what, f"Leave {given} out.")
    places = _below(policy, path)
    kind = str(template.get("type"))
    ends = kind in LEVERS and until is not None and "until" in LEVERS[kind].model_fields
    filled = {"actor": policy.actor, "date": day, "group": policy.group}
    if ends and "until" not in template:
        filled["until"] = until
    try:
        lever = Scenario.model_validate({"levers": [{**template, **filled}]}).levers[0]
    except ValidationError as error:
        moved = {f"levers.0.{at}".removesuffix("."): place for at, place in places.items()}
        raise complaint(error, moved) from error
    if isinstance(lever, Policy) and lever.rule == "optimising":
        raise policy.complaint(path, "a choice may not decide again", "Name another rule.")
    return lever.placed(places)


def _below(policy: Policy, path: str) -> dict[str, Place]:
    inside = {at: p for at, p in policy.places.items() if at == path or at.startswith(f"{path}.")}
    return {at.removeprefix(path).removeprefix("."): place for at, place in inside.items()}


def with_levers(scenario: Scenario, more: Iterable[AnyLever]) -> Scenario:
    """The scenario without policies that optimise, and with levers that count over its own."""
    left = set(map(id, optimising(scenario)))
    kept = tuple(lever for lever in scenario.levers if id(lever) not in left)
    return scenario.model_copy(update={"levers": (*kept, *more)})


def first_trials(scenario: Scenario) -> list[Scenario]:
    """The scenario with each choice of each policy on the day of its first decision."""
    return [
        with_levers(scenario, levers)
        for policy in optimising(scenario)
        for levers in choices(policy, policy.date, policy.until).values()
    ]


def chosen_levers(decision: Decision, name: str, why: str) -> tuple[AnyLever, ...]:
    """Levers of a choice as it is carried out, with the reason as their source."""
    levers = choices(decision.policy, decision.day, decision.until)[name]
    return tuple(
        lever.model_copy(update={"source": lever.source or why}).placed(lever.places)
        for lever in levers
    )


def as_one_file(scenario: Scenario) -> Scenario:
    """The scenario as a file of its own can say it: levers of its horizon, a reference by its path.

    What it rests on may have levers after the end; they are never reached.
    """
    kept = tuple(
        lever
        for lever in scenario.levers
        if not (lever.begins and lever.begins >= scenario.until)
        and not (lever.begins and lever.takes_effect < scenario.start)
    )
    reference = scenario.reference
    if reference and reference.scenario.endswith((".yaml", ".yml")):
        there = str(Path(reference.scenario).resolve())
        reference = reference.model_copy(update={"scenario": there})
    return scenario.model_copy(update={"levers": kept, "reference": reference})
