"""A claim file run and judged: scenarios once, readings kept, verdicts computed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worldorder.dynamics.ensemble import Metrics
from worldorder.inference.claims.cases import Cases, readings_of
from worldorder.inference.claims.facts import FactFound, check_fact
from worldorder.inference.claims.quantities import unit_of
from worldorder.inference.claims.schema import Claim, ClaimFile, Implication, Reading
from worldorder.inference.claims.taking import key_of, run_readings
from worldorder.inference.claims.verdicts import (
    Decider,
    Draws,
    Held,
    Word,
    deciders,
    held,
    opposed,
    wilson,
    word_for,
    word_for_possible,
    worst,
)
from worldorder.parameters.loader import load_parameters
from worldorder.results.compare import Band, band
from worldorder.results.run import Progress


@dataclass(frozen=True)
class Finding:
    """What the runs say of one test. `holds` and `opposite` are shares of runs."""

    says: str
    scenario: str
    reference: str
    quantity: str
    of: str
    unit: str
    years: str
    expected: str
    number: Band
    holds: float
    opposite: float
    interval: tuple[float, float]
    possible: Word | None


@dataclass(frozen=True)
class Verdict:
    """A claim judged.

    `probability` is the share of runs in which all tests hold, `interval` Wilson's 95 % interval of
    it; None where the claim is one of fact or cannot be tested.
    """

    id: str
    statement: str
    source: str
    word: Word
    reason: str
    probability: float | None
    interval: tuple[float, float] | None
    tests: tuple[Finding, ...]
    facts: tuple[FactFound, ...]
    deciders: tuple[Decider, ...]
    not_covered: str


def run_cases(
    claims: ClaimFile, cases: Cases, folder: Path | None, progress: Progress
) -> dict[str, Metrics]:
    """Readings of every scenario by its name: arrays (run, time) by the key of the reading.

    With a `folder` finished chunks are kept there, and a call that was stopped goes on from them.
    """
    return run_readings(cases.jobs, _readings(claims, cases), cases.catalogue, folder, progress)


def _readings(claims: ClaimFile, cases: Cases) -> dict[str, dict[str, Reading]]:
    wanted: dict[str, dict[str, Reading]] = {job.name: {} for job in cases.jobs}
    for claim in claims.claims:
        for test in claim.tests if claim.id not in cases.untestable else ():
            for name in filter(None, (test.scenario, test.reference)):
                for reading in readings_of(test):
                    wanted[cases.runs_as[name]][key_of(reading)] = reading
    return wanted


def judge(claims: ClaimFile, cases: Cases, done: Mapping[str, Metrics]) -> list[Verdict]:
    """Verdicts in the order of the file."""
    return [_judged(claim, claims.supported_from, cases, done) for claim in claims.claims]


def _judged(
    claim: Claim, supported_from: float, cases: Cases, done: Mapping[str, Metrics]
) -> Verdict:
    facts = tuple(check_fact(fact) for fact in claim.facts)
    said: dict[str, Any] = {
        "id": claim.id,
        "statement": claim.statement,
        "source": claim.source,
        "facts": facts,
        "not_covered": claim.not_covered,
    }
    nothing: dict[str, Any] = {"probability": None, "interval": None, "tests": (), "deciders": ()}
    if claim.id in cases.untestable:
        reason = f"Not testable here: {cases.untestable[claim.id]}"
        return Verdict(**said, **nothing, word="untestable", reason=reason)
    of_facts = worst([fact.word for fact in facts])
    if not claim.tests:
        reason = " ".join(fact.reason for fact in facts)
        return Verdict(**said, **nothing, word=of_facts, reason=reason)
    years = _years(cases)
    differences = differences_of(claim, cases, done)
    found = tuple(
        _test_found(test, difference, years)
        for test, difference in zip(claim.tests, differences, strict=True)
    )
    return _of_runs(claim, supported_from, cases, differences, found, of_facts, said)


def _of_runs(
    claim: Claim,
    supported_from: float,
    cases: Cases,
    differences: list[Draws],
    found: tuple[Finding, ...],
    of_facts: Word,
    said: dict[str, Any],
) -> Verdict:
    pairs = list(zip(claim.tests, differences, strict=True))
    known = np.all([np.isfinite(difference) for difference in differences], axis=0)
    if not known.all():
        reason = "Not testable here: the quantity has no value in some runs."
        return Verdict(
            **said, word="untestable", reason=reason, probability=None, interval=None,
            tests=found, deciders=(),
        )  # fmt: skip
    strict = [held(d, t.direction, t.practical) for t, d in pairs if t.in_at_least is None]
    words: list[Word] = [of_facts, *(one.possible for one in found if one.possible)]
    bears_out: Held = np.all(strict or [np.ones(known.size, bool)], axis=0)
    if strict:
        words.append(word_for(float(bears_out.mean()), supported_from))
    word = worst(words)
    decided = _deciders(bears_out, cases) if word == "contested" and strict else []
    share = float(bears_out.mean()) if strict else None
    return Verdict(
        **said,
        word=word,
        reason=_reason(word, share, found, decided, supported_from),
        probability=share,
        interval=wilson(int(bears_out.sum()), bears_out.size) if strict else None,
        tests=found,
        deciders=tuple(decided),
    )


def _years(cases: Cases) -> NDArray[np.int64]:
    marks = cases.jobs[0].frame.coordinates["time"][1]
    return marks.astype("datetime64[Y]").astype(np.int64) + 1970


def differences_of(claim: Claim, cases: Cases, done: Mapping[str, Metrics]) -> list[Draws]:
    """What each test of a claim is judged on, one number a run, in the order of the tests."""
    years = _years(cases)
    return [_difference(test, cases, done, years) for test in claim.tests]


def _difference(
    test: Implication, cases: Cases, done: Mapping[str, Metrics], years: NDArray[np.int64]
) -> Draws:
    """What is judged, one number a run: how far above the reference, the start or the other."""
    ours = _number(test, test.scenario, cases, done, years)
    return ours - _number(test, test.reference, cases, done, years) if test.reference else ours


def _number(
    test: Implication,
    name: str,
    cases: Cases,
    done: Mapping[str, Metrics],
    years: NDArray[np.int64],
) -> Draws:
    paths = [done[cases.runs_as[name]][key_of(one)].astype(np.float64) for one in readings_of(test)]
    path = paths[0] - paths[1] if len(paths) > 1 else paths[0]
    first, last = test.year if isinstance(test.year, tuple) else (test.year, test.year)
    inside = (years >= (first or years[-1])) & (years <= (last or years[-1]))
    number = path[:, inside].mean(axis=1)
    if test.since is not None:
        number = number - path[:, years == test.since][:, 0]
    level = 0.0 if isinstance(test.than, Reading) or test.reference else float(test.than)
    return number - level


def _test_found(test: Implication, difference: Draws, years: NDArray[np.int64]) -> Finding:
    bears_out = held(difference, test.direction, test.practical)
    count, runs = int(bears_out.sum()), bears_out.size
    possible = test.in_at_least
    return Finding(
        says=test.says,
        scenario=test.scenario,
        reference=test.reference or "",
        quantity=test.quantity,
        of=_of(test),
        unit=unit_of(test),
        years=_years_in_words(test, years),
        expected=_expected(test),
        number=band(difference),
        holds=count / runs,
        opposite=float(opposed(difference, test.direction, test.practical).mean()),
        interval=wilson(count, runs),
        possible=None if possible is None else word_for_possible(count, runs, possible),
    )


def _of(test: Implication) -> str:
    who = ", ".join(test.of or ("all",)) + (f", {test.size} budgets" if test.size else "")
    left_out = f" without {', '.join(test.excluding)}" if test.excluding else ""
    return f"{test.measured} of {who}{left_out}"


def _years_in_words(test: Implication, years: NDArray[np.int64]) -> str:
    year = test.year or int(years[-1])
    when = f"{year[0]} to {year[1]}" if isinstance(year, tuple) else str(year)
    return when if test.since is None else f"{when}, change since {test.since}"


def _expected(test: Implication) -> str:
    how = f"{test.direction} by more than {test.practical:g}"
    if test.direction == "no different":
        how = f"no different by more than {test.practical:g}"
    if isinstance(test.than, Reading):
        how += f" than {test.than.quantity}"
    elif not test.reference and test.since is None:
        how += f" than {test.than:g}"
    return how if test.in_at_least is None else f"{how}, in {test.in_at_least:.0%} of runs or more"


def _deciders(bears_out: Held, cases: Cases) -> list[Decider]:
    shipped = load_parameters()
    job = cases.jobs[0]
    draws = {
        f"{mechanism}.{name}": values
        for mechanism, named in job.ensemble.draws.items()
        for name, values in named.items()
    }
    described = {
        f"{mechanism}.{name}": (one.status, one.unit)
        for mechanism, named in shipped.items()
        for name, one in named.items()
    }
    return deciders(bears_out, draws, described)


def _reason(
    word: Word,
    share: float | None,
    found: tuple[Finding, ...],
    decided: list[Decider],
    supported_from: float,
) -> str:
    if share is None:
        weakest = next((one for one in found if one.possible == word), found[0])
        return f"It happens in {weakest.holds:.0%} of runs ({weakest.says})."
    text = f"All it implies holds in {share:.0%} of runs (supported from {supported_from:.0%})."
    if word == "supported":
        return text
    weakest = min((one for one in found if not one.possible), key=lambda one: one.holds)
    text += f" Weakest: {weakest.says} ({weakest.holds:.0%}, the opposite {weakest.opposite:.0%})."
    if word == "not supported":
        return text
    return f"{text} {_decided(decided)}"


def _decided(decided: list[Decider]) -> str:
    if not decided:
        return "No single parameter decides it: the runs disagree by chance and by interactions."
    best = decided[0]
    where = (
        f"flips at {best.flips_at:.3g}"
        if best.flips_at is not None
        else f"leans with it (most at {best.splits_at:.3g}) and does not flip within its range"
    )
    return (
        f"Decided most by {best.parameter} ({best.status}): {where}; {best.below:.0%} of runs bear "
        f"it out below {best.splits_at:.3g}, {best.above:.0%} above."
    )


def verdicts_json(claims: ClaimFile, verdicts: list[Verdict], job: Mapping[str, Any]) -> str:
    """Verdicts as JSON text with sorted keys; a missing value is null."""
    content = {
        "title": claims.title,
        "source": claims.source,
        "supported_from": claims.supported_from,
        **job,
        "claims": [asdict(one) for one in verdicts],
    }
    text = json.dumps(_finite(content), indent=1, sort_keys=True, ensure_ascii=False)
    return text + "\n"


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _finite(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(entry) for entry in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
