"""Strategic rivalries between states, 1494 to 2020."""

from __future__ import annotations

import pandas as pd

from worldorder.data.flags import OBSERVED
from worldorder.data.polities import state_keys
from worldorder.data.sources import Raw, expect
from worldorder.data.spells import from_years

SOURCE = "rivalries"
LAST_YEAR = 2020
FIRST_YEAR = 1816
TYPES = ["positional", "spatial", "ideological", "interventionary", "principal"]
PAIR = ["state_a", "state_b"]


def _by_year(listed: pd.DataFrame, begin: str, end: str) -> pd.DataFrame:
    """One row a rivalry and year, with the codes of the states of the year, in order."""
    years = [
        range(int(first), int(last) + 1)
        for first, last in zip(listed[begin], listed[end], strict=True)
    ]
    rows = (
        listed.assign(year=pd.Series(years, index=listed.index))
        .explode("year", ignore_index=True)
        .astype({"year": int})
    )
    a, b = state_keys(rows["ccode1"], rows["year"]), state_keys(rows["ccode2"], rows["year"])
    known = a.notna() & b.notna() & (a != b)
    turned = (a > b)[known]
    a, b = a[known], b[known]
    return rows[known].assign(state_a=a.where(~turned, b), state_b=b.where(~turned, a))


def strategic(raw: Raw) -> pd.DataFrame:
    """Rivalries of Thompson, Sakuwa and Suhas by pair and year."""
    listed = raw.table(SOURCE, "strategic")
    expect(SOURCE, "rivalries that go on", (listed["end"] == LAST_YEAR).sum(), 56)
    listed[TYPES] = listed[TYPES].fillna(0).astype("int8")
    return _by_year(listed, "start", "end")


def handbook(raw: Raw) -> pd.DataFrame:
    """Rivalries of Thompson and Dreyer by pair and year, to 2010."""
    listed = raw.table(SOURCE, "handbook")
    expect(SOURCE, "rivalries of the handbook that go on", (listed["endyear"] == 2010).sum(), 42)
    return _by_year(listed, "styear", "endyear")


def build(raw: Raw) -> pd.DataFrame:
    """Rivalries since 1816: symmetric pairs with first and last year and types.

    One that runs to the last year of the data is carried on. A rivalry that outlives a state
    goes on as that of the state with the same number, as a row of its own.
    """
    rows = strategic(raw)
    spells = from_years(rows, ["tssr_id", *PAIR, *TYPES], LAST_YEAR)
    kept = spells[spells["end"] >= FIRST_YEAR].drop(columns="tssr_id")
    kept = kept.assign(flag=OBSERVED, source=SOURCE).astype(dict.fromkeys(TYPES, "int8"))
    return kept.sort_values(["begin", *PAIR, "end"], ignore_index=True)
