"""States through time: Correlates of War system membership with codes, numbers and successors."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.cells import by_number
from worldorder.data.countries import official_names
from worldorder.data.flags import OBSERVED
from worldorder.data.own_tables import own_table
from worldorder.data.polities import LAST_DAY, former_states, state_spells
from worldorder.data.sources import Raw, expect

SOURCE = "cow-states"
OWN = "worldorder"
LISTED_TO = "2016-12-31"  # version 2016 of the list; what lasts to then goes on
COLUMNS = [
    "iso3",
    "name",
    "un_name",
    "begin",
    "end",
    "cow",
    "gw",
    "un_since",
    "un_until",
    "continued_by",
    "successors",
    "flag",
    "source",
]


def days(listed: pd.DataFrame, side: str) -> pd.Series:
    """ISO dates of the first ("st") or last ("end") day of spells."""
    parts = [listed[f"{side}{part}"].astype(int) for part in ("year", "month", "day")]
    return pd.Series(
        [f"{y:04}-{m:02}-{d:02}" for y, m, d in zip(*parts, strict=True)], index=listed.index
    )


def split(listed: pd.DataFrame) -> pd.DataFrame:
    """Spells of the list cut where their number passes to another state (Serbia, Yugoslavia)."""
    rows: list[dict[str, object]] = []
    dated = listed.assign(begin=days(listed, "st"), end=days(listed, "end"))
    for row in dated.to_dict("records"):
        whole_end = LAST_DAY if row["end"] == LISTED_TO else row["end"]
        for begin, end, code in state_spells(int(row["ccode"])):
            first, last = max(begin, row["begin"]), min(end or LAST_DAY, whole_end)
            if first <= last:
                end_day = "" if last == LAST_DAY else last
                rows.append({"iso3": code, "begin": first, "end": end_day, "cow": row["ccode"]})
    return pd.DataFrame(rows).assign(flag=OBSERVED, source=SOURCE)


def _unlisted(spells: pd.DataFrame) -> pd.DataFrame:
    """Palestine, which the list does not have: since it is an observer state of the UN."""
    begin = "2012-11-29"  # A/RES/67/19
    assert "PSE" not in set(spells["iso3"])
    row = {"iso3": "PSE", "begin": begin, "end": "", "cow": None, "flag": OBSERVED, "source": OWN}
    return pd.DataFrame([row])


def _described(spells: pd.DataFrame) -> pd.DataFrame:
    today = own_table("states").set_index("iso3")
    former = pd.DataFrame(former_states().values()).set_index("code")
    seat = former["un_from"].str[:4], former["un_until"].str[:4]
    un_name = pd.Series(official_names()).reindex(today.index)
    names = pd.concat([today["name"], former["name"]])
    code = spells["iso3"]
    return spells.assign(
        name=code.map(names),
        un_name=code.map(pd.concat([un_name, former["official_name"]])).fillna(""),
        gw=gw_numbers(spells),
        cow=spells["cow"].astype("Int16"),
        un_since=code.map(pd.concat([today["un_member_since"], seat[0]])).fillna(""),
        un_until=code.map(seat[1]).fillna(""),
        continued_by=code.map(former["continued_by"]).fillna(""),
        successors=code.map(former["successors"]).fillna(""),
    )


def gw_numbers(spells: pd.DataFrame) -> pd.Series:
    """Gleditsch-Ward number of each spell: Correlates of War's but for the few that differ."""
    own = own_table("state_numbers")
    own = own[own["system"] == "gw"]
    numbers: list[int | None] = []
    for code, begin, cow in zip(spells["iso3"], spells["begin"], spells["cow"], strict=True):
        theirs = own[(own["code"] == code) & (own["begin"] <= begin)]
        theirs = theirs[(theirs["end"] == "") | (theirs["end"] >= begin)]
        numbers.append(int(theirs["number"].iloc[0]) if len(theirs) else cow)
    return pd.Series(numbers, index=spells.index).astype("Int16")


def build(raw: Raw) -> pd.DataFrame:
    """Spells of states in the state system, 1816 to today."""
    listed = raw.table(SOURCE, "states")
    expect(SOURCE, "spells that last to 2016", (listed["endyear"] == 2016).sum(), 195)
    spells = split(listed)
    spells = pd.concat([spells, _unlisted(spells)], ignore_index=True)
    frame = _described(spells)[COLUMNS]
    return frame.sort_values(["iso3", "begin"], ignore_index=True)


def major_powers(raw: Raw) -> pd.DataFrame:
    """State-years of the major powers, 1816 to 2016: 1 where listed, no row elsewhere."""
    listed = raw.table(SOURCE, "majors")
    years = [
        pd.DataFrame({"ccode": row["ccode"], "year": range(row["styear"], row["endyear"] + 1)})
        for row in listed.astype(int).to_dict("records")
    ]
    frame = pd.concat(years, ignore_index=True).drop_duplicates()
    return by_number(frame.assign(one=1), {"one": ("major_power", 1.0)}, OBSERVED, SOURCE)
