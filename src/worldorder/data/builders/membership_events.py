"""Accessions to bodies and exits from them since 1945, each with how sure it is.

`certain` and `likely` are events; `artefact` is a start or stop in a record that is none, with the
rule that says so (`data.membership_record`). After 2014 the sourced corrections are certain, the
withdrawals announced on 7 January 2026 are certain where the notice is published, and a change
between two editions of the Factbook is at most likely: it is a change of the text.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from worldorder.data.builders.membership_history import named_members
from worldorder.data.builders.memberships import COW, FACTBOOK, OWN, WITHDRAWAL
from worldorder.data.builders.organizations import ids_by_cow
from worldorder.data.flags import ESTIMATED, OBSERVED
from worldorder.data.membership_record import (
    FIRST_YEARLY,
    classified_accessions,
    classified_exits,
    full_membership,
    states_in_system,
)
from worldorder.data.own_tables import own_table
from worldorder.data.polities import state_keys
from worldorder.data.sources import Raw, expect

CERTAIN, LIKELY, ARTEFACT = "certain", "likely", "artefact"
ARTEFACTS = ("succession", "end", "renewal", "gap", "mass")
AFTER = 2015  # first year without the Correlates of War
SETTLED = 2  # editions of the Factbook before and after a change that make it likely
MANY, SHARE = 4, 0.15  # states, and share of members, that make changes of one edition a recoding
COLUMNS = ["institution", "iso3", "year", "date", "event", "verdict", "rule", "flag", "source"]


def verdict(rule: str) -> str:
    """How sure an event is, by the rule that named its class."""
    if rule in ARTEFACTS:
        return ARTEFACT
    return CERTAIN if rule in (CERTAIN, "founding") else LIKELY


def from_record(record: pd.DataFrame, states: pd.DataFrame, ids: dict[str, str]) -> pd.DataFrame:
    """Starts and stops of full membership, 1946 to 2014; years before 1966 are within five.

    Args:
        record: the Correlates of War's memberships as published.
        states: its list of states.
        ids: id of the body by the record's name in lower case.
    """
    member = full_membership(record)
    system = states_in_system(states, [int(year) for year in member.columns])
    exits = classified_exits(member, system)
    early = classified_exits(member, system, first_yearly=int(member.columns[0]))
    rule = exits["kind"].where(exits["kind"] != "early", early["kind"])
    exits = exits.assign(kind=rule.mask(exits["year"].lt(FIRST_YEARLY) & (rule == CERTAIN), LIKELY))
    joins = classified_accessions(member)
    events = pd.concat([exits.assign(event="exit"), joins.assign(event="accession")])
    then = events["year"] - (events["event"] == "exit")  # an exit is of the state that was in
    made = pd.DataFrame(
        {
            "institution": events["body"].map(ids),
            "iso3": state_keys(events["state"], then),
            "year": events["year"],
            "date": "",
            "event": events["event"],
            "verdict": [verdict(rule) for rule in events["kind"]],
            "rule": events["kind"],
        }
    )
    return made.dropna(subset=["iso3"]).assign(flag=ESTIMATED, source=COW)


def _dated(rows: pd.DataFrame) -> pd.DataFrame:
    """An event for each date of entry and of exit."""
    parts = [
        rows[rows[column] != ""].assign(date=lambda r, c=column: r[c], event=event)
        for column, event in (("since", "accession"), ("until", "exit"))
    ]
    return pd.concat(parts)


def from_corrections(listed: pd.DataFrame) -> pd.DataFrame:
    """Dated changes in the project's own tables: since 2015, and whole corrected histories."""
    own = _dated(listed[listed["source"] == OWN].fillna({"since": "", "until": ""}))
    history = own_table("membership_history").rename(columns={"begin": "since", "end": "until"})
    made = pd.concat([own[own["date"] >= f"{AFTER}-01-01"], _dated(history)])
    made = made.drop_duplicates(["institution", "iso3", "date", "event"])
    made = made[~made["date"].str.endswith("-01-01") | (made["event"] == "exit") | _real(made)]
    made = made.assign(year=made["date"].str[:4].astype(int), verdict=CERTAIN, rule="own table")
    return made.assign(flag=OBSERVED, source=OWN)[COLUMNS]


def _real(rows: pd.DataFrame) -> pd.Series:
    """Whether a date on 1 January stands in a table of ours and is not filled in from a record."""
    table = own_table("membership_corrections")
    table = table.assign(iso3=table["iso3"].str.split()).explode("iso3")
    given = pd.MultiIndex.from_frame(table[["institution", "iso3", "since"]])
    key = rows.assign(year=rows["since"].str[:4])
    exact = pd.MultiIndex.from_frame(key[["institution", "iso3", "since"]]).isin(given)
    by_year = pd.MultiIndex.from_frame(key[["institution", "iso3", "year"]]).isin(given)
    return pd.Series(exact | by_year, index=rows.index)


def from_memorandum(withdrawals: pd.DataFrame, state: str) -> pd.DataFrame:
    """The withdrawals of 7 January 2026, dated when notice runs out."""
    published = withdrawals["notice_status"] == "published"
    made = pd.DataFrame(
        {
            "institution": withdrawals["institution"],
            "iso3": state,
            "year": withdrawals["effective_date"].str[:4].astype(int),
            "date": withdrawals["effective_date"],
            "event": "exit",
            "verdict": np.where(published, CERTAIN, LIKELY),
            "rule": "announced",
        }
    )
    return made.assign(flag=withdrawals["flag"].to_numpy(), source=WITHDRAWAL)


def from_factbook(snapshots: pd.DataFrame, known: set[tuple[str, str]]) -> pd.DataFrame:
    """Changes of full membership between editions of the Factbook, 2015 to 2026.

    Args:
        snapshots: snapshot_date, iso3, org, status as published.
        known: pairs of body and state of which our own tables speak; they are left out.
    """
    rows = named_members(snapshots).assign(named=True)
    wide = rows.pivot_table(
        index=["institution", "iso3"], columns="date", values="named", aggfunc="any"
    )
    grid = wide.fillna(False).to_numpy(bool)
    size = wide.groupby(level="institution").transform("count").to_numpy()
    pair, edition = np.nonzero(grid[:, 1:] != grid[:, :-1])
    joins = grid[pair, edition + 1]
    made = pd.DataFrame(
        {
            "institution": wide.index.get_level_values("institution")[pair],
            "iso3": wide.index.get_level_values("iso3")[pair],
            "date": np.asarray(wide.columns)[edition + 1].astype(str),
            "event": np.where(joins, "accession", "exit"),
            "settled": [_settled(grid[i], j + 1) for i, j in zip(pair, edition, strict=True)],
            "members": size[pair, edition],
        }
    )
    together = made.groupby(["institution", "date", "event"])["iso3"].transform("size")
    mass = (together >= MANY) & (together >= SHARE * made["members"])
    rule = np.where(mass, "mass", np.where(made["settled"], "edition", "gap"))
    made = made.assign(
        year=made["date"].str[:4].astype(int),
        rule=rule,
        verdict=[LIKELY if name == "edition" else ARTEFACT for name in rule],
        flag=ESTIMATED,
        source=FACTBOOK,
    )
    pairs = pd.MultiIndex.from_frame(made[["institution", "iso3"]])
    return made[~pairs.isin(list(known))][COLUMNS] if known else made[COLUMNS]


def _settled(named: np.ndarray, change: Any) -> bool:
    before, after = named[max(change - SETTLED, 0) : change], named[change : change + SETTLED]
    return bool((before == before[-1]).all() and (after == after[0]).all())


def build(
    raw: Raw, listed: pd.DataFrame, organizations: pd.DataFrame, withdrawals: pd.DataFrame
) -> pd.DataFrame:
    """Accessions and exits since 1946 by body and state.

    Returns:
        institution, iso3 (code of the time), year (the first with or without membership), date
        (ISO, where known; that of the edition for the Factbook), event (accession, exit), verdict
        (certain, likely, artefact), rule (that named the verdict), flag, source.
    """
    record = from_record(
        raw.table(COW, "memberships"), raw.table("cow-states", "states"), ids_by_cow(organizations)
    )
    expect(COW, "certain and likely exits 1966-2014", _exits(record), 341)
    history = pd.MultiIndex.from_frame(own_table("membership_history")[["institution", "iso3"]])
    pairs = pd.MultiIndex.from_frame(record[["institution", "iso3"]])
    record = record[~pairs.isin(history)]
    own = from_corrections(listed)
    announced = from_memorandum(withdrawals, "USA")
    spoken = pd.concat([own, announced])[["institution", "iso3"]]
    corrected = own_table("membership_corrections")
    corrected = corrected.assign(iso3=corrected["iso3"].str.split()).explode("iso3")
    spoken = pd.concat([spoken, corrected[["institution", "iso3"]]])
    known = set(zip(spoken["institution"], spoken["iso3"], strict=True))
    text = from_factbook(raw.table(FACTBOOK, "memberships"), known)
    events = pd.concat([record, own, announced, text], ignore_index=True)
    events = events.astype({"year": "int16"})
    return events.sort_values(COLUMNS[:5], ignore_index=True)[COLUMNS]


def _exits(events: pd.DataFrame) -> int:
    rows = events[(events["event"] == "exit") & events["rule"].isin([CERTAIN, LIKELY])]
    return int((rows["year"] >= FIRST_YEARLY).sum())
