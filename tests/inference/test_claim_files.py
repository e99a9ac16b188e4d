"""The claim files that come with the project: whole, in our own words, and able to fail."""

from pathlib import Path

import pytest

from worldorder.inference.claims.cases import make_ready
from worldorder.inference.claims.facts import check_fact
from worldorder.inference.claims.reading import load_claims

FOLDER = Path(__file__).parents[2] / "claims"


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("anti-us-coalition", [f"A{i}" for i in range(1, 13)]),
        ("withdrawal-66", [f"B{i}" for i in range(1, 17)]),
    ],
)
def test_a_file_holds_its_claims_and_shares_its_scenarios(name, ids):
    claims = load_claims(FOLDER / f"{name}.yaml")
    assert [claim.id for claim in claims.claims] == ids
    cases = make_ready(claims, FOLDER, 4, 1)
    tests = [
        test for claim in claims.claims if claim.id not in cases.untestable for test in claim.tests
    ]
    assert tests
    assert len(cases.jobs) <= len({n for t in tests for n in (t.scenario, t.reference) if n})
    for reason in cases.untestable.values():
        assert "unknown" in reason  # what the simulator lacks, never a broken file


def test_the_facts_of_the_withdrawal_are_read_off_the_record():
    facts = {c.id: c.facts for c in load_claims(FOLDER / "withdrawal-66.yaml").claims}
    assert check_fact(facts["B1"][0]).word == "supported"
    gold, industry = (check_fact(fact) for fact in facts["B2"])
    assert gold.word == "supported"
    assert industry.word == "contested"  # steel and energy bear it out, manufacturing does not
    assert len(industry.records) == 4


def test_who_joined_which_campaign_is_read_off_the_record():
    facts = {c.id: c.facts for c in load_claims(FOLDER / "anti-us-coalition.yaml").claims}
    west, before, many = (check_fact(fact) for fact in facts["A4"])
    assert west.records[0].value > 0.8 > before.records[0].value
    assert 30 < many.records[0].value < 60


def test_the_ledger_of_membership_is_read_as_a_table():
    facts = {c.id: c.facts for c in load_claims(FOLDER / "withdrawal-66.yaml").claims}
    say = check_fact(facts["B3"][0])
    assert say.word == "contested"  # votes are weighted in the Fund and equal in the WHO
    assert say.records[0].value > 20 > say.records[2].value
    left, stayed = (check_fact(fact) for fact in facts["B4"])
    assert left.records[1].value < 0.5  # where dues are known it would have stayed
    assert 0 < stayed.records[0].value < 1


def test_two_conduct_regimes_are_compared_after_5_10_and_20_years():
    claims = load_claims(FOLDER / "conduct-regimes.yaml")
    asked = {(c.tests[0].quantity, c.tests[0].year) for c in claims.claims}
    assert asked == {(q, y) for q in ("gdp", "security", "standing") for y in (2030, 2035, 2045)}
    cases = make_ready(claims, FOLDER, 4, 1)
    assert not cases.untestable
    assert len(cases.jobs) == 3  # with and without an answer in kind, against one reference
