"""A scenario that starts before 2025 knows what was known then, and says so."""

import datetime
import json

import numpy as np
import pytest

from worldorder.data.panel import table
from worldorder.data.vintage import carried_on, trade_known
from worldorder.data.worlds import world_on
from worldorder.errors import InputError, ScenarioError
from worldorder.parameters.known import known_on, start_days, was_known
from worldorder.results.job import prepare_pair, prepare_together
from worldorder.results.rerun import carried_parameters
from worldorder.scenarios import load_scenario
from worldorder.scenarios.loader import changed
from worldorder.scenarios.text import scenario_from_text

START = datetime.date(2022, 1, 1)


@pytest.fixture(scope="module")
def jobs():
    return prepare_pair(load_scenario("sanctions-russia-2022", until="2024"), 2, 1)


def test_both_sides_set_out_from_what_was_known(jobs):
    for job in jobs:
        assert job.frame.attributes["known_until"] == "2021-12-31"
        assert str(job.frame.coordinates["time"][1][0])[:10] == "2022-01-01"
        used = carried_parameters(json.loads(job.frame.attributes["parameters"]))
        off = json.loads(job.frame.attributes["off_as_unknown"])
        late = {m for m, named in used.items() for p in named.values() if not was_known(p, 2021)}
        assert late == set(off)
        assert not any(job.ensemble.switches[name] for name in off)


def test_a_run_from_the_shipped_start_says_nothing_of_it():
    scenario = load_scenario("baseline", until="2026")
    job = prepare_together([scenario], 1, 1, None, None)[0]
    assert "known_until" not in job.frame.attributes


def test_the_scenario_goes_through_its_text(jobs):
    text = jobs[-1].frame.attributes["scenario"]
    assert scenario_from_text(text).start == START


def test_the_world_of_a_start_has_no_later_case_of_sanctions():
    sanctions, codes = table("sanctions"), world_on(START).entities.country
    held = np.asarray(world_on(START).world.sanction)[:, codes.index("RUS")] > 0
    before = sanctions[(sanctions["target"] == "RUS") & (sanctions["begin"] <= 2021)]
    assert set(np.array(codes)[held]) <= set(before["sender"])
    assert not held[codes.index("KOR")]  # it joined in 2022


def test_flows_are_carried_on_by_the_tables_of_the_pair():
    flows, goods = trade_known(2015), table("gross_trade")
    goods = goods[goods["variable"] == "gross_goods_trade"].astype({"exporter": str})
    goods = goods.set_index(["exporter", "importer", "year"])["value"]
    later = carried_on(flows, 2015, 2021).set_index(["exporter", "importer"])["value"]
    sold = flows.set_index(["exporter", "importer"])["value"]
    grown = goods["RUS", "CHN", 2021] / goods["RUS", "CHN", 2015]
    assert later["RUS", "CHN"] == pytest.approx(sold["RUS", "CHN"] * grown)
    assert (trade_known(2021)["year"] == 2021).all()


def test_scenarios_of_two_starts_do_not_run_together():
    two = [load_scenario("baseline"), load_scenario("undisturbed-2022")]
    with pytest.raises(InputError, match="baseline on 2025-01-01, undisturbed-2022 on 2022-01-01"):
        prepare_together(two, 1, 1, None, None)


def test_levers_may_be_added_from_a_day_after_an_earlier_start(tmp_path):
    """Added to a branch of a run from 2022, levers of 2023 are within its horizon."""
    lever = "  - {type: sanction, actor: USA, target: RUS, intensity: 0.9, date: 2023-06-01}"
    added = tmp_path / "added.yaml"
    added.write_text(f"name: added\ntitle: Harder\nlevers:\n{lever}\n")
    with pytest.raises(ScenarioError, match="outside the horizon"):
        load_scenario(added)
    assert load_scenario(added, start=START).start == START


@pytest.mark.parametrize("day", [day for day in start_days() if day.year < 2025])
def test_a_start_that_is_offered_can_be_used(day):
    assert set(known_on(day).refused) < set(known_on(day).parameters)
    asked = changed(load_scenario("undisturbed-2022"), start=day.isoformat(), until=None)
    assert asked.start == day
