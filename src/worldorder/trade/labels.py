"""Matrices of a user's own, with names: from numpy, pandas, xarray or a mapping of pairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from worldorder.errors import InputError, did_you_mean

Matrix: TypeAlias = NDArray[np.float64]
Vector: TypeAlias = NDArray[np.float64]
Pairs: TypeAlias = Mapping[tuple[str, str], float]
MatrixLike: TypeAlias = Any  # numpy array, DataFrame (wide or long), DataArray or Pairs

LONG_COLUMNS = ("exporter", "importer")


def names_of(flows: MatrixLike, names: Sequence[str] | None = None) -> tuple[str, ...]:
    """Names of the countries of a flow matrix, in its order.

    Raises:
        InputError: the rows and the columns do not name the same countries, or a name comes twice.
    """
    if names is not None:
        found = tuple(str(name) for name in names)
    elif isinstance(flows, pd.DataFrame):
        found = _names_of_frame(flows)
    elif isinstance(flows, xr.DataArray):
        found = _same_names(*(flows[dim].to_numpy() for dim in _trade_dims(flows)))
    elif isinstance(flows, np.ndarray | Sequence):
        found = tuple(str(number) for number in range(len(flows)))
    else:
        raise InputError(
            f"flows are {type(flows).__name__}, not a matrix", "Give numpy, pandas or xarray."
        )
    if twice := sorted({name for name in found if found.count(name) > 1}):
        raise InputError(f"countries named twice: {', '.join(twice)}", "Name each country once.")
    return found


def _is_long(frame: pd.DataFrame) -> bool:
    return set(LONG_COLUMNS) <= set(frame.columns)


def check_labels(labels: Iterable[Any], what: str) -> None:
    """Every label must be there.

    Raises:
        InputError: saying which is missing.
    """
    for number, label in enumerate(labels):
        if pd.isna(label) or str(label).strip() == "":
            raise InputError(f"{what} {number + 1} has no label", "Name every country.")


def _names_of_frame(frame: pd.DataFrame) -> tuple[str, ...]:
    if _is_long(frame):
        for column in LONG_COLUMNS:
            check_labels(frame[column], f"{column} of line")
        return tuple(sorted({*frame["exporter"].astype(str), *frame["importer"].astype(str)}))
    return _same_names(frame.index.to_numpy(), frame.columns.to_numpy())


def _same_names(rows: NDArray[Any], columns: NDArray[Any]) -> tuple[str, ...]:
    check_labels(rows, "row")
    check_labels(columns, "column")
    exporters, importers = [str(x) for x in rows], [str(x) for x in columns]
    if odd := sorted(set(exporters) ^ set(importers)):
        raise InputError(
            f"not both exporter and importer: {', '.join(odd[:10])}",
            "Rows (exporters) and columns (importers) must name the same countries.",
        )
    return tuple(exporters)


def _trade_dims(array: xr.DataArray) -> tuple[str, str]:
    dims = [str(dim) for dim in array.dims]
    if set(LONG_COLUMNS) <= set(dims):
        return LONG_COLUMNS
    if len(dims) != 2:
        raise InputError(f"dims {dims} are not exporter and importer", "Name the dims so.")
    return dims[0], dims[1]


def matrix_of(given: MatrixLike, names: Sequence[str], what: str, absent: float) -> Matrix:
    """`given` as a matrix (exporter, importer) in the order of `names`.

    Pairs that a long table or a mapping leaves out take the value `absent`. A mapping is keyed by
    (importer, exporter): who imposes, on whose goods.

    Raises:
        InputError: a country is missing or unknown, or the shape is not that of `names`.
    """
    if isinstance(given, Mapping):
        return _matrix_of_pairs(given, names, what, absent)
    if isinstance(given, pd.DataFrame) and _is_long(given):
        return _matrix_of_long(given, names, what, absent)
    if isinstance(given, pd.DataFrame | xr.DataArray):
        return _matrix_of_labelled(given, names, what)
    found = np.array(given, dtype=float)
    if found.shape != (len(names), len(names)):
        raise InputError(
            f"{what} has shape {found.shape}",
            f"It must be {len(names)} exporters by {len(names)} importers.",
        )
    return found


def _matrix_of_labelled(
    given: pd.DataFrame | xr.DataArray, names: Sequence[str], what: str
) -> Matrix:
    frame = given
    if isinstance(frame, xr.DataArray):
        frame = frame.transpose(*_trade_dims(frame)).to_pandas()
        assert isinstance(frame, pd.DataFrame)
    wanted = list(names)
    if frame.index.tolist() == wanted and frame.columns.tolist() == wanted:
        return _numbers(frame, what)
    frame = frame.rename(index=str, columns=str)
    for axis in (frame.index, frame.columns):
        if missing := [name for name in names if name not in axis]:
            raise InputError(
                f"{what} has no {', '.join(missing[:10])}",
                did_you_mean(missing[0], axis) or "Give every country of the flows.",
            )
    return _numbers(frame.loc[wanted, wanted], what)


def _numbers(frame: pd.DataFrame, what: str) -> Matrix:
    """Values of a frame; text that is no number is named."""
    try:
        return frame.to_numpy(dtype=float, copy=True)
    except ValueError:
        numbers = frame.apply(pd.to_numeric, errors="coerce").isna() & frame.notna()
        row, column = np.argwhere(numbers.to_numpy())[0]
        raise InputError(
            f"{what} from {frame.index[row]} to {frame.columns[column]} is "
            f"{frame.iat[row, column]!r}, not a number"
        ) from None


def _matrix_of_long(frame: pd.DataFrame, names: Sequence[str], what: str, absent: float) -> Matrix:
    values = [name for name in frame.columns if frame[name].dtype.kind in "fi" and name != "year"]
    if len(values) != 1:
        raise InputError(
            f"{what} has {len(values)} columns of numbers: {', '.join(map(str, values))}",
            "Keep exporter, importer and one column of numbers.",
        )
    rows = zip(frame["importer"], frame["exporter"], frame[values[0]], strict=True)
    pairs = {(str(importer), str(exporter)): float(value) for importer, exporter, value in rows}
    if len(pairs) < len(frame):
        raise InputError(f"{what} has pairs that come twice", "Keep one row a pair.")
    return _matrix_of_pairs(pairs, names, what, absent)


def _matrix_of_pairs(
    pairs: Mapping[Any, float], names: Sequence[str], what: str, absent: float
) -> Matrix:
    place = {name: number for number, name in enumerate(names)}
    found = np.full((len(names), len(names)), absent)
    for pair, value in pairs.items():
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise InputError(
                f"{what}: {pair!r} is no pair", "Key rates by (importer, exporter), as in {('USA', "
                "'CHN'): 0.6}."
            )  # fmt: skip
        importer, exporter = pair
        for name in pair:
            if name not in place:
                raise InputError(f"{what}: unknown country {name!r}", did_you_mean(name, names))
        found[place[exporter], place[importer]] = value
    return found


def vector_of(given: Any, names: Sequence[str], what: str, absent: float | None) -> Vector:
    """`given` (number, mapping, Series, DataArray or array) by country in the order of `names`.

    A mapping may leave countries out where `absent` is a number.

    Raises:
        InputError: a country is missing or unknown, or the length is not that of `names`.
    """
    if isinstance(given, int | float):
        return np.full(len(names), float(given))
    if isinstance(given, xr.DataArray):
        given = given.to_pandas()
    if isinstance(given, pd.Series):
        given = given.to_dict()
    if not isinstance(given, Mapping):
        found = np.array(given, dtype=float)
        if found.shape != (len(names),):
            raise InputError(f"{what} has shape {found.shape}", f"It needs {len(names)} values.")
        return found
    by_name = {str(name): float(value) for name, value in given.items()}
    missing = [name for name in names if name not in by_name]
    if missing and absent is None:
        raise InputError(f"{what} has no {', '.join(missing[:10])}", "Give every country.")
    if unknown := [name for name in by_name if name not in names]:
        raise InputError(f"{what}: unknown country {unknown[0]!r}", did_you_mean(unknown[0], names))
    return np.array([by_name.get(name, absent or 0.0) for name in names])
