import pytest

from worldorder.data.countries import country
from worldorder.errors import InputError


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


@pytest.mark.parametrize(("name", "near"), [("Indai", "India"), ("Burmania", "Romania")])
def test_unknown_names_get_the_nearest(name, near):
    with pytest.raises(InputError, match=near):
        country(name)


def test_names_of_the_past_are_refused():
    with pytest.raises(InputError, match="before 1992"):
        country("Upper Volta", year=1975)
