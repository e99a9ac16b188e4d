"""The answer in sentences: neutral, and with each word of likelihood tied to its share of runs."""

from __future__ import annotations

from typing import Final

from worldorder.plots.numbers import interval, number, reads_as_zero, scale_of, signed
from worldorder.results.compare import Band
from worldorder.results.measures import LEADING, OTHERS
from worldorder.results.summary import Row, Summary

# Lowest share of runs for a word: the likelihood scale of the IPCC's guidance note of 2010.
LIKELIHOOD: Final = (
    (0.99, "virtually certain"),
    (0.90, "very likely"),
    (0.66, "likely"),
    (0.33, "about as likely as not"),
    (0.10, "unlikely"),
    (0.01, "very unlikely"),
    (0.0, "exceptionally unlikely"),
)

# Titles of the parts of the table, by theme of a measure.
THEMES: Final = {
    "order": "Order",
    "institutions": "Institutions",
    "money": "Money",
    "alignment": "Alignment",
    "economy": "Trade and real income",
    "currency": "Reserve currencies",
}


def likelihood(probability: float) -> str:
    """Word for a probability."""
    return next(word for lowest, word in LIKELIHOOD if probability >= lowest)


def percent(share: float) -> str:
    """A share as a whole per cent; ends that are not quite reached are not rounded to."""
    if share < 0:
        return f"−{percent(-share)}"
    if 0 < share < 0.005:
        return "under 1\u00a0%"
    if 0.995 < share < 1:
        return "over 99\u00a0%"
    return f"{100 * share:.0f}\u00a0%"


UNLINKED = (
    "no change in any run: no mechanism of this version leads from these levers to it, so this "
    "is no finding"
)


def of_runs(share: float) -> str:
    """A share of runs in words."""
    return "all runs" if share == 1 else f"{percent(share)} of runs"


def working_capacity_in_words(summary: Summary) -> str:
    """The threshold below which a body counts as not working, and how far it varies."""
    found = summary.working_capacity
    if found.low_95 == found.high_95:
        return f"{percent(found.median)} of the capacity at the start"
    return (
        f"{percent(found.low_95)} to {percent(found.high_95)} of the capacity at the start, drawn "
        f"per run, median {percent(found.median)}"
    )


def with_article(name: str) -> str:
    """Name of a state as it stands in a sentence."""
    plural = ("United ", "Netherlands", "Philippines", "Maldives", "Bahamas")
    return f"the {name}" if name.startswith(plural) else name


def answer(summary: Summary, leading_name: str) -> list[str]:
    """Sentences on institutions, money, alignment and income, as far as the result has them."""
    leading, last = with_article(leading_name), summary.years[-1]
    return [
        *_institutions(summary, last),
        *_money(summary, leading, summary.years[0]),
        *_alignment(summary, leading, last),
        *_economy(summary, leading, last),
    ]


def change_in_words(row: Row) -> str:
    """A difference with its direction, size and both intervals."""
    found, factor, unit, digits = shown(row)
    if found.low_95 == found.high_95 == 0:
        return UNLINKED
    if _is_tiny((found.low_95, found.high_95), factor, digits):
        return f"no change to speak of (under 0.001{unit} either way in 95\u00a0% of runs)"
    inner = interval(factor * found.low_80, factor * found.high_80, digits)
    outer = interval(factor * found.low_95, factor * found.high_95, digits)
    return f"{_size(row)} (80 % of runs: {inner}; 95 %: {outer})"


def verdict(row: Row) -> str:
    """A difference with its direction, size, 80 % interval and how sure its direction is."""
    found, factor, unit, digits = shown(row)
    if found.low_95 == found.high_95 == 0:
        return UNLINKED
    if _is_tiny((found.low_80, found.high_80), factor, digits):
        return f"no change to speak of (under 0.001{unit} either way)"
    inner = interval(factor * found.low_80, factor * found.high_80, digits)
    if found.low_80 <= 0 <= found.high_80:
        median = _with_unit(signed(factor * found.median, digits), unit)
        return f"no clear change ({median}; {inner})"
    share = max(found.probability_below_zero, found.probability_above_zero)
    return f"{_size(row)} ({inner}; {likelihood(share)}: {of_runs(share)})"


def _size(row: Row) -> str:
    found, factor, unit, digits = shown(row)
    if found.median == 0:
        return "no change in the median"
    noun = "fall" if found.median < 0 else "rise"
    size = abs(factor * found.median)
    text = "under 0.001" if reads_as_zero(size, digits) else number(size, digits)
    return f"a {noun} of {_with_unit(text, unit)}"


def _is_tiny(ends: tuple[float, float], factor: float, digits: int) -> bool:
    return all(reads_as_zero(factor * end, digits) for end in ends)


def _with_unit(text: str, unit: str) -> str:
    """A number with its unit, in the singular for one."""
    one = text.lstrip("+−") == "1"
    return f"{text}{unit.replace('bodies', 'body').removesuffix('s') if one else unit}"


def shown(row: Row) -> tuple[Band, float, str, int]:
    """Difference of a row as it is written: in per cent for amounts and capacity."""
    if row.relative is not None:
        return row.relative, 100, "\u00a0%", 3
    if row.measure == "capacity":
        return row.difference, 100, "\u00a0% points", 3
    scale = scale_of(row.measure, row.unit)
    unit = scale.change if scale.change.startswith("%") else f" {scale.change}"
    return row.difference, scale.factor, unit.replace("% ", "\u00a0% "), scale.digits


def _institutions(summary: Summary, year: int) -> list[str]:
    capacity = summary.row("capacity", summary.bodies, year)
    below = summary.row("below_working_capacity", summary.bodies, year)
    if capacity is None or below is None:
        return []
    those = summary.bodies.removeprefix("all ")  # of all, or in question
    return [
        f"By {year} the {capacity.members} {those} work on average at "
        f"{percent(capacity.scenario)} of their starting capacity, against "
        f"{percent(capacity.reference)} in the reference: {verdict(capacity)}. "
        f"{_below(below)}"
    ]


def _below(row: Row) -> str:
    """How many bodies are below working capacity, and whether that is a change."""
    inner = interval(row.difference.low_80, row.difference.high_80, 2)
    if row.scenario == row.reference == 0:
        more = f" ({inner} more)" if row.changes else ""
        return (
            f"In the median run none of them is below working capacity, with or without it{more}."
        )
    return (
        f"Below working capacity are {number(row.scenario, 2)} of them in the median run, against "
        f"{number(row.reference, 2)}: {verdict(row)}."
    )


def _money(summary: Summary, leading: str, year: int) -> list[str]:
    found = next((one for one in summary.replacement if one.year == year), None)
    if found is None or found.filled_share is None:
        return []
    share, gap = found.filled_share, found.gap
    donors = ", ".join(with_article(donor.name) for donor in found.donors[:3])
    most = f", first of all {donors}" if donors else ""
    return [
        f"In {year} {leading} pays them {number(gap.median)} mn USD a year less "
        f"({number(gap.low_80)} to {number(gap.high_80)}); other states make up "
        f"{percent(share.median)} of that ({percent(share.low_80)} to "
        f"{percent(share.high_80)}){most}."
    ]


def _alignment(summary: Summary, leading: str, year: int) -> list[str]:
    trust = summary.row("trust_in_leading_state", OTHERS, year)
    distance = summary.row("voting_distance", OTHERS, year)
    if trust is None or distance is None:
        return []
    return [
        f"Trust of other states in {leading} by {year}: {verdict(trust)}; their distance to it in "
        f"votes of the Assembly: {verdict(distance)}."
    ]


def _economy(summary: Summary, leading: str, year: int) -> list[str]:
    income = summary.row("gdp", LEADING, year)
    if income is None:
        return []
    return [f"Real income of {leading} by {year}: {verdict(income)}."]
