"""Alliance obligations by type: ATOP to 2018, brought to 2026 by the table of treaty changes.

Directed: the actor owes the partner. A year counts in which the obligation was in force on some
day, as in ATOP. What held in 2018 is carried on until the table ends it.
"""

from __future__ import annotations

import pandas as pd

from worldorder.data.flags import OBSERVED
from worldorder.data.own_tables import own_table
from worldorder.data.polities import state_keys
from worldorder.data.sources import Raw, expect
from worldorder.data.spells import LAST_YEAR, from_years

SOURCE = "atop-alliances"
OWN = "worldorder"
LAST_ATOP = 2018
OBLIGATIONS = {  # variable: column of ATOP
    "defence_pact": "atop_defense",
    "offence_pact": "atop_offense",
    "neutrality_pact": "atop_neutral",
    "nonaggression_pact": "atop_nonagg",
    "consultation_pact": "atop_consul",
}
IN_2018 = dict(zip(OBLIGATIONS, (3412, 0, 110, 8432, 3000), strict=True))
KEY = ["variable", "actor", "partner"]
Groups = dict[str, list[str]]


def obligations(dyads: pd.DataFrame) -> pd.DataFrame:
    """Obligations held by variable, actor, partner and year."""
    coded = pd.DataFrame(
        {
            "actor": state_keys(dyads["ccode1"], dyads["year"]),
            "partner": state_keys(dyads["ccode2"], dyads["year"]),
            "year": dyads["year"],
        }
    )
    return pd.concat(
        [
            coded[dyads[column] == 1].assign(variable=variable)
            for variable, column in OBLIGATIONS.items()
        ]
    ).dropna(subset=["actor", "partner"])


def _pairs(change: pd.Series, groups: Groups) -> list[tuple[str, str]]:
    actors, partner = str(change["actor"]).split(), str(change["partner"])
    partners = groups[partner] if partner in groups else partner.split()
    there = [(a, p) for a in actors for p in partners if a != p]
    back = [(p, a) for a, p in there] if change["direction"] == "mutual" else []
    return sorted(set(there + back))


def _in_then(group: str, members: list[str], table: pd.DataFrame, date: str) -> list[str]:
    """Members of a group on a date, by those who join it later in the table itself."""
    rows = table[(table["partner"] == group) & (table["change"] == "add")]
    joined = dict(zip(rows["actor"], rows["date"], strict=True))
    return [state for state in members if joined.get(state, "") <= date]


def treaty_changes(groups: Groups) -> pd.DataFrame:
    """Obligations begun or ended since 2018: date, change, variable, actor, partner, treaty.

    Args:
        groups: members today of the bodies that the table names as a partner. A state that joins
            owes, and is owed by, those who were members on that date.
    """
    rows: list[tuple[str, ...]] = []
    table = own_table("treaty_changes")
    for _, change in table[table["change"].isin(["add", "end"])].iterrows():
        date = str(change["date"])
        then = {name: _in_then(name, members, table, date) for name, members in groups.items()}
        for kind in str(change["obligations"]).split():
            rows += [
                (date, str(change["change"]), f"{kind}_pact", actor, partner, str(change["treaty"]))
                for actor, partner in _pairs(change, then)
            ]
    return pd.DataFrame(rows, columns=["date", "change", *KEY, "treaty"])


def with_changes(spells: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Spells cut where an obligation ended, and new ones where one began that was not held."""
    year = changes["date"].str[:4].astype(int)
    ended = changes.assign(year=year)[changes["change"] == "end"]
    until = ended.set_index(KEY)["year"]
    held = pd.MultiIndex.from_frame(spells[KEY])
    cut = pd.Series(until.reindex(held).to_numpy(), index=spells.index)
    cut = cut.where(spells["end"] == LAST_YEAR)
    spells = spells.assign(
        end=cut.fillna(spells["end"]).astype("int16"),
        observed_until=cut.fillna(spells["observed_until"]).astype("int16"),
    )
    begun = changes.assign(begin=year)[changes["change"] == "add"].sort_values("begin")
    begun = begun.drop_duplicates(KEY)
    going = pd.MultiIndex.from_frame(spells[spells["end"] == LAST_YEAR][KEY])
    fresh = begun[~pd.MultiIndex.from_frame(begun[KEY]).isin(going)]
    added = fresh[[*KEY, "begin"]].assign(
        end=LAST_YEAR, observed_until=LAST_YEAR, flag=OBSERVED, source=OWN
    )
    return pd.concat([spells, added], ignore_index=True)


def build(raw: Raw, groups: Groups) -> pd.DataFrame:
    """Spells of obligations by variable, actor and partner, 1815 to 2026."""
    dyads = raw.table(SOURCE, "dyads")
    now = dyads[dyads["year"] == LAST_ATOP]
    for variable, column in OBLIGATIONS.items():
        expect(SOURCE, f"{variable} in 2018", (now[column] == 1).sum(), IN_2018[variable])
    from_us = (now["ccode1"] == 2) & (now["atop_defense"] == 1)
    expect(SOURCE, "states the United States owes defence to", from_us.sum(), 66)
    to_japan = (now["ccode1"] == 740) & (now["ccode2"] == 2) & (now["atop_defense"] == 1)
    expect(SOURCE, "defence that Japan owes the United States", to_japan.sum(), 0)
    spells = from_years(obligations(dyads), KEY, LAST_ATOP).assign(flag=OBSERVED, source=SOURCE)
    frame = with_changes(spells, treaty_changes(groups))
    frame = frame.astype(dict.fromkeys(["begin", "end", "observed_until"], "int16"))
    return frame.sort_values([*KEY, "begin"], ignore_index=True)
