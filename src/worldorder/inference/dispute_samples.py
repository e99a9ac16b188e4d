"""Rows at risk of a militarized dispute, rows of disputes, and the record of the great powers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.inference.alliance_samples import pair_covariates
from worldorder.inference.state_record import FIRST_YEAR, Flags, StateRecord

FORCE, WAR = 4, 5  # hostility level of a side: use of force, war
LONGEST_PEACE = 40.0  # years of peace that are told apart


@dataclass(frozen=True)
class DisputeSamples:
    """Rows by process; covariates are those of the year before."""

    onset: pd.DataFrame  # pairs of states: `onset`
    disputes: pd.DataFrame  # onsets: `force`, `war`


def onset_matrix(record: StateRecord, year: int, lowest: int = 1) -> Flags:
    """Pairs that began a dispute with each other in a year, both from the first day of it.

    `lowest` is the least hostility that one of the sides reached.
    """
    begun = record.disputes()
    rows = begun[(begun["year"] == year) & (begun["orig1"] == 1) & (begun["orig2"] == 1)]
    reached = rows[["hostlev1", "hostlev2"]].max(axis=1) >= lowest
    return record.matrix(rows[reached]).astype(bool)


def war_matrix(record: StateRecord, year: int) -> Flags:
    """Pairs that began a dispute with each other in which both reached war."""
    begun = record.disputes()
    rows = begun[(begun["year"] == year) & (begun["orig1"] == 1) & (begun["orig2"] == 1)]
    both = rows[["hostlev1", "hostlev2"]].min(axis=1) >= WAR
    return record.matrix(rows[both]).astype(bool)


def dispute_samples(record: StateRecord, years: range, trade: bool = False) -> DisputeSamples:
    """Rows for the years of events `years`.

    Years of peace are counted from 1816 or from when both states were first there together.
    """
    states = len(record.codes)
    calm = np.zeros((states, states))
    onset: list[pd.DataFrame] = []
    for year in range(FIRST_YEAR + 1, years[-1] + 1):
        before = record.year(year - 1)
        begun = onset_matrix(record, year - 1)
        here = record.present[before]
        together = np.outer(here, here)
        calm = np.where(together & ~begun, np.minimum(calm + 1, LONGEST_PEACE), 0.0)
        if year in years:
            onset.append(_rows(record, year, together, calm, begun, trade))
    rows = pd.concat(onset, ignore_index=True)
    whole = rows.dropna()
    whole.attrs = {"rows_left_out": len(rows) - len(whole)}
    return DisputeSamples(whole, whole[whole["onset"] == 1])


def _rows(
    record: StateRecord,
    year: int,
    together: Flags,
    calm: NDArray[np.float64],
    last_year: Flags,
    trade: bool,
) -> pd.DataFrame:
    fields = pair_covariates(record, year - 1, record.ties("defence", min(year - 1, 2018)), trade)
    major = record.major[record.year(year - 1)]
    fields |= {
        "major_power": np.logical_or.outer(major, major).astype(float),
        "defence_tie": record.ties("defence", min(year - 1, 2018)).astype(float),
        "log_peace": np.log1p(calm),
        "last_year": last_year.astype(float),
        "onset": onset_matrix(record, year).astype(float),
        "force": onset_matrix(record, year, FORCE).astype(float),
        "war": war_matrix(record, year).astype(float),
    }
    i, j = np.nonzero(np.triu(together, 1))
    columns = {name: field[i, j].astype(np.float32) for name, field in fields.items()}
    return pd.DataFrame({"year": np.full(len(i), year), "a": i, "b": j, **columns})


def great_power_record(record: StateRecord, periods: list[tuple[int, int]]) -> pd.DataFrame:
    """Disputes and wars among major powers by period.

    A pair of states counts in each year in which both are major powers on some day. Every pair of
    opposed majors in a dispute is a row of an onset, whether it began or joined it. A war pair is
    a pair of opposed majors both of whom reached war in a dispute that was going on.
    """
    frame = record.dispute_years()
    rows: list[dict[str, float]] = []
    for first, last in periods:
        years = range(first, last + 1)
        majors = {year: record.codes[record.major[record.year(year)]] for year in years}
        pairs = sum(len(m) * (len(m) - 1) // 2 for m in majors.values())
        among = pd.concat([_among(frame, year, majors[year]) for year in years])
        begun = among[among["disponset"] == 1]
        both = among[["hostlev1", "hostlev2"]].min(axis=1) >= WAR
        peaceful = begun[["hostlev1", "hostlev2"]].max(axis=1) < WAR
        rows.append(
            {
                "first": first,
                "last": last,
                "pair_years": pairs,
                "onset_rows": len(begun),
                "onset_rows_without_war": int(peaceful.sum()),
                "disputes": begun["dispnum"].nunique(),
                "onset_rate": len(begun) / pairs,
                "war_pairs": len(among[both].drop_duplicates(["dispnum", "ccode1", "ccode2"])),
            }
        )
    return pd.DataFrame(rows)


def _among(frame: pd.DataFrame, year: int, majors: NDArray[np.int64]) -> pd.DataFrame:
    of_year = frame[(frame["year"] == year) & (frame["ccode1"] < frame["ccode2"])]
    return of_year[of_year["ccode1"].isin(majors) & of_year["ccode2"].isin(majors)]
