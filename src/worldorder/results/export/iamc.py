"""The long table of the Integrated Assessment Modeling Consortium, which pyam reads.

One row a scenario, region, variable and percentile over runs; one column a year. Regions are
states by ISO code, groups of states, and World for institutions.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from worldorder import __version__
from worldorder.results.compare import QUANTILES, Draws, years_of
from worldorder.results.files import write_whole
from worldorder.results.measures import measures
from worldorder.variables import variables

if TYPE_CHECKING:
    import xarray as xr

IAMC_NAME: Final = "iamc.csv"
_MODEL: Final = f"worldorder {__version__}"


def write_iamc(results: Mapping[str, xr.Dataset], folder: Path) -> list[Path]:
    """Write the table; the file written.

    Raises:
        ResultError: the folder cannot be written.
    """
    return [write_whole(folder / IAMC_NAME, lambda file: _fill(file, results))]


def _fill(file: Path, results: Mapping[str, xr.Dataset]) -> None:
    years = [str(year) for year in years_of(next(iter(results.values())))]
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Model", "Scenario", "Region", "Variable", "Unit", *years])
        for scenario, dataset in results.items():
            for region, variable, unit, draws in _paths(dataset):
                for level, path in zip(QUANTILES, _percentiles(draws), strict=True):
                    name = f"{variable}|{100 * level:g}th Percentile"
                    values = ["" if np.isnan(value) else f"{value:.6g}" for value in path]
                    writer.writerow([_MODEL, scenario, region, name, unit, *values])


def _percentiles(draws: Draws) -> Draws:
    return np.quantile(draws, QUANTILES, axis=0)


def _paths(dataset: xr.Dataset) -> Iterator[tuple[str, str, str, Draws]]:
    """Region, variable, unit and draws of shape (run, time) of everything that has a value."""
    for name, one in variables().items():
        if name not in dataset:
            continue
        if not one.dims:
            yield "World", one.label, one.unit, dataset[name].values
            continue
        values, labels = dataset[name].values, dataset[one.dims[0]].values
        for place, label in enumerate(labels):
            draws = values[:, :, place]
            if np.isnan(draws).all():
                continue
            if one.dims == ("country",):
                yield str(label), one.label, one.unit, draws
            elif one.dims in (("currency",), ("area",)):
                yield "World", f"{one.label}|{label}", one.unit, draws
            else:
                yield "World", f"Institution|{label}|{one.label}", one.unit, draws
    for one in measures(dataset):
        if one.theme in ("alignment", "economy"):
            yield one.group, one.label, one.unit, one.path
        elif one.theme not in ("order", "currency"):  # those are variables and stand above
            yield "World", f"{one.label}|{one.group}", one.unit, one.path
