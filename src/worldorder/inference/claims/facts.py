"""Claims of fact, checked against the panel and published figures with no scenario."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worldorder.data.panel import panel
from worldorder.errors import InputError, WorldOrderError, did_you_mean
from worldorder.inference.claims.schema import Fact, Record, Wanted
from worldorder.inference.claims.verdicts import Word

if TYPE_CHECKING:
    import pandas as pd

LEDGER = "membership_ledger"  # computed, not shipped: docs/mechanisms/ledger.md


@dataclass(frozen=True)
class RecordFound:
    """One reading of the record: its number and whether it bears the claim out."""

    says: str
    value: float
    bears_out: bool
    source: str


@dataclass(frozen=True)
class FactFound:
    """A claim of fact with what the record shows, and its verdict."""

    says: str
    wanted: str
    records: tuple[RecordFound, ...]
    word: Word
    reason: str


def check_fact(fact: Fact) -> FactFound:
    """Read the record and compare: contested where its readings contradict each other."""
    wanted = f"{fact.direction} {fact.value:g} (within {fact.practical:g} counts as equal)"
    found: list[RecordFound] = []
    missing: list[str] = []
    for record in fact.records:
        try:
            value, source = read_record(record)
        except WorldOrderError as error:
            missing.append(error.what)
            continue
        found.append(RecordFound(record.says, value, _bears_out(value, fact), source))
    word, reason = _judged([one.bears_out for one in found], missing)
    return FactFound(fact.says, wanted, tuple(found), word, reason)


def _judged(bears_out: list[bool], missing: list[str]) -> tuple[Word, str]:
    left_out = f" Not read: {'; '.join(missing)}." if missing else ""
    if not bears_out:
        return "untestable", f"The record has none of it.{left_out}"
    count = f"{sum(bears_out)} of {len(bears_out)} readings of the record bear it out."
    if all(bears_out):
        return "supported", count + left_out
    return ("contested" if any(bears_out) else "not supported"), count + left_out


def _bears_out(value: float, fact: Fact) -> bool:
    if fact.direction == "at least":
        return value >= fact.value - fact.practical
    if fact.direction == "at most":
        return value <= fact.value + fact.practical
    return abs(value - fact.value) <= fact.practical


def read_record(record: Record) -> tuple[float, str]:
    """Number and source of a reading of the record.

    Raises:
        InputError: no such table, column or row, or several rows where one is wanted.
    """
    if record.stated is not None:
        return record.stated, record.source
    rows = _rows_of(str(record.table))
    inside = _where(rows, record.where, record)
    if record.measured == "count":
        return float(len(inside)), _source(inside)
    if inside.empty:
        raise InputError(f"{record.table} has no row for {_named(record.where)}")
    _known_column(rows, record.column, record)
    if record.measured == "kinds":
        return float(inside[record.column].nunique()), _source(inside)
    if record.measured == "share of kinds":
        whole = _where(rows, record.within, record)[record.column].nunique()
        return float(inside[record.column].nunique() / whole), _source(inside)
    if record.measured == "share":
        whole = _where(rows, record.within, record)[record.column].sum()
        return float(inside[record.column].sum() / whole), _source(inside)
    if len(inside) > 1:
        raise InputError(f"{record.table} has {len(inside)} rows for {_named(record.where)}")
    return float(inside[record.column].iloc[0]), _source(inside)


def _rows_of(name: str) -> pd.DataFrame:
    """A table of the panel, or one that is computed from it."""
    return _ledger() if name == LEDGER else panel(name)


@functools.cache
def _ledger() -> pd.DataFrame:
    from worldorder.inference.ledger import ledger

    return ledger().assign(source="worldorder.inference.ledger")


def _where(rows: pd.DataFrame, wanted: Mapping[str, Wanted], record: Record) -> pd.DataFrame:
    for column, value in wanted.items():
        _known_column(rows, column, record)
        rows = rows[rows[column].isin(value if isinstance(value, tuple) else (value,))]
    return rows


def _known_column(rows: pd.DataFrame, column: str, record: Record) -> None:
    if column not in rows:
        near = did_you_mean(column, rows.columns)
        known = near or f"It has: {', '.join(rows.columns)}."
        raise InputError(f"{record.table} has no column {column!r}", known)


def _named(wanted: Mapping[str, Wanted]) -> str:
    return ", ".join(f"{column} {value}" for column, value in wanted.items()) or "all"


def _source(rows: pd.DataFrame) -> str:
    sources = rows["source"].astype(str).unique() if "source" in rows else ()
    return ", ".join(sorted(sources))
