"""A policy that optimises: what it tries, what it takes, and that trial and run share no draws."""

import datetime

import numpy as np
import pytest

from catalogues import panel_catalogue
from worldorder.errors import ScenarioError
from worldorder.results import deciding
from worldorder.scenarios import load_scenario
from worldorder.scenarios.compile import compile_scenario
from worldorder.scenarios.deciding import as_one_file, choices, decisions, optimising
from worldorder.scenarios.text import scenario_from_text, scenario_text

POLICY = """extends: baseline
until: 2033-01-01
levers:
  - type: policy
    actor: {actor}
    rule: optimising
    date: 2027-01-01
    every_years: 2
    until: 2031-01-01
    years_ahead: 3
    budget: 96
    objective: {{income: 1, security: 2}}
    choices:
      duties: [{{type: tariff, target: USA, rate: 0.2}}]
      exit: [{{type: exit, institution: WHO, notice_months: 0}}]
"""


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(POLICY.format(actor="IND"), "utf-8")
    return load_scenario(path)


@pytest.fixture
def tried(monkeypatch):
    """Trials of a world in which India's duties and its exit each bring what is written here."""
    seen = []
    worth = {"duties": 0.02, "exit": 0.01}

    def execute(jobs, kept, progress, levels):
        done = {}
        for job in jobs:
            seen.append(job)
            draw = np.random.default_rng(job.ensemble.seed).normal(0, 0.1, job.ensemble.runs)
            gdp = 1000.0 + 10 * draw[:, None, None] * np.ones((1, 9, 196))
            for lever in job.scenario.active_levers:
                if "IND" in getattr(lever, "actor", ()) and lever.type in ("tariff", "exit"):
                    name = {"tariff": "duties"}.get(lever.type, lever.type)
                    after = slice(lever.begins.year - 2025 + 1, None)
                    gdp[:, after] *= 1 + worth[name]
            metrics = {"gdp": gdp, "security": 0 * gdp, "standing": 0 * gdp}
            done[job.name] = levels(job, metrics, 0)
            progress(job.ensemble.runs)
        return done

    monkeypatch.setattr(deciding, "execute", execute)
    return seen, worth


def test_the_best_choice_is_taken_and_a_used_one_is_no_longer_open(scenario, tried):
    told = []
    found, made = deciding.decide(scenario, seed=3, progress=told.append)
    assert [one.choice for one in made] == ["duties", "duties"]
    assert sum(told) == deciding.runs_needed(scenario) == 96
    duties = [lever for lever in found.levers if lever.type == "tariff" and "IND" in lever.actor]
    assert [(one.begins.year, one.until.year) for one in duties] == [(2027, 2029), (2029, 2031)]
    assert "gain" in duties[0].source
    tried[1]["exit"] = 0.03
    _, made = deciding.decide(scenario, seed=3)
    assert [one.choice for one in made] == ["exit", "duties"]
    assert [option.name for option in made[1].options] == ["nothing", "duties"]


def test_where_every_choice_costs_nothing_is_done(scenario, tried):
    tried[1].update(duties=-0.01, exit=-0.02)
    found, made = deciding.decide(scenario)
    assert {one.choice for one in made} == {"nothing"}
    assert not optimising(found)
    assert len(found.levers) == len(scenario.levers) - 1


def test_trials_are_paired_and_have_draws_of_their_own(scenario, tried):
    deciding.decide(scenario, seed=3)
    seeds = {job.ensemble.seed for job in tried[0]}
    assert len(seeds) == 1
    assert 3 not in seeds
    assert {job.scenario.until for job in tried[0]} == {datetime.date(2032, 1, 1)}


def test_gain_is_in_spreads_and_by_weight():
    draw = np.random.default_rng(0).normal(0, 1, 4000)
    base = {"income": 100 + draw, "security": 0.5 + 0.1 * draw, "influence": 0 * draw}
    more = base | {"income": base["income"] * 1.02, "security": base["security"] - 0.1}
    found = deciding.option("both", more, base, {"income": 1.0, "security": 0.5})
    assert found.gain == pytest.approx(2.0 - 0.5, abs=0.1)
    assert found.better == 1.0


def test_a_decided_scenario_is_a_file_that_compiles(scenario, tried):
    found, _ = deciding.decide(scenario)
    with pytest.raises(ScenarioError, match="yet to choose") as told:
        compile_scenario(scenario, panel_catalogue())
    assert "decided.yaml" in str(told.value.fix)
    again = scenario_from_text(scenario_text(as_one_file(found)))
    assert compile_scenario(again, panel_catalogue()).horizon == scenario.horizon


def test_choices_end_with_the_next_decision(scenario):
    first, second = decisions(scenario)
    assert (first.day.year, first.until.year) == (2027, 2029)
    assert (second.day.year, second.until.year) == (2029, 2031)
    levers = choices(first.policy, first.day, first.until)
    assert list(levers) == ["nothing", "duties", "exit"]
    assert levers["duties"][0].actor == ("IND",)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("rate: 0.2", "rat: 0.2", 14, "unknown key 'rat'"),
        ("rate: 0.2", "rate: 0.2, actor: CHN", 14, "its actor from the policy"),
        ("type: tariff", "type: tarif", 14, "unknown lever type"),
        ("exit:", "nothing:", 4, "always among the choices"),
        ("income: 1, security: 2", "income: 0", 4, "no weight above zero"),
        ("income: 1", "incom: 1", 12, "incom"),
        ("optimising", "tit-for-tat", 4, "go with the rule optimising"),
    ],
)
def test_bad_choices_say_where(tmp_path, old, new, line, words):
    path = tmp_path / "mine.yaml"
    path.write_text(POLICY.format(actor="IND").replace(old, new), "utf-8")
    with pytest.raises(ScenarioError, match=words) as told:
        load_scenario(path)
    assert told.value.line == line


def test_a_small_budget_says_what_it_takes(scenario):
    policy = optimising(scenario)[0]
    small = scenario.model_copy(
        update={"levers": (policy.model_copy(update={"budget": 40}).placed(policy.places),)}
    )
    with pytest.raises(ScenarioError, match="Give 48 or more"):
        deciding.runs_needed(small)
