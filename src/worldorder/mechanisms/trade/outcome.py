"""What an equilibrium means for each country: income, prices, welfare, flows."""

from __future__ import annotations

import jax.numpy as jnp

from worldorder.mechanisms.trade.equilibrium import (
    Change,
    Economy,
    Market,
    Technology,
    labour_share,
    market,
    price,
    variety_index,
)
from worldorder.mechanisms.trade.solver import Shock, excess_demand
from worldorder.state import pytree
from worldorder.typing import ByCountry, ByTradeFlow


@pytree
class Outcome:
    """New over old where a field is a change; money in the unit of the economy's flows."""

    wage: ByCountry  # change; world income at old labour is the numeraire
    price: ByCountry  # change of consumer prices
    employment: ByCountry  # change
    real_income: ByCountry  # change of income and revenue over consumer prices
    welfare: ByCountry  # change, see `welfare`
    income: ByCountry  # earned from sales
    expenditure: ByCountry  # duties included
    revenue: ByCountry  # from duties
    spending: ByCountry  # before duties: column sums of the flows
    sales: ByCountry  # row sums of the flows, without distribution margins
    flows: ByTradeFlow  # before duties
    excess_demand: ByCountry  # log of sales over income that is left


def welfare(
    expenditure: ByCountry,
    earnings: ByCountry,
    prices: ByCountry,
    tax: ByCountry,
    base: Economy,
    technology: Technology,
) -> ByCountry:
    r"""Change of welfare: real expenditure less the toil that earned it.

    $$\delta \frac{\hat E}{P} + (1 - \delta) \frac{w L}{P},\qquad
      \delta = \frac{E}{E - \frac{\kappa}{1 + \kappa} (1 - \tau) Y}$$

    Without a response of labour supply it is real expenditure.

    Args:
        expenditure: change of final expenditure, E hat.
        earnings: change of labour income, w L.
        prices: change of consumer prices, P.
        tax: tau, share of income taxed at the baseline that duties now replace.
        base: baseline with E and Y, of which inputs are taken off.
        technology: with kappa.

    Ignatenko, Lashkaripour, Macedoni and Simonovska (2025), Journal of International Economics.
    """
    if technology.labour_supply is None:
        return expenditure / prices
    effort = technology.labour_supply / (1 + technology.labour_supply)
    final, earned = final_of(base.expenditure, base.income, technology)
    weight = final / (final - effort * (1 - tax) * earned)
    return (weight * expenditure + (1 - weight) * earnings) / prices


def final_of(
    expenditure: ByCountry, income: ByCountry, technology: Technology
) -> tuple[ByCountry, ByCountry]:
    r"""Spending less what is bought as inputs, and what labour earns.

    $$E - (1 - \beta) Y,\qquad \beta Y$$
    """
    earned = labour_share(technology) * income
    return expenditure - (income - earned), earned


def _tax_replaced(found: Market, revenue: ByCountry, technology: Technology) -> ByCountry:
    if technology.relief is None:
        return jnp.zeros_like(revenue)
    return technology.relief * revenue / (labour_share(technology) * found.income)


def outcome(change: Change, shock: Shock, base: Economy, technology: Technology) -> Outcome:
    """Everything that follows from the solver's solution."""
    found = market(change, shock.opened, base, technology, shock.transfer)
    variety = variety_index(found, shock.opened, shock.tariff)
    prices = price(change, found, variety, base, technology)
    expenditure = found.outlay * variety
    revenue = expenditure - found.spending
    made = base.income > 0
    income = jnp.where(made, base.income, 1.0)
    earnings = found.income / income
    tax = _tax_replaced(found, revenue, technology)
    final, earned = final_of(expenditure, found.income, technology)
    final_before, earned_before = final_of(base.expenditure, income, technology)
    gain = welfare(final / final_before, earnings, prices, tax, base, technology)
    real = (earned + revenue) / (earned_before + base.revenue) / prices
    unit = base.world_income
    return Outcome(
        wage=jnp.exp(change.wage),
        price=prices,
        employment=jnp.ones_like(prices) if change.labour is None else jnp.exp(change.labour),
        real_income=jnp.where(made, real, 1.0),
        welfare=jnp.where(made, gain, 1.0),
        income=unit * found.income,
        expenditure=unit * expenditure,
        revenue=unit * revenue,
        spending=unit * found.spending,
        sales=unit * found.supply * (shock.opened @ found.outlay),
        flows=shock.opened * found.supply[:, None] * (unit * found.outlay)[None, :],
        excess_demand=excess_demand(found),
    )
