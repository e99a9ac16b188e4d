"""What the panel holds: every file with its checksum, every variable with unit and source."""

from __future__ import annotations

import functools
import hashlib
import json
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, field_validator
from ruamel.yaml import YAML

from worldorder.data.files import MANIFEST, built_folder
from worldorder.data.sources import sources
from worldorder.errors import DataError
from worldorder.units import check_unit

if TYPE_CHECKING:
    import pandas as pd

REBUILD = "Install the package again, or rebuild with `worldorder data build --raw DIR`."


class PanelVariable(BaseModel):
    """One variable of the panel."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    column: str | None = None
    unit: str
    direction: Literal["directed", "symmetric"] | None = None  # of dyads
    meaning: str
    prefer: tuple[str, ...] = ()
    agree: float | None = None

    @field_validator("unit")
    @classmethod
    def _known_unit(cls, unit: str) -> str:
        return check_unit(unit)


@functools.cache
def panel_variables() -> dict[str, PanelVariable]:
    """The variables of the panel by name."""
    text = resources.files("worldorder.data").joinpath("panel.yaml").read_text("utf-8")
    return {name: PanelVariable(**entry) for name, entry in YAML(typ="safe").load(text).items()}


def cells_of(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Rows of a table that are cells of the variable."""
    variable = panel_variables()[name]
    if variable.column is None:
        return table[table["variable"] == name]
    return table.dropna(subset=[variable.column])


def describe(name: str, table: pd.DataFrame) -> dict[str, Any]:
    """Unit, sources, vintages, terms, years and share of cells by flag of one variable."""
    variable = panel_variables()[name]
    rows = cells_of(name, table)
    own = [f"{variable.column}_source", f"{variable.column}_flag"]
    source, flag = own if own[0] in rows else ("source", "flag")
    ids = sorted(rows[source].unique())
    flags = rows[flag].value_counts(normalize=True)
    entry = variable.model_dump(exclude={"agree", "prefer"}) | {
        "cells": len(rows),
        "flags": {str(kind): round(float(share), 4) for kind, share in flags.items()},
        "sources": ids,
        "vintages": [sources()[source].vintage for source in ids],
        "terms": [sources()[source].licence for source in ids],
    }
    if "year" in rows and len(rows):
        entry["years"] = [int(rows["year"].min()), int(rows["year"].max())]
    elif {"begin", "end", "observed_until"} <= set(rows.columns) and len(rows):
        entry["years"] = [int(rows["begin"].min()), int(rows["end"].max())]
    return entry


def checksum(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make_manifest(folder: Path, tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """The manifest of the panel's files in a folder."""
    files = {
        path.name: {"sha256": checksum(path), "bytes": path.stat().st_size}
        for path in sorted(folder.iterdir())
        if path.name != MANIFEST
    }
    variables = {
        name: describe(name, tables[variable.table]) for name, variable in panel_variables().items()
    }
    rows = {name: len(table) for name, table in tables.items()}
    return {"files": files, "rows": rows, "variables": variables}


def read_manifest(folder: Path | None = None) -> dict[str, Any]:
    """The manifest of the shipped panel, or of the panel in a folder.

    Raises:
        DataError: it is missing or cannot be read.
    """
    path = (folder or built_folder()) / MANIFEST
    try:
        content = json.loads(path.read_text("utf-8"))
        return {"files": content["files"], **content}
    except (OSError, ValueError, KeyError) as error:
        raise DataError(
            "the manifest of the panel is missing or cannot be read", fix=REBUILD, file=path
        ) from error


def verify(folder: Path | None = None) -> int:
    """Check every file of the panel against its manifest; the number of files checked.

    Raises:
        DataError: a file is missing, truncated or altered; the message names it.
    """
    folder = folder or built_folder()
    files: dict[str, Any] = read_manifest(folder)["files"]
    for name, entry in files.items():
        path = folder / name
        if not path.is_file():
            raise DataError("this file of the panel is missing", fix=REBUILD, file=path)
        size = path.stat().st_size
        if size < entry["bytes"]:
            what = f"this file of the panel is truncated: {size} bytes of {entry['bytes']}"
            raise DataError(what, fix=REBUILD, file=path)
        if checksum(path) != entry["sha256"]:
            raise DataError("this file of the panel has been altered", fix=REBUILD, file=path)
    return len(files)
