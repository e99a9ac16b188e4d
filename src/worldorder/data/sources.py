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
        """Where a file lies: in the source's own folder, or anywhere below under its name.

        Its name is that of the table of sources, the same unpacked, or that of the publisher's
        download where `as_published` reads it.

        Raises:
            DataError: the file is not there.
        """
        from worldorder.data.as_published import publishers_names

        name = self.files[source][file].name
        usual = self.folder / sources()[source].folder
        names = [name, name.removesuffix(".gz"), *publishers_names(source, file)]
        for known in dict.fromkeys(names):
            elsewhere = sorted(self.folder.rglob(known))
            if (usual / known).is_file() or elsewhere:
                return usual / known if (usual / known).is_file() else elsewhere[0]
        also = "".join(f" or {other}" for other in names[2:])
        raise DataError(
            f"{source}: {name} is missing",
            fix=f"Fetch it{also} from {sources()[source].address} "
            f"({sources()[source].publisher}) into {usual}. Nothing was built.",
            file=self.folder,
        )

    def table(self, source: str, file: str, **options: Any) -> pd.DataFrame:
        """A raw file as a table, its rows counted; empty cells are missing, "NA" is text.

        Raises:
            DataError: the file is missing, cannot be read, or has other rows or sums.
        """
        import pandas as pd

        from worldorder.data.as_published import reader_of
        from worldorder.data.fingerprints import hold

        path = self.path(source, file)
        reader = reader_of(source, file, path.name)
        try:
            frame = (
                reader(path)
                if reader
                else pd.read_csv(path, keep_default_na=False, na_values=[""], **options)
            )
        except (OSError, ValueError, EOFError, KeyError) as error:
            raise DataError(
                f"{source}: cannot be read: {error}", fix="Nothing was built.", file=path
            ) from error
        expect(source, f"rows of {path.name}", len(frame), self.files[source][file].rows)
        if self.files[source][file] == sources()[source].files.get(file):
            hold(source, file, frame, path.name, exact=reader is None)
        return frame
