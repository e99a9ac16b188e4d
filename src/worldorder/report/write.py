"""Write the report of a job: one page, whole in itself, or nothing at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from worldorder.errors import ResultError
from worldorder.report.causes import causes_shown
from worldorder.report.evidence import caveats, from_json, numbers_behind, sources_of
from worldorder.report.parts import part_of
from worldorder.report.supplies import supplies
from worldorder.report.template import rendered
from worldorder.report.trust import trust_rows
from worldorder.results.compare import compared, datasets, first_mark, reference_of, years_of
from worldorder.results.files import usable_folder, write_whole

if TYPE_CHECKING:
    import xarray as xr

REPORT_NAME = "report.html"


def write_report(results: Mapping[str, xr.Dataset] | xr.DataTree, path: str | Path) -> Path:
    """Write the page of a job to `path`.

    Raises:
        ResultError: the job has no pair to compare, or the page cannot be written.
    """
    target = Path(path)
    page = report_page(results, target.parent)
    usable_folder(target.parent)
    return write_whole(target, lambda file: _fill(file, page))


def report_page(results: Mapping[str, xr.Dataset] | xr.DataTree, folder: Path | None = None) -> str:
    """The page of a job as HTML, with the causes that were computed into `folder`.

    Raises:
        ResultError: the job has no pair to compare.
    """
    found = datasets(results)
    names = compared(found)
    if not names:
        raise ResultError(
            "the result has no scenario with a reference to compare it with",
            "Run a scenario other than its own reference.",
        )
    parts = [
        part_of(found[name], reference_of(found, name), name, place)
        for place, name in enumerate(names)
    ]
    one = found[names[0]]
    numbers = numbers_behind(one)
    return rendered(
        "page.html",
        title=parts[0].title,
        job=_job(one),
        parts=parts,
        supplies=supplies(first_mark(one)),
        causes=causes_shown(folder) if folder else [],
        causes_of=names[0],
        trust=trust_rows(parts[0].summary.rows),
        parameters=numbers,
        caveats=caveats(numbers, parts[0].summary),
        rerun=str(one.attrs.get("rerun", "")),
        versions=", ".join(f"{k} {v}" for k, v in sorted(from_json(one, "versions").items())),
        sources=sources_of(one),
    )


def _job(dataset: xr.Dataset) -> dict[str, object]:
    years = years_of(dataset)
    return {
        "runs": dataset.sizes["run"],
        "start": int(years[0]),
        "prices": int(years[0]) - 1,
        "known": _known_then(dataset),
        "end": int(years[-1]),
        "steps": dataset.attrs.get("steps_per_year"),
        "seed": dataset.attrs.get("seed"),
    }


def _known_then(dataset: xr.Dataset) -> str:
    """What a result from an earlier start knew; empty for the shipped one."""
    until, off = dataset.attrs.get("known_until", ""), from_json(dataset, "off_as_unknown")
    if not until:
        return ""
    missing = f" Off, as their numbers were not known by then: {', '.join(off)}." if off else ""
    return (
        f"Data, positions and parameters are those of the record to {until}; values are those of "
        f"today's releases.{missing}"
    )


def _fill(file: Path, page: str) -> None:
    file.write_text(page, encoding="utf-8")
