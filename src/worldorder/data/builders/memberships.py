"""Who is a member of which body: Factbook, COW, treaties, informal bodies, and corrections.

The table of institutions says for each body where its members come from. Members are never
guessed: where no source lists them, only the state that is known to take part has a row.
"""

from __future__ import annotations

import pandas as pd

from worldorder.data.flags import IMPUTED, OBSERVED
from worldorder.data.own_tables import cow_to_iso3, own_table, state_codes
from worldorder.data.sources import Raw, expect

FACTBOOK = "factbook-memberships"
COW = "cow-igo"
INFORMAL = "informal-igo"
TREATIES = "treaties"
WITHDRAWAL = "withdrawal-2026"
OWN = "worldorder"
SNAPSHOT = "2026-01-22"
MEMORANDUM = "2026-01-07"
LEADING_STATE = "USA"
FULL = {
    "",
    "nonregional member",
    "nonregional members",
    "regional",
    "Chinese Taipei",
    "2024",
    "suspended",
    "temporarily suspended",
}
CHECKED = {"NATO": 32, "CSTO": 6, "EAEU": 5, "ANZUS": 3, "GCC": 6, "WHO": 194, "G-77": 132}
COLUMNS = ["iso3", "institution", "status", "since", "until", "as_of", "flag", "source"]


def status_of(text: str) -> str:
    """Full, associate, observer or other, from the words that the Factbook sets in brackets."""
    if text in FULL:
        return "full"
    if "observer" in text:
        return "observer"
    return "associate" if "associate" in text or "member" in text else "other"


def from_factbook(snapshots: pd.DataFrame, bodies: pd.DataFrame) -> pd.DataFrame:
    """Members in the Factbook's last edition, of the bodies that take theirs from it."""
    wanted = bodies[bodies["members"] == "factbook"]
    ids = dict(zip(wanted["factbook"], wanted["id"], strict=True))
    last = snapshots[(snapshots["snapshot_date"] == SNAPSHOT) & snapshots["org"].isin(ids)]
    status = [status_of(str(text)) for text in last["status"].fillna("")]
    frame = pd.DataFrame(
        {"iso3": last["iso3"], "institution": last["org"].map(ids), "status": status}
    )
    return frame.assign(as_of=SNAPSHOT, flag=OBSERVED, source=FACTBOOK)


def from_cow(state_years: pd.DataFrame, bodies: pd.DataFrame) -> pd.DataFrame:
    """Members in 2014, carried forward, of the bodies for which COW is the last word."""
    wanted = bodies[bodies["members"] == "cow"]
    last = state_years[state_years["year"] == 2014]
    last = last.assign(iso3=last["ccode"].map(cow_to_iso3()))
    last = last.merge(wanted.assign(ioname=wanted["cow"].str.lower()), on="ioname")
    status = last["status"].map({1: "full", 2: "associate", 3: "observer"})
    frame = pd.DataFrame({"iso3": last["iso3"], "institution": last["id"], "status": status})
    return frame.assign(as_of="2014-12-31", flag=IMPUTED, source=COW)


def from_informal(members: pd.DataFrame, bodies: pd.DataFrame) -> pd.DataFrame:
    """Participants in 2017 of informal bodies, carried forward."""
    wanted = bodies[bodies["members"].str.startswith("iigo:")]
    ids = {
        rule.removeprefix("iigo:"): name
        for rule, name in zip(wanted["members"], wanted["id"], strict=True)
    }
    rows = members[members["igoID"].isin(ids) & members["End"].isna()]
    frame = pd.DataFrame({"iso3": rows["stateID"], "institution": rows["igoID"].map(ids)})
    return frame.assign(status="full", as_of="2017-12-31", flag=IMPUTED, source=INFORMAL)


def _past(dates: pd.Series) -> pd.Series:
    """Dates as text, missing where the source has none or has 9999 for "not yet"."""
    text = dates.astype(str).str[:10]
    return text.where(dates.notna() & ~text.str.startswith("9999"))


def from_treaties(parties: pd.DataFrame, bodies: pd.DataFrame) -> pd.DataFrame:
    """Parties of the founding treaty: in force for the state, or ratified, and not ended.

    "signed:" is for a treaty not yet in force, whose signatories are the members.
    """
    rule = bodies["members"].str.extract(r"^(?P<how>treaty|signed):(?P<treatyID>.+)$")
    wanted = bodies[["id"]].join(rule).dropna()
    rows = parties.merge(wanted, on="treatyID")
    force, ratified = _past(rows["StateForce"]), _past(rows["StateRatification"])
    signed = _past(rows["StateSignature"]).where(rows["how"] == "signed")
    since = force.fillna(ratified).fillna(signed)
    rows = rows.assign(since=since)[since.notna() & _past(rows["StateEnd"]).isna()]
    rows = rows.rename(columns={"stateID": "iso3", "id": "institution"})
    rows = rows.drop_duplicates(["iso3", "institution"])[["iso3", "institution", "since"]]
    return rows.assign(status="full", as_of="2020-12-31", flag=IMPUTED, source=TREATIES)


def from_charter(bodies: pd.DataFrame) -> pd.DataFrame:
    """All UN members, in the organs in which all take part."""
    states = own_table("states")
    members = states[states["un_member_since"] != ""][["iso3", "un_member_since"]]
    plenary = bodies[bodies["members"] == "un"][["id"]].rename(columns={"id": "institution"})
    frame = members.merge(plenary, how="cross").drop(columns="un_member_since")
    return frame.assign(status="full", as_of=SNAPSHOT, flag=IMPUTED, source=OWN)


def from_memorandum(bodies: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """The leading state in those of the 66 bodies in which no other source lists it."""
    there = set(listed[listed["iso3"] == LEADING_STATE]["institution"])
    ids = [body for body in bodies[bodies["memorandum"] != ""]["id"] if body not in there]
    frame = pd.DataFrame({"institution": ids}).assign(iso3=LEADING_STATE, status="full")
    return frame.assign(as_of=MEMORANDUM, flag=OBSERVED, source=WITHDRAWAL)


def _date(text: str) -> str:
    return f"{text}-01-01" if len(text) == 4 else text


def corrected(listed: pd.DataFrame) -> pd.DataFrame:
    """Memberships after the sourced table of corrections."""
    table = own_table("membership_corrections")
    table = table.assign(iso3=table["iso3"].str.split()).explode("iso3")
    key = ["iso3", "institution"]
    touched = listed.merge(table[key], on=key, how="left", indicator=True)["_merge"] == "both"
    kept = listed[~touched.to_numpy()]
    added = table[table["change"] == "add"][[*key, "since", "until"]]
    added = added.assign(
        since=[_date(text) for text in added["since"]],
        until=[_date(text) for text in added["until"]],
        status="full",
        as_of=SNAPSHOT,
        flag=OBSERVED,
        source=OWN,
    )
    return pd.concat([kept, added], ignore_index=True)


def with_entry_years(
    listed: pd.DataFrame, state_years: pd.DataFrame, bodies: pd.DataFrame
) -> pd.DataFrame:
    """Entry dates from COW: first year of the full membership that still held in 2014."""
    full = state_years[state_years["status"] == 1]
    full = full.assign(iso3=full["ccode"].map(cow_to_iso3())).dropna(subset=["iso3"])
    known = bodies[bodies["cow"] != ""].assign(ioname=bodies["cow"].str.lower())
    full = full.merge(known[["ioname", "id"]], on="ioname").sort_values("year")
    spans = full.groupby(["iso3", "id"])["year"].agg(["min", "max", "count"]).reset_index()
    held = spans[spans["max"] == 2014]
    first = {
        (str(iso3), str(body)): f"{year}-01-01"
        for iso3, body, year in zip(held["iso3"], held["id"], held["min"], strict=True)
    }
    pairs = zip(listed["iso3"], listed["institution"], listed["since"], strict=True)
    since = [start or first.get((iso3, body), "") for iso3, body, start in pairs]
    return listed.assign(since=since)


def build(raw: Raw) -> pd.DataFrame:
    """Members, associates and observers by state and institution, as of January 2026.

    A membership that has ended since 2019 or will end on a known date stays, with its end.
    """
    bodies = own_table("institutions")
    snapshots = raw.table(FACTBOOK, "memberships")
    last = snapshots[(snapshots["snapshot_date"] == SNAPSHOT) & snapshots["status"].isna()]
    for body, members in CHECKED.items():
        expect(FACTBOOK, f"members of {body}", (last["org"] == body).sum(), members)
    state_years = raw.table(COW, "memberships")
    listed = pd.concat(
        [
            from_factbook(snapshots, bodies),
            from_cow(state_years, bodies),
            from_informal(raw.table(INFORMAL, "memberships"), bodies),
            from_treaties(raw.table(TREATIES, "parties"), bodies),
            from_charter(bodies),
        ],
        ignore_index=True,
    )
    listed = pd.concat([listed, from_memorandum(bodies, listed)], ignore_index=True)
    listed = corrected(listed).fillna({"since": "", "until": ""})
    listed = listed[listed["iso3"].isin(state_codes())]
    listed = listed.drop_duplicates(["iso3", "institution"])
    listed = with_entry_years(listed, state_years, bodies)
    return listed[COLUMNS].sort_values(["institution", "iso3"], ignore_index=True)
