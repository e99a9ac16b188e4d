"""Pages of a claim file: one that lists the verdicts, and one for each claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from worldorder.dynamics.ensemble import Metrics
from worldorder.inference.claims.cases import Cases
from worldorder.inference.claims.judging import Finding, Verdict, differences_of
from worldorder.inference.claims.schema import ClaimFile
from worldorder.plots.draws import plot_draws
from worldorder.plots.numbers import interval, number, signed
from worldorder.plots.svg import svg
from worldorder.report.template import rendered
from worldorder.report.words import percent
from worldorder.results.compare import Draws
from worldorder.results.files import text_writer, write_whole
from worldorder.scenarios.text import scenario_text

INDEX: Final = "claims.html"


@dataclass(frozen=True)
class FindingRow:
    """A test as text, with its figure."""

    found: Finding
    number: str
    inner: str
    outer: str
    holds: str
    opposite: str
    between: str
    figure: str


def write_claim_pages(
    claims: ClaimFile,
    verdicts: list[Verdict],
    cases: Cases,
    done: Mapping[str, Metrics],
    folder: Path,
    rerun: str,
) -> list[Path]:
    """Write the list of verdicts and a page for each claim; the list comes first.

    Raises:
        ResultError: a page cannot be written.
    """
    runs = cases.jobs[0].ensemble.runs if cases.jobs else 0
    shared = {"file": claims, "runs": runs, "rerun": rerun}
    pages = {INDEX: rendered("claims.html", verdicts=[_listed(v) for v in verdicts], **shared)}
    said = {job.name: scenario_text(job.scenario) for job in cases.jobs}
    for claim, verdict in zip(claims.claims, verdicts, strict=True):
        tested = verdict.tests and verdict.word != "untestable"
        draws = differences_of(claim, cases, done) if tested else [None] * len(verdict.tests)
        rows = [
            _row(one, values, test.direction, test.practical, f"t{place}")
            for place, (one, values, test) in enumerate(
                zip(verdict.tests, draws, claim.tests, strict=False)
            )
        ]
        names = [n for t in verdict.tests for n in (t.scenario, t.reference) if n]
        pages[page_of(verdict)] = rendered(
            "claim.html",
            verdict=verdict,
            share=_share(verdict),
            rows=rows,
            scenarios={n: said[cases.runs_as[n]] for n in dict.fromkeys(names)},
            **shared,
        )
    return [write_whole(folder / name, text_writer(text)) for name, text in pages.items()]


def page_of(verdict: Verdict) -> str:
    """Name of the page of a claim."""
    return f"claim-{verdict.id}.html"


def _listed(verdict: Verdict) -> dict[str, str]:
    return {
        "id": verdict.id,
        "word": verdict.word,
        "page": page_of(verdict),
        "statement": verdict.statement,
        "reason": verdict.reason,
        "share": _share(verdict),
    }


def _share(verdict: Verdict) -> str:
    if verdict.probability is None or verdict.interval is None:
        return ""
    low, high = (percent(end) for end in verdict.interval)
    return f"{percent(verdict.probability)} of runs (95 % interval of that share: {low} to {high})"


def _row(
    found: Finding, draws: Draws | None, direction: str, practical: float, name: str
) -> FindingRow:
    band = found.number
    low, high = (percent(end) for end in found.interval)
    return FindingRow(
        found=found,
        number=signed(band.median),
        inner=interval(band.low_80, band.high_80),
        outer=interval(band.low_95, band.high_95),
        holds=percent(found.holds),
        opposite=percent(found.opposite),
        between=f"{low} to {high}",
        figure="" if draws is None else _figure(found, draws, direction, practical, name),
    )


def _figure(found: Finding, draws: Draws, direction: str, practical: float, name: str) -> str:
    label = f"{found.quantity}, {found.unit}"
    described = (
        f"Median {number(found.number.median)}, 95 % of runs from {number(found.number.low_95)} to "
        f"{number(found.number.high_95)}; expected {found.expected}."
    )
    return svg(plot_draws(draws, direction, practical, label), name, found.says, described)
