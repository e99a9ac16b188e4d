"""Sizes and propensities from a user's CSV files, with the line of what cannot be used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.blocs import Landscape, Method, landscape
from worldorder.errors import InputError, did_you_mean
from worldorder.tables import Row, Table, read_table


def read_landscape(
    file: str | Path,
    sizes: str | Path | None = None,
    blocs: int = 2,
    method: Method = "auto",
    absent: float | None = None,
    seed: int = 0,
) -> Landscape:
    """`landscape` of a CSV file.

    Two forms are read. *Pairs*: columns `a`, `b` and `propensity`, one line a pair, with sizes in
    a second file (columns `name` and `size`). *Matrix*: columns `name` and `size`, then one
    column for each state; `size` may stand in the second file instead.

    Args:
        file: pairs or matrix.
        sizes: file of sizes.
        blocs: most blocs.
        method: see `landscape`.
        absent: propensity of a pair that has no line or an empty cell. Where it is not given,
            such a pair is an error: unknown is not zero.
        seed: of the random starts of the search.

    Raises:
        InputError: as `landscape`, with file and line.
    """
    table = read_table(file)
    is_pairs = {"a", "b", "propensity"} <= set(table.columns)
    size = _read_sizes(table if sizes is None else read_table(sizes))
    matrix = _read_pairs(table, size, absent) if is_pairs else _read_matrix(table, size, absent)
    return landscape(size, matrix, blocs=blocs, method=method, seed=seed)


def _read_sizes(table: Table) -> dict[str, float]:
    if "size" not in table.columns:
        raise InputError(
            "no sizes",
            "Add a column `size` to the matrix, or give a file with columns name and size.",
            table.file,
            1,
        )
    table.require(["name"])
    sizes: dict[str, float] = {}
    for row in table.rows:
        name, size = row.text("name"), row.number("size")
        if name in sizes:
            raise InputError(f"{name!r} is named twice", file=row.file, line=row.line)
        if size < 0:
            raise InputError(f"size of {name} is {size:g}", "At least 0.", row.file, row.line)
        sizes[name] = size
    return sizes


def _read_pairs(table: Table, sizes: dict[str, float], absent: float | None) -> pd.DataFrame:
    found: dict[frozenset[str], tuple[float, Row]] = {}
    for row in table.rows:
        pair = frozenset(_known(row, column, sizes) for column in ("a", "b"))
        if len(pair) == 1:
            raise InputError(f"{row.text('a')} is paired with itself", None, row.file, row.line)
        value = row.number("propensity")
        _check_agrees(found.get(pair), value, row)
        found[pair] = (value, row)
    names = list(sizes)
    matrix = np.zeros((len(names), len(names)))
    for i, a in enumerate(names):
        for j, b in enumerate(names[:i]):
            known = found.get(frozenset((a, b)))
            matrix[i, j] = matrix[j, i] = _given(known and known[0], absent, a, b, table.file)
    return pd.DataFrame(matrix, names, names)


def _check_agrees(before: tuple[float, Row] | None, value: float, row: Row) -> None:
    if before and before[0] != value:
        raise InputError(
            f"propensity of {row.text('a')} and {row.text('b')} is {value:g} here and"
            f" {before[0]:g} in line {before[1].line}",
            "Propensities are symmetric: give one number a pair.",
            row.file,
            row.line,
        )


def _known(row: Row, column: str, sizes: dict[str, float]) -> str:
    name = row.text(column)
    if name not in sizes:
        raise InputError(f"{name!r} has no size", did_you_mean(name, sizes), row.file, row.line)
    return name


def _given(value: float | None, absent: float | None, a: str, b: str, file: str | None) -> float:
    known = absent if value is None else value
    if known is None:
        raise InputError(
            f"no propensity of {a} and {b}",
            "Unknown is not zero: add it, or say what absent pairs have (--absent 0).",
            file,
        )
    return known


def _read_matrix(table: Table, sizes: dict[str, float], absent: float | None) -> pd.DataFrame:
    table.require(["name", *sizes])
    names, lines = list(sizes), {row.text("name"): row for row in table.rows}
    if len(lines) < len(table.rows):
        raise InputError("a state is named twice", "Give each state one line.", table.file)
    for name, row in lines.items():
        if name not in sizes:
            raise InputError(f"{name!r} has no size", did_you_mean(name, sizes), row.file, row.line)
    matrix = np.zeros((len(names), len(names)))
    for i, a in enumerate(names):
        if a not in lines:
            raise InputError(f"{a!r} has no line", did_you_mean(a, lines), table.file)
        for j, b in enumerate(names):
            if i != j:
                value = lines[a].number(b) if lines[a].cells[b] else None
                matrix[i, j] = _given(value, absent, a, b, table.file)
        _check_row(matrix[: i + 1, : i + 1], names, lines[a])
    return pd.DataFrame(matrix, names, names)


def _check_row(matrix: NDArray[np.float64], names: list[str], row: Row) -> None:
    last = len(matrix) - 1
    for j in np.flatnonzero(matrix[last] != matrix[:, last])[:1]:
        raise InputError(
            f"propensity of {names[last]} to {names[j]} is {matrix[last, j]:g} and back"
            f" {matrix[j, last]:g}",
            "Propensities are symmetric: give one number a pair.",
            row.file,
            row.line,
        )
