"""Orders and stances in the report: figures with their captions, and the same as tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from worldorder.plots.flows import SIDES, flow_years, plot_flows, power_flows, side_of
from worldorder.plots.orders import (
    plot_order_paths,
    plot_order_probabilities,
    plot_relative_orders,
)
from worldorder.plots.stances import (
    ALIGNS,
    OPPOSES,
    has_stances,
    plot_power_by_stance,
    plot_stance_map,
    power_by_stance,
)
from worldorder.plots.svg import svg
from worldorder.report.charts import Chart, Extreme
from worldorder.report.words import percent
from worldorder.results.compare import Draws, years_of
from worldorder.results.order_record import RANKED
from worldorder.results.orders import (
    LABELS,
    ORDERS,
    multilateral_probability,
    order_probabilities,
    relative_indices,
)

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

_EVERY: Final = 5  # years between the columns of the table
_LISTED: Final = 20  # states in the table of stances


@dataclass(frozen=True)
class OrderRow:
    """Shares of runs that show an order, by year, as text."""

    order: str
    scenario: str
    shares: list[str]


def has_orders(dataset: xr.Dataset) -> bool:
    """Whether a result carries the order indices."""
    return all(f"order_{name}" in dataset for name in ORDERS)


def shown_years(dataset: xr.Dataset) -> list[int]:
    """Years of the columns of the table: every fifth, and the last."""
    years = [int(year) for year in years_of(dataset)]
    return [y for i, y in enumerate(years) if i % _EVERY == 0 or i == len(years) - 1]


def orders(result: xr.Dataset, reference: xr.Dataset, name: str, key: str) -> list[Chart]:
    """Probability of each order by year with and without the scenario, and the indices."""
    if not (has_orders(result) and has_orders(reference)):
        return []
    last = int(years_of(result)[-1])
    found = [
        _chart(
            plot_order_probabilities(one, f"{title}, share of runs"),
            f"{key}-order-{place}",
            title,
            one,
            last,
        )
        for place, (one, title) in enumerate(((result, name), (reference, "Reference")))
    ]
    paths = svg(
        plot_order_paths(result, f"{name}, levels"), f"{key}-order-paths", "Order indices",
        f"The five indices of {name} by year; medians and 80 % bands as in the table Order.",
    )  # fmt: skip
    caption = (
        f"The five indices, {name}, {int(years_of(result)[0])} to {last}: medians, and bands that "
        "hold 80 % of runs. Each has ramps of its own: levels of two orders do not compare."
    )
    return [*found, _relative(result, name, key), Chart(paths, "Order indices", caption)]


def _relative(result: xr.Dataset, name: str, key: str) -> Chart:
    last, draws = int(years_of(result)[-1]), relative_indices(result)[:, :, -1]
    ends = "; ".join(
        f"{ORDERS[order]} {percent(float(np.median(of)))} (80 % of runs: {_between(of)})"
        for order, of in zip(RANKED, draws, strict=True)
        if np.isfinite(of).all()
    )
    drawn = svg(
        plot_relative_orders(result, f"{name}, beside the record"),
        f"{key}-order-relative",
        "Orders beside the record",
        f"Share of the years 1816-2024 in which each index was lower, in {last}: {ends}.",
    )
    caption = f"Share of the years 1816-2024 in which each index was lower, {name}, {last}: {ends}."
    return Chart(drawn, "Orders beside the record", caption)


def order_table(result: xr.Dataset, reference: xr.Dataset, name: str) -> list[OrderRow]:
    """The probabilities as a table; orders that no run shows are left out."""
    if not (has_orders(result) and has_orders(reference)):
        return []
    years = years_of(result).tolist()
    marks = [years.index(year) for year in shown_years(result)]
    pairs = [(name, _shares(result)), ("reference", _shares(reference))]
    return [
        OrderRow(ORDERS.get(label, label), who, [percent(float(shares[label][m])) for m in marks])
        for label in pairs[0][1]
        for who, shares in pairs
        if any(one[label].max() > 0 for _, one in pairs)
    ]


def _shares(dataset: xr.Dataset) -> dict[str, Draws]:
    """Share of runs by label and year; the multilateral order stands beside the others."""
    labelled = dict(zip(LABELS, order_probabilities(dataset), strict=True))
    return {**labelled, "multilateral": multilateral_probability(dataset)}


def stances(result: xr.Dataset, name: str, key: str) -> list[Chart]:
    """Map of stances in the last year, and the power on each side by year."""
    if not has_stances(result):
        return []
    last = int(years_of(result)[-1])
    rows = _largest(result)
    described = "; ".join(f"{one.name}: aligns {one.change}" for one in rows[:8])
    on_map = svg(
        plot_stance_map(result, last), f"{key}-stance-map", f"Stance in {last}",
        f"Probability to align less that to oppose, medians. {described}.",
    )  # fmt: skip
    sides = power_by_stance(result)
    ends = "; ".join(
        f"{side} {percent(float(draws[:, 0].mean()))} to {percent(float(draws[:, -1].mean()))} "
        f"(80 % of runs at the end: {_between(draws[:, -1])})"
        for side, draws in sides.items()
    )
    flows = svg(plot_power_by_stance(result), f"{key}-stance-power", "Power by stance", f"{ends}.")
    return [
        Chart(
            on_map, f"Stance toward the leading state in {last}",
            f"{name}, {last}: probability to align less that to oppose, median over runs. Blue "
            "aligns, vermilion opposes; white where 80 % of runs do not agree on the side.",
            rows=rows,
        ),
        Chart(flows, "Power by stance", f"{name}, mean over runs, first to last year: {ends}."),
    ]  # fmt: skip


@dataclass(frozen=True)
class Mover:
    """A state that changes its side in some runs, as text."""

    name: str
    first: str
    last: str
    reference: str


def flows(result: xr.Dataset, reference: xr.Dataset, name: str, key: str) -> list[Chart]:
    """Power that changes sides over the years, with and without the scenario."""
    if not (has_stances(result) and has_stances(reference)):
        return []
    pairs = enumerate(((result, name), (reference, "Reference")))
    return [_flow(one, title, f"{key}-flow-{place}") for place, (one, title) in pairs]


def _flow(dataset: xr.Dataset, title: str, key: str) -> Chart:
    first, last = flow_years(dataset)[0], flow_years(dataset)[-1]
    moved = power_flows(dataset, first, last)
    said = "; ".join(
        f"{SIDES[i]} in {first}, {SIDES[j]} in {last}: {percent(float(moved[:, i, j].mean()))} "
        f"(80 % of runs: {_between(moved[:, i, j])})"
        for i in range(3)
        for j in range(3)
        if moved[:, i, j].mean() >= 0.005
    )
    drawn = svg(plot_flows(dataset, title), key, f"Who changes sides, {title}", f"{said}.")
    changed = moved.sum(axis=(1, 2)) - np.trace(moved, axis1=1, axis2=2)
    caption = (
        f"{title}: {percent(float(changed.mean()))} of world power (80 % of runs: "
        f"{_between(changed)}) is on another side in {last} than in {first}; mean over runs."
    )
    return Chart(drawn, f"Who changes sides, {title}", caption)


def movers(result: xr.Dataset, reference: xr.Dataset) -> list[Mover]:
    """States by the share of runs that end on another side than they began, weighted by power."""
    if not (has_stances(result) and has_stances(reference)):
        return []
    size = np.nan_to_num(np.median(result["power_share"].values[:, 0], axis=0))
    ours, theirs = _moved(result), _moved(reference)
    ranked = [int(i) for i in np.argsort(-size * np.maximum(ours, theirs))]
    start = (side_of(result, mark) for mark in (0, -1))
    first, last = (_likeliest(sides) for sides in start)
    return [
        Mover(
            str(result["country_name"].values[i]),
            first[i],
            last[i],
            f"{percent(float(ours[i]))}, reference {percent(float(theirs[i]))}",
        )
        for i in ranked[:_LISTED]
        if max(ours[i], theirs[i]) > 0
    ]


def _moved(dataset: xr.Dataset) -> Draws:
    return (side_of(dataset, 0) != side_of(dataset, -1)).mean(axis=0)


def _likeliest(sides: NDArray[np.int64]) -> list[str]:
    """The side that most runs show, with their share."""
    shares = np.stack([(sides == place).mean(axis=0) for place in range(len(SIDES))])
    best = shares.argmax(axis=0)
    return [f"{SIDES[b]} ({percent(float(shares[b, i]))})" for i, b in enumerate(best)]


def _between(draws: Draws) -> str:
    low, high = np.quantile(draws, (0.1, 0.9))
    return f"{percent(float(low))} to {percent(float(high))}"


def _chart(figure: Figure, key: str, title: str, dataset: xr.Dataset, last: int) -> Chart:
    likely = "; ".join(
        f"{ORDERS.get(label, label)} {percent(float(shares[-1]))}"
        for label, shares in _shares(dataset).items()
        if shares[-1] > 0
    )
    drawn = svg(figure, key, f"Orders by year, {title}", f"In {last}: {likely}.")
    return Chart(drawn, f"Orders by year, {title}", f"{title}, share of runs in {last}: {likely}.")


def _largest(dataset: xr.Dataset) -> tuple[Extreme, ...]:
    """Stance of the largest economies in the last year, medians in per cent."""
    gdp = np.median(dataset["gdp"].values[:, -1], axis=0)
    aligns = np.median(dataset[ALIGNS].values[:, -1], axis=0)
    known = [int(i) for i in np.argsort(-gdp) if np.isfinite(aligns[i])][:_LISTED]
    return tuple(
        Extreme(
            str(dataset["country_name"].values[i]),
            *(f"{percent(float(np.median(one)))} ({_between(one)})" for one in _sides(dataset, i)),
        )
        for i in known
    )


def _sides(dataset: xr.Dataset, state: int) -> tuple[Draws, Draws, Draws]:
    """Probability to align, hedge and oppose in the last year, by run."""
    aligns, opposes = (dataset[name].values[:, -1, state] for name in (ALIGNS, OPPOSES))
    return aligns, np.clip(1.0 - aligns - opposes, 0.0, 1.0), opposes
