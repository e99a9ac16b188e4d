"""Several scenarios against one reference: orders by year, differences, the first clear year."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from worldorder.results.compare import Band, band, check_pair, first_clear_year, years_of
from worldorder.results.decision import Choice, decision_table, dominance
from worldorder.results.measures import LEADING, OTHERS, Measure, measures, seen_with
from worldorder.results.orders import (
    LABELS,
    ORDERS,
    multilateral_probability,
    order_indices_of,
    order_probabilities,
)
from worldorder.results.summary import YEARS

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class Line:
    """One measure of one scenario against the reference in one year."""

    scenario: str
    measure: str
    unit: str
    year: int
    reference: float
    level: float
    difference: Band
    clear_from: int | None


@dataclass(frozen=True)
class Comparison:
    """Scenarios compared: by scenario and year the probability of each order, then differences.

    The probabilities of `LABELS` sum to one; that of the multilateral order stands beside them.
    """

    reference: str
    runs: int
    seed: int
    years: tuple[int, ...]
    probabilities: Mapping[str, Mapping[str, tuple[float, ...]]]
    lines: tuple[Line, ...]
    state: str
    weights: Mapping[str, float]
    choices: tuple[Choice, ...]
    dominance: tuple[tuple[str, str, str], ...]


def compare_many(
    results: Mapping[str, xr.Dataset], reference: str, state: str, weights: Mapping[str, float]
) -> Comparison:
    """Compare scenarios that were run together with the one named `reference`.

    Raises:
        InputError: an unknown state or weight.
        ResultError: the scenarios were not run together, or are of an earlier version.
    """
    base = results[reference]
    for one in results.values():
        check_pair(one, base)
    years = years_of(base)
    return Comparison(
        reference=reference,
        runs=int(base.sizes["run"]),
        seed=int(base.attrs.get("seed", 0)),
        years=tuple(int(year) for year in years),
        probabilities={name: _probabilities(one) for name, one in results.items()},
        lines=tuple(
            line
            for name, one in results.items()
            if name != reference
            for line in _lines(name, one, base)
        ),
        state=state,
        weights=dict(weights),
        choices=tuple(decision_table(results, state, weights, reference)),
        dominance=tuple(dominance(results, state, weights)),
    )


def comparison_json(found: Comparison) -> str:
    """The comparison as JSON text with sorted keys."""
    content: dict[str, Any] = asdict(found)
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def order_rows(found: Comparison) -> list[tuple[str, int, str, float]]:
    """Scenario, year, order and share of runs: one row each, for a table or a spreadsheet."""
    return [
        (name, year, label, float(shares[label][place]))
        for name, shares in found.probabilities.items()
        for place, year in enumerate(found.years)
        for label in shares
    ]


def _probabilities(dataset: xr.Dataset) -> dict[str, tuple[float, ...]]:
    shares = order_probabilities(dataset)
    beside = tuple(map(float, multilateral_probability(dataset)))
    found = {label: tuple(map(float, shares[i])) for i, label in enumerate(LABELS)}
    return {**found, "multilateral": beside}


def _lines(name: str, result: xr.Dataset, base: xr.Dataset) -> list[Line]:
    years = years_of(base)
    marks = [int(np.flatnonzero(years == year)[0]) for year in YEARS if year in years]
    found: list[Line] = []
    for label, unit, ours, theirs in _paths(result, base):
        difference = ours - theirs
        clear = first_clear_year(difference, years)
        found += [
            Line(
                name,
                label,
                unit,
                int(years[mark]),
                float(np.median(theirs[:, mark])),
                float(np.median(ours[:, mark])),
                band(difference[:, mark]),
                clear,
            )
            for mark in (marks or [len(years) - 1])
        ]
    return found


def _paths(result: xr.Dataset, base: xr.Dataset) -> list[tuple[str, str, Any, Any]]:
    ours, theirs = order_indices_of(result), order_indices_of(base)
    indices = [(label, "1", ours[i], theirs[i]) for i, label in enumerate(ORDERS.values())]
    pairs = zip(measures(result), measures(seen_with(base, result)), strict=True)
    return indices + [(a.title, a.unit, a.path, b.path) for a, b in pairs if _is_shown(a)]


def _is_shown(measure: Measure) -> bool:
    return measure.group in (OTHERS, LEADING) or measure.name == "below_working_capacity"
