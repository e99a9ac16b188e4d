"""Founders of intergovernmental bodies as pairs: a founder and each state that could have joined.

Bodies and members are those of the panel: formal bodies of the Correlates of War and informal ones.
Founders are full members within a year of the founding; informal bodies have the members of 2017.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from worldorder.data.panel import table
from worldorder.data.vintage import Read

FIRST, LAST = 1970, 2014
USUAL_DISTANCE: Final = 3000.0  # km
NEAREST: Final = 100.0  # km, least distance of two states
MEMORY: Final = 5.0  # years, mean life of an exit in memory
LEADER: Final = "USA"


def _wide(read: Read, variable: str) -> pd.DataFrame:
    rows = read("state_year")
    return _by_year(rows[rows["variable"] == variable])


def _by_year(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.pivot(index="iso3", columns="year", values="value")


def _distances(read: Read) -> pd.DataFrame:
    pairs = read("geography")[["state_a", "state_b", "km"]]
    turned = pairs.rename(columns={"state_a": "state_b", "state_b": "state_a"})
    both = pd.concat([pairs, turned]).drop_duplicates(["state_a", "state_b"])
    return both.pivot(index="state_a", columns="state_b", values="km")


def founders(read: Read = table, to: int = LAST) -> pd.DataFrame:
    """Founders of the bodies founded to the end of a year: institution, iso3, year."""
    bodies, rows = read("organizations"), read("membership_spells")
    known = (bodies["cow"] != "") | (bodies["iigo"] != "")
    bodies = bodies[known & bodies["founded"].between(FIRST, to)]
    rows = rows[rows["status"] == "full"].astype({"institution": str, "iso3": str})
    year = rows["institution"].map(bodies.set_index("id")["founded"])
    rows = rows.assign(year=year)[(rows["begin"] - year).abs() <= 1]
    return rows.drop_duplicates(["institution", "iso3"])[["institution", "iso3", "year"]]


def aloofness(read: Read = table) -> pd.Series:
    """Log of 1 + exits of the leading state that are remembered at the beginning of each year."""
    events = read("membership_events")
    left = (events["event"] == "exit") & events["verdict"].isin(["certain", "likely"])
    count = events[left & (events["iso3"] == LEADER)].groupby("year").size()
    years = pd.RangeIndex(FIRST - 25, LAST + 2)
    held, memory = 0.0, {}
    for year in years:
        memory[year] = np.log1p(held)
        held = held * np.exp(-1 / MEMORY) + float(count.get(year, 0))
    return pd.Series(memory)


def founding_pairs(
    read: Read = table, to: int = LAST, points: pd.DataFrame | None = None
) -> pd.DataFrame:
    """One row a body, founder and other state: `event` is 1 where the other founds it too.

    Rows of a body weigh as much as one founder's together. States without an ideal point, GDP or
    distance in the year are left out, and bodies with fewer than two founders among the rest.

    Args:
        read: gives a table of the panel.
        to: last year of a founding.
        points: ideal points (iso3, year, value); by default the published ones, whose earlier
            years know later votes.
    """
    gdp = _wide(read, "gdp_latent")
    point = _wide(read, "ideal_point") if points is None else _by_year(points)
    point = point.reindex(columns=range(FIRST - 3, to + 1)).ffill(axis=1, limit=3)
    km, memory = _distances(read), aloofness(read)
    states = point.index.intersection(gdp.index).intersection(km.index)
    point, gdp, km = point.loc[states], gdp.loc[states], km.loc[states, states].to_numpy()
    frames: list[pd.DataFrame] = []
    for _, rows in founders(read, to).groupby(["institution", "year"]):
        body, year = str(rows["institution"].iloc[0]), int(rows["year"].iloc[0])
        known = (point[year].notna() & gdp[year].notna()).to_numpy()
        inside = states.isin(rows["iso3"]) & known
        if inside.sum() >= 2:
            frames.append(_pairs(body, year, states, known, inside, point, gdp, km))
    pairs = pd.concat(frames, ignore_index=True)
    leader = (pairs["state"] == LEADER).astype(float)
    return pairs.assign(leader=leader, aloof=leader * pairs["year"].map(memory))


def _pairs(
    body: str, year: int, states: pd.Index, known: np.ndarray, inside: np.ndarray,
    point: pd.DataFrame, gdp: pd.DataFrame, km: np.ndarray,
) -> pd.DataFrame:  # fmt: skip
    seed, other = np.nonzero(inside[:, None] & known & ~np.eye(len(states), dtype=bool))
    position = point[year].to_numpy()
    share = np.log((gdp[year] / gdp[year][known].sum()).to_numpy())
    return pd.DataFrame(
        {
            "body": body,
            "year": year,
            "seed": states.to_numpy()[seed],
            "state": states.to_numpy()[other],
            "event": inside[other].astype(int),
            "weight": 1.0 / inside.sum(),
            "log_distance": np.log(np.maximum(km[seed, other], NEAREST) / USUAL_DISTANCE),
            "divergence": np.abs(position[seed] - position[other]),
            "log_gdp_share": share[other],
            "log_seed_share": share[seed],
        }
    )


def seed_choices(read: Read = table, to: int = LAST) -> pd.DataFrame:
    """Log share of world GDP of each state that could have begun each body, and its part in it.

    `share` is 1 over the number of founders for each of them, 0 for others.
    """
    gdp = _wide(read, "gdp_latent")
    rows: list[pd.DataFrame] = []
    for _, held in founders(read, to).groupby(["institution", "year"]):
        body, year = str(held["institution"].iloc[0]), int(held["year"].iloc[0])
        known = gdp[year].dropna()
        inside = known.index.isin(held["iso3"])
        if inside.sum() >= 2:
            log_share = np.log(known.to_numpy() / known.sum())
            rows.append(
                pd.DataFrame(
                    {"body": body, "log_gdp_share": log_share, "share": inside / inside.sum()}
                )
            )
    return pd.concat(rows, ignore_index=True)
