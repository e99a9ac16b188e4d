"""Tables of a user's own: read with line numbers, so that an error can say where it is."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from worldorder.errors import InputError, did_you_mean


@dataclass(frozen=True)
class Row:
    """One line of a table: its cells by column name, and where it stands."""

    cells: dict[str, str]
    file: str | None
    line: int | None

    def text(self, column: str) -> str:
        """Cell of a column, never empty."""
        if not (cell := self.cells[column]):
            raise InputError(f"{column} is empty", file=self.file, line=self.line)
        return cell

    def number(self, column: str) -> float:
        """Cell of a column as a finite number."""
        cell = self.text(column)
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise InputError(
                f"{column} is {cell!r}, not a number",
                "Write a number with a point, for example 0.5.",
                self.file,
                self.line,
            )
        return value


@dataclass(frozen=True)
class Table:
    """Rows under column names, from a CSV file or from memory (then without file and lines)."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    file: str | None

    def find(self, column: str) -> str:
        """The column of that name, or the only one whose name begins so, whatever the case."""
        if column in self.columns:
            return column
        similar = [name for name in self.columns if name.lower().startswith(column.lower())]
        if len(similar) == 1:
            return similar[0]
        raise InputError(
            f"no column {column!r}; the table has {', '.join(self.columns)}",
            did_you_mean(column, self.columns),
            self.file,
            1 if self.file else None,
        )

    def require(self, columns: Sequence[str]) -> None:
        """Check that columns of exactly these names are there."""
        for column in columns:
            if column not in self.columns:
                raise InputError(
                    f"no column {column!r}; the table has {', '.join(self.columns)}",
                    did_you_mean(column, self.columns),
                    self.file,
                    1 if self.file else None,
                )


def read_table(given: Any) -> Table:
    """Table of a CSV file with a header line, of a DataFrame or of a mapping of columns.

    Raises:
        InputError: no such file, not text, no header, no rows, a column twice, or a line with
            more or fewer cells than the header.
    """
    if isinstance(given, (str, Path)):
        return _read_file(given)
    frame = pd.DataFrame(given)
    columns = tuple(str(column) for column in frame.columns)
    cells = frame.map(str).to_numpy()
    rows = (Row(dict(zip(columns, row, strict=True)), None, None) for row in cells)
    if not len(frame):
        raise InputError("the table has no rows")
    return Table(columns, tuple(rows), None)


def _read_file(file: str | Path) -> Table:
    try:
        with Path(file).open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream)
            lines = [(reader.line_num, [cell.strip() for cell in line]) for line in reader]
    except OSError as error:
        raise InputError(f"cannot read the table: {error.strerror}", file=file) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError("not a CSV file in UTF-8", "Save it as CSV UTF-8.", file) from error
    filled = [(number, cells) for number, cells in lines if any(cells)]
    if len(filled) < 2:
        raise InputError("the table has no rows", "Give a header line and rows.", file)
    (header_line, columns), *body = filled
    for column in columns:
        if columns.count(column) > 1:
            raise InputError(f"column {column!r} stands twice", file=file, line=header_line)
    return Table(tuple(columns), tuple(_row(columns, *line, file) for line in body), str(file))


def _row(columns: list[str], line: int, cells: list[str], file: str | Path) -> Row:
    if len(cells) != len(columns):
        raise InputError(
            f"{len(cells)} cells under {len(columns)} column names", file=file, line=line
        )
    return Row(dict(zip(columns, cells, strict=True)), str(file), line)
