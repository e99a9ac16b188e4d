"""Disputes: the hazard is what the estimate says, draws follow it, a concert is not assumed."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, relabelled, stream, values
from worldorder.data.start import load_start
from worldorder.mechanisms import capability, disputes
from worldorder.mechanisms.disputes import DisputeParameters, Pairs
from worldorder.random import pair_uniforms
from worlds import small_world

PARAMS = values(DisputeParameters, "disputes")


@pytest.fixture(scope="module")
def world_of_2025():
    start = load_start()
    now = moment(start.world, start.setting)
    seen = capability.diagnose(
        start.world, now, values(capability.CapabilityParameters, "capability")
    )
    return start.world, replace(now, diagnostics=seen)


def reference_pair(**changed):
    of = {
        "land_border": 0.0, "log_distance": 0.0, "rivalry": 0.0, "great_power": 0.0,
        "log_power": -4.0, "log_power_ratio": 1.5, "least_democracy": 0.2, "regime_gap": 0.3,
        "pact": 0.0, "peace_years": float(np.expm1(2.0)), "affinity_gap": 1.0, "dependence": 0.2,
        "menace": 0.0,
    } | changed  # fmt: skip
    return Pairs(**{name: jnp.full((2, 2), value) for name, value in of.items()})


def test_constant_is_the_hazard_of_the_reference_pair():
    found = disputes.onset_log_hazard(reference_pair(), PARAMS)
    np.testing.assert_allclose(found, PARAMS.onset_constant, rtol=1e-5)
    rivals = disputes.onset_log_hazard(reference_pair(rivalry=1.0), PARAMS)
    np.testing.assert_allclose(rivals - found, PARAMS.onset_rivalry, rtol=1e-4)


def test_hazard_has_no_order_of_states_and_none_with_oneself():
    world, setting = small_world(7)
    hazard = jnp.exp(log_hazard(world, setting))
    np.testing.assert_allclose(hazard, hazard.T, rtol=1e-5)
    assert (np.diag(hazard) == 0).all()
    order = np.random.default_rng(3).permutation(7)
    places = np.argsort(order)
    moved = replace(relabelled(setting, order), great_power=jnp.asarray(places[:3]))
    again = jnp.exp(log_hazard(relabelled(world, order), moved))
    np.testing.assert_allclose(again, hazard[np.ix_(order, order)], rtol=1e-4)


@jax.jit
def log_hazard(world, setting):
    pairs = disputes.pairs_of(world, moment(world, setting))
    return disputes.onset_log_hazard_now(world, pairs, jnp.zeros_like(world.dispute), PARAMS)


def test_expected_onsets_of_2025_are_those_of_the_last_recorded_years(world_of_2025):
    """MID 5.0 has 17 to 36 pairs a year in 2005-2014."""
    world, now = world_of_2025
    expected = []
    for number in range(5):
        peace = disputes.imputed_peace(world, now, PARAMS, stream(number))
        drawn = replace(world, peace_years=peace)
        pairs = disputes.pairs_of(drawn, now)
        hazard = jnp.exp(disputes.onset_log_hazard_now(drawn, pairs, 0.0 * peace, PARAMS))
        expected.append(float(jnp.triu(-jnp.expm1(-hazard), 1).sum()))
    assert 17 < np.mean(expected) < 36


def test_imputed_peace_keeps_what_is_on_record(world_of_2025):
    world, now = world_of_2025
    peace = disputes.imputed_peace(world, now, PARAMS, stream())
    recorded = world.peace_years < disputes.UNRECORDED
    np.testing.assert_array_equal(peace[recorded], world.peace_years[recorded])
    np.testing.assert_array_equal(peace, peace.T)
    assert float(peace.min()) >= 0
    assert float(peace.max()) == disputes.LONGEST_PEACE


def test_peace_that_is_on_record_to_the_start_is_not_drawn_again(world_of_2025):
    world, now = world_of_2025
    known = replace(now, setting=replace(now.setting, unrecorded_years=jnp.float32(0.0)))
    peace = disputes.imputed_peace(world, known, PARAMS, stream())
    np.testing.assert_array_equal(peace, world.peace_years)
    assert load_start().setting.unrecorded_years == 10  # militarized disputes are known to 2014


def year_of(world, setting, number, params=PARAMS, step_years=1.0):
    now = moment(world, setting, step_years)
    return disputes.events(world, now, params, stream()._replace(key=jnp.uint32([number, 9])))


def test_draws_follow_hazard_and_settlement():
    world, setting = small_world(6)
    fought = world.dispute.at[0, 1].set(3.0).at[1, 0].set(3.0)
    world = replace(world, dispute=fought, peace_years=jnp.zeros_like(fought))
    drawn = jax.jit(jax.vmap(lambda k: year_of(world, setting, k).dispute_change))
    change = np.asarray(drawn(jnp.arange(4000, dtype=jnp.uint32)))
    np.testing.assert_array_equal(change, change.transpose(0, 2, 1))
    settled = (change[:, 0, 1] == -3).mean()
    assert settled == pytest.approx(1 - float(PARAMS.war_goes_on), abs=0.03)
    chance = -np.expm1(-np.exp(np.asarray(log_hazard(world, setting))))
    begun = (change > 0).mean(axis=0)
    apart = np.triu(np.ones((6, 6), bool), 1)
    apart[0, 1] = False
    np.testing.assert_allclose(begun[apart], chance[apart], atol=0.03)


def test_events_fall_at_the_turn_of_the_year_whatever_the_step():
    world, setting = small_world(6)
    world = replace(world, peace_years=jnp.zeros_like(world.dispute))
    yearly = year_of(world, setting, 4)
    quarterly = year_of(world, setting, 4, step_years=0.25)
    np.testing.assert_array_equal(yearly.dispute_change, quarterly.dispute_change)
    now = replace(moment(world, setting, 0.25), years=jnp.float32(0.25))
    later = disputes.events(world, now, PARAMS, stream()._replace(key=jnp.uint32([4, 9])))
    assert not later.dispute_change.any()
    assert not later.peace_change.any()


def test_a_war_against_a_neighbour_costs_income_unless_the_growth_path_has_it():
    setting = small_world(5)[1]
    war = jnp.zeros((5, 5)).at[3, 4].set(3.0).at[4, 3].set(3.0)
    setting = replace(setting, contiguity=(war > 0).astype(jnp.float32))
    loss = disputes.war_growth_shock(war, setting, PARAMS)
    np.testing.assert_allclose(loss, [0, 0, 0] + 2 * [-PARAMS.war_growth_cost], rtol=1e-6)
    known = disputes.war_growth_shock(war, replace(setting, start_dispute=war), PARAMS)
    assert not known.any()


def test_how_much_of_a_concert_there_is():
    all_of, none = jnp.ones((2, 2)), jnp.zeros((2, 2))

    def engaged(recognition, consultation, **share):
        params = values(DisputeParameters, "disputes", **share)
        return float(disputes.concert_engagement(recognition, consultation, params)[0, 1])

    assert engaged(all_of, all_of) == pytest.approx(1.0)
    assert engaged(none, none) == 0.0
    assert engaged(all_of, none, complementarity=1.0) == 0.0
    assert engaged(all_of, none, complementarity=0.0, recognition_share=0.3) == pytest.approx(0.3)
    assert engaged(none, all_of, complementarity=0.0, recognition_share=0.3) == pytest.approx(0.7)


def test_a_concert_changes_nothing_where_the_record_is_read_as_the_era():
    params = values(DisputeParameters, "disputes", concert_share=0.0)
    concert = jnp.ones((2, 2))
    with_it = disputes.war_log_odds(reference_pair(), concert, params)
    without = disputes.war_log_odds(reference_pair(), 0.0 * concert, params)
    np.testing.assert_array_equal(with_it, without)


def test_mediation_needs_both_sides():
    trust = jnp.full((3, 3), 0.49)
    for_both = jnp.zeros((3, 3)).at[2, 0].set(1.0).at[2, 1].set(1.0)
    effort = disputes.mediation_effort(for_both, trust)
    assert float(effort[0, 1]) == pytest.approx(0.49)
    assert float(disputes.mediation_effort(for_both.at[2, 1].set(0.0), trust)[0, 1]) == 0.0


def test_draws_of_pairs_are_symmetric_and_uniform():
    drawn = pair_uniforms(stream(), 200)
    upper = np.triu_indices(200, 1)
    for number in drawn:
        np.testing.assert_array_equal(number, number.T)
        assert np.asarray(number)[upper].mean() == pytest.approx(0.5, abs=0.01)
    correlation = np.corrcoef([np.asarray(number)[upper] for number in drawn])
    assert np.abs(correlation - np.eye(4)).max() < 0.03
