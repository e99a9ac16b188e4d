"""Trade inside a world: from tariffs, aid and political distance to income and dependence."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float

from worldorder.mechanisms.trade.baseline import grown_economy
from worldorder.mechanisms.trade.equilibrium import Change, Technology, access
from worldorder.mechanisms.trade.outcome import Outcome, outcome
from worldorder.mechanisms.trade.solver import Shock, equilibrium
from worldorder.state import Diagnostics, Now, Setting, World, pytree
from worldorder.typing import ByCountry, ByDyad, ByTradeFlow, Scalar

TOLERANCE = 2e-6  # single precision leaves about 5e-7 at 200 countries
MOST_ITERATIONS = 80
WAR = 3  # level of a dispute


@pytree
class TradeParameters:
    """Parameters of `parameters/trade.yaml`."""

    elasticity: Scalar
    political_distance: Scalar
    sanction: Scalar
    evasion: Scalar
    finance: Scalar
    war: Scalar


def sanction_response(params: TradeParameters) -> Scalar:
    r"""Fall of log trade of a pair under a full embargo, evasion and finance counted.

    $$\beta = -\ln\bigl(e + (1 - e)\, e^{-\beta_s}\bigr) + \beta_f$$

    The share $e$ of what a full embargo stops reaches the other side through third countries. A
    full embargo cuts finance off too, a part of one in proportion; its wedge $\beta_f$ is added.
    Both are 0 unless a scenario sets them.
    """
    kept = params.evasion + (1 - params.evasion) * jnp.exp(-params.sanction)
    return params.finance - jnp.log(kept)


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


def barrier(
    sanction: ByDyad, war: ByDyad, setting: Setting, params: TradeParameters
) -> ByTradeFlow:
    r"""Log factor on trade of sanctions and wars that came or went since the start, symmetric.

    $$\ln d_{ij} = -\beta (\max(s_{ij}, s_{ji}) - s^0_{ij}) - \beta_w (W_{ij} - W^0_{ij})$$

    The baseline is the trade of the start, which has the sanctions and wars of the start in it.
    What is sold by way of third countries is trade with those; what evades is in the estimates, and
    `evasion` adds to it.

    Args:
        sanction: s, share of a full embargo, row sanctions column.
        war: W, 1 where at war, symmetric.
        setting: with both at the start.
        params: beta of `sanction_response`, and beta_w, fall of log trade in a war.
    """
    other_side = lax.optimization_barrier(sanction.T)  # a transposed read slows the exponential
    harder = jnp.maximum(sanction, other_side) - setting.start_sanction
    return -sanction_response(params) * harder - params.war * (war - setting.start_war)


def net_transfer(aid: ByDyad, gdp: ByCountry) -> ByCountry:
    """Aid received less aid given, bn USD/year; nobody gives more than half of what it earns."""
    given = aid.sum(1)
    affordable = jnp.minimum(1.0, 0.5 * gdp / jnp.where(given > 0, given, 1.0))
    return affordable @ aid - affordable * given


def world_outcome(
    world: World, setting: Setting, params: TradeParameters
) -> tuple[Change, Outcome, Scalar]:
    """Trade of a world at its tariffs, sanctions, wars, ideal points, aid and size of economies.

    Returns the solution, what follows from it (bn USD/year) and the residual.
    """
    growth = world.underlying_gdp / setting.start_gdp
    base = grown_economy(setting.trade_share, setting.expenditure, growth)
    near = political_factor(world.ideal_point, setting.start_ideal_point, params.political_distance)
    at_war = (world.dispute >= WAR).astype(near.dtype)
    hindered = barrier(world.sanction, at_war, setting, params)
    technology = Technology(params.elasticity)
    tariff = lax.optimization_barrier(world.tariff.T)  # a transposed read slows the logarithm
    opened = access(base.share, tariff, near, technology, hindered)
    transfer = net_transfer(world.aid, world.underlying_gdp) / base.world_income
    shock = Shock(opened, tariff, transfer)
    start = Change(jnp.log(world.wage_change))
    change, residual, _ = equilibrium(shock, base, technology, start, TOLERANCE, MOST_ITERATIONS)
    return change, outcome(change, shock, base, technology), residual


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
        technology = Technology(jnp.asarray(elasticity, jnp.float64))
        none = jnp.zeros_like(expenditure)

        def at_step(log_wage: Array, now: tuple[Array, Array]) -> tuple[Array, Array]:
            growth, tariff = now
            base = grown_economy(share, expenditure, growth)
            opened = access(base.share, tariff, jnp.ones_like(share), technology)
            shock = Shock(opened, tariff, none)
            change = equilibrium(shock, base, technology, Change(log_wage), 1e-12, 300).change
            return change.wage, outcome(change, shock, base, technology).real_income

        steps = tariff_path.shape[0]
        year = np.minimum(np.arange(steps) * step_years, rate.shape[0]).astype(int)
        level = jnp.cumprod(jnp.concatenate([1 + none[None], 1 + rate]), axis=0)[year]
        path = jnp.asarray(tariff_path, jnp.float64).swapaxes(1, 2)
        return np.asarray(jax.jit(lambda now: lax.scan(at_step, none, now)[1])((level, path)))


def dependence(flows: ByTradeFlow, gdp: ByCountry) -> ByDyad:
    """Trade of the row with the column, both ways, over the GDP of the row, ratio."""
    abroad = flows * (1.0 - jnp.eye(gdp.size, dtype=gdp.dtype))
    return (abroad + lax.optimization_barrier(abroad.T)) / gdp[:, None]


def diagnose(world: World, now: Now, params: TradeParameters) -> Diagnostics:
    """Adapter: income, goods trade and dependence at the tariffs and distances of the moment."""
    change, found, residual = world_outcome(world, now.setting, params)
    real_income = found.real_income / now.setting.reference_income[now.step.astype(int)]
    home = jnp.diagonal(found.flows)
    return replace(
        now.diagnostics,
        real_income=real_income,
        gdp=world.underlying_gdp * real_income,
        exports=found.sales - home,
        imports=found.spending - home,
        dependence=dependence(found.flows, world.underlying_gdp),
        wage_change=jnp.exp(change.wage),
        expenditure_change=found.welfare * found.price,
        trade_residual=residual,
    )
