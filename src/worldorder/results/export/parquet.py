"""Every draw: one Parquet table of states, one of institutions, one of currencies, one of areas
of work, one of the world.

A row is a scenario, a draw, a year and an entity; a column is a variable, with its unit in the
field's metadata. Rows with the same draw in two scenarios are a pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from worldorder.results.compare import years_of
from worldorder.results.files import write_whole
from worldorder.variables import variables

if TYPE_CHECKING:
    import xarray as xr

TABLES: Final = {
    "states.parquet": ("country", ("country_name", "country_group")),
    "institutions.parquet": ("institution", ("institution_name", "size_class", "focus")),
    "currencies.parquet": ("currency", ()),
    "areas.parquet": ("area", ()),
    "world.parquet": (None, ()),
}


def write_parquet(results: Mapping[str, xr.Dataset], folder: Path) -> list[Path]:
    """Write the tables; the files written.

    Raises:
        ResultError: the folder cannot be written.
    """
    return [
        write_whole(folder / name, lambda file, d=dim, m=more: _fill(file, results, d, m))
        for name, (dim, more) in TABLES.items()
        if dim is None or all(dim in dataset for dataset in results.values())
    ]


def _fill(
    file: Path, results: Mapping[str, xr.Dataset], dim: str | None, more: tuple[str, ...]
) -> None:
    import pyarrow.parquet as pq

    tables = (_table(name, dataset, dim, more) for name, dataset in results.items())
    first = next(tables)
    with pq.ParquetWriter(file, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for table in tables:
            writer.write_table(table)


def _table(scenario: str, dataset: xr.Dataset, dim: str | None, more: tuple[str, ...]) -> Any:
    import pyarrow as pa

    dims = ("run", "time") if dim is None else ("run", "time", dim)
    shape = tuple(dataset.sizes[one] for one in dims)
    columns: dict[str, Any] = {
        "scenario": _repeated(np.array([scenario]), shape, None),
        "draw": _spread(dataset["run"].values.astype(np.int32), shape, 0),
        "year": _spread(years_of(dataset).astype(np.int16), shape, 1),
    }
    if dim is not None:
        columns |= {name: _repeated(dataset[name].values, shape, 2) for name in (dim, *more)}
    own = [name for name, one in variables().items() if one.dims == (() if dim is None else (dim,))]
    columns |= {name: dataset[name].values.ravel() for name in own if name in dataset}
    table = pa.table(columns)
    fields = [
        field.with_metadata({"unit": variables()[field.name].unit}) if field.name in own else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))


def _spread(values: NDArray[Any], shape: tuple[int, ...], axis: int) -> NDArray[Any]:
    """Values of one axis for every row of a table of the given shape."""
    wanted = [1] * len(shape)
    wanted[axis] = shape[axis]
    return np.broadcast_to(values.reshape(wanted), shape).ravel()


def _repeated(values: NDArray[Any], shape: tuple[int, ...], axis: int | None) -> Any:
    """The same for labels, each written once."""
    import pyarrow as pa

    if values.dtype == bool:
        return _spread(values, shape, axis or 0)
    labels, places = np.unique(values.astype(str), return_inverse=True)
    places = places.astype(np.int32)
    rows = np.zeros(int(np.prod(shape)), np.int32) if axis is None else _spread(places, shape, axis)
    return pa.DictionaryArray.from_arrays(pa.array(rows), pa.array(labels.tolist()))
