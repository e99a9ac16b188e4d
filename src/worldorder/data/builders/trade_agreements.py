"""Trade agreements in force between states, 1948-2026, symmetric, one row a pair and agreement.

DESTA lists treaties with members, not pairs. All members of a bilateral or plurilateral treaty are
paired. Where a group meets a third state, the third state is the member that shares fewest
plurilateral treaties with the others; where two groups meet, the sides are continents. Only pairs
across sides count there: those inside a group have a treaty of their own, or none.
"""

from __future__ import annotations

import itertools
from collections import Counter

import pandas as pd

from worldorder.data.flags import IMPUTED, OBSERVED
from worldorder.data.own_tables import own_table
from worldorder.data.sources import Raw, expect
from worldorder.data.spells import ENDS, LAST_YEAR

SOURCE = "desta-pta"
OWN = "worldorder"
LAST_DESTA = 2020
KINDS = {
    1: "bilateral",
    2: "plurilateral",
    3: "plurilateral and third state",
    4: "between groups",
}
EUROPEAN = {"CYP"}  # of the Union, whatever the continent
PAIR = ["state_a", "state_b"]
Pair = tuple[str, str]


def all_pairs(members: list[str]) -> set[Pair]:
    """Every pair in alphabetical order."""
    return set(itertools.combinations(sorted(set(members)), 2))


def across(one: list[str], other: list[str]) -> set[Pair]:
    """Pairs of a state of one side and a state of the other."""
    return {(min(a, b), max(a, b)) for a in one for b in other if a != b}


def third_state(members: list[str], shared: Counter[Pair]) -> str:
    """The member that shares fewest plurilateral treaties with the others."""
    together = {
        code: sum(shared[min(code, other), max(code, other)] for other in members if other != code)
        for code in members
    }
    return min(sorted(members), key=together.__getitem__)


def _continents() -> dict[str, str]:
    states = own_table("states")
    found = dict(zip(states["iso3"], states["continent"], strict=True))
    return found | dict.fromkeys(EUROPEAN, "Europe")


def pairs_of(kind: int, members: list[str], shared: Counter[Pair]) -> set[Pair]:
    """Pairs that a treaty binds.

    Args:
        kind: 1 bilateral, 2 plurilateral, 3 group and third state, 4 two groups.
        members: codes.
        shared: plurilateral treaties by pair, signed up to then.
    """
    if len(members) <= 2 or kind <= 2:
        return all_pairs(members)
    if kind == 3:
        third = third_state(members, shared)
        return across([third], [code for code in members if code != third])
    place = _continents()
    europe = [code for code in members if place.get(code) == "Europe"]
    rest = [code for code in members if place.get(code) != "Europe"]
    if europe and rest:
        return across(europe, rest)
    sides = {place.get(code, "") for code in members}
    if len(sides) == 2:
        first = min(sides)
        one = [code for code in members if place.get(code, "") == first]
        return across(one, [code for code in members if code not in one])
    return all_pairs(members)


def _kind(treaty: pd.Series, of_base: dict[int, int]) -> int:
    """Kind of the treaty, and of its base treaty for an accession."""
    own = int(treaty["typememb"])
    return own if own in KINDS else of_base.get(int(treaty["base_treaty"]), 2)


def _begin(treaty: pd.Series, in_force: int | None) -> tuple[int | None, str]:
    """First year of a base treaty or of an accession to one in force since `in_force`."""
    if in_force is None or treaty["entry_type"] == "base_treaty":
        return in_force, OBSERVED
    if pd.notna(treaty["entryforceyear"]):
        return max(int(treaty["entryforceyear"]), in_force), OBSERVED
    return max(int(treaty["year"]), in_force), IMPUTED


def bound(treaties: pd.DataFrame, members: dict[str, list[str]]) -> pd.DataFrame:
    """Pairs by base treaty with the year of entry into force.

    A treaty whose entry into force is not on record has no pairs. Of an accession without one the
    year of signature is taken, and the pairs are flagged imputed.
    """
    base = treaties[treaties["entry_type"] == "base_treaty"]
    of_base = dict(zip(base["base_treaty"].astype(int), base["typememb"].astype(int), strict=True))
    in_force = base.set_index("base_treaty")["entryforceyear"].dropna().astype(int).to_dict()
    names = dict(zip(base["base_treaty"].astype(int), base["name"], strict=True))
    shared: Counter[Pair] = Counter()
    rows: list[tuple[object, ...]] = []
    begun = treaties[treaties["entry_type"].isin(["base_treaty", "accession"])]
    for _, treaty in begun.sort_values(["year", "number"], kind="stable").iterrows():
        kind, number = _kind(treaty, of_base), int(treaty["base_treaty"])
        pairs = pairs_of(kind, members.get(str(treaty["number"]), []), shared)
        if kind == 2:
            shared.update(pairs)
        begin, flag = _begin(treaty, in_force.get(number))
        if begin is None:
            continue
        name = names.get(number, str(treaty["name"]))
        rows += [(number, name, KINDS[kind], *pair, begin, flag) for pair in sorted(pairs)]
    columns = ["treaty", "name", "kind", *PAIR, "begin", "flag"]
    frame = pd.DataFrame(rows, columns=columns)
    frame = frame.sort_values(["begin", "flag"], ascending=[True, False], kind="stable")
    return frame.drop_duplicates(["treaty", *PAIR], ignore_index=True)


def with_withdrawals(rows: pd.DataFrame, treaties: pd.DataFrame) -> pd.DataFrame:
    """Last year of each pair: the year of withdrawal of either, else carried on."""
    left = own_table("agreement_withdrawals").set_index("number")["iso3"].str.split()
    gone: dict[tuple[int, str], int] = {}
    for _, entry in treaties[treaties["entry_type"] == "withdrawal"].iterrows():
        for code in left[str(entry["number"])]:
            gone[int(entry["base_treaty"]), code] = int(entry["year"])
    never = LAST_YEAR + 1
    ends = [
        min(gone.get((treaty, a), never), gone.get((treaty, b), never))
        for treaty, a, b in zip(rows["treaty"], rows["state_a"], rows["state_b"], strict=True)
    ]
    end = pd.Series(ends, index=rows.index)
    went = end.between(rows["begin"], LAST_YEAR)
    return rows.assign(end=end.where(went, LAST_YEAR), observed_until=end.where(went, LAST_DESTA))


def since_2020(union: list[str]) -> pd.DataFrame:
    """Agreements after the end of DESTA, from the table of this project.

    Args:
        union: members of the European Union today.
    """
    rows: list[tuple[object, ...]] = []
    for i, entry in own_table("agreements_since_2020").iterrows():
        sides = [union if side == "EU" else side.split() for side in entry[["side_a", "side_b"]]]
        pairs = across(*sides) if sides[1] else all_pairs(sides[0])
        head = -1 - int(str(i)), entry["name"], entry["kind"]
        rows += [(*head, *pair, int(entry["year"]), OBSERVED) for pair in sorted(pairs)]
    columns = ["treaty", "name", "kind", *PAIR, "begin", "flag"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(end=LAST_YEAR, observed_until=LAST_YEAR, source=OWN)


def build(raw: Raw, union: list[str]) -> pd.DataFrame:
    """Spells of trade agreements by pair and agreement."""
    treaties, listed = raw.table(SOURCE, "treaties"), raw.table(SOURCE, "members")
    counted = treaties["entry_type"].value_counts()
    for kind, count in (("base_treaty", 842), ("accession", 199), ("withdrawal", 30)):
        expect(SOURCE, f"entries that are {kind}", counted[kind], count)
    members = {str(number): rows["iso3"].tolist() for number, rows in listed.groupby("number")}
    frame = with_withdrawals(bound(treaties, members), treaties).assign(source=SOURCE)
    frame = pd.concat([frame, since_2020(union)], ignore_index=True)
    frame = frame.astype(dict.fromkeys(ENDS, "int16") | {"treaty": "int16"})
    return frame.sort_values([*PAIR, "begin", "treaty"], ignore_index=True)
