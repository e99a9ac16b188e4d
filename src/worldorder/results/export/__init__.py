"""Results for other programs: Parquet, CSV, the IAMC long table and graphs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from worldorder.errors import InputError, did_you_mean
from worldorder.results.compare import datasets
from worldorder.results.export.graph import write_graphs
from worldorder.results.export.iamc import write_iamc
from worldorder.results.export.parquet import write_parquet
from worldorder.results.export.sheets import write_sheets
from worldorder.results.files import usable_folder

if TYPE_CHECKING:
    import xarray as xr

Writer: TypeAlias = "Callable[[Mapping[str, xr.Dataset], Path], list[Path]]"

FORMATS: Final[dict[str, Writer]] = {
    "parquet": write_parquet,
    "csv": write_sheets,
    "iamc": write_iamc,
    "graphml": write_graphs,
}


def export_results(
    results: Mapping[str, xr.Dataset] | xr.DataTree, folder: str | Path, file_format: str
) -> list[Path]:
    """Write a job into a folder in a format of `FORMATS`; the files written.

    Raises:
        InputError: there is no such format.
        ResultError: the folder cannot be written.
    """
    if file_format not in FORMATS:
        raise InputError(
            f"unknown format {file_format!r}",
            did_you_mean(file_format, FORMATS) or f"Formats: {', '.join(FORMATS)}.",
        )
    return FORMATS[file_format](datasets(results), usable_folder(folder))
