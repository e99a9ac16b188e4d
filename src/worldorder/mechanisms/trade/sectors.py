"""What do wages, trade and prices become where sectors differ in how easily they are replaced?

The equilibrium of `equilibrium` with a nest of sectors above suppliers: Costinot and
Rodriguez-Clare (2014), doi:10.1016/B978-0-444-54314-1.00004-5, section 3, without intermediate
inputs. Labour moves freely between sectors, so that one wage a country clears all of them.

Money is in units of world income at the baseline. S sectors, N countries.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from worldorder.mechanisms.trade.equilibrium import Economy, spending
from worldorder.mechanisms.trade.newton import root
from worldorder.state import pytree
from worldorder.typing import ByCountry, Scalar

BySector = Float[Array, " sector"]
BySectorFlow = Float[Array, "sector exporter importer"]
BySectorBuyer = Float[Array, "sector importer"]


@pytree
class SectorEconomy:
    """The world economy before the shock."""

    share: BySectorFlow  # pi, duties included; sums to 1 over exporters, or 0 where none is bought
    weight: BySectorBuyer  # a, share of the sector in what the importer spends, duties included
    whole: Economy  # income, spending and deficits over all sectors


@pytree
class SectorTechnology:
    """How trade responds."""

    elasticity: BySector  # theta of each sector
    substitution: Scalar  # eta between sectors; 1 holds their shares (Cobb-Douglas)


@pytree
class SectorMarket:
    """Spending and its direction at given wages."""

    flows: BySectorFlow  # before duties
    sector_price: BySectorBuyer  # new over old
    price: ByCountry  # new over old
    income: ByCountry
    expenditure: ByCountry  # duties included


def sector_access(
    share: BySectorFlow,
    tariff: BySectorFlow,
    already: BySectorFlow,
    cost: BySectorFlow,
    elasticity: BySector,
) -> BySectorFlow:
    r"""Flows before duties at baseline wages, per unit of spending in the sector.

    $$K_{sij} = \pi_{sij}\,\tau_{sij}^{-\theta_s}
      \left(\frac{1 + t_{sij}}{1 + t^0_{sij}}\right)^{-\theta_s} \frac{1}{1 + t_{sij}}$$

    Args:
        share: pi.
        tariff: t after the change, ad valorem.
        already: t0 before.
        cost: tau, new cost of moving goods over old; infinite is an embargo.
        elasticity: theta.
    """
    theta = elasticity[:, None, None]
    rise = jnp.exp(-theta * (jnp.log1p(tariff) - jnp.log1p(already)))
    return share * cost**-theta * rise / (1 + tariff)


def nest(
    sector_price: BySectorBuyer, weight: BySectorBuyer, substitution: Scalar
) -> tuple[BySectorBuyer, ByCountry]:
    r"""Shares of sectors in spending and the price of all, new over old.

    $$a'_{sj} = a_{sj} \left(\frac{P_{sj}}{P_j}\right)^{1 - \eta},\qquad
      P_j = \Bigl(\sum_s a_{sj} P_{sj}^{1 - \eta}\Bigr)^{1/(1 - \eta)}\ \text{or}\
      \prod_s P_{sj}^{a_{sj}}$$
    """
    log = jnp.log(sector_price)
    power = 1 - substitution
    flat = jnp.abs(power) < 1e-9
    safe = jnp.where(flat, 1.0, power)
    nested = jnp.log((weight * jnp.exp(safe * log)).sum(0)) / safe
    level = jnp.where(flat, (weight * log).sum(0), nested)
    return weight * jnp.exp(power * (log - level)), jnp.exp(level)


def sector_market(
    log_wage: ByCountry,
    opened: BySectorFlow,
    tariff: BySectorFlow,
    base: SectorEconomy,
    technology: SectorTechnology,
) -> SectorMarket:
    r"""Who buys how much of what from whom at given wages.

    $$X_{sij} = K_{sij} v_{si} \frac{a'_{sj} E_j}{\Phi_{sj}},\quad
      \Phi_{sj} = \sum_k K_{skj} (1 + t_{skj}) v_{sk},\quad P_{sj} = \Phi_{sj}^{-1/\theta_s},\quad
      E_j = \frac{M_j}{\sum_s a'_{sj} \sum_k K_{skj} v_{sk} / \Phi_{sj}}$$

    with v = w^-theta and spending before duties M as in the model of one sector.
    """
    theta = technology.elasticity
    sold = opened * jnp.exp(-theta[:, None] * log_wage)[:, :, None]
    variety = (sold * (1 + tariff)).sum(1)
    variety = jnp.where(base.weight > 0, variety, 1.0)
    sector_price = variety ** (-1 / theta[:, None])
    weight, price = nest(sector_price, base.weight, technology.substitution)
    income = jnp.exp(log_wage) * base.whole.income
    before_duties = (weight * sold.sum(1) / variety).sum(0)
    spent = spending(income, base.whole, jnp.zeros_like(income))
    expenditure = spent / before_duties
    flows = sold * (weight * expenditure / variety)[:, None, :]
    return SectorMarket(flows, sector_price, price, income, expenditure)


def sales_slope(
    found: SectorMarket, tariff: BySectorFlow, base: SectorEconomy, elasticity: BySector
) -> Float[Array, "country other"]:
    r"""Derivative of log excess demand with log wages, revenue and sector shares held.

    $$J_{ik} = \sum_{sj} \frac{X_{sij}}{S_i}\bigl(\theta_s \lambda_{skj} - \theta_s \delta_{ik}
      + \delta_{jk}\bigr) - \delta_{ik} - Y_k$$

    Args:
        found: the market, with flows X and, summed, sales S.
        tariff: with which flows become shares lambda of what is spent in a sector.
        base: with income, whose sum is the numeraire.
        elasticity: theta.
    """
    paid = found.flows * (1 + tariff)
    bought = paid.sum(1, keepdims=True)
    share = paid / jnp.where(bought > 0, bought, 1.0)
    sold, weighted = found.flows.sum(0), found.flows * elasticity[:, None, None]
    sales = sold.sum(1)[:, None]
    cross = jnp.einsum("sij,skj->ik", weighted, share)
    own = 1 + weighted.sum((0, 2)) / sales[:, 0]
    return (cross + sold) / sales - jnp.diag(own) - base.whole.income


def sector_equilibrium(
    opened: BySectorFlow,
    tariff: BySectorFlow,
    base: SectorEconomy,
    technology: SectorTechnology,
    tolerance: float,
    most_iterations: int,
    exact_slope: bool = False,
) -> tuple[ByCountry, Array, Array]:
    """Log wages at which all countries sell what they earn, the residual and the iterations.

    World income is the numeraire. The residual is the largest log of sales over income. The slope
    leaves out what costs most and matters least, unless the exact one is asked for.
    """

    def market_at(log_wage: Array) -> SectorMarket:
        return sector_market(log_wage, opened, tariff, base, technology)

    def value_at(log_wage: Array) -> Array:
        found = market_at(log_wage)
        gap = jnp.log(found.flows.sum((0, 2)) / found.income)
        return gap - jnp.log(found.income.sum())

    def slope_at(log_wage: Array) -> Array:
        return sales_slope(market_at(log_wage), tariff, base, technology.elasticity)

    slope = None if exact_slope else slope_at
    start = jnp.zeros_like(base.whole.income)
    return root(value_at, start, tolerance, most_iterations, slope)
