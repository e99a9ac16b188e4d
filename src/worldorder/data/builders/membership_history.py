"""Members of bodies through time: spells since 1945, and the joining and leaving they show.

To 2014 the record is that of the Correlates of War. A membership that held then goes on to today
where the panel's list of today has it, and ends where an authoritative list no longer does: in the
last year in which the Factbook named it. Where neither says anything it is carried on, imputed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from worldorder.data.builders.memberships import (
    COW,
    FACTBOOK,
    INFORMAL,
    OWN,
    SNAPSHOT,
    status_of,
)
from worldorder.data.builders.organizations import ids_by_cow
from worldorder.data.flags import IMPUTED, OBSERVED
from worldorder.data.own_tables import own_table, state_codes
from worldorder.data.polities import state_keys
from worldorder.data.sources import Raw, expect
from worldorder.data.spells import LAST_YEAR, from_years

KEY = ["institution", "iso3", "status"]
STATUS = {1: "full", 2: "associate", 3: "observer"}
LAST_COW = 2014
FIRST_SNAPSHOT = 2015
COLUMNS = [*KEY, "begin", "end", "observed_until", "begin_known", "flag", "source"]
OLD_CODES = {"ALG": "DZA", "KOS": "XKX"}  # of the informal bodies' list
NOT_A_STATE = "GIN - GNQ"
CHECKED = {("NATO", 1960): 15, ("NATO", 2025): 32, ("EU", 2005): 25, ("EU", 2025): 27}


def year_of(date: str, first: bool) -> int:
    """First or last year of membership for a date of entry or exit: 1 July decides."""
    year, late = int(date[:4]), date[4:] > "-07-01"
    return year + late if first else year - (not late)


def cow_spells(record: pd.DataFrame, ids: dict[str, str]) -> pd.DataFrame:
    """Spells to 2014 by body, state of the time and status; those that held then go on.

    Args:
        record: ioname, ccode, year, status as published.
        ids: id of the body by the record's name in lower case.
    """
    rows = pd.DataFrame(
        {
            "institution": record["ioname"].map(ids),
            "iso3": state_keys(record["ccode"], record["year"]),
            "status": record["status"].map(STATUS),
            "year": record["year"],
        }
    ).dropna()
    spells = from_years(rows, KEY, LAST_COW)
    return spells.assign(begin_known=spells["begin"] > rows["year"].min(), source=COW)


def named_members(snapshots: pd.DataFrame) -> pd.DataFrame:
    """Full members of the panel's bodies in each edition of the Factbook at hand.

    Args:
        snapshots: snapshot_date, iso3, org, status as published.

    Returns:
        institution, iso3, date (of the edition), year.
    """
    bodies = own_table("institutions")
    ids = dict(zip(bodies["factbook"], bodies["id"], strict=True))
    ids.pop("", None)
    rows = snapshots[snapshots["org"].isin(ids) & snapshots["iso3"].isin(state_codes())]
    status = [status_of(str(text)) for text in rows["status"].fillna("")]
    rows = rows[np.array(status) == "full"]
    return pd.DataFrame(
        {
            "institution": rows["org"].map(ids),
            "iso3": rows["iso3"],
            "date": rows["snapshot_date"],
            "year": rows["snapshot_date"].str[:4].astype(int),
        }
    )


def _today(listed: pd.DataFrame, plenary: set[str]) -> pd.DataFrame:
    """The list of today as rows to reconcile; organs in which all UN members sit are left out."""
    rows = listed[listed["status"].isin(STATUS.values()) & ~listed["institution"].isin(plenary)]
    began = [year_of(day, first=True) if day else 0 for day in rows["since"]]
    until = rows["until"].fillna("")
    ended = [year_of(day, first=False) if day else LAST_YEAR for day in until]
    return rows.assign(
        began=began, ended=np.minimum(ended, LAST_YEAR), known=rows["as_of"].str[:4].astype(int)
    )


def continued(
    spells: pd.DataFrame, today: pd.DataFrame, listed: set[str], named: pd.Series
) -> pd.DataFrame:
    """Spells that held in 2014 against the list of today.

    Args:
        spells: of the Correlates of War.
        today: rows of the list of today, of full, associate and observer members.
        listed: bodies whose list of today is the last word.
        named: year in which the Factbook last named a full member.
    """
    now = today.drop_duplicates(KEY).set_index(KEY)
    key = pd.MultiIndex.from_frame(spells[KEY])
    held = (spells["observed_until"] == LAST_COW).to_numpy()
    there = key.isin(now.index)
    at = now.reindex(key)
    end = np.where(held & there, at["ended"].fillna(LAST_YEAR), spells["end"])
    until = np.where(held & there, np.maximum(at["known"].fillna(0), LAST_COW), LAST_COW)
    gone = held & ~there & spells["institution"].isin(listed).to_numpy()
    last = named.reindex(pd.MultiIndex.from_frame(spells[KEY[:2]])).fillna(LAST_COW).to_numpy()
    last = np.clip(last, LAST_COW, LAST_YEAR - 1)
    end = np.where(gone, last, end)
    until = np.where(gone, last, until)
    return spells.assign(
        end=end.astype("int16"),
        observed_until=np.where(held, np.minimum(until, end), spells["observed_until"]),
        flag=np.where(gone, IMPUTED, OBSERVED),
    )


def joined(spells: pd.DataFrame, today: pd.DataFrame, first: pd.Series) -> pd.DataFrame:
    """Members of today that the record to 2014 does not have, from the day they joined.

    Without a day they begin with the year in which the Factbook first names them, and where that
    is its first edition at hand their beginning is not known.
    """
    before = spells[spells["observed_until"] >= LAST_COW]
    new = today[~pd.MultiIndex.from_frame(today[KEY]).isin(pd.MultiIndex.from_frame(before[KEY]))]
    named = first.reindex(pd.MultiIndex.from_frame(new[KEY[:2]])).fillna(0).to_numpy()
    since = new["began"].to_numpy()
    begin = np.where(since > 0, since, np.where(named > 0, named, new["known"]))
    made = new.assign(
        begin=begin,
        end=new["ended"],
        observed_until=np.minimum(new["ended"], np.maximum(new["known"], begin)),
        begin_known=(since > 0) | (named > FIRST_SNAPSHOT),
    )
    return made[made["end"] >= made["begin"]][COLUMNS]


def informal(members: pd.DataFrame, ids: dict[str, str], taken: set[str]) -> pd.DataFrame:
    """Participants of informal bodies over the body's life: their own dates are not recorded."""
    rows = members[(members["stateID"] != NOT_A_STATE) & members["Begin"].notna()]
    rows = rows.assign(institution=rows["igoID"].map(ids), iso3=rows["stateID"].replace(OLD_CODES))
    rows = rows[rows["institution"].notna() & ~rows["institution"].isin(taken)]
    rows = rows.dropna(subset=["iso3"]).drop_duplicates(["institution", "iso3"])
    return pd.DataFrame(
        {
            "institution": rows["institution"],
            "iso3": rows["iso3"],
            "status": "full",
            "begin": rows["Begin"],
            "end": rows["End"].fillna(LAST_YEAR),
            "observed_until": rows["End"].fillna(2017),
            "begin_known": False,
            "flag": IMPUTED,
            "source": INFORMAL,
        }
    )


def _corrected(spells: pd.DataFrame) -> pd.DataFrame:
    """Spells after the sourced table of corrections to histories."""
    table = own_table("membership_history")
    pairs = pd.MultiIndex.from_frame(table[["institution", "iso3"]])
    kept = spells[~pd.MultiIndex.from_frame(spells[["institution", "iso3"]]).isin(pairs)]
    end = [year_of(day, first=False) if day else LAST_YEAR for day in table["end"]]
    own = table.assign(
        begin=[year_of(day, first=True) for day in table["begin"]],
        end=np.minimum(end, LAST_YEAR),
        observed_until=np.minimum(end, LAST_YEAR),
        begin_known=True,
        flag=OBSERVED,
        source=OWN,
    )
    return pd.concat([kept, own[COLUMNS]], ignore_index=True)


def build(raw: Raw, listed: pd.DataFrame, organizations: pd.DataFrame) -> pd.DataFrame:
    """Spells of membership: first and last year held, by body, state of the time and status.

    `begin_known` is false where the source begins with the state already a member; years after
    `observed_until` are carried on. `spells.by_year` makes years of it.

    Args:
        raw: the raw folder.
        listed: the panel's memberships of today.
        organizations: the list of all bodies.
    """
    bodies = own_table("institutions")
    years = named_members(raw.table(FACTBOOK, "memberships"))
    named = years.groupby(["institution", "iso3"])["year"].agg(["min", "max"])
    today = _today(listed, set(bodies[bodies["members"] == "un"]["id"]))
    last_word = set(bodies[~bodies["members"].isin(["cow", "none"])]["id"])
    spells = cow_spells(raw.table(COW, "memberships"), ids_by_cow(organizations))
    spells = continued(spells, today, last_word, named["max"])
    spells = pd.concat([spells, joined(spells, today, named["min"])])
    by_code = organizations[organizations["iigo"] != ""].drop_duplicates("iigo")
    codes = dict(zip(by_code["iigo"], by_code["id"], strict=True))
    taken = set(spells["institution"])
    spells = pd.concat([spells, informal(raw.table(INFORMAL, "memberships"), codes, taken)])
    spells = _corrected(_ended(spells[COLUMNS], organizations))
    kinds = dict.fromkeys(("begin", "end", "observed_until"), "int16") | {"begin_known": bool}
    spells = spells.astype(kinds).sort_values([*KEY, "begin"], ignore_index=True)
    _check(spells)
    return spells


def _ended(spells: pd.DataFrame, organizations: pd.DataFrame) -> pd.DataFrame:
    """No member after the body's end."""
    ended = organizations.set_index("id")["ended"]
    last = spells["institution"].map(ended).astype("float").fillna(LAST_YEAR)
    end = np.minimum(spells["end"].astype(float), last)
    until = np.minimum(spells["observed_until"].astype(float), end)
    made = spells.assign(end=end, observed_until=until)
    return made[made["end"] >= made["begin"]]


def _check(spells: pd.DataFrame) -> None:
    full = spells[spells["status"] == "full"]
    for (body, year), members in CHECKED.items():
        held = full[(full["institution"] == body) & full["begin"].le(year) & full["end"].ge(year)]
        expect(OWN, f"members of {body} in {year} (list of {SNAPSHOT})", len(held), members)
