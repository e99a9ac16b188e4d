"""Trade inside a world: what the diagnostics must hold whatever the world."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from worldorder.mechanisms.trade import TradeParameters, diagnose, reference_income
from worldorder.mechanisms.trade.adapter import sanction_response
from worldorder.state import Diagnostics, Now, Setting, World, neutral_diagnostics, no_conduct
from worlds import small_world

PARAMS = TradeParameters(
    elasticity=jnp.float32(4.0),
    political_distance=jnp.float32(0.1),
    sanction=jnp.float32(0.5),
    evasion=jnp.float32(0.0),
    finance=jnp.float32(0.0),
    war=jnp.float32(0.3),
)


def at(
    world: World, setting: Setting, step: int = 0, params: TradeParameters = PARAMS
) -> Diagnostics:
    now = Now(
        jnp.float32(step),
        jnp.float32(step / 4),
        jnp.float32(0.25),
        no_conduct(world),
        neutral_diagnostics(world, setting),
        setting,
    )
    return jax.jit(diagnose)(world, now, params)


def with_tariff(world: World, rate: float, imposer: int, partner: int) -> World:
    return replace(world, tariff=world.tariff.at[imposer, partner].set(rate))


@pytest.fixture
def start() -> tuple[World, Setting]:
    return small_world(states=8)


def test_no_shock_changes_nothing(start: tuple[World, Setting]):
    world, setting = start
    found, rest = at(world, setting), neutral_diagnostics(world, setting)
    assert np.allclose(found.real_income, 1, atol=1e-5)
    assert np.allclose(found.exports, rest.exports, rtol=1e-4)
    assert np.allclose(found.imports, rest.imports, rtol=1e-4)
    assert np.allclose(found.dependence, rest.dependence, rtol=1e-4)
    assert found.trade_residual < 2e-6


def test_growth_alone_leaves_real_income(start: tuple[World, Setting]):
    world, setting = start
    grown = replace(world, underlying_gdp=world.underlying_gdp * jnp.linspace(0.5, 4, 8))
    found = at(grown, setting)
    assert np.allclose(found.real_income, 1, atol=1e-5)
    doubled = at(replace(world, underlying_gdp=2 * world.underlying_gdp), setting)
    assert np.allclose(doubled.exports, 2 * at(world, setting).exports, rtol=1e-5)


def test_world_exports_are_world_imports(start: tuple[World, Setting]):
    found = at(with_tariff(start[0], 0.5, 0, 3), start[1])
    assert np.isclose(found.exports.sum(), found.imports.sum(), rtol=1e-5)


def test_a_tariff_falls_on_the_pair_and_gains_for_a_large_imposer(start: tuple[World, Setting]):
    world, setting = start
    before, after = at(world, setting), at(with_tariff(world, 0.1, 0, 3), setting)
    assert after.dependence[0, 3] < before.dependence[0, 3]
    assert after.real_income[3] < 1
    assert after.real_income[0] > 1


def test_relabelling_countries_relabels_the_answer(start: tuple[World, Setting]):
    world, setting = start
    world = with_tariff(replace(world, ideal_point=world.ideal_point * 1.5), 0.4, 2, 5)
    order = np.random.default_rng(1).permutation(8)

    def relabel(record, dyads: set[str], countries: set[str]):
        change = {name: getattr(record, name)[order][:, order] for name in dyads}
        change |= {name: getattr(record, name)[order] for name in countries}
        return replace(record, **change)

    other_world = relabel(
        world,
        {"tariff", "aid", "sanction", "dispute"},
        {"underlying_gdp", "ideal_point", "wage_change"},
    )
    other_setting = relabel(
        setting,
        {"trade_share", "start_sanction", "start_war"},
        {"expenditure", "start_ideal_point", "start_gdp"},
    )
    found = at(world, setting)
    other = at(other_world, other_setting)
    assert np.allclose(other.real_income, found.real_income[order], atol=1e-5)
    assert np.allclose(other.dependence, found.dependence[order][:, order], rtol=1e-3)


def test_distance_in_politics_costs_trade_of_the_pair(start: tuple[World, Setting]):
    world, setting = start
    apart = replace(world, ideal_point=world.ideal_point.at[2].add(3.0))
    before, after = at(world, setting), at(apart, setting)
    moved_away = np.abs(apart.ideal_point[2] - apart.ideal_point) > np.abs(
        world.ideal_point[2] - world.ideal_point
    )
    moved_away[2] = False
    assert after.dependence[2][moved_away].sum() < before.dependence[2][moved_away].sum()


def test_a_sanction_cuts_the_trade_of_the_pair_and_diverts_it(start: tuple[World, Setting]):
    world, setting = start
    sanctioned = replace(world, sanction=world.sanction.at[1, 4].set(1.0))
    before, after = at(world, setting), at(sanctioned, setting)
    change = np.asarray(after.dependence / np.maximum(before.dependence, 1e-9))
    assert change[4, 1] < np.exp(-0.3)
    assert change[1, 4] < np.exp(-0.3)  # both ways, whoever sanctions
    others = [k for k in range(8) if k not in (1, 4)]
    assert (change[4, others] > 1).all()
    assert after.real_income[4] < before.real_income[4]


def test_evasion_and_finance_change_what_a_sanction_stops(start: tuple[World, Setting]):
    evading = replace(PARAMS, evasion=jnp.float32(0.1))
    assert np.isclose(sanction_response(PARAMS), 0.5)
    assert np.isclose(np.exp(-sanction_response(evading)), 0.1 + 0.9 * np.exp(-0.5))
    world, setting = start
    sanctioned = replace(world, sanction=world.sanction.at[1, 4].set(1.0))
    forms = {
        "plain": PARAMS,
        "evading": evading,
        "without finance": replace(PARAMS, finance=jnp.float32(0.3)),
    }
    left = {
        name: float(at(sanctioned, setting, params=form).dependence[4, 1])
        for name, form in forms.items()
    }
    assert left["without finance"] < left["plain"] < left["evading"]


def test_sanctions_of_the_start_are_in_the_trade_of_the_start(start: tuple[World, Setting]):
    world, setting = start
    held = world.sanction.at[2, 3].set(0.6)
    world = replace(world, sanction=held)
    setting = replace(setting, start_sanction=jnp.maximum(held, held.T))
    assert np.allclose(at(world, setting).real_income, 1, atol=1e-5)
    lifted = at(replace(world, sanction=0 * held), setting)
    assert lifted.dependence[2, 3] > at(world, setting).dependence[2, 3]


def test_war_cuts_trade_and_peace_restores_it(start: tuple[World, Setting]):
    world, setting = start
    war = jnp.zeros_like(world.dispute).at[0, 5].set(3.0).at[5, 0].set(3.0)
    before, after = at(world, setting), at(replace(world, dispute=war), setting)
    assert after.dependence[0, 5] < before.dependence[0, 5]
    at_start = replace(setting, start_war=(war == 3).astype(war.dtype))
    assert np.allclose(at(replace(world, dispute=war), at_start).real_income, 1, atol=1e-5)


def test_aid_raises_imports_of_the_receiver(start: tuple[World, Setting]):
    world, setting = start
    helped = replace(world, aid=world.aid.at[0, 4].set(0.1 * world.underlying_gdp[4]))
    before, after = at(world, setting), at(helped, setting)
    gained = (after.imports - after.exports - before.imports + before.exports)[4]
    assert np.isclose(gained, helped.aid[0, 4], rtol=0.05)


def test_aid_beyond_means_leaves_a_solution(start: tuple[World, Setting]):
    world, setting = start
    found = at(replace(world, aid=world.aid.at[0, 4].set(1e6)), setting)
    assert np.isfinite(found.real_income).all()
    assert found.trade_residual < 2e-6


def test_a_state_without_trade_is_left_alone(start: tuple[World, Setting]):
    world, setting = start
    alone = setting.trade_share.at[7, :].set(0).at[:, 7].set(0).at[7, 7].set(1)
    share = alone / alone.sum(0)
    found = at(with_tariff(world, 0.5, 0, 3), replace(setting, trade_share=share))
    assert np.isclose(found.real_income[7], 1, atol=1e-5)
    assert found.trade_residual < 2e-6


def test_the_solver_restarts_where_it_stopped(start: tuple[World, Setting]):
    world = with_tariff(start[0], 0.3, 0, 3)
    first = at(world, start[1])
    again = at(replace(world, wage_change=first.wage_change), start[1])
    assert np.allclose(again.real_income, first.real_income, atol=1e-5)


def test_income_is_one_at_the_tariffs_of_the_growth_path(start: tuple[World, Setting]):
    world, setting = start
    world = with_tariff(world, 0.3, 0, 3)
    path = np.repeat(np.asarray(world.tariff)[None], 4, axis=0)
    reference = reference_income(setting, path, 0.25, 4.0)
    assert reference.dtype == np.float64
    setting = replace(setting, reference_income=jnp.asarray(reference, jnp.float32))
    assert np.allclose(at(world, setting).real_income, 1, atol=1e-5)
    without = replace(world, tariff=0 * world.tariff)
    assert at(without, setting).real_income[3] > 1
