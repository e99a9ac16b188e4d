"""Write a result whole or not at all, and read it back."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from worldorder.errors import ResultError

if TYPE_CHECKING:
    import xarray as xr

FORMAT = 1  # raised when a reader of an older version would misread the file
RESULT_NAME = "result.nc"


def usable_folder(path: str | Path) -> Path:
    """The folder, made where it is missing.

    Raises:
        ResultError: it cannot be made or written to.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise ResultError(
            f"cannot write to {folder}: {error.strerror or error}",
            "Choose another folder with --out.",
        ) from None


def write_whole(path: Path, write: Callable[[Path], None]) -> Path:
    """Let `write` fill a temporary file beside `path`, then put it in place at once.

    Raises:
        ResultError: the disk is full or the folder cannot be written; nothing is left behind.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    unfinished = Path(name)
    try:
        write(unfinished)
        unfinished.chmod(0o644)
        unfinished.replace(path)
    except OSError as error:
        raise ResultError(
            f"cannot write {path}: {error.strerror or error}",
            "Free some space or choose another folder with --out; nothing was left half-written.",
        ) from None
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def text_writer(text: str) -> Callable[[Path], None]:
    """What `write_whole` needs to write a text."""

    def write(path: Path) -> None:
        path.write_text(text, "utf-8")

    return write


def save_results(results: Mapping[str, xr.Dataset], path: str | Path) -> Path:
    """Write datasets by scenario name into one NetCDF file, one group each."""
    import xarray as xr

    tree = xr.DataTree.from_dict(dict(results))
    tree.attrs = {"format": FORMAT, "scenarios": ",".join(results)}
    encoding = {
        f"/{name}": {
            variable: {"zlib": True, "complevel": 1, "shuffle": True}
            for variable in dataset.data_vars
        }
        for name, dataset in results.items()
    }
    return write_whole(
        Path(path), lambda file: tree.to_netcdf(file, engine="h5netcdf", encoding=encoding)
    )


def open_results(path: str | Path) -> xr.DataTree:
    """Read a result file, or the folder that holds it, into memory: one node a scenario.

    Raises:
        ResultError: the file is missing, truncated, or no result of this version.
    """
    import xarray as xr

    file = Path(path) / RESULT_NAME if Path(path).is_dir() else Path(path)
    if not file.is_file():
        raise ResultError(f"no result at {file}", "Give the folder that `worldorder run` wrote.")
    try:
        with xr.open_datatree(file, engine="h5netcdf") as tree:
            loaded = tree.load()
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ResultError(
            f"cannot be read as a result: {error}",
            "The file is damaged or truncated; run the scenario again.",
            file=file,
        ) from None
    if loaded.attrs.get("format") != FORMAT:
        raise ResultError(
            f"was written in format {loaded.attrs.get('format')}, this version reads {FORMAT}",
            "Run the scenario again with this version.",
            file=file,
        )
    return loaded
