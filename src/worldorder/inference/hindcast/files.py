"""What a hindcast writes: tables for R and Excel, one file for machines, plots."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pandas as pd

from worldorder.errors import InputError, ResultError
from worldorder.inference.hindcast.gates import Gates, altered
from worldorder.inference.hindcast.page import caveats, trust_page
from worldorder.inference.hindcast.run import Hindcast
from worldorder.inference.hindcast.shipped import CAVEATS
from worldorder.results.files import write_whole
from worldorder.results.labels import versions

TABLES = ("scores", "skill", "coverage", "pit", "reliability", "verdicts", "scored", "widening")
RECORD = "hindcast.json"


def write_tables(found: Hindcast, folder: Path) -> list[Path]:
    """One CSV file a table."""
    written: list[Path] = []
    for name in TABLES:
        frame: pd.DataFrame = getattr(found, name)
        path = folder / f"{name}.csv"
        written.append(
            write_whole(
                path, lambda file, f=frame: f.to_csv(file, index=False, float_format="%.6g")
            )
        )
    return written


def record_of(found: Hindcast, gates: Gates) -> dict[str, Any]:
    """All of a hindcast as plain values."""
    asked = found.asked
    return {
        "made": datetime.date.today().isoformat(),
        "versions": versions(),
        "asked": {
            "origins": list(asked.origins), "targets": list(asked.targets), "runs": asked.runs,
            "seed": asked.seed, "without": list(asked.without),
        },
        "gates": gates.model_dump(mode="json"),
        "tables": {
            name: json.loads(getattr(found, name).to_json(orient="records", double_precision=6))
            for name in TABLES
        },
    }  # fmt: skip


def _write_text(path: Path, text: str) -> Path:
    def write(file: Path) -> None:
        file.write_text(text, "utf-8")

    return write_whole(path, write)


def write_record(found: Hindcast, gates: Gates, folder: Path) -> Path:
    """The machine-readable file."""
    text = json.dumps(record_of(found, gates), indent=1)
    return _write_text(folder / RECORD, text + "\n")


def write_page(found: Hindcast, gates: Gates, folder: Path) -> list[Path]:
    """The page "How far to trust it", and what reports say beside each quantity."""
    record = record_of(found, gates)
    page, beside = trust_page(record), json.dumps(caveats(record), indent=1) + "\n"
    return [
        _write_text(folder / "trust.md", page),
        _write_text(folder / CAVEATS, beside),
    ]


def read_record(path: Path) -> dict[str, Any]:
    """The machine-readable file of a hindcast, from the file or its folder.

    Raises:
        ResultError: it is missing or no record of a hindcast.
    """
    file = path / RECORD if path.is_dir() else path
    try:
        record = json.loads(file.read_text("utf-8"))
        return {"tables": record["tables"], "gates": record["gates"], **record}
    except (OSError, ValueError, KeyError) as error:
        raise ResultError(
            f"cannot be read as a hindcast: {error}",
            "Give the folder that `worldorder hindcast` wrote.",
            file=file,
        ) from None


def check_gates(gates: Gates, folder: Path) -> None:
    """Refuse gates that were altered since the results in a folder without a line that says so.

    Raises:
        InputError: the gates that differ.
    """
    if not (folder / RECORD).is_file():
        return
    before = Gates(**read_record(folder)["gates"])
    names = altered(before, gates)
    if names:
        raise InputError(
            f"these gates were altered after results existed: {', '.join(names)}",
            "Put them back, or add a line for each to `changes` in the gates: date, gate, was, "
            "now, why.",
            file=folder / RECORD,
        )
