"""What the ledger explains: the 66, exits of others, and the balance of a state over the years."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import mannwhitneyu

from worldorder.data.panel import panel, table
from worldorder.inference.ledger import (
    CONSTRAINT,
    DRAWN,
    ITEMS,
    KNOWN,
    LEADER,
    OPEN,
    WOULD_LEAVE,
    WOULD_STAY,
    booked,
    draws_of,
    holdings_in,
    net_of,
)
from worldorder.inference.worth import worth

YEARS: Final = range(2013, 2025)
FIRST_EXIT, LAST_EXIT = 2014, 2025
READING: Final = {
    WOULD_LEAVE: "the ledger would have left",
    OPEN: "the ledger does not tell",
    WOULD_STAY: "left at home's bidding, or for what the ledger does not hold",
}


def area_under_curve(score: pd.Series, event: pd.Series) -> float:
    """Chance that a membership that ended has the higher score; ties count one half."""
    gone = event.to_numpy(bool)
    if gone.all() or not gone.any():
        return float("nan")
    value = score.to_numpy(float)
    found = mannwhitneyu(value[gone], value[~gone])
    return float(found.statistic / (gone.sum() * (~gone).sum()))


def area_rate(rows: pd.DataFrame) -> pd.Series:
    """Share of the other memberships in the same area that ended, each left out in turn."""
    event = rows["in_memorandum"].astype(float)
    by_area = event.groupby(rows["area"])
    count = by_area.transform("size") - 1
    overall = (event.sum() - event) / (len(event) - 1)
    return ((by_area.transform("sum") - event) / count).where(count > 0, overall)


def the_66(rows: pd.DataFrame) -> pd.DataFrame:
    """The bodies of the memorandum with the ledger of the leading state and its reading."""
    left = rows[(rows["iso3"] == LEADER) & rows["in_memorandum"]]
    return left.assign(reading=left["decision"].map(READING)).sort_values(
        "leave_probability", ascending=False, ignore_index=True
    )


def explained(rows: pd.DataFrame) -> pd.DataFrame:
    """How well each reading orders the leading state's memberships by whether they are of the 66.

    One row a reading: `auc` over all its memberships, over those whose dues are known, and over
    those whose dues are drawn. One half is chance.
    """
    own = rows[rows["iso3"] == LEADER].reset_index(drop=True)
    scores = {
        "ledger: chance that it would leave": own["leave_probability"],
        "dues": own["dues"],
        "distance": own["distance"],
        "less service": -own["service"],
        "area of work, others' rate": area_rate(own),
    }
    kinds = {
        "all": pd.Series(True, index=own.index),
        "dues known": own["dues_basis"] == KNOWN,
        "dues drawn": own["dues_basis"] == DRAWN,
    }
    made = {
        name: {
            kind: area_under_curve(score[inside], own.loc[inside, "in_memorandum"])
            for kind, inside in kinds.items()
        }
        for name, score in scores.items()
    }
    count = {kind: int(inside.sum()) for kind, inside in kinds.items()}
    return pd.DataFrame(made).T.rename(columns={k: f"{k} ({count[k]})" for k in kinds})


def resting(rows: pd.DataFrame, state: str) -> str:
    """What a state's ledger rests on, in words; to be said first."""
    own = rows[rows["iso3"] == state]
    low, high = CONSTRAINT
    known = own["dues_basis"].isin([KNOWN]).sum()
    everybody = (own["members_basis"] != "recorded").sum()
    turns = own["flip_constraint"].between(low, high).sum()
    return (
        f"{turns} of {len(own)} decisions of {state} turn within the assumed range of the weight "
        f"of distance ({low:g} to {high:g} per ideal-point unit). Dues are known for {known} "
        f"bodies; for {everybody} the members are not known and all states are taken."
    )


def exits_of_others(draws: int = 100, seed: int = 1) -> dict[str, float]:
    """How the ledger of a year orders the exits of the next from UN bodies, all states.

    Exits are the certain and likely ones of 2014-2025, but for those of the memorandum.
    """
    events = table("membership_events")
    events = events[events["event"].eq("exit") & events["verdict"].isin(["certain", "likely"])]
    gone = set(zip(events["iso3"], events["institution"], events["year"], strict=True))
    scores: list[pd.Series] = []
    ended: list[pd.Series] = []
    for year in range(FIRST_EXIT - 1, LAST_EXIT):
        rows, net = balance(year, draws, seed)
        keys = zip(rows["iso3"], rows["institution"], strict=True)
        scores.append(pd.Series((net < 0).mean(axis=0)))
        ended.append(pd.Series([(i, b, year + 1) in gone for i, b in keys]))
    score, event = pd.concat(scores), pd.concat(ended)
    return {
        "exits": int(event.sum()),
        "memberships": len(event),
        "auc": area_under_curve(score, event),
    }


def balance(year: int, draws: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Memberships of a year in UN bodies, and their net by draw."""
    rows = holdings_in(year)
    drawn = draws_of(worth(), rows["institution"].nunique(), draws, seed)
    return rows, net_of(booked(rows, drawn))


def path(state: str = LEADER, draws: int = 200, seed: int = 1) -> pd.DataFrame:
    """A state's ledger in UN bodies by year, means over bodies weighted by their revenue.

    Returns:
        By year: the items and `net` (medians over draws, shares of revenue), `leave_probability`,
        `bodies`, and `distance_from_allies`, the mean distance of its ideal point from those of
        states with which it has a defence pact.
    """
    made: list[dict[str, float]] = []
    for year in YEARS:
        rows = holdings_in(year)
        drawn = draws_of(worth(), rows["institution"].nunique(), draws, seed)
        own = np.flatnonzero(rows["iso3"] == state)
        items = {k: v[:, own] for k, v in booked(rows, drawn).items()}
        weight = _revenue(year).reindex(rows["institution"].iloc[own]).to_numpy(float)
        mean = {k: np.average(v, axis=1, weights=weight) for k, v in items.items()}
        net = net_of(mean)
        made.append(
            {
                "year": year,
                "bodies": len(own),
                **{name: float(np.median(mean[name])) for name in ITEMS},
                "net": float(np.median(net)),
                "leave_probability": float((net < 0).mean()),
                "distance_from_allies": _distance_from_allies(state, year),
            }
        )
    return pd.DataFrame(made)


def _revenue(year: int) -> pd.Series:
    money = table("funding")
    money = money[money["year"] == year].astype({"institution": str})
    return money.groupby("institution")["value"].sum()


def _distance_from_allies(state: str, year: int) -> float:
    pacts = table("alliances")
    held = pacts[
        (pacts["variable"] == "defence_pact")
        & (pacts["actor"] == state)
        & (pacts["begin"] <= year)
        & (pacts["end"].fillna(9999) >= year)
    ]
    place = panel("ideal_point", year=year).set_index("iso3")["value"]
    allies = place.reindex(held["partner"].astype(str).unique())
    return float((allies - place[state]).abs().mean())
