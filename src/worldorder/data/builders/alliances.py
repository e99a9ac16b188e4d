"""Defence pacts: ATOP to 2018, brought to 2025 by the table of treaty changes."""

from __future__ import annotations

import pandas as pd

from worldorder.data.flags import IMPUTED, OBSERVED
from worldorder.data.own_tables import cow_to_iso3, own_table
from worldorder.data.sources import Raw, expect

SOURCE = "atop-alliances"
OWN = "worldorder"
LAST_YEAR = 2018


def atop_defence(dyads: pd.DataFrame) -> pd.DataFrame:
    """Directed defence obligations by ISO3 and year since 1946."""
    iso3 = cow_to_iso3()
    held = dyads[(dyads["atop_defense"] == 1) & (dyads["year"] >= 1946)]
    frame = pd.DataFrame(
        {
            "actor": held["ccode1"].map(iso3),
            "partner": held["ccode2"].map(iso3),
            "year": held["year"].astype("int16"),
        }
    )
    return frame.dropna().assign(flag=OBSERVED, source=SOURCE)


def _pairs(change: pd.Series, nato: list[str]) -> list[tuple[str, str]]:
    actors = str(change["actor"]).split()
    partners = nato if change["partner"] == "NATO" else str(change["partner"]).split()
    there = [(a, p) for a in actors for p in partners if a != p]
    back = [(p, a) for a, p in there] if change["direction"] == "mutual" else []
    return sorted(set(there + back))


def treaty_changes(nato: list[str]) -> pd.DataFrame:
    """Pacts begun since 2018: date, actor, partner, treaty, source.

    A state that joins NATO owes, and is owed by, those who were members on that date.
    """
    rows: list[dict[str, str]] = []
    table = own_table("treaty_changes")
    joined_later = {
        str(row["actor"]): str(row["date"])
        for _, row in table.iterrows()
        if row["partner"] == "NATO"
    }
    for _, change in table[table["change"] == "add"].iterrows():
        date = str(change["date"])
        there = [state for state in nato if joined_later.get(state, "") <= date]
        for actor, partner in _pairs(change, there):
            rows.append(
                {"date": date, "actor": actor, "partner": partner, "treaty": change["treaty"]}
            )
    return pd.DataFrame(rows).assign(source=OWN)


def pacts_after_2018(observed: pd.DataFrame, changes: pd.DataFrame, years: range) -> pd.DataFrame:
    """Pacts of 2018 carried on, flagged imputed, and those begun since, flagged observed.

    A pact begun during a year counts from that year's end, so from the next year's start.
    """
    last = observed[observed["year"] == LAST_YEAR]
    parts: list[pd.DataFrame] = []
    for year in years:
        begun = changes[changes["date"] <= f"{year}-12-31"]
        new = begun[["actor", "partner"]].assign(flag=OBSERVED, source=OWN)
        old = last[["actor", "partner"]].assign(flag=IMPUTED, source=SOURCE)
        both = pd.concat([new, old]).drop_duplicates(["actor", "partner"])
        parts.append(both.assign(year=year))
    return pd.concat(parts, ignore_index=True)


def build(raw: Raw, nato: list[str]) -> pd.DataFrame:
    """Defence pacts by directed dyad and year, 1946 to 2025."""
    dyads = raw.table(SOURCE, "dyads")
    owed = dyads[(dyads["year"] == LAST_YEAR) & (dyads["atop_defense"] == 1)]
    expect(SOURCE, "defence obligations in 2018", len(owed), 3412)
    expect(SOURCE, "states the United States owes defence to", (owed["ccode1"] == 2).sum(), 66)
    observed = atop_defence(dyads)
    later = pacts_after_2018(observed, treaty_changes(nato), range(LAST_YEAR + 1, 2026))
    frame = pd.concat([observed, later], ignore_index=True)
    return frame.sort_values(["year", "actor", "partner"], ignore_index=True)
