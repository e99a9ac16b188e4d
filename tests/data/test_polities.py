import pytest

import worldorder as wo
from worldorder.data.own_tables import own_table
from worldorder.data.polities import (
    continuing_state,
    former_states,
    number_in_being,
    state_key,
    state_keys,
    states,
)
from worldorder.errors import InputError


@pytest.mark.parametrize(
    ("number", "year", "code"),
    [
        (365, 1900, "RUS"),
        (365, 1922, "RUS"),  # the union was founded on 30 December
        (365, 1985, "SUN"),
        (365, 1991, "SUN"),
        (365, 1992, "RUS"),
        (345, 1900, "SRB"),
        (345, 1943, "YUG"),  # between two spells
        (345, 1992, "SCG"),
        (345, 2006, "SRB"),
        (255, 1900, "DEU"),
        (260, 1970, "DEU"),
        (265, 1970, "DDR"),
        (315, 1980, "CSK"),
        (678, 1980, "YEM"),
        (680, 1980, "YMD"),
        (816, 1960, "VNM"),
        (817, 1960, "RVN"),
        (300, 1900, "AUH"),
        (2, 1816, "USA"),
        (9999, 1985, None),
    ],
)
def test_codes_of_correlates_of_war_numbers(number, year, code):
    assert state_key(number, year) == code


@pytest.mark.parametrize(
    ("number", "code"), [(340, "SRB"), (345, "SCG"), (970, "KIR"), (260, "DEU"), (626, "SSD")]
)
def test_codes_of_gleditsch_ward_numbers(number, code):
    assert state_key(number, 2000, "gw") == code


def test_two_numbers_of_one_state_are_told_apart_at_mid_year():
    assert [number_in_being(number, 1990) for number in (255, 260, 678, 679)] == [
        False,
        True,
        False,
        True,
    ]


def test_keys_of_a_column():
    frame = states(1985).dropna(subset=["cow"]).assign(year=1985)
    assert (state_keys(frame["cow"], frame["year"]) == frame["iso3"]).all()


def test_the_list_has_the_states_of_each_year():
    assert len(states(2024)) == 196
    assert set(states(2024)["iso3"]) == set(own_table("states")["iso3"])
    assert len(states(1816)) == 23  # Correlates of War, version 2016
    for year in range(1816, 2025):
        assert states(year)["iso3"].is_unique
    then = set(states(1985)["iso3"])
    assert {"SUN", "YUG", "CSK", "DDR", "YMD"} <= then
    assert not then & {"RUS", "UKR", "HRV", "CZE", "EST"}


def test_former_states_name_successors_that_exist():
    known = set(own_table("states")["iso3"]) | set(former_states())
    for row in former_states().values():
        assert set(row["successors"].split()) <= known
        assert row["begin"] < row["end"]
        assert row["source"]
    assert set(own_table("former_names")["code"]) <= known


def test_continuing_states():
    assert continuing_state("SUN") == "RUS"
    assert continuing_state("SCG") == "SRB"
    assert continuing_state("CSK") is None
    assert continuing_state("FRA") == "FRA"
    with pytest.raises(InputError):
        continuing_state("XYZ")


def test_front_door():
    assert len(wo.states(1914)) == 45
    spells = wo.states()
    assert spells[spells["iso3"] == "CSK"]["end"].tolist() == ["1939-03-15", "1992-12-31"]
