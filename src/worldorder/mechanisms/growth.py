"""How do economies and populations grow, and how far does growth stray from what was expected?

Growth follows the path in the setting (a published forecast, then convergence) plus surprises that
are permanent in the level: one that all states share and one of each state, smaller in larger
economies. What
trade policy does to income is computed by the trade mechanism and is not part of this.
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

from worldorder.random import Stream, normal
from worldorder.state import Now, Shocks, Tendency, World, pytree, tendency_of
from worldorder.typing import ByCountry, Scalar

REFERENCE_GDP = 1000.0  # bn USD/year, the size at which `shock_sd` is stated


@pytree
class GrowthParameters:
    """Parameters of `parameters/growth.yaml`."""

    world_shock_sd: Scalar
    shock_sd: Scalar
    shock_size_slope: Scalar


def rate_of_year(path: Float[Array, "year country"], years: Scalar) -> ByCountry:
    """Growth rate (1/year) in force `years` after the start; the last year's holds on."""
    return path[jnp.clip(years.astype(int), 0, path.shape[0] - 1)]


def average_rate(level: ByCountry, rate: ByCountry, step_years: Scalar) -> ByCountry:
    r"""Rate of change that grows a level by the yearly rate g exactly, whatever the step.

    $$\frac{x\,((1 + g)^{\Delta t} - 1)}{\Delta t}$$
    """
    return level * jnp.expm1(jnp.log1p(rate) * step_years) / step_years


def own_shock_sd(gdp: ByCountry, shock_sd: Scalar, size_slope: Scalar) -> ByCountry:
    r"""Standard deviation of a state's own growth surprise, $\sigma (Y / 1000)^{b}$, 1/year^0.5."""
    return shock_sd * jnp.power(jnp.maximum(gdp, 1e-3) / REFERENCE_GDP, size_slope)


def growth_shock(
    gdp: ByCountry, params: GrowthParameters, step_years: Scalar, stream: Stream
) -> ByCountry:
    """Change of log GDP over the step beyond the growth path."""
    own = own_shock_sd(gdp, params.shock_sd, params.shock_size_slope)
    shared = params.world_shock_sd * normal(stream, (1,), draw=1)
    return jnp.sqrt(step_years) * (shared + own * normal(stream, gdp.shape))


def chance(world: World, now: Now, params: GrowthParameters, stream: Stream) -> Shocks:
    """Adapter: growth surprises of the step."""
    shock = growth_shock(world.underlying_gdp, params, now.step_years, stream)
    return Shocks(shock, jnp.zeros_like(world.ideal_point))


def tendency(world: World, now: Now, params: GrowthParameters) -> Tendency:
    """Adapter: economies and populations follow their paths."""
    rates = now.setting.growth_rate, now.setting.population_growth_rate
    gdp_rate, population_rate = (rate_of_year(path, now.years) for path in rates)
    return tendency_of(
        world,
        underlying_gdp=average_rate(world.underlying_gdp, gdp_rate, now.step_years),
        population=average_rate(world.population, population_rate, now.step_years),
    )
