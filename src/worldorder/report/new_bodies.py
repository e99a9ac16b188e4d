"""Bodies founded in the runs, and those without the leading state: how many, where, by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from worldorder.report.pairs import PairRow, pair_row
from worldorder.results.compare import Draws

if TYPE_CHECKING:
    import xarray as xr

_FOUNDERS: Final = 10


@dataclass(frozen=True)
class NewBodiesPart:
    """What the page says of bodies founded in the runs."""

    totals: list[PairRow]
    areas: list[PairRow]  # living ones without the leading state, by area of work
    founders: list[PairRow]  # seats in bodies founded without it, states with most


def new_bodies(result: xr.Dataset, reference: xr.Dataset) -> NewBodiesPart | None:
    """Bodies founded since the start, in the last year.

    None where nobody founds any, or for results of before they were recorded.
    """
    pair = (result, reference)
    if not all("new_bodies" in one and one["bodies_founded"].values.any() for one in pair):
        return None
    totals = [
        pair_row(name, *(of(one) for one in pair))
        for name, of in (
            ("founded", lambda one: _last(one, "bodies_founded")),
            ("without the leading state", lambda one: _last(one, "bodies_founded_without_leader")),
            ("ended again", lambda one: _last(one, "new_bodies_ended")),
            ("revenue, mn USD a year", lambda one: _last(one, "new_body_revenue").sum(1)),
            ("of it from states", lambda one: _last(one, "paid_to_new_bodies").sum(1)),
        )
    ]
    ours, theirs = (_last(one, "new_bodies_without_leader") for one in pair)
    order = np.argsort(-theirs.mean(0), kind="stable")
    areas = [pair_row(str(result["area"].values[i]), ours[:, i], theirs[:, i]) for i in order]
    seats, before = (_last(one, "new_seats_without_leader") for one in pair)
    first = np.argsort(-seats.mean(0), kind="stable")[:_FOUNDERS]
    names = result["country_name"].values
    founders = [pair_row(str(names[i]), seats[:, i], before[:, i]) for i in first]
    return NewBodiesPart(totals, areas, founders)


def _last(dataset: xr.Dataset, name: str) -> Draws:
    return np.asarray(dataset[name].values[:, -1], np.float64)
