"""The library on the shipped panel: names are known, history agrees with the tables."""

import datetime

import numpy as np
import pytest

from catalogues import catalogue_on, panel_catalogue
from worldorder.data.start import liberation_day, membership_changes, us_tariff_path, withdrawals
from worldorder.dynamics.levers import BodyLever, DyadLever
from worldorder.errors import InputError
from worldorder.scenarios import library, load_scenario, reference_of
from worldorder.scenarios.compile import compile_scenario, compile_together
from worldorder.scenarios.loader import changed


@pytest.fixture(scope="module")
def catalogue():
    return panel_catalogue()


def body_acts(run, kind: BodyLever, catalogue) -> set[tuple[str, str, int]]:
    steps, slots = np.nonzero(run.levers.body_kind == kind)
    actors = np.asarray(run.levers.body_actor)[steps, slots]
    bodies = np.asarray(run.levers.body_institution)[steps, slots]
    names = catalogue.entities
    used = actors < len(names.country)
    return {
        (names.country[a], names.institution[b], int(step))
        for a, b, step in zip(actors[used], bodies[used], steps[used], strict=True)
    }


def duty_at_end(run, catalogue, partner: str) -> float:
    at = catalogue.country(partner)
    levers = run.levers
    hit = (levers.dyad_kind == DyadLever.TARIFF) & (levers.dyad_partner == at)
    hit &= levers.dyad_actor == catalogue.country("USA")
    values = np.asarray(levers.dyad_value)[np.asarray(hit)]
    return float(values[-1]) if values.size else 0.0


@pytest.mark.parametrize("name", library())
def test_library_compiles_on_the_panel(name):
    scenario = load_scenario(name)
    reference, catalogue = reference_of(scenario) or scenario, catalogue_on(scenario.start)
    for run in compile_together([scenario, reference], catalogue):
        assert catalogue.entities.country[run.leading_state] == "USA"


def test_every_part_of_a_scenario_can_be_switched_the_other_way():
    for name in library():
        scenario = load_scenario(name)
        catalogue = catalogue_on(scenario.start)
        for group, on in scenario.switches.items():
            other = changed(scenario, switches={group: "off" if on else "on"})
            assert compile_scenario(other, catalogue).horizon == scenario.horizon, (name, group)


def test_baseline_has_the_membership_changes_of_the_panel(catalogue):
    run = compile_scenario(load_scenario("baseline", steps_per_year=12), catalogue)
    kinds = {"exit": BodyLever.EXIT, "accession": BodyLever.ACCESSION}
    for change in membership_changes():
        step = run.horizon.nearest_step(datetime.date.fromisoformat(change.date))
        acts = body_acts(run, kinds[change.change], catalogue)
        assert (change.state, change.institution, step) in acts
    assert sum(len(body_acts(run, kind, catalogue)) for kind in kinds.values()) == len(
        membership_changes()
    )


def test_baseline_duties_are_those_decided_by_mid_2026(catalogue):
    run = compile_scenario(load_scenario("baseline"), catalogue)
    decided = {row.partner: row.tariff for row in us_tariff_path() if row.date <= "2026-07-22"}
    for partner in ("CHN", "DEU", "CAN", "IND"):
        assert duty_at_end(run, catalogue, partner) == pytest.approx(decided[partner], rel=1e-6)


def test_withdrawal_of_66_with_each_notice(catalogue):
    run = compile_scenario(load_scenario("withdrawal-2026"), catalogue)
    left = body_acts(run, BodyLever.EXIT, catalogue)
    for body in withdrawals():
        step = run.horizon.nearest_step(datetime.date.fromisoformat(body.effective))
        assert ("USA", body.institution, step) in left
    notices = {act for act in body_acts(run, BodyLever.NOTICE, catalogue) if act[2] == 4}
    assert len(notices) == len(withdrawals()) == 66


def test_return_in_2029_rejoins_all_66(catalogue):
    run = compile_scenario(load_scenario("return-2029"), catalogue)
    rejoined = {act for act in body_acts(run, BodyLever.ACCESSION, catalogue) if act[2] == 16}
    assert {body for _, body, _ in rejoined} == {body.institution for body in withdrawals()}


def test_a_return_may_pay_half(catalogue):
    half = changed(load_scenario("return-2029"), switches={"half-money": "on"})
    paid = body_acts(compile_scenario(half, catalogue), BodyLever.FUNDING, catalogue)
    assert {(actor, step) for actor, _, step in paid} == {("USA", 20)}
    assert len(paid) == 66


def test_liberation_day_covers_every_state_but_those_left_out(catalogue):
    run = compile_scenario(load_scenario("liberation-day-2025"), catalogue)
    free = {
        code for code in catalogue.entities.country if not duty_at_end(run, catalogue, code)
    } - {"USA"}
    assert free == {"RUS", "CUB", "PRK", "PSE"}
    assert duty_at_end(run, catalogue, "VNM") == pytest.approx(liberation_day()["VNM"])
    assert duty_at_end(run, catalogue, "Taiwan") == pytest.approx(0.32)


def test_retaliation_mirrors_every_duty(catalogue):
    run = compile_scenario(load_scenario("liberation-day-2025-retaliation"), catalogue)
    levers = run.levers
    kind = np.asarray(levers.dyad_kind) == DyadLever.TARIFF
    size = len(catalogue.entities.country)
    duty = np.zeros((size + 1, size + 1))
    for step in range(run.horizon.steps):
        actor, partner = levers.dyad_actor[step], levers.dyad_partner[step]
        duty[actor[kind[step]], partner[kind[step]]] = levers.dyad_value[step][kind[step]]
    leader = catalogue.country("USA")
    assert duty[leader].max() > 0.4
    assert duty[leader] == pytest.approx(duty[:, leader])


def test_usual_names_of_states(catalogue):
    for name, code in {"UK": "GBR", "Ivory Coast": "CIV", "South Korea": "KOR"}.items():
        assert catalogue.country(name) == catalogue.country(code)
    with pytest.raises(InputError, match=r"Did you mean .*China"):
        catalogue.country("Chnia")


def test_groups_are_their_members(catalogue):
    assert len(catalogue.countries(["EU"])) == 27
    assert len(catalogue.countries(["G7"])) == 7
    assert catalogue.country("USA") in catalogue.countries(["NATO"])


def test_sanctions_of_2022_are_lifted_for_good_and_by_all(catalogue):
    run = compile_scenario(load_scenario("sanctions-russia-lifted"), catalogue)
    levers, target = run.levers, catalogue.country("RUS")
    hit = np.array((levers.dyad_kind == DyadLever.SANCTION) & (levers.dyad_partner == target))
    hit[0] = False  # the sanctions in force at the start
    assert (np.asarray(levers.dyad_value)[hit] == 0).all()
    actors = set(np.asarray(levers.dyad_actor)[hit].tolist())
    assert {catalogue.country(code) for code in ("USA", "DEU", "JPN", "UKR")} <= actors


def test_the_basket_changes_the_drift_of_currencies_and_nothing_else():
    scenario = load_scenario("brics-basket")
    reference = reference_of(scenario)
    assert scenario.active_levers == reference.active_levers
    assert scenario.parameters.keys() == reference.parameters.keys()
    drift = "reserve_currency.diversification"
    assert scenario.parameters[drift] > reference.parameters[drift]
