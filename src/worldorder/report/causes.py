"""What `worldorder causes` found for a job, as the report shows it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worldorder.errors import ResultError
from worldorder.inference.claims.quantities import unit_of
from worldorder.inference.claims.schema import Reading
from worldorder.plots.causes import plot_causes
from worldorder.plots.numbers import interval, number, signed
from worldorder.plots.svg import svg
from worldorder.report.charts import Chart


@dataclass(frozen=True)
class CauseRow:
    """What one switch or mechanism adds, as text."""

    name: str
    share: str
    error: str
    inner: str


@dataclass(frozen=True)
class CausesShown:
    """One attribution: a figure and a table."""

    title: str
    whole: str
    chart: Chart
    rows: list[CauseRow]
    how: str


def causes_shown(folder: Path) -> list[CausesShown]:
    """Attributions in the folder of a job, from its `causes*.json`.

    Raises:
        ResultError: such a file cannot be read.
    """
    return [_shown(file, place) for place, file in enumerate(sorted(folder.glob("causes*.json")))]


def _shown(file: Path, place: int) -> CausesShown:
    try:
        found = json.loads(file.read_text("utf-8"))
        reading = Reading.model_validate(found["reading"])
        return _written(found, reading, place)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultError(
            f"cannot be read as what worldorder causes writes: {error}",
            "Run worldorder causes again, or move the file away.",
            file=file,
        ) from None


def _written(found: dict[str, Any], reading: Reading, place: int) -> CausesShown:
    unit, year, whole = unit_of(reading), found["year"], found["whole"]
    of = f", {', '.join(reading.of)}" if reading.of else ""
    title = f"{reading.quantity.replace('_', ' ')}{of}, {year} ({unit})"
    shares = found["shares"]
    rows = [
        CauseRow(
            one["name"],
            signed(one["mean"]),
            number(one["standard_error"]),
            interval(one["runs"]["low_80"], one["runs"]["high_80"]),
        )
        for one in shares
    ]
    figure = plot_causes(
        [one["name"] for one in shares],
        [one["mean"] for one in shares],
        [one["standard_error"] for one in shares],
        unit,
    )
    said = "; ".join(f"{row.name} {row.share} (standard error {row.error})" for row in rows)
    drawn = svg(figure, f"causes{place}", f"Causes of the difference in {title}", f"{said}.")
    inner = interval(whole["low_80"], whole["high_80"])
    how = "all sets of switches were run" if found["exact"] else "orders of joining were sampled"
    return CausesShown(
        title,
        f"{signed(whole['median'])} (80 % of runs: {inner})",
        Chart(drawn, title, f"{title}: {said}. Whiskers: 1.96 standard errors."),
        rows,
        f"{found['sets']} sets, {how}",
    )
