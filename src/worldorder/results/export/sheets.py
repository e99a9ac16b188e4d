"""CSV sheets that a spreadsheet opens: the summary; bands by state, body, currency and area."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from worldorder.results.compare import (
    QUANTILES,
    Draws,
    check_pair,
    compared,
    reference_of,
    years_of,
)
from worldorder.results.files import write_whole
from worldorder.results.summary import summarise
from worldorder.variables import variables

if TYPE_CHECKING:
    import xarray as xr

_BANDS: Final = ("low_95", "low_80", "median", "high_80", "high_95")
_SUMMARY: Final = (
    "scenario",
    "against",
    "theme",
    "measure",
    "group",
    "year",
    "unit",
    "reference_median",
    "scenario_median",
    *(f"difference_{band}" for band in _BANDS),
    "probability_above_zero",
    "clear_from",
)
_ENTITY: Final = ("scenario", "quantity", "variable", "unit", "code", "name", "year", *_BANDS)


def write_sheets(results: Mapping[str, xr.Dataset], folder: Path) -> list[Path]:
    """Write the sheets, in UTF-8 with the mark by which Excel knows it; the files written.

    Raises:
        ResultError: the folder cannot be written.
    """
    sheets: dict[str, tuple[tuple[str, ...], Iterable[list[Any]]]] = {
        "summary.csv": (_SUMMARY, _summary_rows(results)),
        "states.csv": (_ENTITY, _entity_rows(results, "country")),
        "institutions.csv": (_ENTITY, _entity_rows(results, "institution")),
        "currencies.csv": (_ENTITY, _entity_rows(results, "currency")),
        "areas.csv": (_ENTITY, _entity_rows(results, "area")),
    }
    return [
        write_whole(folder / name, lambda file, h=head, r=rows: _fill(file, h, r))
        for name, (head, rows) in sheets.items()
    ]


def _fill(file: Path, head: tuple[str, ...], rows: Iterable[list[Any]]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(head)
        writer.writerows(rows)


def _summary_rows(results: Mapping[str, xr.Dataset]) -> Iterator[list[Any]]:
    for name in compared(results):
        summary = summarise(results[name], reference_of(results, name), name)
        for row in summary.rows:
            found = row.difference
            yield [
                name,
                summary.reference,
                row.theme,
                row.measure,
                row.group,
                row.year,
                row.unit,
                *(f"{value:.6g}" for value in (row.reference, row.scenario)),
                *(f"{getattr(found, band):.6g}" for band in _BANDS),
                f"{found.probability_above_zero:.6g}",
                "" if row.clear_from is None else row.clear_from,
            ]


def _entity_rows(results: Mapping[str, xr.Dataset], dim: str) -> Iterator[list[Any]]:
    """Levels of every scenario, then paired differences of those that have a reference."""
    for name, dataset in results.items():
        for variable in _variables_of(dataset, dim):
            yield from _bands(name, "level", dataset, variable, dim, dataset[variable].values)
    for name in compared(results):
        dataset, reference = results[name], reference_of(results, name)
        check_pair(dataset, reference)
        for variable in _variables_of(dataset, dim):
            difference = dataset[variable].values - reference[variable].values
            yield from _bands(name, "difference", dataset, variable, dim, difference)


def _variables_of(dataset: xr.Dataset, dim: str) -> list[str]:
    return [name for name, one in variables().items() if one.dims == (dim,) and name in dataset]


def _bands(
    scenario: str, quantity: str, dataset: xr.Dataset, variable: str, dim: str, draws: Draws
) -> Iterator[list[Any]]:
    """One row an entity and year; a value that is missing is an empty cell."""
    found, unit = np.quantile(draws, QUANTILES, axis=0), variables()[variable].unit
    years = years_of(dataset).tolist()
    codes, names = (
        dataset[dim].values,
        dataset[f"{dim}_name" if f"{dim}_name" in dataset else dim].values,
    )
    for place, (code, name) in enumerate(zip(codes, names, strict=True)):
        start = [scenario, quantity, variable, unit, str(code), str(name)]
        for mark, year in enumerate(years):
            values = found[:, mark, place]
            yield [*start, year, *("" if np.isnan(v) else f"{v:.6g}" for v in values)]
