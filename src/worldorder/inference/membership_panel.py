"""The membership record as rows for a regression: body, state and year, with last year's facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.membership_record import (
    FIRST_YEARLY,
    classified_exits,
    full_membership,
    states_in_system,
)

MEMORY_YEARS = 5.0  # mean life of an exit in the memory of the other members
NEIGHBOURS = 10  # nearest states whose membership draws a state in
MATURE_YEARS = 10  # a body younger than this is still gathering its founding members
USUAL_SIZE = 40.0  # members, where the log of size is zero
KEPT = 0.1  # share of the rows of outsiders without an accession that is kept, and weighted back

Cube = NDArray[np.bool_]
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Record:
    """Arrays of body x state x year, and of state x year."""

    bodies: list[str]
    states: list[int]
    years: list[int]
    member: Cube
    exit: Cube  # exits of the kinds asked for, in the first year without membership
    stop: Cube  # any end of a membership, exits and artefacts
    present: Cube  # in the state system, state x year
    ideal_point: Vector  # state x year
    democracy: Vector  # state x year, electoral democracy less its middle, 0.5
    neighbour: Vector  # state x other state x year, 1/k for the k nearest in being


def ideal_points(raw: Path) -> pd.DataFrame:
    """State by year, ideal points, the last known carried forward three years."""
    votes = pd.read_csv(raw / "un-ideal-points" / "ideal_points_july2025.csv.gz")
    wide = votes.pivot_table(index="ccode", columns="year", values="idealpointfp")
    return wide.reindex(columns=range(1946, 2025)).ffill(axis=1, limit=3)


def electoral_democracy(raw: Path) -> pd.DataFrame:
    """State by year, electoral democracy (V-Dem, 0 to 1), gaps of three years carried forward."""
    table = pd.read_csv(raw / "democracy" / "cw_democracy.csv.gz")
    wide = table.pivot_table(index="ccode", columns="year", values="v2x_polyarchy")
    return wide.ffill(axis=1, limit=3)


def nearest_states(raw: Path) -> dict[int, list[int]]:
    """For each state all others from the nearest capital to the farthest."""
    capital = pd.read_csv(raw / "cow-geography" / "capitals.csv").groupby("ccode").last()
    north, east = np.radians(capital[["lat", "lng"]].to_numpy(float)).T
    cosine = np.outer(np.sin(north), np.sin(north)) + np.outer(
        np.cos(north), np.cos(north)
    ) * np.cos(east[:, None] - east)
    codes = capital.index.to_numpy()
    order = np.argsort(-cosine, axis=1, kind="stable")
    return {
        int(code): [int(c) for c in codes[row] if c != code]
        for code, row in zip(codes, order, strict=True)
    }


def recorded_membership(raw: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Full members by body, state and year, and states in the state system by year."""
    member = full_membership(pd.read_csv(raw / "cow-igo" / "state_year_igo_1945_2014.csv.gz"))
    spells = pd.read_csv(raw / "cow-states" / "states_2016.csv")
    return member, states_in_system(spells, [int(year) for year in member.columns])


def read_record(raw: Path, kinds: Sequence[str] = ("certain", "likely")) -> Record:
    """The membership record with its covariates from the raw folder; exits of some kinds."""
    table, system = recorded_membership(raw)
    years = [int(y) for y in table.columns]
    exits = classified_exits(table, system)
    bodies = sorted({str(body) for body in table.index.get_level_values("ioname")})
    states = [int(s) for s in system.index]
    member = np.zeros((len(bodies), len(states), len(years)), bool)
    at = (
        pd.Index(bodies).get_indexer(table.index.get_level_values("ioname")),
        pd.Index(states).get_indexer(table.index.get_level_values("ccode")),
    )
    member[at] = table.to_numpy()
    present = system.to_numpy()
    return Record(
        bodies=bodies,
        states=states,
        years=years,
        member=member & present,
        exit=_marked(exits[exits["kind"].isin(kinds)], bodies, states, years),
        stop=_marked(exits, bodies, states, years),
        present=present,
        ideal_point=ideal_points(raw).reindex(index=states, columns=years).to_numpy(),
        democracy=electoral_democracy(raw).reindex(index=states, columns=years).to_numpy() - 0.5,
        neighbour=_neighbours(nearest_states(raw), states, present),
    )


def _marked(stops: pd.DataFrame, bodies: list[str], states: list[int], years: list[int]) -> Cube:
    cube = np.zeros((len(bodies), len(states), len(years)), bool)
    labels = zip((bodies, states, years), ("body", "state", "year"), strict=True)
    cube[tuple(pd.Index(known).get_indexer(pd.Index(stops[name])) for known, name in labels)] = True
    return cube


def _neighbours(nearest: dict[int, list[int]], states: list[int], present: Cube) -> Vector:
    place = {state: i for i, state in enumerate(states)}
    weight = np.zeros((len(states), len(states), present.shape[1]))
    for state, i in place.items():
        others = np.asarray([place[s] for s in nearest.get(state, []) if s in place], int)
        rank = np.cumsum(present[others], axis=0)
        weight[i, others] = (present[others] & (rank <= NEIGHBOURS)) / NEIGHBOURS
    return weight


def body_years(record: Record) -> pd.DataFrame:
    """One row per living body, state in being and year from 1966, with last year's covariates."""
    frames: list[pd.DataFrame] = []
    memory = np.zeros(len(record.bodies))
    ever_left = np.zeros(record.member.shape[:2], bool)
    tenure = record.member[:, :, 0].astype(float)
    for t in range(1, len(record.years)):
        left = record.exit[:, :, t - 1]
        memory = memory * np.exp(-1 / MEMORY_YEARS) + left.sum(axis=1)
        ever_left |= left
        if record.years[t] >= FIRST_YEARLY:
            frames.append(_year_rows(record, t, memory, ever_left, tenure))
        tenure = (tenure + 1) * record.member[:, :, t]
    return pd.concat(frames, ignore_index=True)


def _year_rows(
    record: Record, t: int, memory: Vector, ever_left: Cube, tenure: Vector
) -> pd.DataFrame:
    before, now = record.member[:, :, t - 1], record.member[:, :, t]
    size = before.sum(axis=1)
    alive = np.nonzero((size >= 2) & (now.sum(axis=1) >= 2))[0]
    states = np.nonzero(record.present[:, t] & record.present[:, t - 1])[0]
    here = np.ix_(alive, states)
    shape = (len(alive), len(states))
    first = record.member.any(axis=1).argmax(axis=1)
    point = record.ideal_point[:, t - 1]
    share = before.astype(float) @ record.neighbour[:, :, t - 1].T
    columns = {
        "body": np.broadcast_to(alive[:, None], shape),
        "state": np.broadcast_to(np.asarray(record.states)[states], shape),
        "year": np.full(shape, record.years[t]),
        "was_member": before[here],
        "is_member": now[here],
        "exit": record.exit[:, :, t][here],
        "stop": record.stop[:, :, t][here],
        "divergence": np.abs(point[states] - _centre(before[alive], point)[:, None]),
        "democracy": np.broadcast_to(record.democracy[states, t - 1], shape),
        "log_recent_exits": np.broadcast_to(np.log1p(memory[alive])[:, None], shape),
        "log_size": np.broadcast_to(np.log(size[alive] / USUAL_SIZE)[:, None], shape),
        "root_neighbour_share": np.sqrt(share[here]),
        "log_tenure": np.log1p(tenure[here]),
        "left_before": ever_left[here],
        "mature": np.broadcast_to((t - first[alive] >= MATURE_YEARS)[:, None], shape),
    }
    return pd.DataFrame({name: values.ravel() for name, values in columns.items()})


def _centre(member: Cube, point: Vector) -> Vector:
    """Mean ideal point of the members of each body, NaN under two known."""
    known = member & np.isfinite(point)
    count = known.sum(axis=1)
    total = known.astype(float) @ np.nan_to_num(point)
    return np.where(count >= 2, total / np.maximum(count, 1), np.nan)


def exit_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Member-years at risk of exit; years that end in an artefact leave the sample."""
    at_risk = rows[rows["was_member"] & (rows["exit"] | ~rows["stop"])]
    return _with_events(at_risk[np.isfinite(at_risk["democracy"])], "exit")


def entry_rows(rows: pd.DataFrame, first_year: int = 2001) -> pd.DataFrame:
    """Years outside a mature body of states that never left it.

    Accessions slowed after 2000, so earlier years would put the level too high. All accessions are
    kept, and a tenth of the other rows, drawn with a fixed seed and weighted.
    """
    outside = ~rows["was_member"] & ~rows["left_before"] & rows["mature"]
    at_risk = rows[outside & (rows["year"] >= first_year)]
    drawn = np.random.default_rng(0).random(len(at_risk)) < KEPT
    kept = at_risk[drawn | at_risk["is_member"]]
    framed = _with_events(kept, "is_member")
    return framed.assign(weight=np.where(framed["event"] == 1, 1.0, 1 / KEPT))


def return_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Years outside a body of states that left it by a certain or likely exit."""
    at_risk = rows[~rows["was_member"] & rows["left_before"]]
    return _with_events(at_risk, "is_member")


def _with_events(rows: pd.DataFrame, event: str) -> pd.DataFrame:
    marked = rows.assign(event=rows[event].astype(int), weight=1.0)
    return marked[np.isfinite(marked["divergence"])]
