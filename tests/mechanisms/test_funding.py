"""Money paid is money received; cuts are answered as the equation says; unknown money is drawn."""

from __future__ import annotations

from dataclasses import fields, replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from worldorder.dynamics.levers import BodyLever, apply_levers
from worldorder.mechanisms import funding
from worldorder.mechanisms.funding import FundingParameters, imputed_start
from worldorder.parameters import load_parameters
from worldorder.random import Stream, stream_key, stream_salt
from worldorder.state import Now, Setting, World, neutral_diagnostics, no_conduct
from worlds import small_world


def parameters(**changed: float) -> FundingParameters:
    values = {name: p.value for name, p in load_parameters()["funding"].items()} | changed
    return FundingParameters(**{name: jnp.float32(v) for name, v in values.items()})


def moment(
    world: World, setting: Setting, params: FundingParameters, step_years: float | jax.Array = 0.25
) -> Now:
    now = Now(
        step=jnp.float32(0),
        years=jnp.float32(0),
        step_years=jnp.asarray(step_years, jnp.float32),
        conduct=no_conduct(world),
        diagnostics=neutral_diagnostics(world, setting),
        setting=setting,
    )
    return replace(now, diagnostics=funding.diagnose(world, now, params))


@jax.jit
def one_step(
    world: World, setting: Setting, params: FundingParameters, step_years: jax.Array
) -> World:
    rate = funding.tendency(world, moment(world, setting, params, step_years), params)
    moved = {
        name: getattr(world, name) + step_years * getattr(rate, name)
        for name in ("compensation", "reserve", "capacity")
    }
    return replace(world, **moved)


def stepped(
    world: World, setting: Setting, params: FundingParameters, years: float, steps: int
) -> World:
    for _ in range(steps):
        world = one_step(world, setting, params, jnp.float32(years / steps))
    return world


def after_exit(world: World, state: int, body: int) -> World:
    return replace(
        world,
        membership=world.membership.at[state, body].set(False),
        contribution=world.contribution.at[state, body].set(0.0),
    )


def stream(run: int) -> Stream:
    salt = jnp.asarray(stream_salt(7, "imputation"))
    return Stream(stream_key(salt, jnp.uint32(run)), jnp.uint32(0))


def unknown(world: World, setting: Setting, body: int) -> tuple[World, Setting]:
    return (
        replace(
            world,
            contribution=world.contribution.at[:, body].set(jnp.nan),
            other_revenue=world.other_revenue.at[body].set(jnp.nan),
            reserve=world.reserve.at[body].set(jnp.nan),
        ),
        replace(
            setting,
            start_contribution=setting.start_contribution.at[:, body].set(jnp.nan),
            start_revenue=setting.start_revenue.at[body].set(jnp.nan),
        ),
    )


def test_every_parameter_has_its_number():
    assert {f.name for f in fields(FundingParameters)} == set(load_parameters()["funding"])


def test_without_a_cut_nothing_moves():
    world, setting = small_world()
    after = stepped(world, setting, parameters(), years=5, steps=20)
    np.testing.assert_allclose(after.compensation, 0.0, atol=1e-6)
    np.testing.assert_allclose(after.reserve, world.reserve, rtol=1e-4)
    np.testing.assert_allclose(after.capacity, 1.0, rtol=1e-5)


def test_money_paid_is_money_received():
    world, setting = small_world(states=20, bodies=8)
    params = parameters()
    world = replace(
        stepped(after_exit(world, 0, 2), setting, params, years=3, steps=12),
        underlying_gdp=world.underlying_gdp * 1.3,
    )
    seen = moment(world, setting, params).diagnostics
    growth = 1.3 ** float(params.income_elasticity)
    other = world.other_revenue * growth * (1 + world.compensation)
    np.testing.assert_allclose(seen.payment.sum(0) + other, seen.revenue, rtol=1e-5)
    np.testing.assert_allclose(
        seen.payment.sum(1).sum() + other.sum(), seen.revenue.sum(), rtol=1e-5
    )


@pytest.mark.parametrize("steps", [2, 8, 24])
def test_compensation_follows_its_closed_form_at_any_step(steps: int):
    world, setting = small_world(states=8, bodies=3)
    params = parameters()
    for state, elasticity in (
        (0, params.leading_compensation_elasticity),
        (1, params.compensation_elasticity),
    ):
        share = world.contribution[state, 1] / setting.start_revenue[1]
        after = stepped(after_exit(world, state, 1), setting, params, years=2, steps=steps)
        expected = elasticity * share * (1 - jnp.exp(-2 * params.compensation_rate))
        np.testing.assert_allclose(after.compensation[1], expected, rtol=1e-4)
        np.testing.assert_allclose(after.compensation[0], 0.0, atol=1e-6)


def test_those_who_stay_pay_more_and_the_one_who_cut_does_not():
    world, setting = small_world(states=8, bodies=3)
    params = parameters()
    payers = np.flatnonzero(np.asarray(world.contribution[:, 1]))
    cut = replace(world, contribution=world.contribution.at[payers[0], 1].multiply(0.5))
    seen = moment(stepped(cut, setting, params, years=4, steps=16), setting, params).diagnostics
    before = np.asarray(setting.start_contribution[:, 1])
    paid = np.asarray(seen.payment[:, 1])
    np.testing.assert_allclose(paid[payers[0]], before[payers[0]] / 2, rtol=1e-5)
    rise = paid[payers[1:]] / before[payers[1:]]
    assert (rise > 1).all()
    np.testing.assert_allclose(rise, rise[0], rtol=1e-5)


def test_capacity_and_reserves_agree_between_quarters_and_months():
    world, setting = small_world(states=8, bodies=3)
    params = parameters()
    cut = after_exit(world, int(jnp.argmax(world.contribution[:, 1])), 1)
    fine = stepped(cut, setting, params, years=4, steps=480)
    for steps, tolerance in ((4, 0.03), (16, 0.01), (48, 0.004)):
        coarse = stepped(cut, setting, params, years=4, steps=steps)
        np.testing.assert_allclose(coarse.capacity, fine.capacity, atol=tolerance)
        np.testing.assert_allclose(coarse.reserve, fine.reserve, atol=tolerance * world.reserve[1])


def test_a_body_that_loses_its_largest_payer_shrinks_and_does_not_vanish():
    world, setting = small_world(states=8, bodies=3)
    largest = int(jnp.argmax(world.contribution[:, 1]))
    after = stepped(after_exit(world, largest, 1), setting, parameters(), years=20, steps=80)
    assert 0.1 < float(after.capacity[1]) < 1.0


def test_reserves_are_never_overdrawn():
    world, setting = small_world(states=8, bodies=3)
    cut = replace(world, contribution=world.contribution * 0.1)
    after = stepped(cut, setting, parameters(reserve_draw_rate=2.0), years=5, steps=5)
    assert (np.asarray(after.reserve) >= 0).all()


def test_a_forum_without_budget_follows_participation():
    world, setting = small_world(states=8, bodies=3)
    setting = replace(setting, secretariat=jnp.zeros(3))
    gone = replace(world, membership=world.membership.at[0].set(False))
    params = parameters()
    after = stepped(gone, setting, params, years=30, steps=60)
    power = np.asarray(world.underlying_gdp)
    member = np.asarray(world.membership)
    kept = (power @ (member * (np.arange(8) > 0)[:, None])) / (power @ member)
    np.testing.assert_allclose(after.capacity, kept, rtol=1e-3)


def test_relabelling_states_changes_nothing_for_bodies():
    world, setting = small_world(states=8, bodies=3)
    order = np.random.default_rng(1).permutation(8)
    by_state = lambda x: x[order] if getattr(x, "shape", ())[:1] == (8,) else x  # noqa: E731
    turned = jax.tree.map(by_state, replace(after_exit(world, 2, 1)))
    turned_setting = jax.tree.map(by_state, setting)
    straight = stepped(after_exit(world, 2, 1), setting, parameters(), years=2, steps=4)
    permuted = stepped(turned, turned_setting, parameters(), years=2, steps=4)
    np.testing.assert_allclose(permuted.capacity, straight.capacity, rtol=1e-5)
    np.testing.assert_allclose(permuted.compensation, straight.compensation, rtol=1e-5, atol=1e-7)


def test_unknown_money_is_drawn_and_adds_up():
    world, setting = unknown(*small_world(states=12, bodies=4), body=2)
    drawn = jax.vmap(lambda run: _imputed(world, setting, run))(jnp.arange(500, dtype=jnp.uint32))
    start, own = drawn
    for figures in (own.start_revenue, start.contribution, start.other_revenue, start.reserve):
        assert np.isfinite(figures).all()
    revenue = np.asarray(own.start_revenue[:, 2])
    assert (revenue > 0).all()
    np.testing.assert_allclose(
        np.asarray(start.contribution[:, :, 2]).sum(1) + np.asarray(start.other_revenue[:, 2]),
        revenue,
        rtol=1e-4,
    )
    params = parameters()
    logs = np.log(revenue)
    assert logs.mean() == pytest.approx(np.log(float(params.unknown_treaty_budget)), abs=0.2)
    assert logs.std() == pytest.approx(float(params.unknown_budget_spread), rel=0.15)
    members = np.asarray(setting.start_membership[:, 2])
    paid = np.asarray(start.contribution[:, :, 2])
    assert (paid[:, members] > 0).all()
    assert (paid[:, ~members] == 0).all()


def _imputed(world: World, setting: Setting, run: jax.Array) -> tuple[World, Setting]:
    salt = jnp.asarray(stream_salt(7, "imputation"))
    return imputed_start(world, setting, parameters(), Stream(stream_key(salt, run), jnp.uint32(0)))


def test_known_money_is_kept():
    world, setting = unknown(*small_world(states=12, bodies=4), body=2)
    start, own = imputed_start(world, setting, parameters(), stream(0))
    kept = np.asarray([0, 1, 3])
    np.testing.assert_array_equal(start.contribution[:, kept], world.contribution[:, kept])
    np.testing.assert_allclose(own.start_revenue[kept], setting.start_revenue[kept], rtol=1e-5)


def test_a_known_payment_of_the_leading_state_sets_the_scale():
    world, setting = unknown(*small_world(states=12, bodies=4), body=2)
    setting = replace(setting, start_contribution=setting.start_contribution.at[0, 2].set(5.0))
    start, own = imputed_start(world, setting, parameters(), stream(3))
    assert float(start.contribution[0, 2]) == 5.0
    assert float(own.start_revenue[2]) > 5.0


def test_a_body_without_budget_has_no_money():
    world, setting = unknown(*small_world(states=12, bodies=4), body=2)
    setting = replace(setting, secretariat=setting.secretariat.at[2].set(0.0))
    start, own = imputed_start(world, setting, parameters(), stream(0))
    assert float(own.start_revenue[2]) == 0.0
    assert float(start.contribution[:, 2].sum()) == 0.0
    assert np.isfinite(stepped(start, own, parameters(), years=1, steps=4).capacity).all()


def test_a_gap_is_filled_as_far_as_is_said():
    from ensembles import levers

    world, setting = small_world()
    body = 1
    gone = replace(world, contribution=world.contribution.at[0, body].set(0.0))
    fills = [(0, BodyLever.FILL, state, body, 0.25) for state in (1, 2)]
    now = jax.tree.map(lambda x: x[0], levers(1, bodies=fills))
    after, _ = apply_levers(gone, now, setting.start_contribution)
    lost = float(setting.start_contribution[0, body])
    found = float((after.contribution - gone.contribution).sum())
    assert found == pytest.approx(lost / 2, rel=1e-5)
    again, _ = apply_levers(after, now, setting.start_contribution)
    assert float(again.contribution.sum() - after.contribution.sum()) == pytest.approx(
        lost / 4, rel=1e-4
    )
    whole, _ = apply_levers(world, now, setting.start_contribution)
    np.testing.assert_array_equal(np.asarray(whole.contribution), np.asarray(world.contribution))
