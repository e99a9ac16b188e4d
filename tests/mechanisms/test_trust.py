from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, relabelled, stream, values
from worldorder.mechanisms import trust
from worldorder.mechanisms.trust import TrustParameters
from worldorder.state import Breaches, no_conduct
from worlds import small_world

CALM = {"leader_spread": 0.0, "leader_spread_of_dyad": 0.0, "slow_spread": 0.0}


def parameters(**changed):
    return values(TrustParameters, "trust", **{**CALM, **changed})


def conduct_of(world, **what):
    """Conduct of a step in which state 0 acts on state 2."""
    quiet = no_conduct(world)
    done = {k: getattr(quiet, k).at[0, 2].set(v) for k, v in what.items()}
    return replace(quiet, **done, acts=jnp.asarray(bool(what)))


def jumps(world, setting, params, conduct=None):
    drawn = trust.events(world, moment(world, setting, conduct=conduct), params, stream())
    return drawn.trust_fast_jump, drawn.trust_slow_jump


def test_no_conduct_no_jump():
    world, setting = small_world()
    for jump in jumps(world, setting, parameters()):
        np.testing.assert_array_equal(jump, 0.0)


def test_sanctions_cost_the_same_trust_by_a_lever_as_by_themselves():
    world, setting = small_world()
    drawn = replace(world, sanction=world.sanction.at[0, 2].set(0.5))  # no conduct of anybody
    by_lever = jumps(world, setting, parameters(), conduct_of(world, sanction_rise=0.5))
    by_itself = jumps(drawn, setting, parameters())
    for one, other in zip(by_lever, by_itself, strict=True):
        np.testing.assert_array_equal(one, other)


def test_target_loses_more_than_those_who_watch():
    world, setting = small_world()
    conduct = conduct_of(world, tariff_rise=0.2)
    fast, slow = jumps(world, setting, parameters(), conduct)
    total = np.asarray(fast + slow)
    assert total[2, 0] == pytest.approx(-0.2 * 1.5, rel=1e-5)
    watching = np.delete(total[:, 0], [0, 2])
    assert (watching < 0).all()
    assert (watching > total[2, 0] * 0.3).all()
    assert (np.delete(total, 0, axis=1) == 0).all()
    assert total[0, 0] == 0


def test_who_answers_is_blamed_for_less_and_who_goes_beyond_for_that():
    world, setting = small_world()
    faced = replace(world, tariff=world.tariff.at[2, 0].set(0.2).at[0, 2].set(0.2))
    answer = conduct_of(faced, tariff_rise=0.2)
    for share in (0.0, 0.5, 1.0):
        fast, slow = jumps(faced, setting, parameters(answer_blame=share), answer)
        assert float((fast + slow)[2, 0]) == pytest.approx(-0.2 * 1.5 * share, abs=1e-6)
    beyond = replace(faced, tariff=faced.tariff.at[0, 2].set(0.5))
    fast, slow = jumps(
        beyond, setting, parameters(answer_blame=0.0), conduct_of(beyond, tariff_rise=0.5)
    )
    assert float((fast + slow)[2, 0]) == pytest.approx(-0.3 * 1.5, rel=1e-5)


def test_in_one_step_nobody_was_first():
    rise = jnp.zeros((3, 3)).at[0, 1].set(0.2).at[1, 0].set(0.2)
    blamed = trust.blamed_rise(rise, rise, parameters(answer_blame=0.0))
    np.testing.assert_allclose(blamed, rise)


def test_breach_is_shared_between_leader_and_state():
    world, setting = small_world()
    conduct = conduct_of(world, threat=1.0)
    fast, slow = jumps(world, setting, parameters(slow_share=0.25, threat_loss=0.8), conduct)
    assert float(slow[2, 0]) == pytest.approx(-0.2, rel=1e-5)
    assert float(fast[2, 0]) == pytest.approx(-0.6, rel=1e-5)


def test_what_a_tariff_costs_comes_back_only_in_part():
    world, setting = small_world()
    params = parameters(asymmetry=4.0)
    loss = sum(jumps(world, setting, params, conduct_of(world, tariff_rise=0.2)))
    gain = sum(jumps(world, setting, params, conduct_of(world, tariff_rise=-0.2)))
    assert float(gain[2, 0]) == pytest.approx(-float(loss[2, 0]) / 4, rel=1e-5)


def test_withdrawal_costs_by_the_share_of_joint_bodies_left():
    member = jnp.array([[True, True, False], [True, True, True], [False, False, True]])
    notice = jnp.zeros((3, 3), bool).at[1, 0].set(True)
    left = trust.bodies_left_share(notice, member)
    np.testing.assert_allclose(left[:, 1], [0.5, 1 / 3, 0.0], rtol=1e-6)
    assert (left[:, [0, 2]] == 0).all()


def test_a_body_left_at_once_counts_as_left():
    """An exit without notice ends membership in the step of the breach."""
    notice = jnp.zeros((2, 1), bool).at[1, 0].set(True)
    left = trust.bodies_left_share(notice, jnp.array([[True], [False]]))
    np.testing.assert_allclose(left[:, 1], [1.0, 1.0])


def test_a_broken_promise_of_defence_costs_trust_whether_alone_or_with_a_body():
    world, setting = small_world()
    setting = replace(setting, defence_body=jnp.array([0]))
    params = parameters(abandonment_loss=0.8, withdrawal_loss=0.0, third_party_share=0.0)
    alone = replace(
        conduct_of(world, threat=0.0), breaches=Breaches(jnp.array([0]), jnp.array([2]))
    )
    lost = sum(jumps(world, setting, params, alone))
    assert float(lost[2, 0]) == pytest.approx(-0.8, rel=1e-5)
    assert int((np.asarray(lost) != 0).sum()) == 1
    member = jnp.zeros_like(world.membership).at[:3, 0].set(True)
    world = replace(world, membership=member)
    quiet = conduct_of(world, threat=0.0)
    leaving = replace(quiet, withdrawal=quiet.withdrawal.at[0, 0].set(True))
    lost = sum(jumps(world, setting, params, leaving))
    np.testing.assert_allclose(lost[:, 0], [0.0, -0.8, -0.8, 0.0, 0.0, 0.0], atol=1e-6)


def test_observers_never_lose_more_than_the_worst_hit():
    weight = jnp.ones((5, 5))
    all_hit = jnp.zeros((5, 5)).at[:, 0].set(0.4)
    one_hit = jnp.zeros((5, 5)).at[1, 0].set(0.4)
    assert (trust.observed_breach(all_hit, weight)[:, 0] < 0.4).all()
    assert jnp.allclose(trust.observed_breach(one_hit, weight)[:, 0], 0.2)
    assert (trust.observed_breach(all_hit, weight)[:, 0] > 0.3).all()


def test_a_new_leader_ends_the_fast_part():
    world, setting = small_world()
    world = replace(world, trust_fast=jnp.full_like(world.trust_fast, -0.6))
    quiet = no_conduct(world)
    conduct = replace(quiet, leader_change=quiet.leader_change.at[0].set(True))
    fast, slow = jumps(world, setting, parameters(carry_over=0.25), conduct)
    np.testing.assert_allclose(fast[:, 0], 0.45, rtol=1e-5)
    np.testing.assert_array_equal(fast[:, 1:], 0.0)
    np.testing.assert_array_equal(slow, 0.0)


def advance(world, setting, params, years, steps_a_year, conduct=None):
    dt = 1 / steps_a_year

    def step(world, _):
        moved = trust.tendency(world, moment(world, setting, dt, conduct), params)
        return replace(
            world,
            trust_fast=world.trust_fast + dt * moved.trust_fast,
            trust_slow=world.trust_slow + dt * moved.trust_slow,
        ), None

    return jax.lax.scan(step, world, None, length=years * steps_a_year)[0]


@pytest.mark.parametrize("steps_a_year", [4, 12])
def test_steps_of_any_length_agree(steps_a_year):
    world, setting = small_world()
    world = replace(world, trust_fast=0.5 * world.trust_slow)
    yearly = advance(world, setting, parameters(), 10, 1)
    shorter = advance(world, setting, parameters(), 10, steps_a_year)
    np.testing.assert_allclose(shorter.trust_fast, yearly.trust_fast, atol=1e-5)
    np.testing.assert_allclose(shorter.trust_slow, yearly.trust_slow, atol=1e-5)


def test_slow_trust_falls_faster_than_it_rises_and_loss_is_final_in_the_limit():
    world, setting = small_world()
    low = replace(world, trust_slow=setting.trust_baseline - 1.0)
    high = replace(world, trust_slow=setting.trust_baseline + 1.0)
    risen = advance(low, setting, parameters(asymmetry=3.0, slow_rate=0.023), 10, 1)
    risen = risen.trust_slow - low.trust_slow
    fallen = advance(high, setting, parameters(slow_rate=0.023), 10, 1)
    fallen = high.trust_slow - fallen.trust_slow
    np.testing.assert_allclose(risen, 1 - np.exp(-0.023 * 10 / 3), rtol=1e-3)
    np.testing.assert_allclose(fallen, 1 - np.exp(-0.023 * 10), rtol=1e-3)
    final = advance(low, setting, parameters(asymmetry=1e9), 10, 1).trust_slow
    np.testing.assert_allclose(final, low.trust_slow, atol=1e-5)


def test_target_moves_with_distance():
    baseline = jnp.zeros((2, 2))
    target = trust.slow_target(
        baseline, jnp.array([0.0, 1.0]), jnp.array([0.0, 2.0]), parameters(distance_slope=-0.3)
    )
    np.testing.assert_allclose(target, [[0.0, -0.3], [-0.3, 0.0]], atol=1e-6)


def test_aid_raises_the_trust_of_who_receives_it():
    world, setting = small_world()
    world = replace(world, trust_slow=setting.trust_baseline)
    world = replace(world, aid=world.aid.at[0, 2].set(1.0))
    now = moment(world, setting)
    rate = trust.tendency(world, now, parameters()).trust_slow
    expected = 5.0 / now.diagnostics.gdp[2]
    np.testing.assert_allclose(rate, jnp.zeros((6, 6)).at[2, 0].set(expected), atol=1e-7)


def a_year_on(world, setting, params):
    """World with the chance of the year that has ended."""
    now = replace(moment(world, setting), years=jnp.float32(1))
    return trust.settle(world, now, params, stream())


def test_chance_of_a_year_keeps_the_spread_of_the_fast_part():
    world, setting = small_world(states=2000, bodies=1, steps=1, years=1)
    params = parameters(leader_spread=0.4, leader_spread_of_dyad=0.0, fast_rate=0.5)
    drawn = (a_year_on(world, setting, params).trust_fast - world.trust_fast)[0]
    keep = np.exp(-0.5)
    assert float(drawn.std()) == pytest.approx(0.4 * np.sqrt(1 - keep**2), rel=0.08)


def test_a_new_leader_keeps_the_spread_of_the_fast_part():
    world, setting = small_world(states=2000, bodies=1, steps=1, years=1)
    params = parameters(leader_spread=0.4, leader_spread_of_dyad=0.0, carry_over=0.25)
    conduct = replace(no_conduct(world), leader_change=jnp.ones(2000, bool))
    fast, _ = jumps(world, setting, params, conduct)
    assert float(fast[0].std()) == pytest.approx(0.4 * np.sqrt(1 - 0.25**2), rel=0.08)


def test_chance_moves_the_views_of_the_leading_state_one_by_one():
    world, setting = small_world()
    after = a_year_on(world, setting, values(TrustParameters, "trust"))
    fast = np.asarray(after.trust_fast - world.trust_fast)
    slow = np.asarray(after.trust_slow - world.trust_slow)
    assert len(np.unique(fast[:, 1].round(6))) == 1
    assert len(np.unique(fast[:, 0].round(6))) == 6
    np.testing.assert_array_equal(slow[:, 1:], 0.0)


def test_no_year_has_ended_at_the_start_or_within_a_year():
    world, setting = small_world()
    params = values(TrustParameters, "trust")
    for years, length in ((0.0, 1.0), (1.25, 0.25)):
        now = replace(moment(world, setting, length), years=jnp.float32(years))
        same = trust.settle(world, now, params, stream())
        np.testing.assert_array_equal(same.trust_fast, world.trust_fast)


def test_states_in_another_order_judge_alike():
    world, setting = small_world()
    order = [3, 1, 5, 0, 2, 4]
    conduct = conduct_of(world, tariff_rise=0.3, threat=0.5, recognition=0.2)
    conduct = replace(conduct, withdrawal=conduct.withdrawal.at[0, :2].set(True))
    there = relabelled(world, order), relabelled(setting, order)
    total = sum(jumps(world, setting, parameters(), conduct))
    moved = sum(jumps(*there, parameters(), relabelled(conduct, order)))
    place = jnp.array(order)
    np.testing.assert_allclose(moved, total[place][:, place], atol=1e-5)


def test_start_takes_surveys_where_there_are_any():
    nan = jnp.nan
    seen = jnp.array([[nan, nan, nan], [-0.2, nan, nan], [nan, nan, nan]])
    fast = jnp.zeros((3, 3)).at[:, 0].set(0.2)
    params = parameters(distance_slope=-0.3, pact_effect=0.1, unsurveyed_image=0.4)
    pact = jnp.zeros((3, 3)).at[0, 2].set(1.0)
    start = trust.start_trust(seen, fast, jnp.array([1.0, 0.0, -1.0]), pact, params)
    assert float(start.slow[1, 0]) == pytest.approx(-0.2, abs=1e-6)
    assert float(start.baseline[1, 0]) == pytest.approx(-0.2, abs=1e-6)
    assert float(start.slow[2, 0]) == pytest.approx(-0.5, abs=1e-5)
    assert float(start.slow[0, 2]) == pytest.approx(0.4 - 0.6 + 0.1, abs=1e-5)
    assert not bool(start.imputed[1, 0])
    assert int(start.imputed.sum()) == 8
    np.testing.assert_allclose(start.fast, fast)
