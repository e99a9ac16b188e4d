"""Say in bodies: shares add up and say where they come from."""

import pytest

from worldorder.inference.influence import EQUAL, RECORDED, UNKNOWN, influence


@pytest.fixture(scope="module")
def rows():
    return influence(2022)


def test_shares_of_known_votes_add_to_one(rows):
    known = rows.dropna(subset=["vote_share"])
    assert known.groupby("institution")["vote_share"].sum().between(1 - 1e-6, 1 + 1e-6).all()
    assert rows[rows["vote_basis"] == UNKNOWN]["vote_share"].isna().all()


def test_votes_of_the_fund_are_those_of_its_page(rows):
    fund = rows[rows["institution"] == "IMF"].set_index("iso3")
    assert fund.loc["USA", "vote_share"] == pytest.approx(0.1650, abs=5e-4)
    assert fund.loc["CHN", "vote_share"] == pytest.approx(0.0608, abs=5e-4)
    assert set(fund["vote_basis"]) == {RECORDED}


def test_the_assembly_gives_one_vote_and_sits_in_the_united_states(rows):
    assembly = rows[rows["institution"] == "UN"].set_index("iso3")
    assert len(assembly) == 193
    assert assembly["vote_share"].nunique() == 1
    assert set(assembly["vote_basis"]) == {EQUAL}
    assert assembly.index[assembly["host"]].tolist() == ["USA"]
