"""The figures of the report: drawn, described for those who do not see them, and captioned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from worldorder.plots.donors import plot_donors
from worldorder.plots.institutions import plot_capacity
from worldorder.plots.numbers import interval, signed
from worldorder.plots.paths import path_figure
from worldorder.plots.svg import svg
from worldorder.plots.world_map import Change, change_by_state, plot_map
from worldorder.report.words import change_in_words
from worldorder.results.compare import years_of
from worldorder.results.measures import Measure, measures, seen_with
from worldorder.results.summary import Summary

if TYPE_CHECKING:
    import xarray as xr

MAPPED: Final = ("trust_in_leading_state", "gdp", "joint_memberships", "voting_distance")
_MOST_MAPS: Final = 2
_EXTREMES: Final = 5
_VISIBLE: Final = 1e-4  # share of the level from which a difference is drawn


@dataclass(frozen=True)
class Extreme:
    """A state with one of the largest changes, as text."""

    name: str
    change: str
    inner: str
    outer: str


@dataclass(frozen=True)
class Chart:
    """A figure in the page: inline SVG, title and caption; rows for a map's table."""

    svg: str
    title: str
    caption: str
    unit: str = ""
    rows: tuple[Extreme, ...] = ()


def maps(result: xr.Dataset, reference: xr.Dataset, summary: Summary, name: str) -> list[Chart]:
    """World maps of the first variables of `MAPPED` whose direction is clear in any state."""
    year = summary.years[-1]
    changes = {one: change_by_state(result, reference, one, year) for one in MAPPED}
    changed = [one for one, change in changes.items() if change.is_clear.any()]
    return [_map(result, reference, one, year, f"{name}-{one}") for one in changed[:_MOST_MAPS]]


def paths(result: xr.Dataset, reference: xr.Dataset, summary: Summary, name: str) -> list[Chart]:
    """Paths of the measures of the short table that change visibly, without those by size class."""
    return [
        _path(one, other, result, summary, f"{name}-path{place}")
        for place, (one, other) in enumerate(_pairs(result, reference, summary))
        if _is_visible(one, other) and "budget" not in one.group
    ]


def undrawn(result: xr.Dataset, reference: xr.Dataset, summary: Summary) -> list[str]:
    """Titles of the measures of the short table whose change is too small to be seen."""
    pairs = _pairs(result, reference, summary)
    return [one.title for one, other in pairs if not _is_visible(one, other)]


def _pairs(
    result: xr.Dataset, reference: xr.Dataset, summary: Summary
) -> list[tuple[Measure, Measure]]:
    """The measures of the short table, of both."""
    wanted = {(row.measure, row.group) for row in summary.headline}
    both = zip(measures(result), measures(seen_with(reference, result)), strict=True)
    return [(one, other) for one, other in both if (one.name, one.group) in wanted]


def _is_visible(ours: Measure, theirs: Measure) -> bool:
    """Whether the 95 % interval of the difference reaches `_VISIBLE` of the level in a year."""
    ends = np.quantile(ours.path - theirs.path, (0.025, 0.975), axis=0)
    return bool((np.abs(ends) > _VISIBLE * np.abs(np.median(theirs.path, axis=0))).any())


def capacity(result: xr.Dataset, reference: xr.Dataset, summary: Summary, name: str) -> list[Chart]:
    """Capacity by size class in the years of the summary."""
    return [
        Chart(
            svg(
                plot_capacity(result, reference, year),
                f"{name}-capacity{year}",
                f"Capacity by size of budget, {year}",
                "Medians and intervals as in the table of institutions.",
            ),
            f"Capacity by size of budget, {year}",
            f"Mean capacity of {summary.bodies} in {year}, 1 = start. Thick bars hold 80 % and "
            "thin bars 95 % of runs.",
        )
        for year in summary.years
    ]


def donors(result: xr.Dataset, reference: xr.Dataset, summary: Summary, name: str) -> list[Chart]:
    """Who pays more in the years of the summary in which there is a gap to fill."""
    return [
        Chart(
            svg(
                plot_donors(result, reference, one.year),
                f"{name}-donors{one.year}",
                f"Who pays more, {one.year}",
                "; ".join(f"{d.name} {signed(d.difference.median)}" for d in one.donors)
                + " mn USD a year, medians.",
            ),
            f"Who pays more, {one.year}",
            f"Change of payments to {summary.bodies} in {one.year}, mn USD a year.",
        )
        for one in summary.replacement
        if one.donors
    ]


def _path(ours: Measure, theirs: Measure, result: xr.Dataset, summary: Summary, name: str) -> Chart:
    rows = [r for r in summary.rows if (r.measure, r.group) == (ours.name, ours.group)]
    words = [f"{row.year}: {change_in_words(row)}." for row in rows]
    drawn = path_figure(ours, theirs, years_of(result))
    return Chart(svg(drawn, name, ours.title, " ".join(words)), ours.title, words[-1])


def _map(result: xr.Dataset, reference: xr.Dataset, variable: str, year: int, name: str) -> Chart:
    change = change_by_state(result, reference, variable, year)
    title = f"{change.title}: change by {year}"
    clear, known = int(change.is_clear.sum()), int((~np.isnan(change.median)).sum())
    drawn = plot_map(result, reference, variable, year)
    caption = (
        f"Median over runs, {change.scale.change}. One circle a state at its capital, or "
        "as near to it as the others allow; its area is the size of the economy (GDP), with a "
        f"least size so that small states stay in sight. Coloured where 80 % of runs agree on the "
        f"direction: {clear} of {known} states with a value; the others are white."
    )
    rows = _extremes(result, change)
    described = "; ".join(f"{row.name} {row.change}" for row in rows)
    return Chart(
        svg(drawn, name, title, f"{caption} Largest changes: {described}."),
        title,
        caption,
        change.scale.change,
        rows,
    )


def _extremes(result: xr.Dataset, change: Change) -> tuple[Extreme, ...]:
    known = np.flatnonzero(~np.isnan(change.median))
    order = known[np.argsort(change.median[known], kind="stable")]
    shown = np.unique(np.r_[order[:_EXTREMES], order[::-1][:_EXTREMES]])
    shown = shown[np.argsort(change.median[shown], kind="stable")]
    return tuple(
        Extreme(
            str(result["country_name"].values[i]),
            signed(float(change.median[i])),
            interval(float(change.interval_80[0, i]), float(change.interval_80[1, i])),
            interval(float(change.interval_95[0, i]), float(change.interval_95[1, i])),
        )
        for i in shown
    )
