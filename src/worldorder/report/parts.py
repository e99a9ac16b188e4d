"""One scenario of the report: sentences, tables and figures, as text for the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from worldorder.plots.numbers import Scale, interval, number, scale_of, signed
from worldorder.report import charts, order_charts
from worldorder.report.bodies import (
    BodyRow,
    PayerRow,
    flows_of_money,
    largest_bodies,
    largest_payers,
    trade_and_currency,
)
from worldorder.report.evidence import SpreadRow, imputation_in_words, spread_rows
from worldorder.report.new_bodies import NewBodiesPart, new_bodies
from worldorder.report.order_charts import OrderRow
from worldorder.report.trust import trust_in_words, verdict_of
from worldorder.report.votes import VotesPart, condemning_votes
from worldorder.report.words import LIKELIHOOD, THEMES, answer, percent, shown, with_article
from worldorder.results.compare import Band
from worldorder.results.drivers import spreads
from worldorder.results.measures import LEADING, OTHERS, STATE_GROUPS, leading_name, state_mask
from worldorder.results.money import Replacement
from worldorder.results.summary import LISTED_FROM, BodyBelow, Row, Summary, summarise

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class Cells:
    """A difference and its intervals as text, with whatever stands before them."""

    change: str
    inner: str
    outer: str
    year: str = ""
    name: str = ""
    reference: str = ""
    scenario: str = ""
    relative: str = ""
    reference_inner: str = ""
    scenario_inner: str = ""


@dataclass(frozen=True)
class Tile:
    """A number that stands out at the top."""

    value: str
    what: str
    year: int
    inner: str
    outer: str


@dataclass(frozen=True)
class MeasureRows:
    """A measure in all years."""

    title: str
    unit: str
    note: str
    trust: str
    rows: list[Cells]


@dataclass(frozen=True)
class Theme:
    """The measures of a theme: those of the short table, and more groups of them."""

    title: str
    measures: list[MeasureRows]
    more: list[MeasureRows]


@dataclass(frozen=True)
class Body:
    """A body below working capacity, as text."""

    name: str
    area: str
    size: str
    imputed: bool
    capacity: str
    inner: str
    outer: str
    probability: str
    reference: str


@dataclass(frozen=True)
class Listing:
    """A titled list."""

    title: str
    rows: list[Body] | list[Cells]


@dataclass(frozen=True)
class Part:
    """All that the page says of one scenario."""

    id: str
    name: str
    title: str
    question: str
    reference: str
    scenario: str
    answer: list[str]
    trust: str
    likelihood: str
    years: str
    groups: str
    tiles: list[Tile]
    themes: list[Theme]
    orders: list[charts.Chart]
    order_table: list[OrderRow]
    order_years: list[int]
    stances: list[charts.Chart]
    flows: list[charts.Chart]
    movers: list[order_charts.Mover]
    maps: list[charts.Chart]
    paths: list[charts.Chart]
    unchanged: list[str]
    capacity: list[charts.Chart]
    donors: list[charts.Chart]
    payments: list[charts.Chart]
    bodies: list[BodyRow]
    new_bodies: NewBodiesPart | None
    votes: VotesPart | None
    payers: list[PayerRow]
    trade: list[charts.Chart]
    imputation: str
    below: list[Listing]
    money: list[str]
    donor_tables: list[Listing]
    spreads: list[SpreadRow]
    summary: Summary


def part_of(result: xr.Dataset, reference: xr.Dataset, name: str, place: int) -> Part:
    """Compare a scenario with its reference and write it up."""
    summary = summarise(result, reference, name)
    drawn, key = (result, reference, summary, f"s{place}"), f"s{place}"
    leading = leading_name(result)
    return Part(
        id=key,
        name=name,
        title=str(result.attrs.get("title") or result.attrs.get("question") or name),
        question=str(result.attrs.get("question", "")),
        reference=summary.reference,
        scenario=str(result.attrs.get("scenario", "")),
        answer=answer(summary, leading),
        trust=trust_in_words(summary.rows),
        likelihood=", ".join(f"{word} from {percent(lowest)}" for lowest, word in LIKELIHOOD[:-1]),
        years=" and ".join(str(year) for year in summary.years),
        groups=_groups(result),
        tiles=_tiles(summary, leading),
        themes=[_theme(summary, theme, title) for theme, title in THEMES.items()],
        orders=order_charts.orders(result, reference, name, key),
        order_table=order_charts.order_table(result, reference, name),
        order_years=order_charts.shown_years(result),
        stances=order_charts.stances(result, name, key),
        flows=order_charts.flows(result, reference, name, key),
        movers=order_charts.movers(result, reference),
        maps=charts.maps(*drawn),
        paths=charts.paths(*drawn),
        unchanged=charts.undrawn(result, reference, summary),
        capacity=charts.capacity(*drawn),
        donors=charts.donors(*drawn),
        payments=flows_of_money(result, reference, name, key),
        bodies=largest_bodies(result, reference),
        new_bodies=new_bodies(result, reference),
        votes=condemning_votes(result, reference),
        payers=largest_payers(result, reference),
        trade=trade_and_currency(result, reference, name, key),
        imputation=imputation_in_words(summary),
        below=[_below(summary, year) for year in summary.years],
        money=[_money_in_words(one, leading, summary.bodies) for one in summary.replacement],
        donor_tables=[_donors(one) for one in summary.replacement if one.donors],
        spreads=spread_rows(spreads(result, reference, summary)),
        summary=summary,
    )


def _groups(result: xr.Dataset) -> str:
    counts = {group: int(state_mask(result, group).sum()) for group in STATE_GROUPS[1:]}
    named = ", ".join(f"{group} ({count})" for group, count in counts.items())
    return f"the leading state is {with_article(leading_name(result))}; {named}"


def _cells(found: Band, factor: float = 1, digits: int = 3, **before: str) -> Cells:
    return Cells(
        change=signed(factor * found.median, digits),
        inner=interval(factor * found.low_80, factor * found.high_80, digits),
        outer=interval(factor * found.low_95, factor * found.high_95, digits),
        **before,
    )


def _row(row: Row) -> Cells:
    scale = scale_of(row.measure, row.unit)
    return _cells(
        row.difference,
        scale.factor,
        scale.digits,
        year=str(row.year),
        reference=number(scale.factor * row.reference, scale.digits),
        scenario=number(scale.factor * row.scenario, scale.digits),
        reference_inner=_levels(row.reference_levels, scale),
        scenario_inner=_levels(row.scenario_levels, scale),
        relative="" if row.relative is None else f"{signed(100 * row.relative.median, 2)}\u00a0%",
    )


def _levels(found: Band, scale: Scale) -> str:
    low, high = (number(scale.factor * end, scale.digits) for end in (found.low_80, found.high_80))
    return f"{low} to {high}"


def _theme(summary: Summary, theme: str, title: str) -> Theme:
    headline = summary.headline
    short = [row for row in headline if row.theme == theme]
    more = [row for row in summary.rows if row.theme == theme and row not in headline]
    return Theme(title, _measures(short), _measures(more))


def _measures(rows: list[Row]) -> list[MeasureRows]:
    found: list[MeasureRows] = []
    for one in dict.fromkeys((row.measure, row.group) for row in rows):
        same = [row for row in rows if (row.measure, row.group) == one]
        unit = scale_of(same[0].measure, same[0].unit).level
        trust, cells = verdict_of(same[0].measure), [_row(row) for row in same]
        found.append(MeasureRows(same[0].title, unit, _note(same[0]), trust, cells))
    return found


def _note(row: Row) -> str:
    if row.members == 1:
        return ""
    kind = "bodies" if row.theme == "institutions" or row.measure == "revenue" else "states"
    imputed = f", {row.imputed} with imputed budgets" if row.imputed else ""
    return f"{row.members} {kind}{imputed}"


def _tiles(summary: Summary, leading: str) -> list[Tile]:
    last = summary.years[-1]
    wanted = (
        ("capacity", summary.bodies, f"mean capacity, {summary.bodies}"),
        ("below_working_capacity", summary.bodies, "more bodies below working capacity"),
        ("trust_in_leading_state", OTHERS, f"trust of others in {with_article(leading)}"),
        ("gdp", LEADING, f"real income of {with_article(leading)}"),
    )
    rows = [(summary.row(measure, group, last), what) for measure, group, what in wanted]
    return [_tile(row, what) for row, what in rows if row is not None]


def _tile(row: Row, what: str) -> Tile:
    found, factor, unit, digits = shown(row)
    unit = "" if row.unit == "count" else unit
    cells = _cells(found, factor, digits)
    return Tile(f"{cells.change}{unit}", what, row.year, cells.inner, cells.outer)


def _below(summary: Summary, year: int) -> Listing:
    bodies = [body for body in summary.below_working_capacity if body.year == year]
    title = (
        f"Below working capacity in {year} in {percent(LISTED_FROM)} of runs or more "
        f"({summary.bodies}: {len(bodies)})"
    )
    return Listing(title, [_body(body) for body in bodies])


def _body(body: BodyBelow) -> Body:
    known, found = body.size_class in ("small", "medium", "large"), body.capacity
    return Body(
        name=f"{body.name} ({body.institution})" if body.name != body.institution else body.name,
        area=body.area,
        size=body.size_class if known else body.size_class.replace("unknown", "not known"),
        imputed=body.budget_imputed,
        capacity=number(found.median),
        inner=f"{number(found.low_80)} to {number(found.high_80)}",
        outer=f"{number(found.low_95)} to {number(found.high_95)}",
        probability=percent(body.probability),
        reference=percent(body.reference_probability),
    )


def _money_in_words(found: Replacement, leading: str, bodies: str) -> str:
    if np.isnan(found.gap.median) or found.gap.high_95 <= 0:
        return f"In {found.year} {with_article(leading)} leaves no gap in what {bodies} receive."
    gap, filled = found.gap, found.filled
    text = (
        f"In {found.year} {with_article(leading)} pays {bodies} {number(gap.median)} "
        f"{_unit(found)} less (80 % of runs: {number(gap.low_80)} to {number(gap.high_80)}; 95 %: "
        f"{number(gap.low_95)} to {number(gap.high_95)}). Other states together pay "
        f"{number(abs(filled.median))} {_unit(found)} {'less' if filled.median < 0 else 'more'} "
        f"(80 %: {interval(filled.low_80, filled.high_80)}; 95 %: "
        f"{interval(filled.low_95, filled.high_95)})"
    )
    share = found.filled_share
    if share is None:
        return f"{text}."
    return (
        f"{text}: {percent(share.median)} of the gap (80 %: {percent(share.low_80)} to "
        f"{percent(share.high_80)}; 95 %: {percent(share.low_95)} to {percent(share.high_95)})."
    )


def _unit(found: Replacement) -> str:
    return scale_of("", found.unit).change


def _donors(found: Replacement) -> Listing:
    title = f"States that pay most more in {found.year}, {_unit(found)}"
    rows = [
        _cells(
            donor.difference,
            name=donor.name,
            reference=number(donor.reference),
            scenario=number(donor.scenario),
        )
        for donor in found.donors
    ]
    return Listing(title, rows)
