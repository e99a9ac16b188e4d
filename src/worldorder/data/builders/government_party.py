"""Ideology of the head of government's party, V-Party, 1970 to 2019."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.cells import cells
from worldorder.data.flags import IMPUTED, OBSERVED
from worldorder.data.own_tables import state_codes
from worldorder.data.polities import former_states, state_key
from worldorder.data.sources import Raw, expect

SOURCE = "democracy"
HEAD_OF_GOVERNMENT = 0  # v2pagovsup after the election
LAST_YEAR = 2019
LONGEST_TERM = 6  # years for which a government's party is carried forward
VARIABLES = {
    "v2pariglef": "government_left_right",
    "v2xpa_popul": "government_populism",
    "v2xpa_antiplural": "government_antipluralism",
}
ALSO_FORMER = {"RUS": 365, "SRB": 345, "CZE": 315}  # the source's code for an earlier state too
FORMER = {"VDR": "RVN"}


def _code(code: str, year: int) -> str | None:
    if code in ALSO_FORMER:
        before = state_key(ALSO_FORMER[code], year) if year < 1993 else code
        return before or code
    known = {*state_codes(), *former_states()}
    named = FORMER.get(code, code)
    return named if named in known else None


def heads(parties: pd.DataFrame) -> pd.DataFrame:
    """The party of the head of government after each election; the largest where two are coded."""
    held = parties[parties["v2pagovsup"] == HEAD_OF_GOVERNMENT]
    pairs = zip(held["country_text_id"], held["year"], strict=True)
    codes = [_code(str(code), int(year)) for code, year in pairs]
    held = held.assign(iso3=pd.Series(codes, index=held.index, dtype=object))
    held = held.dropna(subset=["iso3"]).sort_values("v2paseatshare", ascending=False, kind="stable")
    return held.drop_duplicates(["iso3", "year"]).sort_values(["iso3", "year"])


def carried(elections: pd.DataFrame) -> pd.DataFrame:
    """Years after an election until the next, at most a long term; `year` is then that year."""
    following = elections.groupby("iso3")["year"].shift(-1).fillna(LAST_YEAR + 1)
    last = following.clip(upper=elections["year"] + LONGEST_TERM + 1)
    parts = [
        elections[elections["year"] + ahead < last].assign(year=lambda rows, a=ahead: rows.year + a)
        for ahead in range(1, LONGEST_TERM + 1)
    ]
    return pd.concat(parts)


def tidy(parties: pd.DataFrame) -> pd.DataFrame:
    """Long state-years: observed in election years, carried forward (imputed) between them."""
    elections = heads(parties)
    former = {code: int(row["end"][:4]) for code, row in former_states().items()}
    between = carried(elections)
    between = between[between["year"] <= between["iso3"].map(former).fillna(LAST_YEAR)]
    parts = [
        cells(rows["iso3"], rows["year"], rows[column], variable, flag, SOURCE)
        for column, variable in VARIABLES.items()
        for flag, rows in ((OBSERVED, elections), (IMPUTED, between))
    ]
    return pd.concat(parts, ignore_index=True)


def build(raw: Raw) -> pd.DataFrame:
    """State-years of the ideology of the head of government's party."""
    parties = raw.table(SOURCE, "parties")
    led = parties["v2pagovsup"] == HEAD_OF_GOVERNMENT
    expect(SOURCE, "heads of government's parties", led.sum(), 1632)
    republican = parties[(parties["country_text_id"] == "USA") & (parties["pf_party_id"] == 809)]
    left_right = republican[republican["year"] == 2016]["v2pariglef"].sum()
    expect(SOURCE, "left-right of the Republican Party in 2016", left_right, 1.841, 1e-3)
    return tidy(parties)
