"""Who leads in each area of institutions: who pays, who votes, where they sit, who heads them.

Payments are those of states to the entities of the UN system with statistics, 2013-2024; areas
where no body reports have none. Votes, headquarters and heads: `worldorder.inference.influence`.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from worldorder.data.own_tables import own_table
from worldorder.data.panel import table
from worldorder.errors import InputError
from worldorder.inference.influence import influence

FIRST, LAST = 2013, 2024  # years of payments
PARTS: Final = ("funds", "votes", "hosts", "heads")
ON_RECORD: Final = ("funds", "votes")  # without what is from general knowledge
EVERYWHERE: Final = "all areas"


def _areas() -> pd.Series:
    return own_table("institutions").set_index("id")["area"]


def payments(year: int) -> pd.DataFrame:
    """What states pay listed bodies in a year: iso3, institution, value (mn current USD)."""
    rows = table("funding")
    rows = rows[(rows["year"] == year) & (rows["donor_kind"] == "state")]
    rows = rows[rows["institution"].isin(_areas().index)].astype({"institution": str, "donor": str})
    paid = rows.groupby(["donor", "institution"])["value"].sum().clip(lower=0.0)
    return paid.reset_index().rename(columns={"donor": "iso3"})


def _shares(rows: pd.DataFrame, value: str) -> pd.Series:
    """Share of a sum by area and state, and over all areas."""
    area = rows["institution"].map(_areas())
    both = pd.concat([rows.assign(area=area), rows.assign(area=EVERYWHERE)])
    total = both.groupby(["area", "iso3"])[value].sum()
    return total / total.groupby("area").transform("sum")


def leadership(year: int) -> pd.DataFrame:
    """Shares of each state in what each area of institutions lives and is steered by.

    Args:
        year: 2013 to 2024.

    Returns:
        One row an area and state, and `all areas`: `funds` (share of what states pay), `votes`
        (mean share of votes over bodies whose votes are known), `hosts` and `heads` (share of
        bodies whose headquarters and head are known; heads are those of January 2025), and
        `leadership`, the mean of the four that are known (equal weights, assumed);
        `leadership_on_record` is that of funds and votes, without headquarters and heads, which are
        from general knowledge. NaN where nothing is known.

    Raises:
        InputError: payments of the year are not recorded.
    """
    if not FIRST <= year <= LAST:
        raise InputError(
            f"payments to institutions are not recorded for {year}",
            f"Give a year from {FIRST} to {LAST}.",
        )
    say = influence(year)
    votes = say.dropna(subset=["vote_share"])
    frame = pd.DataFrame(
        {
            "funds": _shares(payments(year), "value"),
            "votes": _shares(votes, "vote_share"),
            "hosts": _shares(say[say["host_known"]].astype({"host": float}), "host"),
            "heads": _shares(say[say["head_known"]].astype({"head": float}), "head"),
        }
    )
    known = frame[list(PARTS)].groupby("area").transform("count") > 0
    filled = frame.fillna(0.0).where(known)
    made = filled.assign(
        leadership=filled[list(PARTS)].mean(axis=1),
        leadership_on_record=filled[list(ON_RECORD)].mean(axis=1),
    )
    return made.reset_index().sort_values(["area", "leadership"], ascending=[True, False])


def concentration(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum of squared shares of funds and of votes by area: 1 where one state has all."""
    squares = rows.set_index("area")[["funds", "votes"]] ** 2
    return squares.groupby("area").sum(min_count=1)


def by_area(rows: pd.DataFrame, state: str = "USA") -> pd.DataFrame:
    """One row an area: who is first in funds and over all, and what a state has.

    `leader_on_record` is who is first without headquarters and heads.
    """
    indices = ["leadership", "leadership_on_record"]
    own = rows[rows["iso3"] == state].set_index("area")[[*PARTS, *indices]]
    paid = rows.dropna(subset=["funds"]).sort_values("funds", ascending=False)
    payer = paid.drop_duplicates("area").set_index("area")
    leader = rows.drop_duplicates("area").set_index("area")
    by_record = rows.sort_values("leadership_on_record", ascending=False, kind="stable")
    on_record = by_record.drop_duplicates("area").set_index("area")
    found = own.reindex(leader.index).assign(
        first_payer=payer["iso3"],
        first_payer_share=payer["funds"],
        leader=leader["iso3"],
        leader_index=leader["leadership"],
        leader_on_record=on_record["iso3"],
        leader_on_record_index=on_record["leadership_on_record"],
    )
    return found.join(concentration(rows).add_suffix("_concentration"))
