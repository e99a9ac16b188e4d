"""When levers take effect, at three lengths of a step, and on whom."""

import datetime
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from catalogues import BODIES, STATES, small_catalogue
from worldorder.dynamics.levers import BodyLever, DyadLever, apply_levers
from worldorder.errors import ScenarioError
from worldorder.scenarios import Scenario
from worldorder.scenarios.compile import Width, compile_scenario, compile_together
from worldorder.scenarios.entries import entries, joined, padded
from worldorder.scenarios.horizon import Horizon, months_later
from worlds import small_world

CATALOGUE = small_catalogue()
N = {code: index for index, code in enumerate(STATES)}
I = {code: index for index, code in enumerate(BODIES)}  # noqa: E741


def compiled(*levers: dict, **keys):
    scenario = Scenario.model_validate({"until": "2030-01-01", "levers": levers, **keys})
    return compile_scenario(scenario, CATALOGUE)


def duties(run, actor: str, target: str) -> np.ndarray:
    """Duty in force in each step."""
    now, path = 0.0, []
    levers = run.levers
    for step in range(run.horizon.steps):
        hit = (levers.dyad_kind[step] == DyadLever.TARIFF) & (levers.dyad_actor[step] == N[actor])
        hit = np.flatnonzero(hit & (levers.dyad_partner[step] == N[target]))
        now = float(levers.dyad_value[step, hit[0]]) if hit.size else now
        path.append(now)
    return np.array(path)


def steps_of(run, kind: BodyLever, actor: str, body: str) -> list[int]:
    levers = run.levers
    hit = (levers.body_kind == kind) & (levers.body_actor == N[actor])
    return [int(step) for step in np.nonzero(hit & (levers.body_institution == I[body]))[0]]


def tariff(actor="CHN", target="AUS", rate=0.3, date="2026-05-16", **keys) -> dict:
    return {"type": "tariff", "actor": actor, "target": target, "rate": rate, "date": date, **keys}


def test_duty_is_averaged_over_the_step_of_its_date():
    path = duties(compiled(tariff(date="2026-05-16")), "CHN", "AUS")
    assert path[4] == 0
    assert path[5] == pytest.approx(0.3 * 46 / 91)
    assert path[6:] == pytest.approx(0.3)


def test_duty_over_whole_years_is_the_same_at_all_steps():
    levers = [tariff(until="2028-02-10"), tariff(rate=0.6, date="2027-03-03", until="2027-04-04")]
    means = []
    for steps in (1, 4, 12):
        run = compiled(*levers, steps_per_year=steps)
        edges = np.array([edge.toordinal() for edge in run.horizon.edges])
        means.append(np.sum(duties(run, "CHN", "AUS") * np.diff(edges)))
    assert means == pytest.approx([means[0]] * 3, rel=1e-6)


def test_later_duty_counts_and_the_earlier_returns():
    levers = [tariff(date="2026-01-01"), tariff(rate=0.6, date="2027-01-01", until="2028-01-01")]
    path = duties(compiled(*levers), "CHN", "AUS")
    assert path[[3, 4, 8, 12]] == pytest.approx([0, 0.3, 0.6, 0.3])


def test_rise_comes_on_top_of_what_is_in_force():
    rise = {"type": "tariff", "actor": "CHN", "target": "AUS", "rise": 0.1, "date": "2027-01-01"}
    path = duties(compiled(tariff(date="2026-01-01"), rise), "CHN", "AUS")
    assert path[[4, 8]] == pytest.approx([0.3, 0.4])


def test_exemptions_lower_the_duty():
    path = duties(compiled(tariff(exemptions=0.25)), "CHN", "AUS")
    assert path[-1] == pytest.approx(0.225)


def test_reciprocal_retaliation_mirrors_the_duty():
    run = compiled(tariff(retaliation="reciprocal"))
    assert duties(run, "AUS", "CHN") == pytest.approx(duties(run, "CHN", "AUS"))
    assert duties(compiled(tariff()), "AUS", "CHN").max() == 0


def test_the_european_union_hit_in_one_member_answers_as_one():
    for how in ({"rate": 0.3}, {"rise": 0.3}):
        lever = {"type": "tariff", "actor": "USA", "target": ["DEU", "CHN"], "date": "2026-01-01"}
        run = compiled({**lever, **how, "retaliation": "reciprocal"})
        german, french = (duties(run, name, "USA")[-1] for name in ("DEU", "FRA"))
        assert 0 < german == french < 0.3  # the mean of what all members meet
        assert duties(run, "CHN", "USA")[-1] == np.float32(0.3)


def test_the_european_union_acts_and_is_acted_on_as_one():
    run = compiled(tariff(actor="EU", target="all"))
    assert duties(run, "DEU", "CHN")[-1] == duties(run, "FRA", "USA")[-1] == np.float32(0.3)
    assert duties(run, "DEU", "FRA").max() == 0
    run = compiled(tariff(actor="USA", target="EU"))
    assert duties(run, "USA", "DEU")[-1] == duties(run, "USA", "FRA")[-1] == np.float32(0.3)
    assert duties(run, "USA", "GBR").max() == 0
    run = compiled(tariff(actor="all", target="all"))
    assert duties(run, "CHN", "USA")[-1] == np.float32(0.3)
    assert duties(run, "DEU", "FRA").max() == 0


def test_states_left_out_and_other_names_of_states():
    run = compiled(tariff(actor="United States", target=["all"], excluding=["Canada", "MEX"]))
    assert duties(run, "USA", "CAN").max() == duties(run, "USA", "MEX").max() == 0
    assert duties(run, "USA", "GBR")[-1] == np.float32(0.3)
    assert duties(compiled(tariff(target="UK")), "CHN", "GBR")[-1] == np.float32(0.3)


def test_tariff_path_is_cut_at_what_was_decided():
    path = {"type": "tariff-path", "dataset": "us-tariffs-2025-26"}
    run = compiled(path | {"decided_by": "2026-07-22"}, steps_per_year=12)
    assert duties(run, "USA", "CHN")[[0, 2, 5, -1]] == pytest.approx([0, 0.2, 0.3, 0.3])
    assert duties(run, "USA", "CHN")[1] == pytest.approx(0.2 * 25 / 28)
    assert duties(compiled(path), "USA", "CHN")[-1] == pytest.approx(0.9)
    ended = duties(compiled(path | {"until": "2028-01-01"}), "USA", "DEU")
    assert ended[[11, 12]] == pytest.approx([0.1, 0])


@pytest.mark.parametrize(("steps", "notice", "leaves"), [(1, 1, 2), (4, 5, 10), (12, 17, 29)])
def test_notice_in_its_step_and_exit_at_the_nearest_beginning(steps, notice, leaves):
    lever = {"type": "exit", "actor": "GBR", "institution": "WHO", "date": "2026-06-10"}
    run = compiled(lever, steps_per_year=steps)
    assert steps_of(run, BodyLever.NOTICE, "GBR", "WHO") == [notice]
    assert steps_of(run, BodyLever.EXIT, "GBR", "WHO") == [leaves]


def test_exit_by_own_notice_or_by_day():
    lever = {"type": "exit", "actor": "GBR", "institution": "UNESCO", "date": "2026-01-01"}
    run = compiled(
        lever | {"notice_months": 6}, lever | {"actor": "CAN", "effective": "2027-12-31"}
    )
    assert steps_of(run, BodyLever.EXIT, "GBR", "UNESCO") == [6]
    assert steps_of(run, BodyLever.EXIT, "CAN", "UNESCO") == [12]


def test_notice_that_is_not_known_is_asked_for():
    lever = {"type": "exit", "actor": "FRA", "institution": "UNESCO", "date": "2027-01-01"}
    with pytest.raises(ScenarioError, match="notice period of UNESCO is not known") as caught:
        compiled(lever)
    assert "notice_months" in caught.value.fix


def test_notice_given_before_the_start_ends_after_it():
    lever = {"type": "exit", "actor": "FRA", "institution": "UNESCO", "date": "2024-06-01"}
    run = compiled(lever | {"effective": "2026-01-01"})
    assert steps_of(run, BodyLever.NOTICE, "FRA", "UNESCO") == []
    assert steps_of(run, BodyLever.EXIT, "FRA", "UNESCO") == [4]


def test_exit_of_a_list_uses_each_notice_and_passes_over_non_members():
    early = {"type": "exit", "actor": "USA", "institution": "IPCC", "date": "2025-01-01"}
    listed = {"type": "exit", "actor": "USA", "institution": "withdrawal-66", "date": "2026-01-07"}
    run = compiled(early, listed)
    assert steps_of(run, BodyLever.NOTICE, "USA", "UNFCCC") == [4]
    assert steps_of(run, BodyLever.EXIT, "USA", "UNFCCC") == [8]
    assert steps_of(run, BodyLever.EXIT, "USA", "IPCC") == [0]
    other = compiled(listed | {"actor": "CHN", "date": "2028-01-01"})
    assert steps_of(other, BodyLever.EXIT, "CHN", "UNFCCC") == [16]


def test_issue_area_names_its_institutions():
    cut = {"type": "funding", "actor": "CAN", "institution": "climate", "factor": 0.5}
    levers = compiled(cut | {"date": "2026-01-01"}).levers
    changed = levers.body_institution[4][levers.body_kind[4] == BodyLever.FUNDING]
    assert [int(body) for body in changed] == [I["IRENA"], I["UNFCCC"], I["IPCC"]]


def test_states_left_out_on_the_acting_side():
    run = compiled(tariff(actor="all", target="USA", excluding="GBR"))
    assert duties(run, "CHN", "USA")[-1] == np.float32(0.3)
    assert duties(run, "GBR", "USA").max() == 0


def test_return_after_exit_and_notice_taken_back():
    leave = {"type": "exit", "actor": "USA", "institution": "WHO", "date": "2026-01-01"}
    back = {"type": "accession", "actor": "USA", "institution": "WHO", "date": "2028-01-01"}
    run = compiled(leave, back)
    assert steps_of(run, BodyLever.EXIT, "USA", "WHO") == [8]
    assert steps_of(run, BodyLever.ACCESSION, "USA", "WHO") == [12]
    run = compiled(leave, back | {"date": "2026-10-01"})
    assert steps_of(run, BodyLever.NOTICE, "USA", "WHO") == [4]
    assert steps_of(run, BodyLever.EXIT, "USA", "WHO") == []
    assert steps_of(run, BodyLever.ACCESSION, "USA", "WHO") == []


def test_accession_of_any_state_and_exit_after_it():
    join = {"type": "accession", "actor": "AUS", "institution": "Atlantic Alliance"}
    leave = {"type": "exit", "actor": "AUS", "institution": "NATO", "date": "2028-01-01"}
    run = compiled(leave, join | {"date": "2026-01-01"})
    assert steps_of(run, BodyLever.ACCESSION, "AUS", "NATO") == [4]
    assert steps_of(run, BodyLever.EXIT, "AUS", "NATO") == [16]


def test_exit_and_return_within_a_step_leave_the_last():
    leave = {"type": "exit", "actor": "USA", "institution": "IPCC", "date": "2026-02-01"}
    back = {"type": "accession", "actor": "USA", "institution": "IPCC", "date": "2026-03-01"}
    run = compiled(leave, back, steps_per_year=1)
    assert steps_of(run, BodyLever.EXIT, "USA", "IPCC") == []
    assert steps_of(run, BodyLever.ACCESSION, "USA", "IPCC") == [1]


def test_what_was_before_the_start_still_holds():
    run = compiled(
        tariff(date="2025-03-01"),
        {"type": "exit", "actor": "USA", "institution": "WHO", "date": "2025-01-22"},
        {"type": "leader-change", "actor": "USA", "date": "2025-01-20"},
        {"type": "threat", "actor": "USA", "target": "CAN", "intensity": 1, "date": "2025-02-01"},
        start="2027-01-01",
    )
    assert duties(run, "CHN", "AUS") == pytest.approx([0.3] * 12)
    assert steps_of(run, BodyLever.NOTICE, "USA", "WHO") == []
    assert steps_of(run, BodyLever.EXIT, "USA", "WHO") == [0]
    assert not run.levers.leader_change.any()
    assert not (run.levers.dyad_kind == DyadLever.THREAT).any()


def test_threats_of_a_step_add_up_to_at_most_one():
    threat = {"type": "threat", "actor": "RUS", "target": "EU", "date": "2026-02-01"}
    levers = [threat | {"intensity": 0.25}, threat | {"intensity": 0.5, "date": "2026-03-01"}]
    run = compiled(*levers)
    at = np.asarray(run.levers.dyad_kind[4] == DyadLever.THREAT)
    assert run.levers.dyad_value[4][at] == pytest.approx([0.75, 0.75])
    run = compiled(*levers, levers[1], levers[1])
    at = np.asarray(run.levers.dyad_kind[4] == DyadLever.THREAT)
    assert run.levers.dyad_value[4][at] == pytest.approx([1, 1])


def test_aid_of_a_group_is_shared_by_economic_size():
    lever = {"type": "aid", "actor": "EU", "target": "GBR", "amount": 10, "date": "2026-01-01"}
    run = compiled(lever)
    value = run.levers.dyad_value[4][run.levers.dyad_kind[4] == DyadLever.AID]
    size = CATALOGUE.economic_size[[N["DEU"], N["FRA"]]]
    assert value == pytest.approx(10 * size / size.sum())


def test_leader_change_falls_in_its_step():
    run = compiled({"type": "leader-change", "actor": ["FRA", "RUS"], "date": "2027-05-14"})
    where = [tuple(map(int, cell)) for cell in np.argwhere(run.levers.leader_change)]
    assert where == [(9, N["FRA"]), (9, N["RUS"])]


def test_an_election_is_ahead_at_the_beginning_of_its_own_year_at_all_steps():
    vote = {"type": "election", "actor": "USA", "office": "executive", "date": "2028-11-07"}
    for steps in (1, 4, 12):
        run = compiled(vote, steps_per_year=steps)
        at_turns = np.asarray(run.levers.election_ahead)[::steps, N["USA"]]
        assert at_turns.tolist() == [0, 0, 0, 1, 0]


def contributions(run) -> np.ndarray:
    """What CAN pays to WHO in each step, of 1 at the start, with nothing else going on."""
    world, _ = small_world(states=len(N), bodies=len(I))
    start = jnp.ones_like(world.contribution)
    world = jax.tree.map(lambda x: x, world)
    world = type(world)(**(vars(world) | {"contribution": start}))
    paid = []
    for step in range(run.horizon.steps):
        now = jax.tree.map(lambda x, step=step: x[step], run.levers)
        world, _ = apply_levers(world, now, start)
        paid.append(float(world.contribution[N["CAN"], I["WHO"]]))
    return np.array(paid)


def test_payment_is_cut_and_restored():
    cut = {"type": "funding", "actor": "CAN", "institution": "all", "date": "2026-01-01"}
    paid = contributions(compiled(cut | {"change": -0.4, "until": "2028-01-01"}))
    assert paid[[3, 4, 11, 12]] == pytest.approx([1, 0.6, 0.6, 1])
    paid = contributions(compiled(cut | {"factor": 0, "until": "2027-02-15"}))
    assert paid[[3, 4, 7, 9, 19]] == pytest.approx([1, 0, 0, 1, 1])
    assert paid[8] == pytest.approx(45 / 90)


def test_two_cuts_at_once_multiply():
    cut = {"type": "funding", "actor": "CAN", "institution": "WHO", "factor": 0.5}
    paid = contributions(compiled(cut | {"date": "2026-01-01"}, cut | {"date": "2027-01-01"}))
    assert paid[[4, 8]] == pytest.approx([0.5, 0.25])


def test_widths_are_powers_of_two_and_can_be_shared():
    one = Scenario.model_validate({"levers": [tariff()]})
    many = Scenario.model_validate({"levers": [tariff(target="all")]})
    shapes = [run.levers.dyad_kind.shape for run in compile_together([one, many], CATALOGUE)]
    assert shapes == [(80, 8), (80, 8)]
    assert compile_scenario(one, CATALOGUE).levers.dyad_kind.shape == (80, 1)
    assert compile_scenario(one, CATALOGUE, Width(16, 4)).levers.body_kind.shape == (80, 4)
    with pytest.raises(ValueError, match="more than 4"):
        compile_scenario(many, CATALOGUE, Width(4, 4))


def test_unused_cells_point_outside_every_array():
    levers = compile_scenario(Scenario(), CATALOGUE).levers
    assert (levers.dyad_actor == len(N)).all()
    assert (levers.dyad_partner == len(N)).all()
    assert (levers.body_institution == len(I)).all()


def test_switched_off_levers_do_nothing():
    off = {"switches": {"mine": "off"}}
    run = compiled(tariff(group="mine"), **off)
    assert duties(run, "CHN", "AUS").max() == 0
    assert duties(compiled(tariff(group="mine"), switches={"mine": "on"}), "CHN", "AUS").max() > 0


def test_error_without_a_file_has_no_place():
    with pytest.raises(ScenarioError) as caught:
        compiled(tariff(target="AUT"))
    assert str(caught.value).startswith("unknown country or group 'AUT'")


def test_horizon_of_steps():
    horizon = Horizon(datetime.date(2025, 1, 1), datetime.date(2026, 2, 1), 4)
    assert horizon.steps == 5
    assert horizon.step_of(datetime.date(2024, 12, 31)) == -1
    assert horizon.step_of(datetime.date(2025, 3, 31)) == 0
    assert horizon.step_of(datetime.date(2026, 4, 1)) == 5
    assert horizon.nearest_step(datetime.date(2025, 2, 20)) == 1
    assert months_later(datetime.date(2025, 1, 31), 13) == datetime.date(2026, 2, 28)


def test_rows_are_placed_in_their_steps():
    rows = joined([entries(1, 0, [3, 4], [5, 6], 0.5), entries(0, 1, 2, 2)])
    table = padded(rows, 2, 2, (9, 8))
    assert table.actor.tolist() == [[2, 9], [3, 4]]
    assert table.object.tolist() == [[2, 8], [5, 6]]


def test_sanctions_hold_until_they_end_and_what_was_before_comes_back():
    before = np.zeros((len(STATES), len(STATES)))
    before[N["USA"], N["RUS"]] = 0.4
    catalogue = replace(CATALOGUE, sanction=before)
    levers = [
        {"type": "sanction", "actor": ["USA", "GBR"], "target": "RUS", "intensity": 0.8}
        | {"date": "2026-01-01", "until": "2027-01-01"},
    ]
    scenario = Scenario.model_validate({"until": "2029-01-01", "levers": levers})
    run = compile_scenario(scenario, catalogue)
    world, setting = small_world(len(STATES), len(BODIES), steps=16)
    world = replace(world, sanction=jnp.asarray(before, jnp.float32))
    seen = []
    for step in range(run.horizon.steps):
        now = jax.tree.map(lambda x: x[step], run.levers)  # noqa: B023
        world, conduct = apply_levers(world, now, setting.start_contribution)
        seen.append(world.sanction[jnp.asarray([N["USA"], N["GBR"]]), N["RUS"]])
        if step == 4:
            assert float(conduct.sanction_rise[N["USA"], N["RUS"]]) == pytest.approx(0.4)
    assert np.array(seen)[[0, 4, 7, 8]] == pytest.approx(
        np.array([[0.4, 0.0], [0.8, 0.8], [0.8, 0.8], [0.4, 0.0]])
    )


def test_a_gap_is_filled_by_size_and_by_members_alone():
    fill = {"type": "funding", "actor": ["CHN", "DEU", "FRA"], "fills": 0.6, "date": "2026-01-01"}
    levers = compiled(fill | {"institution": ["UNFCCC", "EU"]}).levers
    held = levers.body_kind[4] == BodyLever.FILL
    cells = zip(
        levers.body_actor[4][held], levers.body_institution[4][held], levers.body_value[4][held],
        strict=True,
    )  # fmt: skip
    share = {(int(a), int(b)): float(v) for a, b, v in cells}
    assert (N["CHN"], I["EU"]) not in share
    for body in ("UNFCCC", "EU"):
        assert sum(v for (_, b), v in share.items() if b == I[body]) == pytest.approx(0.6)
    size = small_catalogue().economic_size
    ratio = share[N["CHN"], I["UNFCCC"]] / share[N["DEU"], I["UNFCCC"]]
    assert ratio == pytest.approx(size[N["CHN"]] / size[N["DEU"]])
    with pytest.raises(ValueError, match="for good"):
        compiled(fill | {"institution": "EU", "until": "2027-01-01"})
    with pytest.raises(ValueError, match="fills"):
        compiled(fill | {"institution": "EU", "fills": 1.2})
