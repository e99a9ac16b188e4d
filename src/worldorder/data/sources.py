"""The table of sources, and how their raw files are found, read and counted."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from worldorder.errors import DataError

if TYPE_CHECKING:
    import pandas as pd


class RawFile(BaseModel):
    """One file of a source and the rows it must have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    rows: int


class Source(BaseModel):
    """One publisher's data as the panel uses it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    publisher: str
    citation: str
    licence: str
    vintage: str
    address: str
    ships: str
    folder: str
    files: dict[str, RawFile]


@functools.cache
def sources() -> dict[str, Source]:
    """The sources of the panel by id."""
    text = resources.files("worldorder.data").joinpath("sources.yaml").read_text("utf-8")
    return {name: Source(**entry) for name, entry in YAML(typ="safe").load(text).items()}


def expect(source: str, what: str, found: float, expected: float, tolerance: float = 0.0) -> None:
    """Hold a counted assertion of a source.

    Raises:
        DataError: `found` is further from `expected` than the relative `tolerance`.
    """
    if abs(found - expected) > tolerance * abs(expected):
        raise DataError(
            f"{source}: {what}: expected {expected:,g}, found {found:,g}",
            fix=f"Nothing was built. This panel is made from vintage {sources()[source].vintage} "
            f"of {sources()[source].address}; fetch those files or build with them unchanged.",
        )


@dataclass(frozen=True)
class Raw:
    """A folder with publishers' files."""

    folder: Path
    files: dict[str, dict[str, RawFile]]

    @classmethod
    def of(cls, folder: Path | str) -> Raw:
        """The raw folder with the files and row counts of the table of sources.

        Raises:
            DataError: the folder is not there.
        """
        if not Path(folder).is_dir():
            raise DataError(
                "there is no such folder of raw files",
                fix="Give the folder that holds the publishers' files with --raw.",
                file=folder,
            )
        return cls(Path(folder), {name: source.files for name, source in sources().items()})

    def path(self, source: str, file: str) -> Path:
        """Where a file lies: in the source's own folder, or under its name anywhere below.

        Raises:
            DataError: the file is not there.
        """
        name = self.files[source][file].name
        usual = self.folder / sources()[source].folder / name
        if usual.is_file():
            return usual
        elsewhere = sorted(self.folder.rglob(name))
        if elsewhere:
            return elsewhere[0]
        raise DataError(
            f"{source}: {name} is missing",
            fix=f"Fetch it from {sources()[source].address} "
            f"({sources()[source].publisher}) into {usual.parent}. Nothing was built.",
            file=self.folder,
        )

    def table(self, source: str, file: str, **options: Any) -> pd.DataFrame:
        """A raw file as a table, its rows counted; empty cells are missing, "NA" is text.

        Raises:
            DataError: the file is missing, cannot be read or has another number of rows.
        """
        import pandas as pd

        path = self.path(source, file)
        try:
            frame = pd.read_csv(path, keep_default_na=False, na_values=[""], **options)
        except (OSError, ValueError, EOFError) as error:
            raise DataError(
                f"{source}: cannot be read: {error}", fix="Nothing was built.", file=path
            ) from error
        expect(source, f"rows of {path.name}", len(frame), self.files[source][file].rows)
        return frame
