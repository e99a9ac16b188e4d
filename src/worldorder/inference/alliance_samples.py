"""Rows at risk: pairs that may ally or part, states that may join a body or leave it.

Covariates are those of the year before. Rows with a covariate missing are left out and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.inference.state_record import Flags, StateRecord
from worldorder.mechanisms.pact_bodies import Body, YearOfBodies, history

Array = NDArray[np.float64]
Fields = dict[str, Array]

BODY_NUMBERS = 1000  # bodies are numbered from here where states and bodies are parties


@dataclass(frozen=True)
class Samples:
    """Rows by process. `a` and `b` are places of states, or of a state and a body's number."""

    pairs: pd.DataFrame  # not tied: `onset`, of which `bilateral` and `founding`
    ties: pd.DataFrame  # tied: `loss`, and `in_body` where they share a body
    outside: pd.DataFrame  # states outside a body: `joins`
    members: pd.DataFrame  # members of a body that goes on: `leaves`
    bodies: dict[tuple[int, int], Flags]  # members by year of the event and number of the body
    foundings: int
    endings: int


def pair_covariates(record: StateRecord, year: int, ties: Flags, trade: bool) -> Fields:
    """Covariates of pairs in a year, (state, state), symmetric.

    `ties` are those of the year, in which common allies are counted.
    """
    y = record.year(year)
    power, regime, point = record.power[y], record.regime[y], record.ideal_point[y]
    known_power = np.nan_to_num(power)
    rivals = record.rivalry(year).astype(float)
    linked = ties.astype(float)
    fields = {
        "common_allies": np.log1p(linked @ linked.T),
        "joint_threat": np.sqrt((rivals * known_power) @ rivals.T),
        "rivalry": rivals,
        "affinity_gap": np.nan_to_num(_gap(point)),
        "affinity_unknown": np.isnan(_gap(point)).astype(float),
        "regime_gap": _gap(regime),
        "least_democracy": np.minimum.outer(regime, regime),
        "log_distance": np.log(np.maximum(record.distance, 50.0) / 1000.0),
        "land_border": record.land_border(year).astype(float),
        "log_power": np.log(np.maximum.outer(power, power) + 1e-5),
        "log_power_ratio": np.abs(_gap(np.log(power + 1e-5))),
    }
    if trade:
        share = record.trade_share(year)
        fields["dependence"] = np.sqrt(np.maximum(share, share.T))
    return fields


def _gap(values: Array) -> Array:
    return np.abs(values[:, None] - values[None, :])


def body_covariates(pairs: Fields, ties: Flags, power: Array, body: Body, year: int) -> Fields:
    """Covariates of every state towards a body: means over its other members."""
    others = np.outer(np.ones(len(ties)), body.members) * ~np.eye(len(ties), dtype=bool)
    count = np.maximum(others.sum(axis=1), 1.0)
    unknown = pairs["affinity_unknown"] > 0

    def mean(field: Array) -> Array:
        known = others * np.isfinite(field)
        return np.nansum(field * known, axis=1) / np.maximum(known.sum(axis=1), 1e-9)

    return {
        "affinity_gap": mean(np.where(unknown, np.nan, pairs["affinity_gap"])),
        "affinity_unknown": mean(unknown.astype(float)),
        "joint_threat": mean(pairs["joint_threat"]),
        "rivals_inside": mean(pairs["rivalry"]),
        "regime_gap": mean(pairs["regime_gap"]),
        "root_border_share": np.sqrt(mean(pairs["land_border"])),
        "log_distance": mean(pairs["log_distance"]),
        "tied_share": mean(ties.astype(float)),
        "log_members": np.log(count),
        "log_power_of_body": np.full(len(ties), np.log(np.nansum(power[body.members]) + 1e-5)),
        "log_power": np.log(power + 1e-5),
        "log_tenure": np.log1p(np.maximum(year - body.since, 0)),
    }


def samples(record: StateRecord, kind: str, years: range, trade: bool = False) -> Samples:
    """Rows at risk for one type of obligation.

    Args:
        record: of states and pairs.
        kind: "defence", "consultation", "neutrality" or "nonaggression".
        years: years of covariates, and the year after the last one.
        trade: take up dependence, which is on record from 1962.

    Ideal points are on record for members of the United Nations from 1946. Where one is not known
    `affinity_gap` is 0 and `affinity_unknown` 1.
    """
    collected: dict[str, list[pd.DataFrame]] = {
        "pairs": [],
        "ties": [],
        "outside": [],
        "members": [],
    }
    began = np.zeros((len(record.codes),) * 2, np.int64)
    bodies: dict[tuple[int, int], Flags] = {}
    counts = {"foundings": 0, "endings": 0}
    numbers: dict[bytes, int] = {}
    for found in history(_ties_of(record, kind), years):
        year = found.year - 1
        ties = record.ties(kind, year)
        began = np.where(ties, np.where(began > 0, began, year), 0)
        here = record.present[record.year(year)] & record.present[record.year(found.year)]
        fields = pair_covariates(record, year, ties, trade)
        for name, rows in _pair_rows(found, fields, ties, here, year - began):
            collected[name].append(rows)
        power = record.power[record.year(year)]
        for body, joined, left, ended in zip(
            found.before, found.joined, found.left, found.ended, strict=True
        ):
            number = _number(body, numbers)
            bodies[found.year, number] = body.members
            toward = body_covariates(fields, ties, power, body, found.year)
            outside, inside = here & ~body.members, here & body.members & (not ended)
            collected["outside"].append(
                _body_rows(found.year, number, outside, toward, "joins", joined)
            )
            collected["members"].append(
                _body_rows(found.year, number, inside, toward, "leaves", left)
            )
        counts["foundings"] += len(found.founded)
        counts["endings"] += sum(found.ended)
    frames = {name: _complete(rows) for name, rows in collected.items()}
    return Samples(
        **frames, foundings=counts["foundings"], endings=counts["endings"], bodies=bodies
    )


def _ties_of(record: StateRecord, kind: str) -> Callable[[int], Flags]:
    return lambda year: record.ties(kind, year)


def _pair_rows(
    found: YearOfBodies, fields: Fields, ties: Flags, here: Flags, age: NDArray[np.int64]
) -> Iterator[tuple[str, pd.DataFrame]]:
    upper = np.triu(np.outer(here, here), 1)
    begun = {
        "onset": found.onset,
        "bilateral": found.bilateral_onset,
        "founding": found.founding_onset,
    }
    yield "pairs", _rows(found.year, np.nonzero(upper & ~ties), fields, begun)
    over = {"loss": found.loss, "in_body": found.in_body}
    with_age = fields | {"log_tenure": np.log1p(age.astype(float))}
    yield "ties", _rows(found.year, np.nonzero(upper & ties), with_age, over)


def _rows(
    year: int, where: tuple[NDArray[np.intp], ...], fields: Fields, outcomes: dict[str, Flags]
) -> pd.DataFrame:
    i, j = where
    columns = {name: field[i, j].astype(np.float32) for name, field in fields.items()}
    events = {name: field[i, j].astype(np.int8) for name, field in outcomes.items()}
    return pd.DataFrame({"year": np.full(len(i), year), "a": i, "b": j, **events, **columns})


def _number(body: Body, numbers: dict[bytes, int]) -> int:
    """Number of a body by the year of its founding and its oldest members, from 1000."""
    founders = np.flatnonzero(body.since == body.since[body.members].min())[:3]
    identity = f"{body.founded} {founders.tolist()}".encode()
    return numbers.setdefault(identity, BODY_NUMBERS + len(numbers))


def _body_rows(
    year: int, number: int, states: Flags, toward: Fields, event: str, happened: Flags
) -> pd.DataFrame:
    i = np.flatnonzero(states)
    columns = {key: field[i].astype(np.float32) for key, field in toward.items()}
    head = {"year": year, "a": i, "b": number, event: happened[i].astype(np.int8)}
    return pd.DataFrame(head | columns)


def _complete(rows: list[pd.DataFrame]) -> pd.DataFrame:
    """All rows without a gap; how many were left out stands in `attrs`."""
    if not any(len(part) for part in rows):
        return pd.DataFrame()
    whole = pd.concat(rows, ignore_index=True)
    known = whole.dropna(subset=list(whole.select_dtypes("float32").columns))
    known.attrs = {"rows_left_out": len(whole) - len(known)}
    return known
