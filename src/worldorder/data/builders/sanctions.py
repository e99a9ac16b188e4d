"""Who sanctions whom, by case and years: the Global Sanctions Database, names read as states.

A group of states in a cell stands for the members of that body when the case began, as far as
entry years are known. A case that was open in the last year of the data is taken to go on.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from worldorder.data.countries import iso3_of_names
from worldorder.data.flags import IMPUTED, OBSERVED
from worldorder.data.own_tables import own_table, state_codes
from worldorder.data.sources import Raw, expect

SOURCE = "gsdb-sanctions"
LAST_YEAR = 2023
PARTS = ("exp", "imp", "financial", "arms", "military", "travel", "other")
TRADE_WEIGHTS = {"compl": 0.35, "part": 0.1}  # of each direction, exports and imports
FINANCE_WITH_TRADE, FINANCE_ALONE = 0.15, 0.03  # alone it is mostly accounts of listed persons
WEIGHTS = {"arms": 0.05, "military": 0.02, "travel": 0.02, "other": 0.03}
PERSONS = 4  # a cell with so many targets names the states of listed persons, not states
COMMA_NAMES = (
    "Korea, North",
    "Korea, South",
    "Yemen, North",
    "Egypt, Arab Rep.",
    "Congo, Democratic Republic of the",
    "Gambia, The",
)
COLUMNS = ["case", "sender", "target", "begin", "end", *PARTS, "flag", "source"]


def names_in(cell: str) -> list[str]:
    """Names in a cell; some of them contain a comma."""
    for name in COMMA_NAMES:
        cell = cell.replace(name, name.replace(", ", "@"))
    return [name.strip().replace("@", ", ") for name in re.split(r",\s*", cell)]


def parts(cases: pd.DataFrame) -> pd.DataFrame:
    """Parts of a full embargo that a case makes up, by kind [own scale]; they sum to at most .97.

    Trade counts .35 in each direction where complete and .1 where partial. A list of persons from
    many states counts as finance alone.
    """
    text = cases["descr_trade"].fillna("")
    made = {
        way: np.select(
            [text.str.contains(f"{way}_compl"), text.str.contains(f"{way}_part")],
            [TRADE_WEIGHTS["compl"], TRADE_WEIGHTS["part"]],
            0.0,
        )
        for way in ("exp", "imp")
    }
    frame = pd.DataFrame(made, index=cases.index)
    with_trade = frame.sum(axis=1) > 0
    financed = np.where(with_trade, FINANCE_WITH_TRADE, FINANCE_ALONE)
    frame["financial"] = np.where(cases["financial"] > 0, financed, 0.0)
    for kind, weight in WEIGHTS.items():
        frame[kind] = weight * (cases[kind] > 0)
    many = cases["sanctioned_state"].map(lambda cell: len(names_in(cell)) >= PERSONS)
    frame.loc[many, list(PARTS)] = [FINANCE_ALONE * (part == "financial") for part in PARTS]
    return frame[list(PARTS)]


def _members(memberships: pd.DataFrame) -> dict[str, list[tuple[str, int]]]:
    """States and entry years by body; entry unknown counts as always in."""
    full = memberships[memberships["status"] == "full"]
    years = full["since"].str[:4].replace("", "0").astype(int)
    found: dict[str, list[tuple[str, int]]] = {}
    for body, iso3, year in zip(full["institution"], full["iso3"], years, strict=True):
        found.setdefault(body, []).append((iso3, year))
    states = own_table("states")
    joined = states[states["un_member_since"] != ""]
    since = joined["un_member_since"].astype(int)
    return found | {"UN": list(zip(joined["iso3"], since, strict=True))}


class Names:
    """States that a name of the source stands for in a year."""

    def __init__(self, memberships: pd.DataFrame) -> None:
        table = own_table("sanction_names").set_index("name")
        self._listed = table["iso3"].str.split().to_dict()
        self._body = table["body"].to_dict()
        self._members = _members(memberships)
        self._codes = set(state_codes())

    def states(self, name: str, year: int) -> list[str]:
        """ISO3 codes; none where the name is of no state of the panel."""
        if name.startswith("Terrorist"):
            return []
        body = self._body.get(name)
        if body:
            return [iso3 for iso3, since in self._members[body] if since <= max(year, 1993)]
        found = self._listed[name] if name in self._listed else iso3_of_names([name])
        return [code for code in found if code in self._codes]


def dyads(cases: pd.DataFrame, memberships: pd.DataFrame) -> pd.DataFrame:
    """One row a case, sender and target."""
    names = Names(memberships)
    size = parts(cases).to_numpy(float)
    rows = []
    for case, part in zip(cases.to_dict("records"), size, strict=True):
        year = int(case["begin"])
        senders = [s for n in names_in(case["sanctioning_state"]) for s in names.states(n, year)]
        targets = [t for n in names_in(case["sanctioned_state"]) for t in names.states(n, year)]
        rows += [
            (case["case_id"], sender, target, year, case["end"], *part)
            for sender in dict.fromkeys(senders)
            for target in dict.fromkeys(targets)
            if sender != target
        ]
    return pd.DataFrame(rows, columns=COLUMNS[:-2])


def build(raw: Raw, memberships: pd.DataFrame) -> pd.DataFrame:
    """Sanctions by case, sender and target with first and last year; an open case ends in 2023."""
    cases = raw.table(SOURCE, "cases")
    expect(SOURCE, "cases open in 2023", (cases["end"] == LAST_YEAR).sum(), 615)
    frame = dyads(cases, memberships)
    group = cases.set_index("case_id")["sanctioning_state"].map(
        lambda cell: any(
            own in own_table("sanction_names")["name"].values for own in names_in(cell)
        )
    )
    flag = frame["case"].map(group).map({True: IMPUTED, False: OBSERVED})
    frame = frame.assign(flag=flag, source=SOURCE).astype({"begin": "int16", "end": "int16"})
    return frame[COLUMNS].sort_values(["case", "sender", "target"], ignore_index=True)


def in_force(sanctions: pd.DataFrame, year: int) -> pd.DataFrame:
    """Intensity (0 to 1) by sender and target in a year: the sum over kinds of the hardest case."""
    open_still = (sanctions["end"] >= year) | (sanctions["end"] == LAST_YEAR)
    rows = sanctions[(sanctions["begin"] <= year) & open_still]
    hardest = rows.groupby(["sender", "target"])[list(PARTS)].max()
    return hardest.sum(axis=1).rename("intensity").reset_index()
