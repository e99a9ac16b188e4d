"""Cells of the lever arrays as rows of a table, and the table padded to fixed shapes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

ENTRY = np.dtype(
    [("step", "i4"), ("kind", "i4"), ("actor", "i4"), ("object", "i4"), ("value", "f4")]
)
Entries: TypeAlias = NDArray[np.void]


class Padded(NamedTuple):
    """Arrays of shape step x width; unused cells carry indices that no array has."""

    kind: NDArray[np.int32]
    actor: NDArray[np.int32]
    object: NDArray[np.int32]
    value: NDArray[np.float32]


def entries(
    step: ArrayLike, kind: ArrayLike, actor: ArrayLike, object: ArrayLike, value: ArrayLike = 0.0
) -> Entries:
    """Rows from columns, which are broadcast against each other."""
    columns = np.broadcast_arrays(*np.atleast_1d(step, kind, actor, object, value))
    rows = np.empty(columns[0].size, ENTRY)
    for name, column in zip(ENTRY.names or (), columns, strict=True):
        rows[name] = column.ravel()
    return rows


def joined(parts: Sequence[Entries]) -> Entries:
    """All rows in the order of their steps."""
    rows = np.concatenate([np.empty(0, ENTRY), *parts])
    return rows[np.argsort(rows["step"], kind="stable")]


def width_needed(rows: Entries) -> int:
    """Rows of the fullest step, rounded up to a power of two."""
    fullest = int(np.bincount(rows["step"]).max(initial=1))
    return 1 << (fullest - 1).bit_length()


def padded(rows: Entries, steps: int, width: int, outside: tuple[int, int]) -> Padded:
    """Rows in arrays of shape (steps, width).

    `outside` are the actor and object of unused cells.

    Raises:
        ValueError: a step has more rows than `width`.
    """
    step = rows["step"]
    slot = np.arange(len(rows)) - np.searchsorted(step, step)
    if slot.max(initial=0) >= width:
        raise ValueError(f"a step has more than {width} levers")
    shape = (steps, width)
    result = Padded(
        np.zeros(shape, np.int32),
        np.full(shape, outside[0], np.int32),
        np.full(shape, outside[1], np.int32),
        np.zeros(shape, np.float32),
    )
    for name in Padded._fields:
        getattr(result, name)[step, slot] = rows[name]
    return result
