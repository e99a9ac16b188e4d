"""Pacts: bodies act as one, hazards as the equation says, distrust only adds."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, stream, values
from worldorder.mechanisms import alliances
from worldorder.mechanisms.alliances import AllianceParameters
from worlds import small_world

PARAMS = values(AllianceParameters, "alliances")


def onset_hazard(world, now, params):
    return jnp.exp(alliances.onset_log_hazard(world, now, params))


def loss_hazard(world, now, params):
    return jnp.exp(alliances.loss_log_hazard(world, now, params))


def membership_of(*bodies):
    member = np.zeros((5, 3), bool)
    for number, states in enumerate(bodies):
        member[list(states), number] = True
    return jnp.asarray(member)


def test_one_who_leaves_a_body_loses_all_its_ties_and_no_other():
    bodies = jnp.asarray([0, 1])
    before = membership_of((0, 1, 2, 3), (0, 1), (0, 4))
    pact = alliances.shared_body(before[:, bodies]).at[0, 4].set(1.0)
    after = membership_of((1, 2, 3), (0, 1), (0, 4))
    left = alliances.pact_after(pact, before[:, bodies], after[:, bodies])
    assert np.flatnonzero(np.asarray(left)[0]).tolist() == [1, 4]  # still with 1 in the other body
    np.testing.assert_array_equal(left[1:4, 1:4], pact[1:4, 1:4])
    back = alliances.pact_after(left, after[:, bodies], before[:, bodies])
    np.testing.assert_array_equal(back, pact)


def test_joint_threat_is_the_capability_of_common_rivals():
    rivalry = jnp.zeros((4, 4)).at[0, 2].set(1.0).at[1, 2].set(1.0).at[1, 3].set(1.0)
    power = jnp.asarray([0.1, 0.2, 0.25, 0.45])
    assert float(alliances.joint_threat(rivalry, power)[0, 1]) == pytest.approx(0.5)


def test_menace_counts_as_part_of_a_rivalry():
    params = values(AllianceParameters, "alliances", menace_as_rivalry=0.4)
    felt = alliances.rivalry_felt(jnp.eye(2), jnp.asarray([[9.0, 0.5], [2.0, 0.0]]), params)
    np.testing.assert_allclose(felt, [[1.0, 0.2], [0.4, 1.0]], rtol=1e-6)


def test_hazards_are_symmetric_and_move_with_their_covariates():
    world, setting = small_world(6)
    now = moment(world, setting)
    onset, loss = jax.jit(lambda w: (onset_hazard(w, now, PARAMS), loss_hazard(w, now, PARAMS)))(
        world
    )
    np.testing.assert_allclose(onset, onset.T, rtol=1e-5)
    np.testing.assert_allclose(loss, loss.T, rtol=1e-5)
    near = replace(setting, log_distance=setting.log_distance - 0.7)
    closer = onset_hazard(world, moment(world, near), PARAMS)
    apart = ~np.eye(6, dtype=bool)
    ratio = np.asarray(closer / onset)[apart]
    np.testing.assert_allclose(ratio, np.exp(-0.7 * float(PARAMS.onset_distance)), rtol=1e-3)


def test_trade_moves_pacts_and_nothing_where_it_is_switched_off():
    world, setting = small_world(6)
    now = moment(world, setting)
    off = values(AllianceParameters, "alliances", onset_dependence=0.0)
    apart = ~np.eye(6, dtype=bool)
    ratio = onset_hazard(world, now, PARAMS) / onset_hazard(world, now, off)
    trade = now.diagnostics.dependence
    share = trade / trade.sum(1, keepdims=True)
    root = np.sqrt(np.maximum(share, share.T))
    moved = PARAMS.onset_dependence * (root - PARAMS.onset_dependence_reference)
    np.testing.assert_allclose(np.log(ratio)[apart], moved[apart], atol=1e-4)
    none = replace(now.diagnostics, dependence=0.0 * trade)
    alone = onset_hazard(world, replace(now, diagnostics=none), off)
    np.testing.assert_array_equal(alone, onset_hazard(world, now, off))


def test_nobody_leaves_for_distrust_who_lost_no_trust():
    world, setting = small_world(6)
    calm = replace(world, trust_slow=setting.trust_baseline, trust_fast=0.0 * world.trust_fast)
    assert not alliances.distrust_exit_hazard(calm, moment(calm, setting), PARAMS).any()
    lost = replace(calm, trust_fast=calm.trust_fast - 1.0)
    hazard = alliances.distrust_exit_hazard(lost, moment(lost, setting), PARAMS)
    expected = PARAMS.exit_hazard * np.expm1(PARAMS.distrust_exit)
    np.testing.assert_allclose(hazard[hazard > 0], expected, rtol=1e-4)
    none = values(AllianceParameters, "alliances", distrust_exit=0.0)
    assert not alliances.distrust_exit_hazard(lost, moment(lost, setting), none).any()


def test_pacts_of_bodies_do_not_end_pair_by_pair():
    world, setting = small_world(6)
    tied = alliances.shared_body(world.membership[:, setting.defence_body])
    world = replace(world, defence_pact=tied)
    sure = values(AllianceParameters, "alliances", loss_constant=9.0, onset_constant=-60.0)
    now = moment(world, setting)
    assert not alliances.events(world, now, sure, stream()).pact_change.any()
    lone = replace(world, membership=jnp.zeros_like(world.membership))
    change = alliances.events(lone, now, sure, stream()).pact_change
    np.testing.assert_array_equal(change, -tied)
