"""Lives of intergovernmental bodies since 1815 as rows for a regression: one a body and year.

Births, ends and how they ended: Eilstrup-Sangiovanni (2020), 561 bodies, 1815-2015. Members and
exits by year, from 1945: the panel's record. Before that a body counts the members it began with.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.panel import table
from worldorder.data.vintage import Read

FIRST, LAST = 1815, 2015  # years of the record; a body alive in the last is not known to end
MEMBERS_FROM: Final = 1945
USUAL_SIZE: Final = 40.0  # members, where the log of size is zero
MEMORY: Final = 5.0  # years, mean life of an exit in the memory of the other members
WAR_YEARS: Final = (*range(1914, 1919), *range(1939, 1947))  # world wars and the year after
FOUNDING: Final = 2  # years after the beginning in which members still join as founders
POWERS: Final = 10  # largest economies of the year, whose exit is that of a powerful member
REPLACED: Final = ("succeeded", "absorbed", "merged")  # its work goes on in another body

Vector = NDArray[np.float64]


def lives(raw: Path, read: Read = table) -> pd.DataFrame:
    """One row a body: id of the panel, first and last year, how it ended (empty: alive), members.

    `start_members` is the number at the beginning, NaN where not recorded.
    """
    deaths = pd.read_csv(raw / "igo-deaths" / "digo_organizations.csv.gz")
    bodies = read("organizations").set_index("digo")
    at = bodies.loc[deaths["igoID"]]
    ended = at["how_ended"].astype(str).to_numpy()
    return pd.DataFrame(
        {
            "id": at["id"].astype(str).to_numpy(),
            "begin": deaths["Begin"].to_numpy(int),
            "end": np.where(ended != "", deaths["End"], LAST).astype(int),
            "ended": ended,
            "start_members": deaths["full_membership_start"].replace(0, np.nan).to_numpy(),
        }
    )


def _members(bodies: pd.DataFrame, spells: pd.DataFrame) -> Vector:
    """Most full members that each body has had by each year, body x year; NaN where unknown."""
    place = {body: i for i, body in enumerate(bodies["id"])}
    rows = spells[(spells["status"] == "full") & spells["institution"].isin(place)]
    change = np.zeros((len(bodies), LAST - FIRST + 2))
    body = rows["institution"].map(place).to_numpy(int)
    begin = np.clip(rows["begin"].to_numpy(int) - FIRST, 0, None)
    after = np.clip(rows["end"].to_numpy(int) + 1 - FIRST, 0, None)
    inside = begin < change.shape[1]
    np.add.at(change, (body[inside], begin[inside]), 1)
    ends = after < change.shape[1]
    np.add.at(change, (body[ends], after[ends]), -1)
    most = np.maximum.accumulate(change.cumsum(axis=1), axis=1)
    return np.fmax(np.where(most > 0, most, np.nan), bodies["start_members"].to_numpy()[:, None])


def exits(bodies: pd.DataFrame, read: Read = table) -> pd.DataFrame:
    """Certain and likely exits, with whether the leaver founded the body and is a large economy.

    Those who belonged in 1945 count as founders of older bodies.
    """
    events, spells = read("membership_events"), read("membership_spells")
    known = events["verdict"].isin(["certain", "likely"]) & (events["event"] == "exit")
    left = events[known & events["institution"].isin(bodies["id"])]
    first = spells.groupby(["institution", "iso3"], observed=True)["begin"].min()
    joined = first.reindex(pd.MultiIndex.from_frame(left[["institution", "iso3"]])).to_numpy()
    begin = left["institution"].map(bodies.set_index("id")["begin"]).to_numpy()
    economy = read("state_year")
    economy = economy[economy["variable"] == "gdp_latent"]
    rank = economy.set_index(["iso3", "year"])["value"].groupby("year").rank(ascending=False)
    at = pd.MultiIndex.from_arrays([left["iso3"], left["year"].clip(upper=LAST)])
    return pd.DataFrame(
        {
            "id": left["institution"].astype(str).to_numpy(),
            "iso3": left["iso3"].astype(str).to_numpy(),
            "year": left["year"].to_numpy(int),
            "founder": joined <= np.maximum(begin, MEMBERS_FROM) + FOUNDING,
            "power": rank.reindex(at).to_numpy() <= POWERS,
        }
    )


def remembered(bodies: pd.DataFrame, left: pd.DataFrame) -> Vector:
    """Exits that members remember at the end of each year, body x year: an exponential decay."""
    place = {body: i for i, body in enumerate(bodies["id"])}
    count = np.zeros((len(bodies), LAST - FIRST + 2))
    rows = left[left["year"].between(FIRST, LAST)]
    np.add.at(count, (rows["id"].map(place).to_numpy(int), rows["year"].to_numpy() - FIRST), 1)
    for year in range(1, count.shape[1]):
        count[:, year] += count[:, year - 1] * np.exp(-1 / MEMORY)
    return count


def survival_rows(raw: Path, read: Read = table, to: int = LAST) -> pd.DataFrame:
    """One row a body and year of life to the end of `to`, with the facts of the year before.

    Columns: `body`, `id`, `begin`, `age` (years), `year`, `event` (1 where the body ends in it),
    `replaced` (1 where another body takes over), `log_age`, `log_size` (most members so far over
    `USUAL_SIZE`), `war`, and the logs of 1 + remembered exits of all, of founders, of large
    economies and of the rest. Bodies whose members were never recorded are left out.
    """
    bodies = lives(raw, read)
    years = (bodies["end"].clip(upper=to) - bodies["begin"]).clip(lower=0).to_numpy()
    body = np.repeat(np.arange(len(bodies)), years)
    age = np.arange(1, len(body) + 1) - np.repeat(years.cumsum() - years, years)
    rows = bodies.loc[body, ["id", "begin", "end", "ended"]].reset_index(drop=True)
    rows = rows.assign(body=body, age=age, year=rows["begin"] + age, weight=1.0)
    ends = (rows["year"] == rows["end"]) & (rows["ended"] != "")
    before = (body, rows["year"].to_numpy() - 1 - FIRST)
    size = _members(bodies, read("membership_spells"))[before]
    rows = rows.assign(
        event=ends.astype(int),
        replaced=(ends & rows["ended"].isin(REPLACED)).astype(int),
        log_age=np.log(age),
        log_size=np.log(size / USUAL_SIZE),
        war=rows["year"].isin(WAR_YEARS).astype(float),
    )
    left = exits(bodies, read)
    other = ~left["founder"] & ~left["power"]
    for name, kept in (
        ("exits", left), ("founder_exits", left[left["founder"]]),
        ("power_exits", left[left["power"]]), ("other_exits", left[other]),
    ):  # fmt: skip
        rows[f"log_{name}"] = np.log1p(remembered(bodies, kept)[before])
    return rows[np.isfinite(rows["log_size"])].reset_index(drop=True)
