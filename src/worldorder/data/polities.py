"""States through time: one code a state, with its numbers, its life and what came of it.

A state of today has its ISO 3166-1 code. One that is no more has its ISO 3166-3 code (SUN, YUG,
CSK, DDR, YMD, SCG) or, where ISO never gave one, its Correlates of War abbreviation (AUH, RVN).
A state-year belongs to the state in being on 1 July.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Literal

from worldorder.data.own_tables import own_table
from worldorder.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

System = Literal["cow", "gw"]
FIRST_DAY, LAST_DAY = "1816-01-01", "9999-12-31"
Spell = tuple[str, str, str]  # begin, end, code


def in_being(begin: str, end: str, day: str) -> bool:
    """Whether a spell with ISO dates, open where empty, holds on a day."""
    return (begin or FIRST_DAY) <= day <= (end or LAST_DAY)


@functools.cache
def _spells(system: System) -> dict[int, list[Spell]]:
    """Codes by number: from the table of split numbers, else the one code of the number."""
    split = own_table("state_numbers")
    split = split[split["system"] == system]
    found: dict[int, list[Spell]] = {}
    for row in split.to_dict("records"):
        found.setdefault(int(row["number"]), []).append((row["begin"], row["end"], row["code"]))
    of_today = own_table("states").rename(columns={"iso3": "code"})
    numbers = "gw" if system == "gw" else "cow"
    taken = {code for spells in found.values() for _, _, code in spells}
    for table, column in ((own_table("former_states"), numbers), (of_today, "cow")):
        for row in table.to_dict("records"):
            if row[column] and row["code"] not in taken:
                found.setdefault(int(row[column]), [("", "", row["code"])])
    return found


def state_key(number: int, year: int, system: System = "cow") -> str | None:
    """Code of the state that a Correlates of War or Gleditsch-Ward number means in a year.

    365 is SUN in 1985 and RUS in 1900 and 2000; 345 is SRB, YUG, SCG and SRB again; 255 and 260
    are DEU. In years outside every spell of the number it is the code of the nearest.

    Args:
        number: state number.
        year: calendar year; the state in being on 1 July counts.
        system: "cow" or "gw".

    Returns:
        The code, or None where the number is no state's.
    """
    spells = _spells(system).get(number, [])
    day = f"{year}-07-01"
    for begin, end, code in spells:
        if in_being(begin, end, day):
            return code
    return min(spells, key=lambda spell: _years_away(spell, year))[2] if spells else None


def state_spells(number: int, system: System = "cow") -> list[Spell]:
    """First day, last day and code of the states that a number means, open where empty."""
    return _spells(system).get(number, [])


def _years_away(spell: Spell, year: int) -> int:
    begin, end = int((spell[0] or FIRST_DAY)[:4]), int((spell[1] or LAST_DAY)[:4])
    return max(begin - year, year - end, 0)


def state_keys(numbers: pd.Series, years: pd.Series, system: System = "cow") -> pd.Series:
    """`state_key` of every row; None where a number is no state's."""
    pairs = set(zip(numbers.dropna().astype(int), years[numbers.notna()].astype(int), strict=True))
    code = {pair: state_key(*pair, system) for pair in pairs}
    import pandas as pd

    found = [
        None if pd.isna(number) else code[int(number), int(year)]
        for number, year in zip(numbers, years, strict=True)
    ]
    return pd.Series(found, index=numbers.index, dtype=object)


def number_in_being(number: int, year: int, system: System = "cow") -> bool:
    """Whether the number was in use on 1 July, for numbers of which two mean one state.

    In 1990 both 255 and 260 mean Germany and 678 and 679 Yemen; at mid-year 260 and 679 did.
    """
    spells = _spells(system).get(number, [])
    return any(in_being(begin, end, f"{year}-07-01") for begin, end, _ in spells)


@functools.cache
def former_states() -> dict[str, dict[str, str]]:
    """States that are no more, by code: names, first and last day, numbers, successors."""
    rows = own_table("former_states").to_dict("records")
    return {str(row["code"]): {str(k): str(v) for k, v in row.items()} for row in rows}


def continuing_state(code: str) -> str | None:
    """The state of today that is the same subject of law: RUS for SUN, SRB for SCG.

    A state of today is its own. None for states without one (CSK, YUG, DDR, AUH and others), whose
    successors `former_states` has.

    Raises:
        InputError: no state has or had that code.
    """
    if code in former_states():
        return former_states()[code]["continued_by"] or None
    if code in set(own_table("states")["iso3"]):
        return code
    raise InputError(f"no state has or had the code {code!r}")


def continued(frame: pd.DataFrame, column: str = "iso3") -> pd.DataFrame:
    """Rows with codes of former states put under the state that continues them, where one does.

    The past of Russia is then that of the Soviet Union, and Serbia's that of Serbia and Montenegro.
    """
    codes = {code: row["continued_by"] or code for code, row in former_states().items()}
    return frame.assign(**{column: frame[column].replace(codes)})


def predecessor(code: str, year: int) -> str | None:
    """The former state of which the territory of a state of today was part at mid-year.

    None where there was none, or where the state was in being itself (Estonia in 1930) or had its
    own seat in the United Nations (Ukraine from 1946).
    """
    day = f"{year}-07-01"
    spells = [spell for held in _spells("cow").values() for spell in held if spell[2] == code]
    if any((begin or end) and in_being(begin, end, day) for begin, end, _ in spells):
        return None
    for former, row in former_states().items():
        part = row["ending"] != "union" and code in _descendants(former)
        if part and in_being(row["begin"], row["end"], day):
            return None if row["continued_by"] != code and _has_seat(code, year) else former
    return None


def _has_seat(code: str, year: int) -> bool:
    since = own_table("states").set_index("iso3")["un_member_since"].get(code, "")
    return bool(since) and int(since) <= year


def _descendants(code: str) -> set[str]:
    """Successors of a former state and, where they ended too, theirs."""
    first = set(former_states()[code]["successors"].split())
    return first.union(*(_descendants(one) for one in first if one in former_states()))


def states(year: int | None = None) -> pd.DataFrame:
    """States in the Correlates of War system, a row a spell, or those in being in a year.

    Args:
        year: those in being on 1 July of it; None is all spells since 1816.

    Returns:
        iso3 (the code of this panel), name, un_name, begin, end (ISO, empty while it lasts), cow,
        gw (Gleditsch-Ward), un_since, un_until, continued_by, successors, flag, source.
    """
    from worldorder.data.panel import table

    rows = table("states")
    if year is None:
        return rows.copy()
    day = f"{year}-07-01"
    held = [in_being(b, e, day) for b, e in zip(rows["begin"], rows["end"], strict=True)]
    return rows[held].reset_index(drop=True)


def _continued(codes: pd.Series, today: dict[str, str]) -> pd.Series:
    """Codes with some replaced, as plain objects; many times faster than `replace`."""
    return codes.astype(object).map(lambda code: today.get(str(code), code)).astype(object)


def as_of_today(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Rows with former states replaced by those that continue them, and only states of today.

    Rows with a state that nobody continues, or of a state with itself, are left out.
    """
    today = {code: continuing_state(code) or code for code in former_states()}
    known = set(own_table("states")["iso3"])
    moved = rows.assign(**{name: _continued(rows[name], today) for name in columns})
    kept = moved[columns].isin(known).all(axis=1)
    if len(columns) == 2:
        kept &= moved[columns[0]] != moved[columns[1]]
    return moved[kept].reset_index(drop=True)
