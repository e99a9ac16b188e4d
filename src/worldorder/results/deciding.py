"""Policies that optimise over a horizon by simulation: each choice is tried in paired runs.

At each date of decision every choice, and doing nothing more, is simulated with the same draws. The
actor takes the choice with the highest mean score over the years that it looks ahead to, as if it
would keep to it; a later decision may end it (receding horizon). The score is that of
`results.decision`. Its draws are not those of the runs in which the choice is then put to the test,
so that a choice that was lucky in the trial is not lucky again.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from worldorder.data.evidence import load_catalogue
from worldorder.data.worlds import world_on
from worldorder.dynamics.ensemble import Metrics
from worldorder.errors import ScenarioError
from worldorder.results.compare import Draws
from worldorder.results.decision import OBJECTIVES, change, spread_of
from worldorder.results.job import Job, prepare_together
from worldorder.results.run import Progress, execute
from worldorder.results.unfinished import Unfinished
from worldorder.scenarios.catalogue import Catalogue
from worldorder.scenarios.compile import compile_scenario
from worldorder.scenarios.deciding import (
    Decision,
    choices,
    chosen_levers,
    decisions,
    decisions_of,
    with_levers,
)
from worldorder.scenarios.names import states
from worldorder.scenarios.schema import AnyLever, Scenario
from worldorder.scenarios.security_levers import NOTHING, Policy

FEWEST_RUNS: Final = 8  # a choice; with fewer the error of a mean is not known
_DRAWS: Final = 0x0DEC1DE  # sets the draws of the trial apart from those of the runs


@dataclass(frozen=True)
class Option:
    """One choice of a decision against doing nothing more: means over runs and their error.

    `gain` is in spreads of doing nothing over runs, weighted; `better` the share of runs in which
    it is above nothing; `differences` are shares of GDP for income and points for the others.
    """

    name: str
    gain: float
    standard_error: float
    better: float
    differences: Mapping[str, float]


@dataclass(frozen=True)
class Decided:
    """A decision that has been made, and what there was to choose from."""

    day: datetime.date
    actor: str
    choice: str
    options: tuple[Option, ...]
    runs: int


def runs_of_a_choice(policy: Policy, end: datetime.date) -> int:
    """Runs in which a policy can try each of its choices at each of its decisions.

    Raises:
        ScenarioError: the budget is too small.
    """
    trials = len(decisions_of(policy, end)) * (len(policy.choices) + 1)
    runs = policy.budget // trials
    if runs < FEWEST_RUNS:
        what = f"a budget of {policy.budget} runs is {runs} for each of {trials} trials"
        fix = f"Give {FEWEST_RUNS * trials} or more, or fewer choices or decisions."
        raise policy.complaint("budget", what, fix)
    return runs


def runs_needed(scenario: Scenario) -> int:
    """Most runs that the decisions of a scenario take.

    Raises:
        ScenarioError: a budget is too small.
    """
    return sum(
        runs_of_a_choice(one.policy, scenario.until) * (len(one.policy.choices) + 1)
        for one in decisions(scenario)
    )


def _quiet(_runs: int) -> None:
    return


def decide(
    scenario: Scenario, seed: int = 1, folder: Path | None = None, progress: Progress = _quiet
) -> tuple[Scenario, list[Decided]]:
    """The scenario with the levers that its policies choose, and the decisions in their order.

    An actor that decides later, or on the same day further down in the file, knows what others have
    chosen; what they will choose it does not foresee.

    Args:
        scenario: with policies of the rule `optimising`; without, it comes back as it is.
        seed: that of the runs to come; the trials have draws of their own.
        folder: where finished trials are kept, so that a call that was stopped goes on.
        progress: told how many runs have been added.

    Raises:
        ScenarioError: a choice that cannot be used, a budget too small, no year to look ahead to.
    """
    found, taken = list[Decided](), list[AnyLever]()
    open_decisions = decisions(scenario)
    if not open_decisions:
        return scenario, found
    runs_needed(scenario)
    end = _end(scenario, open_decisions)
    catalogue = load_catalogue(world_on(scenario.start))
    for decision in open_decisions:
        trial = _Trial(scenario, decision, tuple(taken), end, catalogue)
        runs = runs_of_a_choice(decision.policy, scenario.until)
        options = trial.options(runs, seed, folder, progress)
        best = max(options, key=lambda option: option.gain)
        why = f"chosen from {len(options)}, gain {best.gain:.3f} ({best.standard_error:.3f})"
        taken += chosen_levers(decision, best.name, f"{why} in {runs} trial runs")
        actor = ", ".join(decision.policy.actor)
        found.append(Decided(decision.day, actor, best.name, tuple(options), runs))
    return with_levers(scenario, taken), found


def _end(scenario: Scenario, made: Sequence[Decision]) -> datetime.date:
    """Last day of the trials: one length for all, so that the step is compiled once."""
    reach = max(one.day.year + one.policy.years_ahead for one in made)
    for one in made:
        if not scenario.start.year <= one.day.year < scenario.until.year:
            what = (
                f"{one.day} leaves no year to look ahead to in {scenario.start} to {scenario.until}"
            )
            raise one.policy.complaint("date", what, "Change the date, or until.")
    return min(scenario.until, scenario.start.replace(year=reach))


@dataclass(frozen=True)
class _Trial:
    scenario: Scenario
    decision: Decision
    taken: tuple[AnyLever, ...]
    end: datetime.date
    catalogue: Catalogue

    def options(
        self, runs: int, seed: int, folder: Path | None, progress: Progress
    ) -> list[Option]:
        """Choices that can be made, doing nothing first, with what they bring."""
        tried = self._scenarios()
        jobs = prepare_together(list(tried.values()), runs, _trial_seed(seed), None, None)
        digest = hashlib.sha256("".join(job.digest for job in jobs).encode()).hexdigest()[:16]
        kept = folder and Unfinished(folder, digest)
        levels = execute(jobs, kept, progress, self._levels)
        own = {name: levels[job.name] for name, job in zip(tried, jobs, strict=True)}
        base = own[NOTHING]
        return [option(name, each, base, self._weights()) for name, each in own.items()]

    def _scenarios(self) -> dict[str, Scenario]:
        policy, found = self.decision.policy, dict[str, Scenario]()
        is_first = self.decision.day == policy.date
        for place, (name, levers) in enumerate(
            choices(policy, self.decision.day, policy.until).items()
        ):
            tried = with_levers(self.scenario, (*self.taken, *levers)).model_copy(
                update={"name": f"trial-{place}", "until": self.end, "reference": None}
            )
            try:
                compile_scenario(tried, self.catalogue)
            except ScenarioError:
                if is_first or name == NOTHING:
                    raise
                continue  # it was open to the actor before: a second exit from one body, say
            found[name] = tried
        return found

    def _weights(self) -> Mapping[str, float]:
        return {str(name): weight for name, weight in self.decision.policy.objective.items()}

    def _levels(self, _job: Job, metrics: Metrics, _first: int) -> Metrics:
        """Objectives of the actor by run, means over the years that it looks ahead to."""
        actors = np.array(states(self.decision.policy, "actor", self.catalogue))
        size = np.nan_to_num(self.catalogue.economic_size[actors])
        since = self.decision.day.year - self.scenario.start.year
        ahead = slice(since + 1, since + 1 + self.decision.policy.years_ahead)
        return {
            name: np.average(metrics[variable][:, ahead][:, :, actors], axis=2, weights=size).mean(
                axis=1
            )
            if name != "income"
            else metrics[variable][:, ahead][:, :, actors].sum(axis=2).mean(axis=1)
            for name, variable in OBJECTIVES.items()
        }


def _trial_seed(seed: int) -> int:
    return int(np.random.SeedSequence((seed, _DRAWS)).generate_state(1)[0])


def option(
    name: str, own: Mapping[str, Draws], base: Mapping[str, Draws], weights: Mapping[str, float]
) -> Option:
    """What a choice brings against doing nothing: objectives by run, shape (run,)."""
    gone = {k: change(k, own[k].astype(float), base[k].astype(float)) for k in OBJECTIVES}
    parts = [
        weights.get(k, 0.0) * gone[k] / spread_of(k, base[k].astype(float)) for k in OBJECTIVES
    ]
    score: NDArray[np.float64] = np.sum(parts, axis=0)
    error = float(score.std(ddof=1) / np.sqrt(score.size))
    means = {k: float(each.mean()) for k, each in gone.items()}
    return Option(name, float(score.mean()), error, float(np.mean(score > 0)), means)


def decision_rows(found: Sequence[Decided]) -> list[dict[str, str | float | int | bool]]:
    """One row a choice of each decision, for a table."""
    return [
        {
            "date": one.day.isoformat(),
            "actor": one.actor,
            "choice": each.name,
            "chosen": each.name == one.choice,
            "gain": each.gain,
            "standard_error": each.standard_error,
            "better_in": each.better,
            **each.differences,
            "runs": one.runs,
        }
        for one in found
        for each in one.options
    ]
