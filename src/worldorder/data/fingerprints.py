"""Sums of the columns of every raw file: which column of an altered file is not as it was.

`fingerprints.json` has, by source, file and column, the sum of numbers or the count of different
texts. `record` writes it, after a source or a vintage has been added.
"""

from __future__ import annotations

import functools
import json
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from worldorder.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

    from worldorder.data.sources import Raw

NAME = "fingerprints.json"
SUM, DISTINCT = "sum", "number of different values"
EXACT, ROUNDED = 1e-9, 1e-4  # relative: as read, and publishers' files before rounding
Fingerprint = dict[str, dict[str, float]]  # kind, column


def fingerprint(frame: pd.DataFrame) -> Fingerprint:
    """Sum of every column of numbers, count of different values of every column of text."""
    numbers = [str(name) for name, column in frame.items() if column.dtype.kind in "biuf"]
    texts = [str(name) for name in frame if name not in numbers]
    return {
        SUM: {name: float(frame[name].sum()) for name in numbers},
        DISTINCT: {name: float(frame[name].nunique()) for name in texts},
    }


@functools.cache
def fingerprints() -> dict[str, dict[str, Fingerprint]]:
    """Fingerprints by source and file."""
    text = resources.files("worldorder.data").joinpath(NAME).read_text("utf-8")
    return json.loads(text)


def hold(source: str, file: str, frame: pd.DataFrame, name: str, exact: bool = True) -> None:
    """Compare a table with its fingerprint; columns that it does not share are not compared.

    Args:
        source: id of the source.
        file: id of the file.
        frame: the table as read.
        name: name of the file, for the message.
        exact: whether the file is the one that the fingerprint was taken of.

    Raises:
        DataError: a column has another sum, or another number of different texts.
    """
    known = fingerprints().get(source, {}).get(file, {})
    tolerance = EXACT if exact else ROUNDED
    for what, columns in fingerprint(frame).items():
        for column, value in columns.items():
            expected = known.get(what, {}).get(column, value)
            if abs(value - expected) > tolerance * max(abs(expected), 1.0):
                raise DataError(
                    f"{source}: {what} of {column} in {name}: expected {expected:,.10g}, "
                    f"found {value:,.10g}",
                    fix="Nothing was built. The file is not the one that this panel is made from: "
                    "fetch that vintage, or leave the file unchanged.",
                )


def record(raw: Raw) -> Path:
    """Take the fingerprint of every file of the table of sources and write them all.

    Returns:
        The file written, in the package.
    """
    import pandas as pd

    taken = {
        source: {
            file: fingerprint(
                pd.read_csv(raw.path(source, file), keep_default_na=False, na_values=[""])
            )
            for file in sorted(files)
        }
        for source, files in sorted(raw.files.items())
        if files
    }
    path = Path(str(resources.files("worldorder.data").joinpath(NAME)))
    path.write_text(json.dumps(taken, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path
