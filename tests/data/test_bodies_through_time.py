"""Bodies, their members by year, and what counts as an accession or an exit."""

import math

import pandas as pd
import pytest

from worldorder.data.builders.membership_events import from_corrections, from_factbook, verdict
from worldorder.data.builders.membership_history import continued, cow_spells, joined, year_of
from worldorder.data.builders.organizations import alike, plain_name, with_cow
from worldorder.data.institutions import body, contribution, members
from worldorder.data.membership_record import classified_accessions
from worldorder.data.panel import table
from worldorder.errors import InputError


def test_names_are_compared_without_signs_and_abbreviations():
    assert plain_name("Intl Org. for Migration (IOM)") == "international organization migration"
    assert alike("Organisation of African Unity", "Org of African Unity") == 1


def test_a_linked_body_is_one_row_and_a_new_one_its_own():
    own = pd.DataFrame({"id": ["NATO", "IEF"], "cow": ["NATO", ""], "name": ["North A", "Forum"]})
    listed = pd.DataFrame(
        {
            "ioname": ["NATO", "IEF"],
            "orgname": ["NATO", "Exchange"],
            "longorgname": ["North Atlantic", "International Exchange Fund"],
            "political": [1, 0],
            "social": [0, 0],
            "economic": [0, 1],
            "sdate": [1949, 1950],
            "deaddate": [float("nan"), 1960],
            "dead": [0, 1],
        }
    )
    made = with_cow(own, listed).set_index("id")
    assert sorted(made.index) == ["IEF", "IEF (COW)", "NATO"]
    assert made.loc["NATO", "cow_founded"] == 1949
    assert made.loc["IEF (COW)", "cow_ended"] == 1960


def test_first_of_july_decides_the_year():
    assert year_of("2004-05-01", first=True) == 2004
    assert year_of("2013-07-01", first=True) == 2013
    assert year_of("1995-12-01", first=True) == 1996
    assert year_of("2020-01-31", first=False) == 2019
    assert year_of("2026-12-31", first=False) == 2026


def test_a_membership_ends_when_the_last_word_no_longer_has_it():
    record = pd.DataFrame(
        [("a", 2, y, 1) for y in (2012, 2013, 2014)]
        + [("a", 20, y, 1) for y in (2013, 2014)]
        + [("a", 70, 2012, 1)],
        columns=["ioname", "ccode", "year", "status"],
    )
    spells = cow_spells(record, {"a": "A"})
    today = pd.DataFrame(
        {
            "institution": ["A", "A"],
            "iso3": ["USA", "FRA"],
            "status": "full",
            "began": [0, 2019],
            "ended": [2026, 2026],
            "known": [2026, 2026],
            "flag": "observed",
            "source": "factbook-memberships",
        }
    )
    named = pd.Series([2021], index=pd.MultiIndex.from_tuples([("A", "CAN")]))
    made = continued(spells, today, {"A"}, named)
    held = made.set_index("iso3")
    assert held.loc["USA", ["begin", "end", "observed_until"]].tolist() == [2012, 2026, 2026]
    assert held.loc["CAN", ["end", "flag"]].tolist() == [2021, "imputed"]
    assert held.loc["MEX", "end"] == 2012
    assert not held.loc["USA", "begin_known"]
    new = joined(made, today, pd.Series(dtype=float))
    assert new[["iso3", "begin"]].to_numpy().tolist() == [["FRA", 2019]]


def test_each_rule_names_its_kind_of_accession():
    years = list(range(1960, 2001))
    spells = {
        ("a", 1): (1960, 2000),
        ("a", 2): (1960, 2000),
        ("a", 3): (1980, 2000),
        ("a", 4): (1999, 2000),
        ("a", 5): (1963, 2000),
        ("b", 1): (1970, 2000),
    }
    member = pd.DataFrame(False, index=pd.MultiIndex.from_tuples(spells), columns=years)
    member.index.names = ["ioname", "ccode"]
    for key, (first, last) in spells.items():
        member.loc[key, list(range(first, last + 1))] = True
    member.loc[("a", 2), 1985] = False
    starts = classified_accessions(member.sort_index())
    found = {(b, s, y): k for b, s, y, k in starts.itertuples(index=False)}
    assert found == {
        ("a", 2, 1986): "gap",
        ("a", 3, 1980): "certain",
        ("a", 4, 1999): "likely",
        ("a", 5, 1963): "early",
        ("b", 1, 1970): "founding",
    }
    assert [verdict(k) for k in ("gap", "certain", "founding", "early")] == [
        "artefact",
        "certain",
        "certain",
        "likely",
    ]


def test_a_change_of_one_edition_is_no_event():
    editions = [f"{year}-06-01" for year in range(2015, 2022)]
    listed = {"USA": editions, "FRA": editions[:4], "DEU": [*editions[:2], *editions[3:]]}
    rows = [(day, iso3, "NATO", None) for iso3, days in listed.items() for day in days]
    frame = pd.DataFrame(rows, columns=["snapshot_date", "iso3", "org", "status"])
    found = from_factbook(frame, set()).set_index(["iso3", "event"])
    assert found.loc[("FRA", "exit"), ["year", "verdict"]].tolist() == [2019, "likely"]
    assert set(found.loc["DEU", "verdict"]) == {"artefact"}
    assert from_factbook(frame, {("NATO", "FRA"), ("NATO", "DEU")}).empty


def test_dated_changes_are_certain():
    listed = pd.DataFrame(
        {
            "institution": ["WHO"],
            "iso3": ["USA"],
            "since": ["1948-06-21"],
            "until": ["2026-01-22"],
            "source": ["worldorder"],
        }
    )
    found = from_corrections(listed)
    who = found[found["institution"] == "WHO"]
    assert who[["date", "event", "verdict"]].to_numpy().tolist() == [
        ["2026-01-22", "exit", "certain"]
    ]


def test_members_of_the_time():
    assert len(members("NATO", 1955)) == 15
    assert "SUN" in members("Warsaw Treaty Organization", 1980)
    assert len(members("EU", 2005)) == 25
    assert "GBR" in members("EU", 2019)
    assert "GBR" not in members("EU", 2021)
    assert "USA" not in members("UNESCO", 1990)
    assert "USA" in members("UNESCO", 2010)  # which the Correlates of War do not code
    assert len(members("HRC", 2020)) == 193  # an organ of the whole UN
    with pytest.raises(InputError, match="memberships begin in 1945"):
        members("NATO", 1940)


def test_bodies_are_found_by_name_and_alias():
    assert body("Commonwealth of Independent States") == "CIS"
    with pytest.raises(InputError, match="Did you mean"):
        body("Nato Organisation")


def test_silence_of_a_reporting_body_is_zero_and_of_the_board_missing():
    assert contribution("USA", "UNFPA", 2019) == 0
    assert contribution("USA", "WHO", 2023) > 0
    assert math.isnan(contribution("USA", "WHO", 2005))
    with pytest.raises(InputError, match="assessed"):
        contribution("USA", "WHO", 2023, "asessed")


def test_money_of_the_system_is_as_published():
    flows = table("funding")
    total = flows[flows["year"] == 2023]["value"].sum()
    assert total == pytest.approx(67_500, rel=1e-3)  # mn USD, CEB


def test_ends_of_bodies_are_no_exits():
    events = table("membership_events")
    pact = events[(events["institution"] == "WPact") & (events["event"] == "exit")]
    late = pact[pact["year"] >= 1990]
    assert set(late["verdict"]) <= {"artefact"}
    france = events[(events["iso3"] == "USA") & (events["institution"] == "UNESCO")]
    assert set(france["year"]) >= {1984, 2003, 2018, 2023}
