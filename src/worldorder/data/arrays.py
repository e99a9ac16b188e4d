"""Cells of a variable as labelled arrays, one axis a key, with the flag of every cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from worldorder.data.flags import FLAGS
from worldorder.data.manifest import panel_variables
from worldorder.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

STATE_KEYS = (  # columns with codes of states
    "iso3",
    "exporter",
    "importer",
    "actor",
    "partner",
    "sender",
    "target",
    "respondent",
    "about",
    "state_a",
    "state_b",
    "donor",
)
KEYS = (  # columns that say what a cell is about, in the order of axes
    *STATE_KEYS,
    "institution",
    "body",
    "holder",
    "currency",
    "type",
    "case",
    "date",
    "year",
)
MOST_CELLS = 20_000_000
NO_CELL = -1  # flag where a source is silent


def _values(name: str, rows: pd.DataFrame) -> Any:
    """Numbers of the cells, or 1 where a row says only that something holds."""
    column = panel_variables()[name].column or "value"
    if column not in rows:
        return 1.0
    if rows[column].dtype.kind not in "biuf":
        raise InputError(f"{name!r} holds text, not numbers", fix="Take it as a table.")
    return rows[column].to_numpy(float)


def _mirrored(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of pairs both ways round, where a table has each pair once.

    Columns that end in _a and _b are about the first and the second state and change places.
    """
    import pandas as pd

    stems = [str(name)[:-2] for name in rows.columns if str(name).endswith("_a")]
    turned = {f"{stem}_a": f"{stem}_b" for stem in stems}
    back = rows.rename(columns=turned | {b: a for a, b in turned.items()})
    both = pd.concat([rows, back], ignore_index=True)
    key = [column for column in KEYS if column in both]
    return both.drop_duplicates(key, ignore_index=True)


def _filled(shape: tuple[int, ...], codes: list[Any], values: Any, silent: float, kind: Any) -> Any:
    held = np.full(shape, silent, dtype=kind)
    held[tuple(codes)] = values
    return held


def _axes(rows: pd.DataFrame, keys: list[str]) -> list[tuple[Any, Any]]:
    """Places and labels of every key. Both states of a pair have the same labels."""
    import pandas as pd

    states = [key for key in keys if key in STATE_KEYS]
    both = sorted({str(code) for key in states for code in rows[key].unique()})
    axes: list[tuple[Any, Any]] = []
    for key in keys:
        labels = both if key in states else sorted(rows[key].unique())
        index = pd.Index(labels)
        axes.append((index.get_indexer(pd.Index(rows[key].astype(object))), index))
    return axes


def as_arrays(name: str, rows: pd.DataFrame) -> xr.Dataset:
    """The cells as `name` and `name_flag` over their keys (states, partners, years).

    Where a source is silent the value is NaN and the flag -1. What holds or does not, such as a
    pact, is 1 where it holds. Symmetric pairs are given both ways round, and both axes of states
    have the same labels.

    Raises:
        InputError: the cells are text, several rows are one cell, or there are too many.
    """
    import pandas as pd
    import xarray as xr

    symmetric = "state_a" in rows and "state_b" in rows
    rows = _mirrored(rows) if symmetric else rows
    keys = [column for column in KEYS if column in rows]
    if not keys or rows.duplicated(keys).any():
        raise InputError(f"{name!r} has several rows a cell", fix="Take it as a table.")
    axes = _axes(rows, keys)
    shape = tuple(len(labels) for _, labels in axes)
    if np.prod(shape) > MOST_CELLS:
        raise InputError(f"{name!r} has too many cells for an array", fix="Ask for fewer years.")
    codes = [code for code, _ in axes]
    values = _values(name, rows)
    flags = pd.Categorical(rows["flag"].astype(str), categories=list(FLAGS)).codes
    described = panel_variables()[name]
    return xr.Dataset(
        {
            name: (keys, _filled(shape, codes, values, np.nan, np.float64)),
            f"{name}_flag": (keys, _filled(shape, codes, flags, NO_CELL, np.int8)),
        },
        coords={
            key: np.array(labels.tolist()) for key, (_, labels) in zip(keys, axes, strict=True)
        },
        attrs={
            "meaning": described.meaning,
            "unit": described.unit,
            "sources": ", ".join(sorted(rows["source"].astype(str).unique())),
            "flags": "-1 no cell, " + ", ".join(f"{i} {flag}" for i, flag in enumerate(FLAGS)),
        },
    )
