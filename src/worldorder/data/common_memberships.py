"""How many bodies two states both belong to: counted from the spells of membership."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldorder.data.institutions import FIRST_YEAR
from worldorder.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


def common_memberships(year: int, observed: bool = False) -> pd.DataFrame:
    """Number of bodies of which two states are both full members on 1 July of a year, symmetric.

    The diagonal is the number of bodies of a state. A state that is a full member of nothing on
    record has no row: its memberships are unknown, not none.

    Args:
        year: 1945 or later.
        observed: count only bodies whose list is on record for that year, not those whose last
            list is carried on (the main record of memberships ends in 2014).

    Raises:
        InputError: the year is before the record or no member is on record for it.
    """
    from worldorder.data.panel import table

    if year < FIRST_YEAR:
        raise InputError(
            f"memberships begin in {FIRST_YEAR} (asked for {year})", fix="Give a later year."
        )
    spells = table("membership_spells")
    held = (spells["begin"] <= year) & (spells["end"] >= year) & (spells["status"] == "full")
    if observed:
        held &= spells["observed_until"] >= year
    rows = spells.loc[held, ["iso3", "institution"]].astype(str).drop_duplicates()
    if rows.empty:
        raise InputError(f"no membership is on record for {year}", fix="Give an earlier year.")
    member = rows.assign(is_member=1).pivot(index="iso3", columns="institution", values="is_member")
    member = member.fillna(0).astype(int)
    return (member @ member.T).rename_axis(index="state", columns="partner")
