"""The record of states and pairs as it was known at the end of a year."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from worldorder.data.polities import state_spells
from worldorder.data.vintage import POSITIONS
from worldorder.inference.door.estimates import Sources
from worldorder.inference.door.points import PUBLISHED_TO, last_origin
from worldorder.inference.state_record import LAST_YEAR, StateRecord, read_state_record


def record_known(sources: Sources) -> StateRecord:
    """The record cut at the last year, with ideal points that know no later vote.

    To 2024 the ideal points are the published ones; before, ours of the last year to which they
    were estimated, so that those of the few years since may be missing.
    """
    raw = sources.folder("the record of states and pairs")
    record = read_state_record(raw, min(sources.to, LAST_YEAR))
    if sources.to >= PUBLISHED_TO:
        return record
    return replace(record, ideal_point=positions(record, sources))


def positions(record: StateRecord, sources: Sources) -> np.ndarray:
    """Ideal points by year and state, estimated on votes to the last origin by the year."""
    frame = sources.read(POSITIONS)
    frame = frame[(frame["origin"] == last_origin(sources)) & (frame["issue"] == "all")]
    numbers = {
        code: int(number)
        for number in record.codes.tolist()
        for _, _, code in state_spells(int(number))
    }
    place = {int(number): i for i, number in enumerate(record.codes)}
    state = frame["iso3"].astype(str).map(numbers).map(place)
    known = state.notna().to_numpy()
    filled = np.full(record.ideal_point.shape, np.nan)
    rows = frame["year"].to_numpy(int)[known] - (LAST_YEAR - len(filled) + 1)
    inside = rows < len(filled)
    at = rows[inside], state.to_numpy(float)[known].astype(int)[inside]
    filled[at] = frame["ideal_point"].to_numpy(float)[known][inside]
    return filled
