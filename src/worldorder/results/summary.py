"""What changed by 2030 and 2045: the rows of the table, of summary.json and of the report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from worldorder.results.compare import (
    Band,
    Draws,
    band,
    check_pair,
    compared,
    first_clear_year,
    reference_of,
    years_of,
)
from worldorder.results.files import write_whole
from worldorder.results.measures import (
    OTHERS,
    Measure,
    bodies_in_question,
    body_mask,
    marks,
    measures,
    seen_with,
)
from worldorder.results.money import Replacement, replacement
from worldorder.results.threshold import working_capacity

if TYPE_CHECKING:
    import xarray as xr

YEARS: Final = (2030, 2045)
LISTED_FROM: Final = 0.1  # share of runs below working capacity from which a body is listed


@dataclass(frozen=True)
class Row:
    """One measure in one year: medians of both, and the paired difference with its intervals.

    `difference` is in `unit`; `relative` is the difference over the reference, run by run, as a
    fraction, for amounts only. `clear_from` is the first year in which the 95 % interval of the
    difference lies on one side of zero. `imputed` counts the bodies behind the number whose
    budget is imputed, out of `members`. `reference_levels` and `scenario_levels` are the
    intervals of the levels themselves.
    """

    theme: str
    measure: str
    group: str
    label: str
    unit: str
    year: int
    reference: float
    scenario: float
    difference: Band
    relative: Band | None
    clear_from: int | None
    members: int
    imputed: int
    reference_levels: Band
    scenario_levels: Band

    @property
    def title(self) -> str:
        """Label and group."""
        return f"{self.label}, {self.group}"

    @property
    def changes(self) -> bool:
        """Whether 95 % of runs are anything but exactly as in the reference."""
        return not self.difference.low_95 == self.difference.high_95 == 0


@dataclass(frozen=True)
class BodyBelow:
    """A body with less than working capacity in a tenth of the scenario's runs or more.

    `probability` and `reference_probability` are shares of runs below working capacity with and
    without the scenario; `capacity` and `reference_capacity` are medians, 1 at the start.
    """

    institution: str
    name: str
    area: str
    size_class: str
    budget_imputed: bool
    focus: bool
    year: int
    probability: float
    reference_probability: float
    capacity: Band
    reference_capacity: float


@dataclass(frozen=True)
class Imputation:
    """How far the answer rests on imputed budgets, among the bodies in question.

    `share_of_capacity_change` is the part of the bodies' summed absolute median change of capacity
    in the last year that falls on bodies whose budget is imputed; None where nothing changes.
    """

    bodies: int
    imputed_bodies: int
    share_of_capacity_change: float | None


@dataclass(frozen=True)
class Summary:
    """All that the table, summary.json and the report say in numbers.

    `working_capacity` is the distribution over runs of the threshold, 1 at the start.
    """

    scenario: str
    reference: str
    runs: int
    seed: int
    start_year: int
    years: tuple[int, ...]
    working_capacity: Band
    bodies: str
    rows: tuple[Row, ...]
    below_working_capacity: tuple[BodyBelow, ...]
    replacement: tuple[Replacement, ...]
    imputation: Imputation

    @property
    def headline(self) -> list[Row]:
        """The rows of the short table: capacity of the bodies in question, other states as one
        for alignment, all groups of states for the economy, and hegemony of the leading state
        only where it is not that of the strongest.
        """
        twice = self._numbers("order_hegemony") == self._numbers("leading_hegemony")
        return [
            row
            for row in self.rows
            if (
                row.theme in ("order", "money", "economy", "currency")
                or (row.theme == "institutions" and row.group.startswith(self.bodies))
                or row.group == OTHERS
            )
            and not (twice and row.measure == "leading_hegemony")
        ]

    def _numbers(self, measure: str) -> list[tuple[Band, Band, Band]]:
        return [
            (row.reference_levels, row.scenario_levels, row.difference)
            for row in self.rows
            if row.measure == measure
        ]

    def row(self, measure: str, group: str, year: int) -> Row | None:
        """The row of a measure, or None where the result has no value for it."""
        wanted = (measure, group, year)
        return next((r for r in self.rows if (r.measure, r.group, r.year) == wanted), None)


def summarise(
    result: xr.Dataset,
    reference: xr.Dataset,
    name: str = "scenario",
    years: tuple[int, ...] = YEARS,
    threshold: float | None = None,
) -> Summary:
    """Compare a scenario with its reference in the years asked for that both have.

    `threshold` is the capacity, 1 at the start, below which a body counts as not working, in place
    of the one that each run drew.

    Raises:
        ResultError: the two were not run as a pair.
    """
    check_pair(result, reference)
    reference = seen_with(reference, result)
    wanted = marks(result, years)
    working = working_capacity(result, threshold)
    pairs = list(zip(measures(result, working), measures(reference, working), strict=False))
    return Summary(
        scenario=name,
        reference=str(result.attrs.get("reference", "reference")),
        runs=int(result.sizes["run"]),
        seed=int(result.attrs.get("seed", 0)),
        start_year=int(years_of(result)[0]),
        years=tuple(year for _, year in wanted),
        working_capacity=band(working),
        bodies=bodies_in_question(result),
        rows=tuple(row for pair in pairs for row in _rows(*pair, result, wanted)),
        below_working_capacity=tuple(
            body for mark, year in wanted for body in _below(result, reference, mark, year, working)
        ),
        replacement=tuple(replacement(result, reference, mark, year) for mark, year in wanted),
        imputation=_imputation(result, reference, wanted[-1][0]),
    )


def summary_json(summary: Summary) -> str:
    """The summary as JSON text with sorted keys; a value that is missing is null."""
    content = _without_nan(asdict(summary))
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def write_summary(results: Mapping[str, xr.Dataset], path: Path) -> Path:
    """Write the summary of the scenario of a job that has a reference, whole or not at all."""
    name = compared(results)[0]
    summary = summarise(results[name], reference_of(results, name), name)

    def write(file: Path) -> None:
        file.write_text(summary_json(summary), "utf-8")

    return write_whole(path, write)


def _rows(
    ours: Measure, theirs: Measure, result: xr.Dataset, wanted: list[tuple[int, int]]
) -> list[Row]:
    difference = ours.path - theirs.path
    clear_from = first_clear_year(difference, years_of(result))
    return [
        Row(
            theme=ours.theme,
            measure=ours.name,
            group=ours.group,
            label=ours.label,
            unit=ours.unit,
            year=year,
            reference=float(np.median(theirs.path[:, mark])),
            scenario=float(np.median(ours.path[:, mark])),
            difference=band(difference[:, mark]),
            relative=_relative(difference[:, mark], theirs.path[:, mark], ours.is_amount),
            clear_from=clear_from,
            members=ours.members,
            imputed=ours.imputed,
            reference_levels=band(theirs.path[:, mark]),
            scenario_levels=band(ours.path[:, mark]),
        )
        for mark, year in wanted
    ]


def _relative(difference: Draws, reference: Draws, is_amount: bool) -> Band | None:
    return band(difference / reference) if is_amount and (reference > 0).all() else None


def _below(
    result: xr.Dataset, reference: xr.Dataset, mark: int, year: int, threshold: Draws
) -> list[BodyBelow]:
    ours = result["capacity"].values[:, mark]
    theirs = reference["capacity"].values[:, mark]
    inside = body_mask(result, bodies_in_question(result))
    found = np.flatnonzero(inside & ((ours < threshold[:, None]).mean(axis=0) >= LISTED_FROM))
    bodies = [
        BodyBelow(
            institution=str(result["institution"].values[i]),
            name=str(result["institution_name"].values[i]),
            area=str(result["institution_area"].values[i]),
            size_class=str(result["size_class"].values[i]),
            budget_imputed=bool(result["budget_imputed"].values[i]),
            focus=bool(result["focus"].values[i]),
            year=year,
            probability=float(np.mean(ours[:, i] < threshold)),
            reference_probability=float(np.mean(theirs[:, i] < threshold)),
            capacity=band(ours[:, i]),
            reference_capacity=float(np.median(theirs[:, i])),
        )
        for i in found
    ]
    return sorted(bodies, key=lambda body: (-body.probability, body.institution))


def _imputation(result: xr.Dataset, reference: xr.Dataset, mark: int) -> Imputation:
    inside = body_mask(result, bodies_in_question(result))
    imputed = inside & np.asarray(result["budget_imputed"].values, dtype=bool)
    difference = result["capacity"].values[:, mark] - reference["capacity"].values[:, mark]
    change = np.abs(np.median(difference, axis=0))
    total = float(np.nansum(change[inside]))
    return Imputation(
        bodies=int(inside.sum()),
        imputed_bodies=int(imputed.sum()),
        share_of_capacity_change=float(np.nansum(change[imputed])) / total if total > 0 else None,
    )


def _without_nan(value: Any) -> Any:
    """The same nested value with None for NaN, which JSON does not have."""
    if isinstance(value, dict):
        return {str(key): _without_nan(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(entry) for entry in value]
    return None if isinstance(value, float) and np.isnan(value) else value
