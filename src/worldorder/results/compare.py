"""Paired differences: what a scenario changes, run by run, against its reference."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from worldorder.errors import ResultError, did_you_mean

if TYPE_CHECKING:
    import xarray as xr

Draws: TypeAlias = NDArray[np.floating[Any]]

# Ends of the central 95 % and 80 % intervals, and the median.
QUANTILES: Final = (0.025, 0.1, 0.5, 0.9, 0.975)

_SAME_ATTRS: Final = ("seed", "runs", "steps_per_year", "leading_state")
_SAME_COORDS: Final = ("run", "time", "country", "institution")


@dataclass(frozen=True)
class Band:
    """Distribution of one number over runs: median, 80 % and 95 % interval, side of zero."""

    median: float
    low_80: float
    high_80: float
    low_95: float
    high_95: float
    probability_above_zero: float
    probability_below_zero: float

    @property
    def is_clear(self) -> bool:
        """Whether the 95 % interval lies wholly on one side of zero."""
        return self.low_95 > 0 or self.high_95 < 0


def band(draws: Draws) -> Band:
    """Band of one draw a run; NaN throughout where any run has no value.

    Quantiles are linear interpolations between order statistics. The probabilities are shares
    of runs strictly above and strictly below zero; runs at zero count for neither.
    """
    low_95, low_80, median, high_80, high_95 = (float(q) for q in np.quantile(draws, QUANTILES))
    known = not np.isnan(draws).any()
    above = float(np.mean(draws > 0)) if known else float("nan")
    below = float(np.mean(draws < 0)) if known else float("nan")
    return Band(median, low_80, high_80, low_95, high_95, above, below)


def first_clear_year(difference: Draws, years: NDArray[np.integer[Any]]) -> int | None:
    """First year in which the 95 % interval of a difference lies wholly on one side of zero.

    `difference` has shape (run, time), `years` has shape (time,). None where that never happens.
    """
    low, high = np.quantile(difference, (QUANTILES[0], QUANTILES[-1]), axis=0)
    clear = np.flatnonzero((low > 0) | (high < 0))
    return int(years[clear[0]]) if clear.size else None


def years_of(dataset: xr.Dataset) -> NDArray[np.int64]:
    """Calendar year of every mark of a result, shape (time,)."""
    return dataset["time"].values.astype("datetime64[Y]").astype(np.int64) + 1970


def first_mark(dataset: xr.Dataset) -> datetime.date:
    """First day of a result."""
    return datetime.date.fromisoformat(str(dataset["time"].values[0])[:10])


def check_pair(result: xr.Dataset, reference: xr.Dataset) -> None:
    """Make sure that two results can be compared run by run.

    Raises:
        ResultError: seeds, runs, steps, marks, states or bodies differ.
    """
    for name in _SAME_ATTRS:
        ours, theirs = result.attrs.get(name), reference.attrs.get(name)
        if ours != theirs:
            raise ResultError(
                f"results cannot be paired: {name} is {ours} in one and {theirs} in the other",
                "Run both scenarios with the same seed, runs, steps and leading state.",
            )
    for name in _SAME_COORDS:
        if not np.array_equal(result[name].values, reference[name].values):
            raise ResultError(
                f"results cannot be paired: their {name} coordinates differ",
                "Run both scenarios from the same panel, over the same years.",
            )


def compare(result: xr.Dataset, reference: xr.Dataset) -> xr.Dataset:
    """Differences `result - reference` of every variable, run by run, in the variables' units.

    Raises:
        ResultError: the two were not run as a pair.
    """
    check_pair(result, reference)
    names = [name for name in result.data_vars if name in reference.data_vars]
    difference = result[names].copy(
        data={name: result[name].values - reference[name].values for name in names}
    )
    return difference.assign_attrs(compared_with=str(result.attrs.get("reference", "")))


def quantiles(comparison: xr.Dataset) -> xr.Dataset:
    """Quantiles over runs of every variable: the median and the 80 % and 95 % intervals.

    Adds the dim `quantile` with the levels of `QUANTILES` in place of `run`.
    """
    import xarray as xr

    found = {
        name: (
            ("quantile", *[dim for dim in values.dims if dim != "run"]),
            np.quantile(values.values, QUANTILES, axis=values.get_axis_num("run")),
            values.attrs,
        )
        for name, values in comparison.data_vars.items()
    }
    coords = {name: c for name, c in comparison.coords.items() if "run" not in c.dims}
    return xr.Dataset(found, {**coords, "quantile": list(QUANTILES)}, comparison.attrs)


def probability_above_zero(comparison: xr.Dataset) -> xr.Dataset:
    """Share of runs in which each variable is above zero; NaN where it has no value."""
    return (comparison > 0).where(comparison.notnull()).mean("run", skipna=False, keep_attrs=True)


def datasets(results: Mapping[str, xr.Dataset] | xr.DataTree) -> dict[str, xr.Dataset]:
    """Datasets of a job by scenario name, from a tree or a mapping."""
    children = getattr(results, "children", None)
    if children is None:
        return dict(results.items())  # pyright: ignore[reportReturnType]
    return {str(name): node.to_dataset() for name, node in children.items()}


def reference_of(results: Mapping[str, xr.Dataset], name: str) -> xr.Dataset:
    """The result with which the scenario `name` of a job is to be compared.

    Raises:
        ResultError: the job has no such scenario, or not its reference.
    """
    if name not in results:
        raise ResultError(f"no scenario {name!r} in this result", did_you_mean(name, results))
    wanted = str(results[name].attrs.get("reference", ""))
    if wanted not in results:
        raise ResultError(
            f"scenario {name!r} is to be compared with {wanted!r}, which this result lacks",
            f"It has: {', '.join(results)}. Run the two together.",
        )
    return results[wanted]


def compared(results: Mapping[str, xr.Dataset]) -> list[str]:
    """Names of the scenarios of a job that have a reference other than themselves."""
    return [
        name for name, one in results.items() if one.attrs.get("reference") not in (None, "", name)
    ]
