import os
from pathlib import Path

import pandas as pd
import pytest

from worldorder.data.countries import country, official_names
from worldorder.data.own_tables import own_table
from worldorder.data.polities import state_key
from worldorder.errors import InputError

RAW = Path(os.environ.get("WORLDORDER_RAW", Path(__file__).parents[3] / "shared/data/raw"))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("DEU", "DEU"),
        ("usa", "USA"),
        ("Ivory Coast", "CIV"),
        ("Côte d'Ivoire", "CIV"),
        ("Burma", "MMR"),
        ("Viet Nam", "VNM"),
        ("Korea, South", "KOR"),
        ("North Korea", "PRK"),
        ("Congo, Democratic Republic of the", "COD"),
        ("Namibia", "NAM"),
        ("Kosovo", "XKX"),
        ("Taiwan", "TWN"),
        ("Türkiye", "TUR"),
        ("Hong Kong", "HKG"),
    ],
)
def test_names(name, code):
    assert country(name) == code


@pytest.mark.parametrize(
    ("name", "year", "to", "found"),
    [
        ("USSR", 1985, "cow", 365),
        ("Germany", 1900, "cow", 255),
        ("West Germany", 1970, "cow", 260),
        ("Germany", 2020, "gw", 260),
        ("Serbia", 1900, "gw", 340),
        ("Serbia", 2020, "cow", 345),
        ("Kiribati", None, "gw", 970),
        ("Burma", 1985, "name", "Myanmar"),
        ("East Germany", 1980, "un_name", "German Democratic Republic"),
        ("France", 1943, "cow", 220),  # between two spells
    ],
)
def test_numbers_and_names_of_a_state(name, year, to, found):
    assert country(name, year, to=to) == found


def test_what_is_in_no_list_says_so():
    with pytest.raises(InputError, match="PSE has no cow"):
        country("Palestine", to="cow")
    with pytest.raises(InputError, match=r"no 'iso2'.*\n.*code, cow, gw"):
        country("France", to="iso2")
    with pytest.raises(InputError, match="HKG has no gw"):
        country("Hong Kong", to="gw")


@pytest.mark.parametrize(("name", "near"), [("Indai", "India"), ("Burmania", "Romania")])
def test_unknown_names_get_the_nearest(name, near):
    with pytest.raises(InputError, match=near):
        country(name)


@pytest.mark.parametrize(
    ("name", "year", "code"),
    [
        ("Burma", 1985, "MMR"),
        ("Upper Volta", 1975, "BFA"),
        ("Zaire", 1980, "COD"),
        ("Ceylon", 1960, "LKA"),
        ("USSR", 1985, "SUN"),
        ("Russia", 1900, "RUS"),
        ("Yugoslavia", 1985, "YUG"),
        ("Yugoslavia", 1995, "SCG"),
        ("Serbia", 1900, "SRB"),
        ("East Germany", 1970, "DDR"),
        ("West Germany", 1970, "DEU"),
        ("Prussia", 1850, "DEU"),
        ("Austria-Hungary", 1900, "AUH"),
        ("Ottoman Empire", 1900, "TUR"),
        ("Vietnam", 1960, "VNM"),
        ("South Vietnam", 1960, "RVN"),
        ("Republic of China", 1930, "CHN"),
        ("Republic of China", 1960, "TWN"),
        ("Estonia", 1930, "EST"),
        ("Ukraine", 1985, "UKR"),  # a member of the United Nations
        ("Soviet Union", None, "SUN"),
        ("Korea", None, "KOR"),
        ("Korea", 1890, "XKO"),
    ],
)
def test_names_in_a_year(name, year, code):
    assert country(name, year=year) == code


@pytest.mark.parametrize(
    ("name", "year", "said"),
    [
        ("Kazakhstan", 1985, "part of Soviet Union.*\n.*SUN"),
        ("Russia", 1985, "SUN"),
        ("Slovakia", 1980, "CSK"),
        ("Montenegro", 1980, "YUG"),
        ("Zaire", 2020, "name of COD \\(1971-1997\\)"),
        ("Yugoslavia", None, "YUG .*SCG.*\n.*Give a year"),
        ("Sovet Union", 1985, "Did you mean Soviet Union"),
        ("France", 1700, "1816 to 2026"),
    ],
)
def test_names_in_another_year_are_explained(name, year, said):
    with pytest.raises(InputError, match=said):
        country(name, year=year)


def test_every_state_answers_to_its_usual_and_its_official_name():
    states = own_table("states")
    official = official_names()
    for code, name in zip(states["iso3"], states["name"], strict=True):
        assert country(name, year=2024) == code
        assert country(name.upper()) == code
        assert country(official[code], year=2024) == code


if RAW.is_dir():

    def test_every_state_of_correlates_of_war_answers_to_its_name_there():
        listed = pd.read_csv(RAW / "cow-states" / "states_2016.csv")
        for row in listed.itertuples():
            year = (row.styear + row.endyear) // 2
            if row.statenme != "Yugoslavia" or year > 1918:  # Serbia before
                assert country(row.statenme, year) == state_key(row.ccode, year)
