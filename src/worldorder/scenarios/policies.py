"""Policies of a scenario as strengths by step and state."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from worldorder.scenarios.catalogue import Catalogue
from worldorder.scenarios.dyads import duties
from worldorder.scenarios.names import states
from worldorder.scenarios.schema import Scenario
from worldorder.scenarios.security_levers import Policy


class Rules(NamedTuple):
    """Strength of each rule, step x country; 0 where it does not hold."""

    tit_for_tat: NDArray[np.float32]
    reactive: NDArray[np.float32]


def policies(scenario: Scenario, catalogue: Catalogue) -> Rules:
    """The rules in force; of two on one state the later in the file counts.

    Raises:
        ScenarioError: a state that follows a rule also has duties from a lever, or a policy that
            optimises has not chosen.
    """
    horizon = scenario.horizon
    shape = horizon.steps, len(catalogue.entities.country)
    rules = Rules(np.zeros(shape, np.float32), np.zeros(shape, np.float32))
    levers = [lever for lever in scenario.active_levers if isinstance(lever, Policy)]
    for lever in levers:
        if lever.rule == "optimising":
            what = "this policy has yet to choose its levers"
            fix = (
                "Decide first: `worldorder decide FILE` (in Python `wo.decide`) writes "
                "decided.yaml, which goes in the place of this file. `worldorder run` decides by "
                "itself."
            )
            raise lever.complaint("rule", what, fix)
        actors = list(states(lever, "actor", catalogue))
        first = max(horizon.step_of(lever.date), 0)
        last = horizon.steps if lever.until is None else max(horizon.step_of(lever.until), first)
        _check_no_duties(lever, actors, scenario, catalogue)
        span = np.ix_(range(first, last), actors)
        for held in rules:
            held[span] = 0.0
        if lever.rule == "tit-for-tat":
            rules.tit_for_tat[span] = lever.strength
        elif lever.rule == "reactive-by-stance":
            rules.reactive[span] = lever.duty
    return rules


def _check_no_duties(
    lever: Policy, actors: list[int], scenario: Scenario, catalogue: Catalogue
) -> None:
    if lever.rule == "status-quo":
        return
    acting = {int(row) for duty in duties(scenario, catalogue) for row in np.atleast_1d(duty.row)}
    for actor in actors:
        if actor in acting:
            code = catalogue.entities.country[actor]
            what = f"{code} follows {lever.rule} and also has duties from a tariff lever"
            raise lever.complaint(
                "actor", what, f"Leave {code} out here, or switch its tariffs off."
            )
