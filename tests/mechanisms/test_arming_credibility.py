"""Arming and kept promises: both ship switched off, and answer to what they say when on."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, stream, values
from worldorder.mechanisms import alliances, arming, credibility
from worldorder.mechanisms.arming import ArmingParameters
from worldorder.mechanisms.catalogue import is_on
from worldorder.mechanisms.credibility import CredibilityParameters
from worldorder.state import Promises
from worlds import small_world


def at_rest(params):
    world, setting = small_world()
    now = moment(world, setting)
    rest = arming.burden_at_rest(world, now, params)
    return world, replace(now, setting=replace(setting, burden_at_rest=rest))


def change(world, now, params):
    return np.asarray(arming.events(world, now, params, stream()).burden_change)


def test_both_are_off_where_a_scenario_says_nothing():
    assert not is_on("arming", {})
    assert not is_on("credibility", {})
    assert is_on("arming", {"arming": True})
    assert is_on("alliances", {})


def test_nobody_arms_where_nothing_changes():
    params = values(ArmingParameters, "arming")
    world, now = at_rest(params)
    np.testing.assert_allclose(change(world, now, params), 0.0, atol=1e-6)


def test_a_new_rival_arms_both_and_the_rise_ends_where_it_is_paid_for():
    """In the long run the log burden rises by the response over the rate of return."""
    params = values(ArmingParameters, "arming", force_response=0.0, allied_response=0.0)
    world, now = at_rest(params)
    rivals = world.rivalry.at[0, 1].set(1.0).at[1, 0].set(1.0)
    before = arming.rivals_threat(world, now, params)
    armed = replace(world, rivalry=rivals)
    rise = arming.rivals_threat(armed, now, params) - before
    moved = change(armed, now, params)
    np.testing.assert_allclose(moved, params.threat_response * rise, atol=1e-6)
    ended = armed.military_burden * jnp.exp(params.threat_response * rise / params.return_rate)
    settled = replace(armed, military_burden=ended)
    np.testing.assert_allclose(change(settled, now, params), 0.0, atol=1e-6)


def test_a_state_without_forces_stays_so_and_events_fall_at_the_turn_of_the_year():
    params = values(ArmingParameters, "arming")
    world, now = at_rest(params)
    armed = replace(world, dispute=jnp.full_like(world.dispute, 3.0))
    unarmed = replace(armed, military_burden=armed.military_burden.at[2].set(0.0))
    assert change(unarmed, now, params)[2] == 0.0
    assert (change(armed, now, params) != 0.0).all()
    later = replace(now, step_years=jnp.float32(0.25), years=jnp.float32(0.25))
    assert (change(armed, later, params) == 0.0).all()


def test_a_promise_is_open_to_an_attacked_ally_and_not_against_another():
    pact = jnp.zeros((4, 4)).at[0, 1].set(1.0).at[0, 2].set(1.0)
    force = jnp.zeros((4, 4)).at[1, 3].set(2.0).at[3, 1].set(2.0)
    found = credibility.open_promises(pact, force)
    assert float(found[0, 1]) == 1.0
    assert float(found.sum()) == 1.0
    among_allies = jnp.zeros((4, 4)).at[1, 2].set(2.0).at[2, 1].set(2.0)
    assert float(credibility.open_promises(pact, among_allies).sum()) == 0.0
    without_force = jnp.minimum(force, 1.0)
    assert float(credibility.open_promises(pact, without_force).sum()) == 0.0


@pytest.mark.parametrize(("kept", "failed"), [(0.0, 0.5), (1.0, 0.0)])
def test_promises_are_kept_with_the_share_of_the_record(kept, failed):
    params = values(CredibilityParameters, "credibility", kept_share=kept)
    world, setting = small_world()
    pact = jnp.zeros_like(world.defence_pact).at[0, 1].set(1.0)
    force = jnp.zeros_like(world.dispute).at[1, 3].set(2.0).at[3, 1].set(2.0)
    world = replace(world, defence_pact=pact, dispute=force)
    drawn = credibility.events(world, moment(world, setting), params, stream()).promise_change
    assert float(drawn.tested[0]) == 0.5
    assert float(drawn.failed[0]) == failed
    assert float(drawn.tested[1:].sum()) == 0.0


def test_doubt_is_nothing_at_what_is_usual_and_raises_the_hazard_of_pacts():
    params = values(CredibilityParameters, "credibility", failed_effect=0.5)
    world, setting = small_world()
    usual = credibility.usual_promises(world, params)
    np.testing.assert_allclose(credibility.doubt(usual, params), 0.0, atol=1e-6)
    broken = Promises(usual.tested, usual.failed.at[0].mul(4.0))
    added = 0.5 * params.usual_failed
    doubtful = credibility.diagnose(replace(world, promises=broken), moment(world, setting), params)
    now = replace(moment(world, setting), diagnostics=doubtful)
    hazard = values(alliances.AllianceParameters, "alliances")
    without = alliances.loss_log_hazard(world, moment(world, setting), hazard)
    ratio = jnp.exp(alliances.loss_log_hazard(world, now, hazard) - without)
    np.testing.assert_allclose(ratio[0, 1:], np.exp(added), rtol=1e-5)
    np.testing.assert_allclose(ratio[1:, 1:], 1.0, rtol=1e-6)
