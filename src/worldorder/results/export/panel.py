"""The panel for other programs: variables and tables as files, with what they mean beside them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from worldorder.data.files import CSV, PARQUET
from worldorder.data.manifest import panel_variables, read_manifest
from worldorder.data.panel import panel
from worldorder.data.sources import sources
from worldorder.errors import InputError, ResultError, did_you_mean
from worldorder.results.files import write_whole

if TYPE_CHECKING:
    import pandas as pd

FORMATS: Final = {"parquet": "parquet", "csv": "csv", "netcdf": "nc"}


def _write_table(rows: pd.DataFrame, file_format: str) -> Callable[[Path], None]:
    if file_format == "csv":  # the mark tells Excel that the text is UTF-8
        return lambda file: rows.to_csv(file, index=False, encoding="utf-8-sig")
    return lambda file: rows.to_parquet(file, index=False, compression="zstd")


def _variables_table(names: list[str]) -> pd.DataFrame:
    import pandas as pd

    held = read_manifest()["variables"]
    columns = ["table", "column", "unit", "meaning", "cells", "years", "sources", "terms"]
    chosen = [name for name in panel_variables() if name in names or held[name]["table"] in names]
    rows = [{"variable": name} | {key: held[name].get(key) for key in columns} for name in chosen]
    frame = pd.DataFrame(rows)
    for many in ("years", "sources", "terms"):
        frame[many] = [
            "-".join(map(str, cell)) if many == "years" else "; ".join(dict.fromkeys(cell))
            for cell in frame[many].map(lambda cell: cell or [])
        ]
    return frame


def _sources_table(ids: set[str]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {"source": name} | source.model_dump(exclude={"files", "folder"})
        for name, source in sources().items()
        if name in ids
    ]
    return pd.DataFrame(rows)


def _checked(names: list[str], file_format: str) -> list[str]:
    known = (*panel_variables(), *PARQUET, *CSV)
    for name in names:
        if name not in known:
            raise InputError(f"the panel has no variable {name!r}", fix=did_you_mean(name, known))
    if file_format not in FORMATS:
        raise InputError(f"unknown format {file_format!r}", fix=f"Use {', '.join(FORMATS)}.")
    if not names and file_format == "netcdf":
        raise InputError("tables are no arrays", fix="Name the variables to write as NetCDF.")
    return names or [*PARQUET, *CSV]


def write_panel(
    names: list[str], folder: Path, file_format: str = "parquet", years: range | None = None
) -> list[Path]:
    """Write variables or tables, one file each, and `variables.csv` and `sources.csv`.

    Args:
        names: variables or tables; empty is every table.
        folder: made where it is not there.
        file_format: "parquet", "csv" or "netcdf" (variables as arrays with their flags).
        years: years to write of what is by year; None is all.

    Returns:
        The files written.

    Raises:
        InputError: a name or format is not known, or a variable has no years.
        ResultError: the folder cannot be written.
    """
    everything = not names
    chosen = _checked(names, file_format)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResultError(f"cannot write {folder}: {error.strerror}") from None
    files: list[Path] = []
    for name in chosen:
        rows = _rows(name, years, everything)
        path = folder / f"{name}.{FORMATS[file_format]}"
        if file_format == "netcdf":
            arrays = panel(name, years, form="xarray")
            files.append(write_whole(path, lambda f, a=arrays: a.to_netcdf(f, engine="h5netcdf")))
        else:
            files.append(write_whole(path, _write_table(rows, file_format)))
    held = read_manifest()["variables"].items()
    used = {n for name, v in held if {name, v["table"]} & set(chosen) for n in v["sources"]}
    about = {"variables": _variables_table(chosen), "sources": _sources_table(used)}
    for name, frame in about.items():
        files.append(write_whole(folder / f"{name}.csv", _write_table(frame, "csv")))
    return files


def _rows(name: str, years: range | None, everything: bool) -> pd.DataFrame:
    """Rows of the years; of the whole panel, tables without years are given as they are."""
    if not everything:
        return panel(name, years)
    try:
        return panel(name, years)
    except InputError:
        return panel(name)
