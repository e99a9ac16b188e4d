"""Full members of a body by year, from COW's tables to 2014 and the panel's list of today.

Between two records of the tables (every fifth year before 1965, none after 2014) the members are
those of both, one that leaves stays until the year of leaving where the list has it, and one that
joins comes in with the later record, or earlier where the caller knows how to tell.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from worldorder.data.own_tables import own_table
from worldorder.data.polities import former_states, in_being, state_keys
from worldorder.data.spells import LAST_YEAR

Years = dict[int, tuple[set[str], bool]]  # members of a year, and whether it is on record
Joined = Callable[[str, set[str], int], bool]  # code, members who stay, year


def recorded(
    state_years: pd.DataFrame, listed: pd.DataFrame, cow: str, institution: str
) -> pd.DataFrame:
    """Year and code of full members on record; the list of today counts as the last year.

    Args:
        state_years: COW's members by state and year.
        listed: the panel's memberships.
        cow: COW's names of the body, several where it was refounded.
        institution: its id in the panel, empty where it is no more.
    """
    rows = state_years[state_years["ioname"].isin(cow.split()) & (state_years["status"] == 1)]
    then = pd.DataFrame({"year": rows["year"], "code": state_keys(rows["ccode"], rows["year"])})
    now = listed[(listed["institution"] == institution) & (listed["status"] == "full")]
    now = now[now["until"].fillna("") == ""]
    today = pd.DataFrame({"year": LAST_YEAR, "code": now["iso3"]})
    return pd.concat([then, today]).drop_duplicates() if institution else then.drop_duplicates()


def left(listed: pd.DataFrame, institution: str) -> dict[str, int]:
    """Year of leaving by state, where the list has it."""
    rows = listed[(listed["institution"] == institution) & (listed["until"].fillna("") != "")]
    return dict(zip(rows["iso3"], rows["until"].str[:4].astype(int), strict=True))


def _late(code: str, members: set[str], year: int) -> bool:
    del code, members, year
    return False


def by_year(
    record: pd.DataFrame,
    founded: int,
    ended: int,
    leaving: dict[str, int],
    joined: Joined = _late,
) -> Years:
    """Members of each year and whether the record itself has that year.

    Args:
        record: year and code of members.
        founded: first year.
        ended: last year.
        leaving: year of leaving, of states that left between two records.
        joined: whether a state of the later of two records was in already.
    """
    at = {int(str(year)): set(rows["code"]) for year, rows in record.groupby("year")}
    known = sorted(at)
    found: Years = {}
    for year in range(founded, ended + 1):
        before = max((y for y in known if y <= year), default=None)
        after = min((y for y in known if y >= year), default=None)
        if before is None or after is None or before == year:
            nearest = before if before is not None else after
            found[year] = (set(at[nearest]) if nearest is not None else set(), before == year)
            continue
        staying = at[before] & at[after]
        came = {code for code in at[after] - at[before] if joined(code, staying, year)}
        going = {code for code in at[before] - at[after] if leaving.get(code, before) >= year}
        found[year] = (staying | came | going, False)
    return found


def united_nations(year: int) -> set[str]:
    """States with a seat in the United Nations at mid-year."""
    states, day = own_table("states"), f"{year}-07-01"
    seats = zip(states["iso3"], states["un_member_since"], strict=True)
    today = {iso3 for iso3, since in seats if since and int(since) <= year}
    former = {
        code: row["continued_by"]
        for code, row in former_states().items()
        if row["un_from"] and in_being(row["un_from"], row["un_until"], day)
    }
    return (today - set(former.values())) | set(former)
