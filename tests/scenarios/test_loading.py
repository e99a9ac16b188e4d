"""Files that rest on each other, stacked files, changes, references, the library."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from catalogues import panel_catalogue
from worldorder.errors import InputError, ScenarioError
from worldorder.scenarios import Scenario, changed, library, load_scenario, reference_of
from worldorder.scenarios.compile import compile_scenario
from worldorder.scenarios.schema import scenario_json_schema


@pytest.fixture
def write(tmp_path):
    def written(name: str, text: str):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return written


def test_library_is_worded_and_sourced():
    for name in library():
        scenario = load_scenario(name)
        assert scenario.name == name
        assert scenario.title
        assert scenario.question.endswith("?")
        assert all(lever.source for lever in scenario.levers)


def test_library_references():
    assert reference_of(load_scenario("baseline")) is None
    withdrawal = reference_of(load_scenario("withdrawal-2026"))
    assert (withdrawal.name, withdrawal.switches["withdrawal-66"]) == ("baseline", False)
    back = reference_of(load_scenario("return-2029"))
    assert (back.name, back.switches["withdrawal-66"]) == ("withdrawal-2026", True)
    liberation = reference_of(load_scenario("liberation-day-2025"))
    assert liberation.switches["us-tariffs-2025-26"] is False


def test_file_rests_on_another_and_overrides(write):
    write("base.yaml", "extends: baseline\ntitle: Base\nuntil: 2035-01-01\nsteps_per_year: 12\n")
    path = write(
        "mine.yaml",
        "extends: base.yaml\nuntil: 2030-01-01\nswitches:\n  us-exits-2025-26: off\n"
        "levers:\n  - {type: leader-change, actor: FRA, date: 2027-05-14}\n",
    )
    scenario = load_scenario(path)
    assert (scenario.name, scenario.title, scenario.steps_per_year) == ("mine", "mine", 12)
    assert scenario.until == datetime.date(2030, 1, 1)
    assert scenario.switches == {
        "us-tariffs-2025-26": True,
        "us-exits-2025-26": False,
        "other-memberships-2025-26": True,
        "withdrawal-66": False,
    }
    assert scenario.levers[-1].actor == ("FRA",)
    assert len(scenario.levers) == len(load_scenario("baseline").levers) + 1


def test_stacked_files_count_the_later_over_the_earlier(write):
    one = write("one.yaml", "steps_per_year: 1\nuntil: 2030-01-01\n")
    two = write("two.yaml", "extends: baseline\nsteps_per_year: 12\n")
    scenario = load_scenario("withdrawal-2026", one, two)
    assert scenario.name == "withdrawal-2026+one+two"
    assert (scenario.steps_per_year, scenario.until.year) == (12, 2030)
    assert scenario.switches["withdrawal-66"] is True, "a shared base counts once, and first"
    assert len(scenario.levers) == len(load_scenario("baseline").levers)


def test_levers_of_a_file_are_ordered_by_date(write):
    path = write(
        "mine.yaml",
        "levers:\n  - {type: leader-change, actor: FRA, date: 2032-05-14}\n"
        "  - {type: leader-change, actor: FRA, date: 2027-05-14}\n",
    )
    assert [lever.begins.year for lever in load_scenario(path).levers] == [2027, 2032]


def test_shorter_horizon_leaves_out_what_is_inherited(write):
    scenario = load_scenario(write("short.yaml", "extends: baseline\nuntil: 2030-01-01\n"))
    changes = compile_scenario(scenario, panel_catalogue()).levers.leader_change
    assert changes.shape[0] == 20
    assert int(changes.sum()) == 1


@pytest.mark.parametrize("year", ["2031", 2031, "2031-01-01"])
def test_a_year_is_its_first_day(year: object) -> None:
    assert load_scenario("baseline", until=year).until == datetime.date(2031, 1, 1)


def test_changes_are_checked_like_files():
    scenario = load_scenario("baseline", until="2030-01-01", switches={"withdrawal-66": "on"})
    assert scenario.horizon.steps == 20
    assert scenario.switches["withdrawal-66"] is True
    for wrong in (
        {"until": "2020-01-01"},
        {"steps_per_year": 5},
        {"switches": {"withdrawl": "on"}},
        {"nonsense": 1},
    ):
        with pytest.raises((InputError, ScenarioError)) as caught:
            load_scenario("baseline", **wrong)
        assert caught.value.file is None


def test_reference_shares_horizon_and_numbers(write):
    path = write("mine.yaml", "extends: withdrawal-2026\nuntil: 2030-01-01\nleading_state: CHN\n")
    reference = reference_of(load_scenario(path))
    assert reference.name == "baseline"
    assert (reference.until.year, reference.leading_state) == (2030, "CHN")
    assert reference.switches["withdrawal-66"] is False


def test_reference_to_a_file_is_found_from_the_file(write, tmp_path):
    write("base.yaml", "extends: baseline\nsteps_per_year: 1\n")
    path = write("mine.yaml", "extends: withdrawal-2026\nreference: base.yaml\n")
    assert reference_of(load_scenario(path)).name == "base"


def test_byte_order_mark_and_comments_are_no_matter(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"\xef\xbb\xbf# a comment\nextends: baseline\n")
    assert load_scenario(path).switches["us-exits-2025-26"] is True


days = st.dates(datetime.date(2025, 1, 1), datetime.date(2044, 12, 31))
names = st.lists(st.sampled_from(["USA", "CHN", "EU", "all"]), min_size=1, max_size=3, unique=True)
shares = st.floats(0, 1).map(lambda x: round(x, 6))
levers = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("tariff"), "actor": names, "target": names, "date": days, "rate": shares},
        optional={
            "exemptions": shares,
            "retaliation": st.sampled_from(["none", "reciprocal"]),
            "group": st.just("mine"),
            "source": st.text("ab: #'-", max_size=8),
        },
    ),
    st.fixed_dictionaries(
        {"type": st.just("exit"), "actor": names, "institution": names, "date": days},
        optional={"notice_months": st.integers(0, 60)},
    ),
    st.fixed_dictionaries(
        {"type": st.just("threat"), "actor": names, "target": names, "date": days,
         "intensity": shares},
    ),
    st.fixed_dictionaries(
        {"type": st.just("funding"), "actor": names, "institution": names, "date": days,
         "change": st.floats(-1, 1)},
    ),
)  # fmt: skip
scenarios = st.fixed_dictionaries(
    {"levers": st.lists(levers, max_size=5), "name": st.just("mine")},
    optional={
        "title": st.text(max_size=20),
        "steps_per_year": st.sampled_from([1, 4, 12]),
        "switches": st.just({"mine": "on"}),
    },
).map(Scenario.model_validate)


@settings(deadline=None)
@given(scenarios)
def test_round_trip_through_json(scenario):
    assert Scenario.model_validate_json(scenario.model_dump_json()) == scenario


@settings(deadline=None)
@given(scenarios)
def test_round_trip_through_yaml_file(tmp_path_factory, scenario):
    governed = any(lever.group for lever in scenario.levers)
    scenario = scenario.model_copy(update={"switches": {"mine": True} if governed else {}})
    path = tmp_path_factory.mktemp("round") / "mine.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(scenario.model_dump(mode="json", exclude_none=True), file)
    read = load_scenario(path)
    in_order = sorted(scenario.levers, key=lambda lever: lever.begins)
    assert [lever.model_dump() for lever in read.levers] == [one.model_dump() for one in in_order]
    assert read.horizon == scenario.horizon
    assert read.switches == scenario.switches


def test_what_is_said_is_equal_wherever_it_is_written(write):
    text = "levers:\n  - {type: leader-change, actor: FRA, date: 2032-05-14}\n"
    one, other = load_scenario(write("a.yaml", text)), load_scenario(write("b.yaml", "\n" + text))
    assert one.levers == other.levers
    assert one != other


def test_changed_keeps_the_original():
    scenario = load_scenario("baseline")
    assert changed(scenario, until="2030-01-01").until.year == 2030
    assert scenario.until.year == 2045


def test_schema_knows_every_lever():
    text = str(scenario_json_schema())
    for kind in ("tariff", "tariff-path", "exit", "leader-change", "recognition"):
        assert f"'const': '{kind}'" in text
