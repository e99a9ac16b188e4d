"""Wages, prices and output at which every sector's market clears, as `solver` for one sector."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array, lax
from jax.flatten_util import ravel_pytree

from worldorder.mechanisms.trade.acceleration import Found, accelerated, with_derivative
from worldorder.mechanisms.trade.newton import root
from worldorder.mechanisms.trade.sectors import (
    BySectorFlow,
    SectorChange,
    SectorEconomy,
    SectorMarket,
    SectorTechnology,
    sector_market,
)
from worldorder.mechanisms.trade.solver import LARGEST_STEP, SMALLEST_SLOPE
from worldorder.state import pytree
from worldorder.typing import ByCountry


@pytree
class SectorShock:
    """What has changed, ready for the solver."""

    opened: BySectorFlow  # K, see `sector_access`
    tariff: BySectorFlow  # t, ad valorem
    transfer: ByCountry  # received less given, share of world value added


def sector_start(technology: SectorTechnology, base: SectorEconomy) -> SectorChange:
    """No change, in the unknowns that the technology has."""
    country, sector = jnp.zeros_like(base.whole.income), jnp.zeros_like(base.output)
    has_inputs = technology.inputs is not None
    return SectorChange(
        wage=country,
        labour=None if technology.labour_supply is None else country,
        price=sector if has_inputs or technology.pass_through is not None else None,
        output=sector if has_inputs or technology.scale is not None else None,
    )


def sector_excess(
    change: SectorChange,
    found: SectorMarket,
    base: SectorEconomy,
    technology: SectorTechnology,
) -> SectorChange:
    """Left side less right side of every equation, in logs: zero in equilibrium."""
    labour, price, output = None, None, None
    if change.labour is not None and technology.labour_supply is not None:
        kept = change.wage - jnp.log(found.price)
        if technology.relief is not None:
            kept = kept - technology.relief * jnp.log1p(-found.revenue / found.income)
        labour = technology.labour_supply * kept - change.labour
    if change.price is not None:
        price = jnp.log(found.sector_price) - change.price
    if change.output is not None:
        made = base.output > 0
        sold = jnp.where(made, found.output / jnp.where(made, base.output, 1.0), 1.0)
        output = jnp.log(sold) - change.output
    return SectorChange(jnp.log(found.earned / found.income), labour, price, output)


def sector_slope(
    found: SectorMarket, shock: SectorShock, base: SectorEconomy, technology: SectorTechnology
) -> ByCountry:
    r"""Fall of excess demand with the own log wage, prices, output and duties held.

    $$h + \sum_s \omega_{si} \theta_s - \sum_s \frac{X_{sii}}{S_i}\left(h
      \frac{\partial \ln M_i}{\partial \ln y_i} + \theta_s \frac{X_{sii}}{M_{si}}\right)$$

    with $\omega$ the sectors' shares in the sales $S_i$.
    """
    response, theta = technology.income_response, technology.elasticity[:, None]
    home = jnp.diagonal(shock.opened, axis1=1, axis2=2) * found.supply * found.outlay
    sales = found.output.sum(0)
    own = home / jnp.where(found.spent > 0, found.spent, 1.0)
    income_effect = 1 - base.whole.balance.lending
    slope = response + (theta * found.output / sales).sum(0)
    slope = slope - (home / sales * (response * income_effect + theta * own)).sum(0)
    return jnp.maximum(slope, SMALLEST_SLOPE)


def _normalised(change: SectorChange, base: SectorEconomy) -> SectorChange:
    """The same change with world income, at old labour, as the numeraire."""
    level = jnp.log(jnp.exp(change.wage) @ base.whole.income)
    price = None if change.price is None else change.price - level
    output = None if change.output is None else change.output - level
    return SectorChange(change.wage - level, change.labour, price, output)


def _fixed_point(
    shock: SectorShock,
    base: SectorEconomy,
    technology: SectorTechnology,
    start: Array,
    tolerance: float,
    most_iterations: int,
) -> Found:
    unravel = ravel_pytree(sector_start(technology, base))[1]

    def step(x: Array) -> tuple[Array, Array]:
        change = unravel(x)
        found = sector_market(change, shock.opened, shock.tariff, base, technology, shock.transfer)
        gap = sector_excess(change, found, base, technology)
        slope = sector_slope(found, shock, base, technology)
        move = SectorChange(gap.wage / slope, gap.labour, gap.price, gap.output)
        moved = jax.tree.map(
            lambda old, by: old + jnp.clip(by, -LARGEST_STEP, LARGEST_STEP), change, move
        )
        residual = jnp.abs(ravel_pytree(gap)[0]).max()
        return ravel_pytree(_normalised(moved, base))[0], residual

    return accelerated(step, start, tolerance, most_iterations)


def _equations(
    x: Array, shock: SectorShock, base: SectorEconomy, technology: SectorTechnology
) -> Array:
    """`sector_excess` with the numeraire added, so that its derivative can be inverted."""
    change = ravel_pytree(sector_start(technology, base))[1](x)
    found = sector_market(change, shock.opened, shock.tariff, base, technology, shock.transfer)
    gap = sector_excess(change, found, base, technology)
    level = jnp.log(jnp.exp(change.wage) @ base.whole.income)
    return ravel_pytree(SectorChange(gap.wage - level, gap.labour, gap.price, gap.output))[0]


def sector_equilibrium(
    shock: SectorShock,
    base: SectorEconomy,
    technology: SectorTechnology,
    tolerance: float,
    most_iterations: int,
    by_newton: bool = False,
) -> tuple[SectorChange, Array, Array]:
    """Where all markets clear, the largest log of a gap that is left, and the iterations.

    World income at old labour is the numeraire. By an accelerated iteration or by Newton's method;
    with derivatives by the implicit-function theorem, undefined where a country trades with nobody.
    """
    flat, unravel = ravel_pytree(sector_start(technology, base))
    held = lax.stop_gradient((shock, base, technology))

    def find(x: Array) -> Found:
        if not by_newton:
            return _fixed_point(*held, x, tolerance, most_iterations)
        return Found(*root(lambda y: _equations(y, *held), x, tolerance, most_iterations))

    def zero(x: Array) -> Array:
        return _equations(x, shock, base, technology)

    found = with_derivative(zero, find, flat)
    return unravel(found.x), found.residual, found.iterations
