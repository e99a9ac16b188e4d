"""The largest institutions: what they can do, what they receive and from whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from worldorder.plots.levels import plot_levels
from worldorder.plots.numbers import interval, number, signed
from worldorder.plots.svg import svg
from worldorder.report.charts import Chart
from worldorder.report.words import percent
from worldorder.results.compare import Band, Draws, band, years_of
from worldorder.results.measures import LEADING, OTHERS, measures, seen_with, state_mask

if TYPE_CHECKING:
    import xarray as xr

_LISTED: Final = 15


@dataclass(frozen=True)
class BodyRow:
    """One institution in the last year, as text."""

    name: str
    imputed: bool
    capacity: str
    capacity_inner: str
    change: str
    change_inner: str
    revenue: str
    revenue_inner: str
    leader_before: str
    leader_after: str


@dataclass(frozen=True)
class PayerRow:
    """What one state pays to all institutions in the last year, as text."""

    name: str
    reference: str
    scenario: str
    change: str
    inner: str
    outer: str


def largest_bodies(result: xr.Dataset, reference: xr.Dataset) -> list[BodyRow]:
    """The institutions with the largest revenue at the start, in the last year."""
    start = np.median(result["revenue"].values[:, 0], axis=0)
    known = [int(i) for i in np.argsort(-np.nan_to_num(start)) if start[i] > 0.0]
    return [_body(result, reference, place) for place in known[:_LISTED]]


def largest_payers(result: xr.Dataset, reference: xr.Dataset) -> list[PayerRow]:
    """The states that pay most to all institutions in the reference, in the last year."""
    ours, theirs = (one["contribution"].values[:, -1] for one in (result, reference))
    size = np.nan_to_num(np.median(theirs, axis=0))
    return [
        _payer(str(result["country_name"].values[i]), ours[:, i], theirs[:, i])
        for i in np.argsort(-size)[:10]
        if size[i] > 0.0
    ]


def flows_of_money(result: xr.Dataset, reference: xr.Dataset, name: str, key: str) -> list[Chart]:
    """What the leading state and all others pay to institutions, by year."""
    years, groups = years_of(result), (LEADING, OTHERS)
    paths: dict[str, tuple[Draws, Draws]] = {}
    for group in groups:
        ours, theirs = (
            np.asarray(np.nansum(one["contribution"].values[:, :, mask], axis=2, dtype=np.float64))
            for one in (result, reference)
            for mask in (state_mask(result, group),)
        )
        paths[group] = ours, theirs
    return [_levels(paths, years, "mn USD a year", f"Paid to institutions, {name}", f"{key}-paid")]


def trade_and_currency(
    result: xr.Dataset, reference: xr.Dataset, name: str, key: str
) -> list[Chart]:
    """Goods trade by group of states, and currencies in reserves, by year."""
    years = years_of(result)
    pairs = list(zip(measures(result), measures(seen_with(reference, result)), strict=True))

    def taken(measure: str, factor: float) -> dict[str, tuple[Draws, Draws]]:
        return {
            ours.group: (factor * ours.path, factor * theirs.path)
            for ours, theirs in pairs
            if ours.name == measure
        }

    wanted = (
        ("trade", 1.0, "bn USD a year", "Goods trade", "trade"),
        ("reserve_share", 100.0, "% of world reserves", "Reserve currencies", "currency"),
    )
    return [
        _levels(paths, years, unit, f"{title}, {name}", f"{key}-{place}")
        for measure, factor, unit, title, place in wanted
        if (paths := taken(measure, factor))
    ]


def _levels(
    paths: dict[str, tuple[Draws, Draws]], years: NDArray[np.int64], unit: str, title: str, key: str
) -> Chart:
    ends = "; ".join(
        f"{name} {number(float(np.median(ours[:, -1])))} (80 % of runs: {_inner(ours[:, -1])}), "
        f"reference {number(float(np.median(theirs[:, -1])))}"
        for name, (ours, theirs) in paths.items()
    )
    said = f"{title}, {int(years[-1])}, {unit}: {ends}."
    return Chart(svg(plot_levels(years, paths, unit, title), key, title, said), title, said)


def _inner(draws: Draws) -> str:
    low, high = np.quantile(draws, (0.1, 0.9))
    return f"{number(float(low))} to {number(float(high))}"


def _body(result: xr.Dataset, reference: xr.Dataset, place: int) -> BodyRow:
    ours, theirs = (one["capacity"].values[:, -1, place] for one in (result, reference))
    change: Band = band(ours - theirs)
    revenue = result["revenue"].values[:, -1, place]
    return BodyRow(
        name=str(result["institution_name"].values[place]),
        imputed=bool(result["budget_imputed"].values[place]),
        capacity=number(float(np.median(ours))),
        capacity_inner=_inner(ours),
        change=signed(change.median),
        change_inner=interval(change.low_80, change.high_80),
        revenue=number(float(np.median(revenue))),
        revenue_inner=_inner(revenue),
        leader_before=_paid(reference, place),
        leader_after=_paid(result, place),
    )


def _paid(dataset: xr.Dataset, place: int) -> str:
    """Share of a body's revenue that the leading state pays in the last year."""
    revenue = dataset["revenue"].values[:, -1, place]
    paid = dataset["paid_by_leading_state"].values[:, -1, place]
    share = np.where(revenue > 0.0, paid / np.where(revenue > 0.0, revenue, 1.0), 0.0)
    low, high = np.quantile(share, (0.1, 0.9))
    median = float(np.median(share))
    return f"{percent(median)} ({percent(float(low))} to {percent(float(high))})"


def _payer(name: str, ours: Draws, theirs: Draws) -> PayerRow:
    change = band(ours - theirs)
    return PayerRow(
        name,
        f"{number(float(np.median(theirs)))} ({_inner(theirs)})",
        f"{number(float(np.median(ours)))} ({_inner(ours)})",
        signed(change.median),
        interval(change.low_80, change.high_80),
        interval(change.low_95, change.high_95),
    )
