"""Who leads by area: shares add up, what is unknown stays unknown, a wrong year is said."""

import numpy as np
import pytest

from worldorder.errors import InputError
from worldorder.inference.leadership import EVERYWHERE, PARTS, by_area, concentration, leadership


@pytest.fixture(scope="module")
def rows():
    return leadership(2023)


def test_shares_of_an_area_add_to_one_or_are_not_known(rows):
    total = rows.groupby("area")[list(PARTS)].sum(min_count=1)
    known = total.to_numpy()[~np.isnan(total.to_numpy())]
    np.testing.assert_allclose(known, 1.0, atol=1e-9)
    assert total["funds"].isna().any()  # areas without statistics
    assert rows[rows["area"] == EVERYWHERE][list(PARTS)].notna().all().all()


def test_the_united_states_pays_most_and_votes_as_others_do(rows):
    own = rows[(rows["iso3"] == "USA") & (rows["area"] == EVERYWHERE)].iloc[0]
    assert 0.2 < own["funds"] < 0.4
    assert own["votes"] < 0.05
    assert own["hosts"] > 0.1
    found = by_area(rows, "USA").loc[EVERYWHERE]
    assert found["first_payer"] == "USA"
    assert found["funds_concentration"] >= own["funds"] ** 2


def test_the_index_on_record_leaves_out_headquarters_and_heads(rows):
    own = rows[(rows["iso3"] == "USA") & (rows["area"] == EVERYWHERE)].iloc[0]
    assert own["leadership_on_record"] == pytest.approx((own["funds"] + own["votes"]) / 2)
    nobody = rows.assign(hosts=0.0, heads=0.0)
    first = by_area(nobody, "USA")["leader_on_record"]
    assert first.equals(by_area(rows, "USA")["leader_on_record"])


def test_concentration_is_one_where_one_has_all(rows):
    one = rows[rows["iso3"] == "USA"].assign(funds=1.0, votes=0.5)
    found = concentration(one)
    assert (found["funds"] == 1.0).all()
    assert (found["votes"] == 0.25).all()


def test_a_year_without_payments_is_said():
    with pytest.raises(InputError, match="1999"):
        leadership(1999)
