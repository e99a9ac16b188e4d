"""Who has how much say in a body: votes, quotas, headquarters and heads.

Votes of the International Monetary Fund are read from its page of October 2022 and carried to
other years. The World Bank's institutions weigh votes much as the Fund does, and its votes stand
in for theirs (assumed). Development banks weigh votes by shares that no staged source has:
missing. Every other body is taken to give each full member one vote (assumed).
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from worldorder.data import spells
from worldorder.data.own_tables import own_table
from worldorder.data.panel import table

FUND: Final = "IMF"
LIKE_THE_FUND: Final = ("IBRD", "IDA", "IFC", "MIGA")
UNKNOWN_WEIGHTS: Final = (
    "ABEDA", "ADB", "AFESD", "AfDB", "AMF", "BDEAC", "BIS", "CABEI", "CDB", "EADB", "EBRD", "EIB",
    "IADB", "IsDB", "NDB", "NIB", "WADB",
)  # fmt: skip
RECORDED, STANDS_IN, EQUAL, UNKNOWN = (
    "votes of October 2022",
    "votes of the Fund stand in (assumed)",
    "one member, one vote (assumed)",
    "weighted, not known",
)


def members_in(year: int) -> pd.DataFrame:
    """Full members of the 323 bodies of the list on 1 July of a year: iso3, institution, flag.

    The organs in which all members of the United Nations sit have those members.
    """
    rows = table("membership_spells")
    held = spells.by_year(rows[rows["status"] == "full"], [year])[["iso3", "institution", "flag"]]
    bodies = own_table("institutions")
    organs = bodies[bodies["members"] == "un"]["id"]
    united = held[held["institution"] == "UN"]
    of_organs = united.drop(columns="institution").merge(organs.rename("institution"), how="cross")
    listed = held[held["institution"].isin(bodies["id"]) & ~held["institution"].isin(organs)]
    found = pd.concat([listed, of_organs], ignore_index=True)
    return found.drop_duplicates(["iso3", "institution"]).reset_index(drop=True)


def vote_basis(institution: str) -> str:
    """Where the votes of a body come from."""
    if institution == FUND:
        return RECORDED
    if institution in LIKE_THE_FUND:
        return STANDS_IN
    return UNKNOWN if institution in UNKNOWN_WEIGHTS else EQUAL


def influence(year: int) -> pd.DataFrame:
    """Say of each full member in each body of the list.

    Args:
        year: 1945 to 2026.

    Returns:
        One row a member and body: `iso3`, `institution`, `vote_share` (share of all votes, NaN
        where not known), `vote_basis`, `host` (the headquarters lie in the state; from general
        knowledge) and `host_known` (false where the headquarters are in no table), `head`
        (the head on 1 January 2025 is a national; from general knowledge) and `head_known`.
    """
    return say_of(members_in(year))


def say_of(members: pd.DataFrame) -> pd.DataFrame:
    """The same for a list of members: iso3, institution."""
    basis = members["institution"].map(vote_basis)
    quotas = table("quotas").set_index("iso3")["vote_share"]
    weighted = members["iso3"].map(quotas)
    weighted = weighted / weighted.groupby(members["institution"]).transform("sum")
    equal = 1.0 / members.groupby("institution")["iso3"].transform("size")
    share = weighted.where(basis.isin([RECORDED, STANDS_IN]), equal).mask(basis == UNKNOWN)
    seats = own_table("headquarters").set_index("institution")["host"]
    host = members["institution"].map(seats)
    heads = own_table("heads").set_index("institution")["head"]
    head = members["institution"].map(heads)
    return members[["iso3", "institution"]].assign(
        vote_share=share,
        vote_basis=basis,
        host=host.eq(members["iso3"]),
        host_known=host.notna(),
        head=head.eq(members["iso3"]),
        head_known=head.notna(),
    )
