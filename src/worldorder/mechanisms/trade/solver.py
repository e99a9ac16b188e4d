"""Wages at which every market clears, by a fixed point that is accelerated and stops on tolerance.

The plain iteration on wages crawls where most is sold at home: a wage cut is mostly handed back as
lower spending on home goods. Dividing each excess demand by its own slope takes the home market
out, and mixing with past steps does the rest (`acceleration`).
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax
from jax.flatten_util import ravel_pytree

from worldorder.mechanisms.trade.acceleration import Found, accelerated, with_derivative
from worldorder.mechanisms.trade.equilibrium import (
    Change,
    Economy,
    Market,
    Technology,
    labour,
    market,
    price,
    variety_index,
)
from worldorder.state import pytree
from worldorder.typing import ByCountry, ByTradeFlow, Scalar

LARGEST_STEP = 1.0  # of a log in one iteration
SMALLEST_SLOPE = 0.1


@pytree
class Shock:
    """What has changed, ready for the solver."""

    opened: ByTradeFlow  # K, see `access`
    tariff: ByTradeFlow  # t, ad valorem
    transfer: ByCountry  # T, received less given, share of world income


class Solution(NamedTuple):
    """Where the solver stopped."""

    change: Change  # world income at old labour is the numeraire
    residual: Scalar  # largest absolute log of supply over demand, over all equations
    iterations: Array


def excess_demand(found: Market) -> ByCountry:
    """Log of sales over income; zero in equilibrium and where nothing is made."""
    made = found.income > 0
    return jnp.where(made, jnp.log(jnp.where(made, found.sales / found.income, 1.0)), 0.0)


def own_slope(
    found: Market, opened: ByTradeFlow, base: Economy, technology: Technology
) -> ByCountry:
    r"""Fall of excess demand with the own log wage, the home market counted exactly.

    $$h + \theta - \omega_i\left(h \frac{\partial \ln M_i}{\partial \ln y_i} + \theta
      \frac{X_{ii}}{M_i}\right),\qquad \omega_i = \frac{X_{ii}}{\sum_j X_{ij}}$$
    """
    response, theta = technology.income_response, technology.elasticity
    home = jnp.diagonal(opened) * found.supply * found.outlay
    income_effect = (1 - base.balance.lending) * found.income / found.spending
    home_market = home / jnp.maximum(found.sales, jnp.finfo(home.dtype).tiny)
    slope = response + theta
    slope = slope - home_market * (response * income_effect + theta * home / found.spending)
    return jnp.maximum(slope, SMALLEST_SLOPE)


def excess(
    change: Change, found: Market, shock: Shock, base: Economy, technology: Technology
) -> Change:
    """Left side less right side of every equation, in logs: zero in equilibrium."""
    gap = Change(excess_demand(found))
    if change.labour is None and change.price is None:
        return gap
    variety = variety_index(found, shock.opened, shock.tariff)
    prices = price(change, found, variety, base, technology)
    offered, level = None, None
    if change.labour is not None:
        revenue = found.outlay * variety - found.spending
        offered = labour(change, found, prices, revenue, technology) - change.labour
    if change.price is not None:
        level = jnp.log(prices) - change.price
    return Change(gap.wage, offered, level)


def normalised(change: Change, base: Economy) -> Change:
    """The same change with world income, at old labour, as the numeraire."""
    level = jnp.log(jnp.exp(change.wage) @ base.income)
    prices = None if change.price is None else change.price - level
    return Change(change.wage - level, change.labour, prices)


def _step(
    change: Change, shock: Shock, base: Economy, technology: Technology
) -> tuple[Change, Array]:
    found = market(change, shock.opened, base, technology, shock.transfer)
    gap = excess(change, found, shock, base, technology)
    slope = own_slope(found, shock.opened, base, technology)
    move = Change(gap.wage / slope, gap.labour, gap.price)
    residual = jnp.abs(ravel_pytree(gap)[0]).max()
    moved = jax.tree.map(
        lambda old, by: old + jnp.clip(by, -LARGEST_STEP, LARGEST_STEP), change, move
    )
    return normalised(moved, base), residual


def fixed_point(
    shock: Shock,
    base: Economy,
    technology: Technology,
    start: Change,
    tolerance: float,
    most_iterations: int,
) -> Solution:
    """Equilibrium by accelerated iteration from `start`.

    The residual exceeds `tolerance` only where `most_iterations` were not enough: the caller
    reports it.
    """
    flat, unravel = ravel_pytree(start)

    def step(x: Array) -> tuple[Array, Array]:
        moved, residual = _step(unravel(x), shock, base, technology)
        return ravel_pytree(moved)[0], residual

    x, residual, iterations = accelerated(step, flat, tolerance, most_iterations)
    return Solution(unravel(x), residual, iterations)


def equations(change: Change, shock: Shock, base: Economy, technology: Technology) -> Change:
    """`excess` with the numeraire added, so that its derivative can be inverted.

    Where nothing is made the wage is pinned at its old level.
    """
    found = market(change, shock.opened, base, technology, shock.transfer)
    gap = excess(change, found, shock, base, technology)
    level = jnp.log(jnp.exp(change.wage) @ base.income)
    wage = jnp.where(base.income > 0, gap.wage - level, change.wage)
    return Change(wage, gap.labour, gap.price)


def equilibrium(
    shock: Shock,
    base: Economy,
    technology: Technology,
    start: Change,
    tolerance: float,
    most_iterations: int,
) -> Solution:
    """`fixed_point` with derivatives by the implicit-function theorem.

    Undefined where a country trades with nobody.
    """
    flat, unravel = ravel_pytree(start)
    held = lax.stop_gradient((shock, base, technology))

    def zero(x: Array) -> Array:
        return ravel_pytree(equations(unravel(x), shock, base, technology))[0]

    def find(x: Array) -> Found:
        change, residual, iterations = fixed_point(*held, unravel(x), tolerance, most_iterations)
        return Found(ravel_pytree(change)[0], residual, iterations)

    x, residual, iterations = with_derivative(zero, find, flat)
    return Solution(unravel(x), residual, iterations)
