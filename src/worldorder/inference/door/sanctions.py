"""Sanctions that begin and end, from the record to the last year."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd

from worldorder.inference.door.estimates import Estimates, Found, Sources, estimates_of
from worldorder.inference.door.regressions import Block, alone, coefficients, together
from worldorder.inference.estimate_sanctions import ONSET, intensities, onset
from worldorder.inference.sanction_samples import (
    FIRST_YEAR,
    LAST_YEAR,
    SanctionRecord,
    read_record,
    sanction_rows,
)

SOURCE: Final = "Global Sanctions Database 4, worldorder.inference.estimate_sanctions"
ACTOR: Final = {"leader onset": "leader", "bloc onset": "bloc", "state onset": "state"}
RENAMED: Final = {"size_sender": "size", "regime_sender": "regime", "log_km": "distance"}
OF_TARGET: Final = {"size_target": "size", "regime_target": "regime"}  # of leader and bloc
RATES: Final = {
    "leader_end": "leader end",
    "bloc_end": "bloc end",
    "state_end": "state end",
    "regional_rate": "regional onset",
    "regional_end": "regional end",
}
LEAST_RATE_ERROR: Final = 0.2  # ends and beginnings come in clusters, so counts tell less


def _names(process: str) -> dict[str, str]:
    actor = ACTOR[process]
    renamed = RENAMED if actor == "state" else RENAMED | OF_TARGET
    listed = ("constant", *ONSET[process])
    return {name: f"{actor}_{renamed.get(name, name)}" for name in listed}


def _onset(process: str, rows: pd.DataFrame) -> Block:
    fitted = onset(rows, ONSET[process])
    source = f"{SOURCE}, {fitted.events:,} events in {fitted.rows:,} rows ({process})."
    return coefficients(fitted, _names(process), source)


def _rate(rows: pd.DataFrame, process: str, sample: tuple[int, int]) -> Found:
    number, years = float(rows["event"].sum()), len(rows)
    source = f"{SOURCE}, {number:.0f} in {years:,} years ({process})."
    held = max(number, 0.5)  # where none is on record, half an event
    return Found(held / years, 1 / math.sqrt(held), sample, source, LEAST_RATE_ERROR)


def _intensity(record: SanctionRecord, sample: tuple[int, int]) -> dict[str, Found]:
    hard = intensities(record, sample[1])
    error, source = hard.std() / math.sqrt(len(hard)), f"{SOURCE}, {len(hard)} beginnings."
    return {
        "intensity": Found(float(np.exp(hard.mean())), float(error), sample, source),
        "intensity_spread": Found(float(hard.std()), float(error / math.sqrt(2)), sample, source),
    }


def estimate(sources: Sources) -> Estimates:
    """The sanctions mechanism: ridge logits of beginnings, rates of ends."""
    to = min(sources.to, LAST_YEAR)
    record, sample = read_record(sources.read, sources.to), (FIRST_YEAR, to)
    rows = sanction_rows(record, range(FIRST_YEAR, to + 1))
    single = {name: _rate(rows[process], process, sample) for name, process in RATES.items()}
    single |= _intensity(record, sample)
    whole = together([*(_onset(process, rows[process]) for process in ONSET), alone(single)])
    total = sum(len(rows[process]) for process in ONSET)
    return estimates_of("sanctions", whole.found, total, whole.covariance, tuple(whole.found))
