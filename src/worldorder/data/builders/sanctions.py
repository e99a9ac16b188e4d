"""Who sanctions whom, by case and years: the Global Sanctions Database, names read as states.

Directed: the sender sanctions the target. A body in a cell ("EU", "UN", "African Union") stands for
its members of each year of the case; a state that joins or leaves while the case is open comes in
or drops out. Former states have their own codes. A case that was open in the last year of the data
is carried on, flagged imputed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from worldorder.data.builders import body_members, memberships
from worldorder.data.countries import iso3_of_names
from worldorder.data.flags import IMPUTED, OBSERVED
from worldorder.data.own_tables import own_table, state_codes
from worldorder.data.polities import as_of_today, former_states, number_in_being, state_key
from worldorder.data.sources import Raw, expect
from worldorder.data.spells import LAST_YEAR, from_years

SOURCE = "gsdb-sanctions"
LAST_GSDB = 2023
FIRST_BODY, NATIONS = 1945, "UN"
KINDS = ("exports", "imports", "arms", "military", "financial", "travel", "other")
DEGREES = {"compl": 2, "part": 1}  # of exports and imports; other kinds are 0 or 1
TRADE_WEIGHTS = np.array([0.0, 0.1, 0.35])  # of each direction: none, partial, complete
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
KEY = ["case", "sender", "target", "body"]


def names_in(cell: str) -> list[str]:
    """Names in a cell; some of them contain a comma."""
    for name in COMMA_NAMES:
        cell = cell.replace(name, name.replace(", ", "@"))
    return [name.strip().replace("@", ", ") for name in re.split(r",\s*", cell)]


def kinds(cases: pd.DataFrame) -> pd.DataFrame:
    """Kinds of a case: exports and imports 0 none, 1 partial, 2 complete; the others 0 or 1.

    `persons` marks cells with many targets, which name the states of listed persons.
    """
    text = cases["descr_trade"].fillna("")
    made = {
        way: np.max([degree * text.str.contains(f"{short}_{how}") for how, degree in degrees], 0)
        for way, short, degrees in (
            ("exports", "exp", DEGREES.items()),
            ("imports", "imp", DEGREES.items()),
        )
    }
    others = {kind: (cases[kind] > 0).to_numpy() for kind in KINDS[2:]}
    frame = pd.DataFrame(made | others, index=cases["case_id"]).astype("int8")
    many = [len(names_in(cell)) >= PERSONS for cell in cases["sanctioned_state"]]
    return frame.assign(persons=many)


class Names:
    """States that a name of the source stands for in a year."""

    def __init__(self, state_years: pd.DataFrame, listed: pd.DataFrame) -> None:
        rows = own_table("sanction_names").to_dict("records")
        self._table = {str(row["name"]): {str(k): str(v) for k, v in row.items()} for row in rows}
        self._years = {
            name: self._members(row, state_years, listed)
            for name, row in self._table.items()
            if row["cow"] or row["institution"]
        }
        self._known = set(state_codes()) | set(former_states())
        self._found: dict[tuple[str, int], list[str]] = {}

    @staticmethod
    def _members(
        row: dict[str, str], state_years: pd.DataFrame, listed: pd.DataFrame
    ) -> Callable[[int], set[str]]:
        if row["institution"] == NATIONS:
            return body_members.united_nations
        record = body_members.recorded(state_years, listed, row["cow"], row["institution"])
        going = body_members.left(listed, row["institution"])
        years = body_members.by_year(record, FIRST_BODY, LAST_YEAR, going)
        return lambda year: years[year][0]

    def body(self, name: str) -> str:
        """Id of the body that a name is, empty for a state."""
        row = self._table.get(name, {})
        return row.get("institution") or (str(name) if row.get("cow") else "")

    def states(self, name: str, year: int) -> list[str]:
        """Codes of a name in a year; none where it is of no state of the panel."""
        if (name, year) not in self._found:
            self._found[name, year] = self._read(name, year)
        return self._found[name, year]

    def _read(self, name: str, year: int) -> list[str]:
        if name in self._years:
            return sorted(self._years[name](year) & self._known)
        row = self._table.get(name)
        if row is None:
            return [code for code in iso3_of_names([name]) if code in self._known]
        if row["numbers"]:
            numbers = [int(number) for number in row["numbers"].split()]
            being = [number for number in numbers if number_in_being(number, year)]
            found = state_key((being or numbers)[0], year)
            return [found] if found else []
        return [code for code in row["iso3"].split() if code in self._known]


def _senders(names: Names, cell: str, year: int) -> dict[str, str]:
    """Senders of a year and the body each acts through; a state that is named acts itself."""
    through: dict[str, str] = {}
    for name in names_in(cell):
        body = names.body(name)
        for state in names.states(name, year):
            through[state] = body if state not in through or not body else through[state]
    return through


def dyad_years(cases: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Case, sender, target, body and year."""
    rows: list[tuple[int, str, str, str, int]] = []
    columns = ["case_id", "sanctioned_state", "sanctioning_state", "begin", "end"]
    for case, hit, acting, begin, end in cases[columns].itertuples(index=False):
        for year in range(int(begin), int(end) + 1):
            senders = _senders(names, acting, year)
            targets = {t for name in names_in(hit) for t in names.states(name, year)}
            rows += [
                (int(case), sender, target, body, year)
                for sender, body in senders.items()
                for target in targets
                if sender != target
            ]
    return pd.DataFrame(rows, columns=[*KEY, "year"])


def build(raw: Raw, listed: pd.DataFrame) -> pd.DataFrame:
    """Spells of sanctions by case, sender and target since 1949."""
    cases = raw.table(SOURCE, "cases")
    expect(SOURCE, "cases open in 2023", (cases["end"] == LAST_GSDB).sum(), 615)
    expect(SOURCE, "cases that begin in 2022", (cases["begin"] == 2022).sum(), 119)
    expect(SOURCE, "cases that begin in 2023", (cases["begin"] == 2023).sum(), 121)
    russia = cases["sanctioned_state"].str.contains("Russia") & (cases["begin"] >= 2022)
    expect(SOURCE, "cases against Russia that begin in 2022 or later", russia.sum(), 33)
    names = Names(raw.table(memberships.COW, "memberships"), listed)
    frame = from_years(dyad_years(cases, names), KEY, LAST_GSDB).join(kinds(cases), on="case")
    through = frame["body"] != ""
    frame = frame.assign(flag=through.map({True: IMPUTED, False: OBSERVED}), source=SOURCE)
    return frame.sort_values([*KEY, "begin"], ignore_index=True)


def parts(rows: pd.DataFrame) -> pd.DataFrame:
    """Parts of a full embargo that rows make up, by kind [own scale]; they sum to at most .97.

    Trade counts .35 in each direction where complete and .1 where partial. A list of persons from
    many states counts as finance alone.
    """
    made = {way: TRADE_WEIGHTS[rows[way].to_numpy(int)] for way in ("exports", "imports")}
    frame = pd.DataFrame(made, index=rows.index)
    financed = np.where(frame.sum(axis=1) > 0, FINANCE_WITH_TRADE, FINANCE_ALONE)
    frame["financial"] = np.where(rows["financial"] > 0, financed, 0.0)
    for kind, weight in WEIGHTS.items():
        frame[kind] = weight * (rows[kind] > 0)
    listed = rows["persons"].to_numpy(bool)
    frame.loc[listed] = 0.0
    frame.loc[listed, "financial"] = FINANCE_ALONE
    return frame[list(KINDS)]


def in_force(sanctions: pd.DataFrame, year: int) -> pd.DataFrame:
    """Intensity (0 to 1) by sender and target in a year: the sum over kinds of the hardest case.

    Former states count for those that continue them.
    """
    rows = sanctions[(sanctions["begin"] <= year) & (sanctions["end"] >= year)]
    rows = as_of_today(rows, ["sender", "target"])
    hardest = parts(rows).groupby([rows["sender"], rows["target"]]).max()
    return hardest.sum(axis=1).rename("intensity").reset_index()
