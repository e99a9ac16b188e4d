"""Bodies that two states share, counted from the spells."""

import pytest

import worldorder as wo
from worldorder.errors import InputError


@pytest.fixture(scope="module")
def shared():
    return wo.common_memberships(2010)


def test_it_is_symmetric_and_no_pair_shares_more_than_either_has(shared):
    assert (shared.to_numpy() == shared.to_numpy().T).all()
    own = shared.to_numpy().diagonal()
    assert (shared.to_numpy() <= own[:, None]).all()
    assert own.min() > 0


def test_a_pair_shares_the_bodies_whose_lists_name_both(shared):
    spells = wo.panel("membership_spells")
    on = spells[(spells.begin <= 2010) & (spells.end >= 2010) & (spells.status == "full")]
    france = set(on.loc[on.iso3 == "FRA", "institution"])
    germany = set(on.loc[on.iso3 == "DEU", "institution"])
    assert shared.loc["FRA", "DEU"] == len(france & germany) > 50


def test_neighbours_in_a_union_share_more_than_strangers(shared):
    assert shared.loc["FRA", "DEU"] > 2 * shared.loc["FRA", "PRK"]


def test_lists_that_are_carried_on_can_be_left_out():
    carried, observed = wo.common_memberships(2020), wo.common_memberships(2020, observed=True)
    assert observed.loc["FRA", "DEU"] < carried.loc["FRA", "DEU"]


def test_a_year_before_the_record_is_refused():
    with pytest.raises(InputError, match="begin in 1945"):
        wo.common_memberships(1900)
