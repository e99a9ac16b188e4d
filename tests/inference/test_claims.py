"""Claims: verdicts follow from runs and flip with the direction; bad files say what is wrong."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from answers import REFERENCE, SCENARIO, YEARS, small_pair
from worldorder.errors import ScenarioError
from worldorder.inference.claims.cases import Cases, make_ready, readings_of
from worldorder.inference.claims.judging import judge, verdicts_json
from worldorder.inference.claims.quantities import read
from worldorder.inference.claims.reading import load_claims
from worldorder.inference.claims.schema import Reading
from worldorder.inference.claims.taking import key_of
from worldorder.inference.claims.verdicts import (
    deciders,
    wilson,
    word_for,
    word_for_possible,
    worst,
)
from worldorder.parameters.loader import draw_parameters, load_parameters
from worldorder.report.claims import write_claim_pages

HEAD = "title: Claims of a test\nsource: Nobody\n"
ONE = """claims:
  - id: C1
    statement: Leaving costs trust.
    source: Nobody
    tests:
      - says: Trust is lower
        scenario: withdrawal
        reference: baseline
        quantity: trust_in_leading_state
        direction: {direction}
        practical: {practical}
"""
RUNS = 400


def written(tmp_path, text):
    file = tmp_path / "claims.yaml"
    file.write_text(HEAD + text, "utf-8")
    return file


def ready(claims, differences, runs=RUNS):
    """Cases and readings as if run: the reference is zero, the scenario is `differences`."""
    draws = draw_parameters(load_parameters(), 1, runs)
    marks = np.array([f"{year}-01-01" for year in YEARS], "datetime64[ns]")
    frame = SimpleNamespace(coordinates={"time": (("time",), marks)})
    ensemble = SimpleNamespace(draws=draws, runs=runs)
    names = {n for c in claims.claims for t in c.tests for n in (t.scenario, t.reference) if n}
    jobs = [SimpleNamespace(name=name, frame=frame, ensemble=ensemble) for name in sorted(names)]
    cases = Cases(jobs, {name: name for name in names}, {}, None)
    keys = {key_of(r) for c in claims.claims for t in c.tests for r in readings_of(t)}
    path = np.repeat(differences(draws)[:, None], YEARS.size, axis=1)
    done = {n: dict.fromkeys(keys, path * (n != "baseline")) for n in names}
    return cases, done


def verdict(tmp_path, differences, direction="lower", practical=0.01):
    claims = load_claims(written(tmp_path, ONE.format(direction=direction, practical=practical)))
    return judge(claims, *ready(claims, differences))[0]


def loss(draws):
    return -0.1 * np.ones(RUNS)


def hanging(draws):
    """Lower where trust's leader share is drawn above its median, higher below it."""
    drawn = draws["orders"]["exponent"]
    return np.where(drawn > 0.6, -0.1, 0.1)


def test_a_verdict_flips_with_the_direction(tmp_path):
    assert verdict(tmp_path, loss).word == "supported"
    assert verdict(tmp_path, loss, "higher").word == "not supported"
    assert verdict(tmp_path, loss, "no different").word == "not supported"


def test_less_than_the_region_of_equivalence_is_no_difference(tmp_path):
    assert verdict(tmp_path, loss, practical=0.2).word == "not supported"
    assert verdict(tmp_path, loss, '"no different"', practical=0.2).word == "supported"


def test_a_contested_claim_names_the_parameter_and_the_value_at_which_it_flips(tmp_path):
    found = verdict(tmp_path, hanging)
    assert found.word == "contested"
    best = found.deciders[0]
    assert best.parameter == "orders.exponent"
    assert best.status == "assumed"
    assert best.flips_at == pytest.approx(0.6, abs=0.05)
    assert best.below < 0.1 < 0.9 < best.above
    assert "orders.exponent" in found.reason
    assert "flips at" in found.reason


def test_chance_names_no_parameter():
    draw = np.random.default_rng(0)
    values = {f"p{i}": draw.random(RUNS) for i in range(100)}
    described = dict.fromkeys(values, ("assumed", "1"))
    assert deciders(draw.random(RUNS) < 0.5, values, described) == []


def test_words_follow_the_shares_of_runs():
    assert [word_for(share, 0.9) for share in (0.9, 0.89, 0.11, 0.1)] == [
        "supported",
        "contested",
        "contested",
        "not supported",
    ]
    assert word_for_possible(50, 500, 0.05) == "supported"
    assert word_for_possible(5, 500, 0.05) == "not supported"
    assert word_for_possible(25, 500, 0.05) == "contested"
    assert worst(["supported", "contested"]) == "contested"
    assert worst([]) == "supported"
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)  # Wilson (1927)


def test_all_that_a_claim_implies_must_hold_in_the_same_run(tmp_path):
    second = ONE[ONE.index("      - says") :].format(direction="higher", practical=0.01)
    text = ONE.format(direction="lower", practical=0.01) + second
    claims = load_claims(written(tmp_path, text))
    found = judge(claims, *ready(claims, loss))[0]
    assert found.word == "not supported"
    assert [one.holds for one in found.tests] == [1.0, 0.0]
    assert found.probability == 0.0


def test_readings_of_a_result():
    pair = small_pair()
    reference, scenario = pair[REFERENCE], pair[SCENARIO]
    catalogue = SimpleNamespace(
        entities=SimpleNamespace(
            country=tuple(reference["country"].values),
            institution=tuple(reference["institution"].values),
        ),
        countries=lambda names: (
            [int(name[-1]) for name in names if name != "all"] or range(reference.sizes["country"])
        ),
        institutions=lambda name: range(reference.sizes["institution"]),
    )
    working = np.full(reference.sizes["run"], 0.6)

    def value(dataset, **asked):
        return read(Reading(**asked), dataset, catalogue, working)

    gdp = reference["gdp"].values
    np.testing.assert_allclose(
        value(reference, quantity="gdp", measured="sum"), gdp.sum(2), rtol=1e-6
    )
    np.testing.assert_allclose(
        value(reference, quantity="gdp", of=("x0",), measured="share"),
        gdp[:, :, 0] / gdp.sum(2),
        rtol=1e-6,
    )
    one = value(reference, quantity="gdp", of=("x2",), measured="concentration")
    np.testing.assert_allclose(one, 1.0)
    trust = value(scenario, quantity="trust_in_leading_state", of=("all other states",))
    assert np.isfinite(trust).all()
    low = value(scenario, quantity="capacity", measured="not working")
    np.testing.assert_allclose(low, (scenario["capacity"].values < 0.6).mean(2))


def test_claims_of_fact_are_read_off_the_panel_with_no_scenario(tmp_path):
    text = """claims:
  - id: F1
    statement: The memorandum names 66 bodies.
    source: Nobody
    facts:
      - says: Their number
        direction: equal
        value: {value}
        practical: 0
        records:
          - {{says: Rows, table: withdrawals, measured: count}}
          - {{says: As stated, stated: 66, source: The memorandum}}
          - {{says: A typing error, table: withdrawal, measured: count}}
"""
    for value, word in ((66, "supported"), (67, "not supported")):
        claims = load_claims(written(tmp_path, text.format(value=value)))
        cases = make_ready(claims, tmp_path, 4, 1)
        assert cases.jobs == []
        found = judge(claims, cases, {})[0]
        assert found.word == word
        assert "no variable 'withdrawal'" in found.reason
    contradicting = text.format(value=66).replace("stated: 66", "stated: 65")
    claims = load_claims(written(tmp_path, contradicting))
    assert judge(claims, make_ready(claims, tmp_path, 4, 1), {})[0].word == "contested"


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        ("scenario: withdrawal", "scenario: withdrawl-2026", "withdrawl-2026"),
        ("quantity: trust_in_leading_state", "quantity: trust_in_leader", "trust_in_leader"),
        ("quantity: trust_in_leading_state", "quantity: gdp\n        of: Atlantis", "Atlantis"),
        ("practical: 0.1", "practical: 0.1\n        year: 2080", "2080"),
    ],
)
def test_what_the_simulator_lacks_makes_a_claim_untestable_and_says_why(
    tmp_path, old, new, missing
):
    text = ONE.format(direction="lower", practical=0.1).replace("withdrawal", "withdrawal-2026")
    old = old.replace("withdrawal", "withdrawal-2026")
    claims = load_claims(written(tmp_path, text.replace(old, new, 1)))
    cases = make_ready(claims, tmp_path, 4, 1)
    found = judge(claims, cases, {})[0]
    assert cases.jobs == []
    assert found.word == "untestable"
    assert missing in found.reason


def test_scenarios_of_equal_content_run_once(tmp_path):
    text = """scenarios:
  same: {extends: withdrawal-2026}
  other: {switches: {withdrawal-66: on}}
""" + ONE.format(direction="lower", practical=0.1).replace(
        "scenario: withdrawal", "scenario: same"
    ).replace("reference: baseline", "reference: other")
    claims = load_claims(written(tmp_path, text))
    cases = make_ready(claims, tmp_path, 4, 1)
    assert len(cases.jobs) == 1
    assert cases.runs_as == {"same": "same", "other": "same"}


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("direction: lower", "direction: down", 12, "direction"),
        ("statement:", "statment:", 5, "statment"),
        ("practical: 0.1", "practical: -1", 13, "practical"),
        ("tests:", "facts: []\n    checks:", 8, "checks"),
    ],
)
def test_a_bad_file_is_told_with_its_line(tmp_path, old, new, line, said):
    file = written(tmp_path, ONE.format(direction="lower", practical=0.1).replace(old, new, 1))
    with pytest.raises(ScenarioError, match=said) as found:
        load_claims(file)
    assert found.value.line == line


def test_verdicts_are_written_as_json_and_pages(tmp_path):
    claims = load_claims(written(tmp_path, ONE.format(direction="lower", practical=0.01)))
    cases, done = ready(claims, hanging)
    for job in cases.jobs:
        job.scenario = make_scenario(job.name)
    verdicts = judge(claims, cases, done)
    text = verdicts_json(claims, verdicts, {"runs": RUNS})
    assert json.loads(text)["claims"][0]["word"] == "contested"
    pages = write_claim_pages(claims, verdicts, cases, done, tmp_path, "worldorder claims x")
    assert [page.name for page in pages] == ["claims.html", "claim-C1.html"]
    page = pages[1].read_text("utf-8")
    assert "orders.exponent" in page
    assert "<svg" in page
    for outside in ("http://", "https://", "<script"):
        assert outside not in page.replace("http://www.w3.org", "")


def make_scenario(name):
    from worldorder.scenarios import Scenario

    return Scenario(name=name)
