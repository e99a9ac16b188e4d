"""Alliance bodies: who belongs to which, by year, from membership tables and ties of defence.

ATOP's dyads name no treaty. Members of a body are those of the membership tables (COW to 2014,
the panel's own list after). Years between two records of the table (every fifth before 1965, none
after 2014) are filled by the ties: a state is in from the first year in which it is tied by defence
to most members, in either direction. Two bodies have no table and are read off the ties alone.
"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from worldorder.data.builders import body_members
from worldorder.data.builders.body_members import Years
from worldorder.data.builders.memberships import COW
from worldorder.data.flags import ESTIMATED, OBSERVED
from worldorder.data.overlap import COLUMNS, DIGITS
from worldorder.data.own_tables import own_table
from worldorder.data.sources import Raw, expect
from worldorder.data.spells import LAST_YEAR, by_year

ATOP = "atop-alliances"
OWN = "worldorder"
LAST_COW = 2014
MOST = 0.8  # least share of the members to whom one that joins is tied
CANADA = "CAN"
AMERICAS = "America"
COUNTED = {"nato": (2014, 28), "wpact": (1980, 7), "gcc": (2014, 6), "eu": (2014, 28)}
Ties = dict[int, set[tuple[str, str]]]


def defence_ties(alliances: pd.DataFrame) -> Ties:
    """Pairs of which one owes the other defence, in both orders, by year."""
    rows = by_year(alliances[alliances["variable"] == "defence_pact"], range(1945, LAST_YEAR + 1))
    ties: Ties = {}
    for year, held in rows.groupby("year"):
        pairs = set(zip(held["actor"], held["partner"], strict=True))
        ties[int(str(year))] = pairs | {(b, a) for a, b in pairs}
    return ties


def _tied(code: str, members: set[str], pairs: set[tuple[str, str]]) -> bool:
    others = members - {code}
    return bool(others) and sum((code, m) in pairs for m in others) >= MOST * len(others)


def _with_ties(
    record: pd.DataFrame, body: pd.Series, ended: int, listed: pd.DataFrame, ties: Ties
) -> Years:
    return body_members.by_year(
        record,
        int(body["founded"]),
        ended,
        body_members.left(listed, str(body["institution"])),
        joined=lambda code, members, year: _tied(code, members, ties.get(year, set())),
    )


def _by_ties(rule: str, founded: int, ties: Ties) -> Years:
    """Members read off the ties: a hub and the American states that it owes, or a clique."""
    core = rule.removeprefix("ties:").split()
    states = own_table("states")
    american = set(states[states["continent"] == AMERICAS]["iso3"]) - {CANADA, *core}
    found: Years = {}
    for year in range(founded, LAST_YEAR + 1):
        pairs = ties.get(year, set())
        owed = {c for c in american if (core[0], c) in pairs} if len(core) == 1 else set[str]()
        found[year] = (owed | set(core), False)
    return found


def spells_of(body: str, years: Years) -> pd.DataFrame:
    """Spells of membership; estimated where the first year is not on record."""
    rows: list[tuple[str, str, int, int, str]] = []
    codes = sorted(set[str]().union(*(members for members, _ in years.values())))
    for code in codes:
        held = np.array([year for year, (members, _) in years.items() if code in members])
        for run in np.split(held, np.flatnonzero(np.diff(held) > 1) + 1):
            flag = OBSERVED if years[int(run[0])][1] else ESTIMATED
            rows.append((body, code, int(run[0]), int(run[-1]), flag))
    return pd.DataFrame(rows, columns=["body", "iso3", "begin", "end", "flag"])


def corrected(spells: pd.DataFrame) -> pd.DataFrame:
    """Spells after the table of corrections: what it names replaces what was read."""
    table = own_table("alliance_body_corrections")
    key = ["body", "iso3"]
    named = pd.MultiIndex.from_frame(spells[key]).isin(pd.MultiIndex.from_frame(table[key]))
    added = table[table["begin"] != ""][[*key, "begin", "end"]]
    added = added.astype({"begin": int, "end": int}).assign(flag=OBSERVED, source=OWN)
    return pd.concat([spells[~named], added], ignore_index=True)


def tied_shares(bodies: pd.DataFrame, alliances: pd.DataFrame) -> pd.DataFrame:
    """Share of pairs of members tied by defence in ATOP, by body and year: a check of both."""
    ties = defence_ties(alliances)
    rows: list[tuple[object, ...]] = []
    for (body, year), held in by_year(bodies, range(1947, LAST_YEAR + 1)).groupby(["body", "year"]):
        pairs = list(itertools.combinations(held["iso3"], 2))
        tied = sum(pair in ties.get(int(str(year)), set()) for pair in pairs)
        if pairs:
            rows.append((f"alliance_body:{body}", COW, ATOP, year, "pairs tied", tied / len(pairs)))
    return pd.DataFrame(rows, columns=COLUMNS).round({"value": DIGITS})


def build(raw: Raw, listed: pd.DataFrame, alliances: pd.DataFrame) -> pd.DataFrame:
    """Spells of membership in alliance bodies since 1947."""
    state_years = raw.table(COW, "memberships")
    for name, (year, count) in COUNTED.items():
        rows = state_years[(state_years["ioname"] == name) & (state_years["year"] == year)]
        expect(COW, f"full members of {name} in {year}", (rows["status"] == 1).sum(), count)
    ties = defence_ties(alliances)
    parts: list[pd.DataFrame] = []
    for _, body in own_table("alliance_bodies").iterrows():
        founded, ended = int(body["founded"]), int(body["ended"] or LAST_YEAR)
        if body["rule"] == "members":
            record = body_members.recorded(
                state_years, listed, str(body["cow"]), str(body["institution"])
            )
            years, source = _with_ties(record, body, ended, listed, ties), COW
        else:
            years, source = _by_ties(str(body["rule"]), founded, ties), ATOP
        parts.append(spells_of(str(body["body"]), years).assign(source=source))
    frame = corrected(pd.concat(parts, ignore_index=True))
    frame = frame.assign(observed_until=frame["end"])
    frame = frame.astype(dict.fromkeys(["begin", "end", "observed_until"], "int16"))
    return frame.sort_values(["body", "iso3", "begin"], ignore_index=True)
