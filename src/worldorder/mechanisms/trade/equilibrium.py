"""What do wages, trade and prices become when the costs of trade change?

General equilibrium in changes ("exact hat algebra"; Dekle, Eaton and Kortum 2008,
doi:10.1057/imfsp.2008.17; Costinot and Rodriguez-Clare 2014,
doi:10.1016/B978-0-444-54314-1.00004-5). Armington, Eaton-Kortum and Krugman economies are the same
here up to the meaning of the elasticity.

Everything is measured in units of world income at the baseline, which is the numeraire. Trade
matrices have the exporter in the row and the importer in the column.
"""

from __future__ import annotations

import jax.numpy as jnp

from worldorder.state import pytree
from worldorder.typing import ByCountry, ByTradeFlow, Scalar


@pytree
class Economy:
    """The world economy before the shock."""

    share: ByTradeFlow  # pi, exporter's share in the importer's expenditure; columns sum to 1
    income: ByCountry  # Y, share of world income; sums to 1
    lending: ByCountry  # share of income that a surplus country does not spend
    borrowing: ByCountry  # share in what is lent that a deficit country spends; sums to 1
    expenditure: ByCountry  # E, share of world income
    world_income: Scalar  # in the unit of the expenditure given


@pytree
class Demand:
    """Spending and its direction at given wages."""

    supply: ByCountry  # v = w^-theta, by exporter
    spending: ByCountry  # M, before duties, by importer
    outlay: ByCountry  # M / psi, by importer: flow from i to j is K_ij v_i outlay_j
    sales: ByCountry  # sum of flows by exporter, at home and abroad


def economy(share: ByTradeFlow, expenditure: ByCountry, growth: ByCountry) -> Economy:
    r"""The baseline of `share` and `expenditure` after each economy has grown by a factor.

    $$\pi'_{ij} = \frac{g_i \pi_{ij}}{\sum_k g_k \pi_{kj}},\qquad E'_j = g_j E_j$$

    Larger economies sell and buy more, as in any gravity model; the wage stays at 1, so real income
    answers to trade policy only and growth is left to the growth path. Income is what is sold;
    what spending exceeds it by is borrowed from the surplus countries.
    """
    new_share = share * (growth[:, None] / (growth @ share)[None, :])
    spent = growth * expenditure
    income = new_share @ spent
    borrowed = jnp.maximum(spent - income, 0.0)
    lent = jnp.maximum(income - spent, 0.0)
    return Economy(
        share=new_share,
        income=income / income.sum(),
        lending=lent / jnp.where(income > 0, income, 1.0),
        borrowing=borrowed / jnp.maximum(borrowed.sum(), jnp.finfo(share.dtype).tiny),
        expenditure=spent / income.sum(),
        world_income=income.sum(),
    )


def access(
    share: ByTradeFlow, tariff: ByTradeFlow, cost_factor: ByTradeFlow, elasticity: Scalar
) -> ByTradeFlow:
    r"""Flows before duties at baseline wages, per unit of spending.

    $$K_{ij} = \pi_{ij}\, d_{ij}\, (1 + t_{ij})^{-\theta - 1}$$

    Args:
        share: baseline share pi.
        tariff: t, ad valorem, added to the baseline.
        cost_factor: d, factor on trade from costs that yield no revenue: (new cost / old)^-theta.
        elasticity: theta, trade elasticity.
    """
    return share * cost_factor * jnp.exp((-elasticity - 1) * jnp.log(1 + tariff))


def spending(income: ByCountry, base: Economy, transfer: ByCountry) -> ByCountry:
    r"""Spending before duties: income, less what is lent, plus what is borrowed and given.

    $$M_j = (1 - l_j)\, y_j + b_j \sum_k l_k y_k + T_j$$

    A surplus country lends a fixed share of its income and deficit countries share the pool as at
    the baseline. Balances held in nominal terms instead would have no equilibrium once a surplus
    country is cut off and earns less than its surplus.
    """
    lent = base.lending * income
    return income - lent + base.borrowing * lent.sum() + transfer


def demand(
    log_wage: ByCountry,
    access: ByTradeFlow,
    base: Economy,
    transfer: ByCountry,
    elasticity: Scalar,
) -> Demand:
    r"""Who buys how much from whom at given wages.

    $$X_{ij} = K_{ij} v_i \frac{M_j}{\psi_j},\quad v_i = w_i^{-\theta},\quad
      \psi_j = \sum_k K_{kj} v_k$$

    Working before duties needs one matrix and two products with it: revenue cancels.
    """
    supply = jnp.exp(-elasticity * log_wage)
    spent = spending(jnp.exp(log_wage) * base.income, base, transfer)
    outlay = spent / (supply @ access)
    return Demand(supply, spent, outlay, supply * (access @ outlay))


def price(
    bought: Demand, access: ByTradeFlow, tariff: ByTradeFlow, elasticity: Scalar
) -> ByCountry:
    r"""Consumer price, new over baseline: $P_j = (\sum_i K_{ij}(1 + t_{ij}) v_i)^{-1/\theta}$."""
    return (bought.supply @ (access * (1 + tariff))) ** (-1 / elasticity)
