"""What an answer rests on: its parameters, its data and what it cannot know."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from worldorder.plots.numbers import number, signed
from worldorder.report.words import percent, working_capacity_in_words
from worldorder.results.drivers import Driver, Spread
from worldorder.results.summary import Summary

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class ParameterRow:
    """One number of a mechanism, as text."""

    name: str
    value: str
    unit: str
    spread: str
    status: str
    source: str
    meaning: str


@dataclass(frozen=True)
class MechanismRows:
    """The numbers of a mechanism."""

    name: str
    rows: list[ParameterRow]


@dataclass(frozen=True)
class Numbers:
    """All parameters, and a sentence on where they come from."""

    summary: str
    mechanisms: list[MechanismRows]


@dataclass(frozen=True)
class Sources:
    """The manifest of the data as a table of text."""

    columns: list[str]
    rows: list[list[str]]


def from_json(dataset: xr.Dataset, name: str) -> dict[str, Any]:
    """An attribute of a result that holds JSON; empty where it is missing."""
    return json.loads(dataset.attrs.get(name) or "{}")


def numbers_behind(dataset: xr.Dataset) -> Numbers:
    """The parameters of a result by mechanism."""
    mechanisms = [
        MechanismRows(mechanism, [_parameter(name, entry) for name, entry in sorted(named.items())])
        for mechanism, named in sorted(from_json(dataset, "parameters").items())
    ]
    statuses = Counter(row.status for mechanism in mechanisms for row in mechanism.rows)
    total = sum(statuses.values())
    parts = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
    fixed = sum(row.spread == "fixed" for one in mechanisms for row in one.rows)
    text = (
        f"The model has {total} parameters: {parts}. All but {fixed} that are fixed are drawn anew "
        "in each run, within the range or the standard error given here."
    )
    return Numbers(text, mechanisms)


def _parameter(name: str, entry: dict[str, Any]) -> ParameterRow:
    low, high = entry["range"]
    error = entry.get("standard_error")
    spread = f"{number(low)} to {number(high)}"
    if entry["distribution"] == "fixed":
        spread = "fixed"
    elif error:
        spread += f"; standard error {number(error)}"
        spread += " (of the logarithm)" if entry["distribution"] == "lognormal" else ""
    return ParameterRow(
        name.replace("_", " "),
        number(entry["value"]),
        entry["unit"],
        spread,
        entry["status"],
        entry["source"],
        entry["meaning"],
    )


def sources_of(dataset: xr.Dataset) -> Sources:
    """The data of a result, one row a variable of the panel."""
    described = from_json(dataset, "manifest").get("variables", {})
    columns = ["Variable", "Unit", "Years", "Sources (vintage)", "Terms", "How known"]
    return Sources(columns, [_source(name, entry) for name, entry in sorted(described.items())])


def _source(name: str, entry: dict[str, Any]) -> list[str]:
    sources, vintages = entry.get("sources", []), entry.get("vintages", [])
    dated = [f"{source} ({vintage})" for source, vintage in zip_longest(sources, vintages)]
    shares = sorted(entry.get("flags", {}).items(), key=lambda item: -item[1])
    return [
        entry.get("meaning") or name.replace("_", " "),
        entry.get("unit", ""),
        "\u2013".join(str(year) for year in entry.get("years", [])),
        ", ".join(dated),
        "; ".join(dict.fromkeys(entry.get("terms", []))),
        ", ".join(f"{flag} {percent(share)}" for flag, share in shares),
    ]


def imputation_in_words(summary: Summary) -> str:
    """How far the answer on institutions rests on imputed budgets."""
    found = summary.imputation
    if found.imputed_bodies == 0:
        return f"No budget of the {found.bodies} {summary.bodies} is imputed."
    text = (
        f"The budgets of {found.imputed_bodies} of the {found.bodies} {summary.bodies} are not "
        f"known and are imputed"
    )
    if found.share_of_capacity_change is None:
        return f"{text}."
    share = found.share_of_capacity_change
    contested = " That is more than half: the answer on institutions is contested."
    return (
        f"{text}; {percent(share)} of the summed change of capacity by {summary.years[-1]} falls "
        f"on them.{contested if share > 0.5 else ''}"
    )


@dataclass(frozen=True)
class SpreadRow:
    """Where the spread of a measure comes from, as text."""

    title: str
    shares: list[str]
    drivers: str
    is_contested: bool


def spread_rows(found: list[Spread]) -> list[SpreadRow]:
    """Where the spread of every measure comes from."""
    return [
        SpreadRow(
            one.row.title,
            ["too few runs" if s is None else percent(s) for s in one.shares.values()],
            "; ".join(_driver(driver) for driver in one.drivers) or "none stands out",
            one.is_contested,
        )
        for one in found
    ]


def _driver(driver: Driver) -> str:
    name = driver.parameter.replace("_", " ").replace(".", ": ")
    return f"{name} ({driver.status}, {signed(driver.correlation, 2)})"


def caveats(numbers: Numbers, summary: Summary) -> list[str]:
    """What a reader has to know before relying on the answer."""
    rows = [row for mechanism in numbers.mechanisms for row in mechanism.rows]
    outermost = max(1, round(0.025 * summary.runs))
    assumed = sum(row.status == "assumed" for row in rows)
    return [
        "Intervals hold what the model varies: parameters within their stated uncertainty and "
        "chance events. They do not hold what the model leaves out, so true uncertainty is wider.",
        f"{assumed} of {len(rows)} parameters are assumed, neither estimated nor published.",
        imputation_in_words(summary),
        f"Working capacity is a convention: {working_capacity_in_words(summary)}. Another "
        "threshold gives other counts and another list.",
        "Means over states and bodies count each once, whatever its size. States and bodies "
        "without a value are left out, not taken for zero.",
        f"With {summary.runs} runs the ends of a 95 % interval rest on the {outermost} lowest and "
        "highest runs; more runs make them firmer.",
        "A scenario is a what-if, not a forecast of what governments will do.",
    ]
