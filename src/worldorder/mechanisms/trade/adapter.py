"""Trade inside a world: from tariffs, aid and political distance to income and dependence."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float

from worldorder.mechanisms.trade.equilibrium import Economy, access, demand, economy, price
from worldorder.mechanisms.trade.solver import solve_wage
from worldorder.state import Diagnostics, Now, Setting, World, pytree
from worldorder.typing import ByCountry, ByDyad, ByTradeFlow, Scalar

TOLERANCE = 2e-6  # single precision leaves about 5e-7 at 200 countries
MOST_ITERATIONS = 80


@pytree
class TradeParameters:
    """Parameters of `parameters/trade.yaml`."""

    elasticity: Scalar
    political_distance: Scalar


class TradeOutcome(NamedTuple):
    """Equilibrium of one moment."""

    log_wage: ByCountry  # world income is the numeraire
    real_income: ByCountry  # over that without the shock
    expenditure_change: ByCountry  # after duties, over the baseline
    flows: ByTradeFlow  # before duties, in the unit of the economy's expenditure
    sales: ByCountry  # row sums of the flows
    spending: ByCountry  # column sums of the flows
    residual: Scalar


def political_factor(
    ideal_point: ByCountry, start_ideal_point: ByCountry, sensitivity: Scalar
) -> ByTradeFlow:
    r"""Factor on trade from the change of political distance since the start, symmetric.

    $$d_{ij} = e^{-\delta (|a_i - a_j| - |a^0_i - a^0_j|)}$$

    Of $e^{x}$ and $e^{-x}$ the smaller is $e^{-|x|}$: products of vectors replace exponentials of a
    matrix.
    """
    up = jnp.exp(sensitivity * (ideal_point - ideal_point.mean()))
    start_up = jnp.exp(sensitivity * (start_ideal_point - start_ideal_point.mean()))
    down, start_down = 1 / up, 1 / start_up
    now = jnp.minimum(up[:, None] * down[None, :], down[:, None] * up[None, :])
    before = jnp.maximum(
        start_up[:, None] * start_down[None, :], start_down[:, None] * start_up[None, :]
    )
    return now * before


def net_transfer(aid: ByDyad, gdp: ByCountry) -> ByCountry:
    """Aid received less aid given, bn USD/year; nobody gives more than half of what it earns."""
    given = aid.sum(1)
    affordable = jnp.minimum(1.0, 0.5 * gdp / jnp.where(given > 0, given, 1.0))
    return affordable @ aid - affordable * given


def trade_outcome(
    base: Economy,
    tariff: ByTradeFlow,
    cost_factor: ByTradeFlow,
    transfer: ByCountry,
    elasticity: Scalar,
    log_wage: ByCountry,
    tolerance: float,
) -> TradeOutcome:
    """Equilibrium of the economy `base` under a shock, started from `log_wage`.

    Real income is that of factors and of tariff revenue at consumer prices, without what is
    borrowed or given.
    """
    opened = access(base.share, tariff, cost_factor, elasticity)
    log_wage, residual = solve_wage(
        opened, base, transfer, elasticity, log_wage, tolerance, MOST_ITERATIONS
    )
    bought = demand(log_wage, opened, base, transfer, elasticity)
    prices = price(bought, opened, tariff, elasticity)
    expenditure = bought.outlay * prices**-elasticity
    revenue = expenditure - bought.spending
    made = jnp.where(base.income > 0, base.income, 1.0)
    real_income = (jnp.exp(log_wage) + revenue / made) / prices
    return TradeOutcome(
        log_wage=log_wage,
        real_income=jnp.where(base.income > 0, real_income, 1.0),
        expenditure_change=expenditure / base.expenditure,
        flows=opened * bought.supply[:, None] * (base.world_income * bought.outlay)[None, :],
        sales=base.world_income * bought.sales,
        spending=base.world_income * bought.spending,
        residual=residual,
    )


def world_outcome(world: World, setting: Setting, params: TradeParameters) -> TradeOutcome:
    """Trade of a world at its tariffs, ideal points, aid and size of economies, bn USD/year."""
    growth = world.underlying_gdp / setting.start_gdp
    base = economy(setting.trade_share, setting.expenditure, growth)
    near = political_factor(world.ideal_point, setting.start_ideal_point, params.political_distance)
    transfer = net_transfer(world.aid, world.underlying_gdp) / base.world_income
    start = jnp.log(world.wage_change)
    tariff = lax.optimization_barrier(world.tariff.T)  # a transposed read slows the logarithm
    return trade_outcome(base, tariff, near, transfer, params.elasticity, start, TOLERANCE)


def reference_income(
    setting: Setting,
    tariff_path: Float[np.ndarray, "step country partner"],
    step_years: float,
    elasticity: float,
) -> Float[np.ndarray, "step country"]:
    """Real income by step at the tariffs that the growth path contains, in double precision.

    Growth forecasts of October 2025 know the tariffs decided until then. What they cost is taken
    out of the path so that keeping them does not count twice and taking them back raises it.

    Args:
        setting: evidence of the run; its `reference_income` is not read.
        tariff_path: row imposes on column, ad valorem, added since December 2024.
        step_years: length of the step in years.
        elasticity: trade elasticity theta.
    """
    with jax.enable_x64(True):
        share, expenditure, rate = (
            jnp.asarray(x, jnp.float64)
            for x in (setting.trade_share, setting.expenditure, setting.growth_rate)
        )
        steps, countries = tariff_path.shape[:2]
        year = np.minimum(np.arange(steps) * step_years, rate.shape[0]).astype(int)
        level = jnp.cumprod(jnp.concatenate([jnp.ones((1, countries)), 1 + rate]), axis=0)[year]
        neutral = jnp.ones_like(share)

        def at_step(log_wage: Array, now: tuple[Array, Array]) -> tuple[Array, Array]:
            growth, tariff = now
            base = economy(share, expenditure, growth)
            outcome = trade_outcome(
                base,
                tariff.T,
                neutral,
                jnp.zeros(countries),
                jnp.asarray(elasticity, jnp.float64),
                log_wage,
                1e-12,
            )
            return outcome.log_wage, outcome.real_income

        path = jnp.asarray(tariff_path, jnp.float64)
        _, income = jax.jit(lambda xs: lax.scan(at_step, jnp.zeros(countries), xs))((level, path))
        return np.asarray(income)


def diagnose(world: World, now: Now, params: TradeParameters) -> Diagnostics:
    """Adapter: income, goods trade and dependence at the tariffs and distances of the moment."""
    outcome = world_outcome(world, now.setting, params)
    real_income = outcome.real_income / now.setting.reference_income[now.step.astype(int)]
    home = jnp.diagonal(outcome.flows)
    both_ways = outcome.flows + outcome.flows.T
    abroad = 1.0 - jnp.eye(home.shape[0], dtype=home.dtype)
    return replace(
        now.diagnostics,
        real_income=real_income,
        gdp=world.underlying_gdp * real_income,
        exports=outcome.sales - home,
        imports=outcome.spending - home,
        dependence=abroad * both_ways / world.underlying_gdp[:, None],
        wage_change=jnp.exp(outcome.log_wage),
        expenditure_change=outcome.expenditure_change,
        trade_residual=outcome.residual,
    )
