"""What the spread of an answer comes from: assumed, estimated or published parameters, or chance.

The paired difference of a measure is regressed on the parameters that the runs drew, all in ranks
(standardised rank regression, a linear form of variance-based sensitivity analysis). It sees
monotone effects of single parameters; interactions count with chance.

Saltelli, A. and others (2008). Global Sensitivity Analysis: The Primer. Wiley.
doi:10.1002/9780470725184.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from worldorder.results.compare import Draws, check_pair, years_of
from worldorder.results.drawn import drawn_parameters, parameters_of
from worldorder.results.measures import measures, seen_with
from worldorder.results.summary import Row, Summary

if TYPE_CHECKING:
    import xarray as xr

STATUSES: Final = ("assumed", "estimated", "published")
CONTESTED_FROM: Final = 0.5  # share of the variance that assumed parameters explain
MOST_DRIVERS: Final = 4
_FEWEST_RUNS: Final = 3.0  # runs for every parameter of the regression
_CLEAR_SCORE: Final = 3.3  # standard errors, one in a thousand by chance


@dataclass(frozen=True)
class Driver:
    """A parameter with a clear rank correlation with the difference."""

    parameter: str
    status: str
    correlation: float


@dataclass(frozen=True)
class Spread:
    """Shares of the variance of a difference over runs, in ranks.

    `shares` holds the adjusted share that the parameters of each status explain alone; None where
    there are too few runs to tell.
    """

    row: Row
    shares: dict[str, float | None]
    drivers: tuple[Driver, ...]

    @property
    def is_contested(self) -> bool:
        """Whether more than half of the spread comes from assumed parameters."""
        return (self.shares["assumed"] or 0.0) > CONTESTED_FROM


def spreads(result: xr.Dataset, reference: xr.Dataset, summary: Summary) -> list[Spread]:
    """Where the spread of every measure of the short table comes from, in the last year.

    Measures that do not vary over runs are left out, as are those by size class.

    Raises:
        ResultError: the two were not run as a pair.
    """
    check_pair(result, reference)
    mark = years_of(result).tolist().index(summary.years[-1])
    rows = {
        (row.measure, row.group): row
        for row in summary.headline
        if row.year == summary.years[-1] and "budget" not in row.group
    }
    names, statuses, draws = _varying(result)
    return [
        _spread(rows[ours.name, ours.group], difference, names, statuses, draws)
        for ours, theirs in zip(
            measures(result), measures(seen_with(reference, result)), strict=True
        )
        if (ours.name, ours.group) in rows
        and np.ptp(difference := ours.path[:, mark] - theirs.path[:, mark]) > 0
    ]


def adjusted_share(outcome: Draws, draws: Draws) -> float | None:
    """Share of the variance of an outcome that draws explain linearly, adjusted for their number.

    $$1 - (1 - R^2)\\frac{n - 1}{n - k - 1}$$, cut to 0 to 1; `outcome` has shape (run,) and
    `draws` (run, parameter). None where there are fewer than three runs for every parameter.
    """
    runs, count = draws.shape
    if count == 0:
        return 0.0
    if runs < _FEWEST_RUNS * (count + 1):
        return None
    design = np.column_stack([np.ones(runs), draws])
    fitted = design @ np.linalg.lstsq(design, outcome, rcond=None)[0]
    left = float(((outcome - fitted) ** 2).sum() / ((outcome - outcome.mean()) ** 2).sum())
    return float(np.clip(1 - left * (runs - 1) / (runs - count - 1), 0, 1))


def _varying(result: xr.Dataset) -> tuple[list[str], NDArray[np.str_], Draws]:
    """Names, statuses and ranks, shape (run, parameter), of the parameters that runs draw."""
    described = parameters_of(result)
    found = [
        (f"{mechanism}.{name}", described[mechanism][name].status, _ranks(draws))
        for mechanism, named in drawn_parameters(result).items()
        for name, draws in named.items()
        if np.ptp(draws) > 0
    ]
    ranks = np.array([draws for _, _, draws in found]).T
    shape = (result.sizes["run"], len(found))
    return [name for name, _, _ in found], np.array([s for _, s, _ in found]), ranks.reshape(shape)


def _spread(
    row: Row, difference: Draws, names: list[str], statuses: NDArray[np.str_], draws: Draws
) -> Spread:
    outcome = _ranks(difference)
    shares = {status: adjusted_share(outcome, draws[:, statuses == status]) for status in STATUSES}
    correlation = (outcome[:, None] * draws).mean(axis=0)
    order = np.argsort(-np.abs(correlation), kind="stable")[:MOST_DRIVERS]
    clear = _CLEAR_SCORE / np.sqrt(outcome.size)
    drivers = tuple(
        Driver(names[i], str(statuses[i]), float(correlation[i]))
        for i in order
        if abs(correlation[i]) > clear
    )
    return Spread(row, shares, drivers)


def _ranks(values: Draws) -> Draws:
    """Ranks with mean 0 and variance 1; equal values share their mean rank."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return (ranks - ranks.mean()) / ranks.std()
