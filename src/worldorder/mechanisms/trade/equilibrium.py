"""What do wages, trade and prices become when the costs of trade change?

General equilibrium in changes ("exact hat algebra"; Dekle, Eaton and Kortum 2008,
doi:10.1057/imfsp.2008.17; Costinot and Rodriguez-Clare 2014,
doi:10.1016/B978-0-444-54314-1.00004-5). Armington, Eaton-Kortum and Krugman economies are the same
here up to the meaning of the elasticity; labour supply, scale, distribution margins, incomplete
pass-through and intermediate inputs are options of `Technology`, and what a country spends beyond
its income follows its `Balance`.

Money is in units of world income at the baseline. Trade matrices have the exporter in the row and
the importer in the column. N countries.
"""

from __future__ import annotations

import jax.numpy as jnp

from worldorder.state import pytree
from worldorder.typing import ByCountry, ByTradeFlow, Scalar


@pytree
class Balance:
    """What a country spends beyond what it earns."""

    lending: ByCountry  # l, share of income that is not spent at home
    borrowing: ByCountry  # b, share in all that is lent
    deficit: ByCountry  # D, spending beyond income, indexed by `anchor`
    anchor: ByCountry  # a, weights (sum 1) of the incomes that index the deficit


@pytree
class Economy:
    """The world economy before the shock."""

    share: ByTradeFlow  # pi, exporter's share in the importer's expenditure; columns sum to 1
    income: ByCountry  # Y, share of world income; sums to 1
    expenditure: ByCountry  # E, duties included, share of world income
    revenue: ByCountry  # R, from duties, share of world income
    balance: Balance
    world_income: Scalar  # in the unit of the flows given


@pytree
class Technology:
    """How trade, work and prices respond. None leaves a response out altogether."""

    elasticity: Scalar  # theta or epsilon, of trade to its cost
    income_response: Scalar | float = 1.0  # 1: income follows wages; 0: conditional on income
    labour_supply: Scalar | None = None  # kappa, of labour to the real wage
    relief: Scalar | None = None  # 1: revenue lowers the tax on labour; None or 0: lump sum
    scale: Scalar | None = None  # psi, of unit cost to employment
    pass_through: ByCountry | None = None  # phi, by importer, of duties to consumer prices
    distribution: ByCountry | None = None  # nu, share of the price earned where it is sold
    value_added: Scalar | None = None  # beta, share of output; the rest is bought from all


@pytree
class Change:
    """What the equilibrium is in: logs of new over old."""

    wage: ByCountry
    labour: ByCountry | None = None  # where labour supply responds
    price: ByCountry | None = None  # where intermediate inputs are bought


@pytree
class Market:
    """Spending and its direction at given wages."""

    supply: ByCountry  # v = (unit cost)^-theta, by exporter
    income: ByCountry  # y
    spending: ByCountry  # M, before duties, by importer
    outlay: ByCountry  # M / psi, by importer: the flow from i to j is K_ij v_i outlay_j
    sales: ByCountry  # what is earned from sales, by country


def access(
    share: ByTradeFlow,
    tariff: ByTradeFlow,
    cost_factor: ByTradeFlow,
    technology: Technology,
    barrier: ByTradeFlow | float = 0.0,
) -> ByTradeFlow:
    r"""Flows before duties at baseline wages, per unit of spending.

    $$K_{ij} = \pi_{ij}\, d_{ij}\, e^{b_{ij}} (1 + t_{ij})^{-\theta\phi_j - 1}$$

    Args:
        share: baseline share pi.
        tariff: t, ad valorem.
        cost_factor: d, factor on trade from costs that yield no revenue: (new cost / old)^-theta.
        technology: elasticity and pass-through.
        barrier: b, log of a further such factor; with the duty it takes one exponential.
    """
    response = technology.elasticity
    if technology.pass_through is not None:
        response = technology.elasticity * technology.pass_through
    return share * cost_factor * jnp.exp(barrier + (-response - 1) * jnp.log(1 + tariff))


def spending(income: ByCountry, base: Economy, transfer: ByCountry) -> ByCountry:
    r"""Spending before duties: income, less what is lent, plus what is borrowed and given.

    $$M_j \propto (1 - l_j)\, y_j + b_j \sum_k l_k y_k + D_j \sum_k a_k \frac{y_k}{Y_k} + T_j$$

    The world spends what it earns: a rule that does not add up to that is scaled until it does.
    """
    balance = base.balance
    lent = balance.lending * income
    earned = jnp.where(base.income > 0, base.income, 1.0)
    index = balance.anchor @ (income / earned)
    spent = income - lent + balance.borrowing * lent.sum() + balance.deficit * index + transfer
    return spent * (income.sum() / spent.sum())


def unit_cost(change: Change, technology: Technology) -> ByCountry:
    r"""Log change of the cost of a unit, $\beta w + (1 - \beta) P - \psi L$ in logs."""
    cost = change.wage
    if technology.value_added is not None and change.price is not None:
        cost = technology.value_added * cost + (1 - technology.value_added) * change.price
    if technology.scale is not None and change.labour is not None:
        cost = cost - technology.scale * change.labour
    return cost


def market(
    change: Change,
    opened: ByTradeFlow,
    base: Economy,
    technology: Technology,
    transfer: ByCountry,
) -> Market:
    r"""Who buys how much from whom at given wages, labour and prices.

    $$X_{ij} = K_{ij} v_i \frac{M_j}{\psi_j},\quad v_i = c_i^{-\theta},\quad
      \psi_j = \sum_k K_{kj} v_k,\quad
      s_i = \sum_j (1 - \nu_j) X_{ij} + \nu_i M_i$$

    Working before duties needs one matrix and two products with it: revenue cancels.
    """
    supply = jnp.exp(-technology.elasticity * unit_cost(change, technology))
    worked = 0.0 if change.labour is None else change.labour
    income = jnp.exp(technology.income_response * change.wage + worked) * base.income
    spent = spending(income, base, transfer)
    outlay = spent / (supply @ opened)
    margin = technology.distribution
    if margin is None:
        sales = supply * (opened @ outlay)
    else:
        sales = supply * (opened @ ((1 - margin) * outlay)) + margin * spent
    return Market(supply, income, spent, outlay, sales)


def variety_index(found: Market, opened: ByTradeFlow, tariff: ByTradeFlow) -> ByCountry:
    r"""$\Phi_j = \sum_i K_{ij} (1 + t_{ij}) v_i$, duties included."""
    return found.supply @ (opened * (1 + tariff))


def price(
    change: Change,
    found: Market,
    variety: ByCountry,
    base: Economy,
    technology: Technology,
) -> ByCountry:
    r"""Consumer price, new over baseline.

    $$P_j = \Phi_j^{-1/\theta} \left(\frac{\hat E_j}{w_j}\right)^{1 - \phi_j}$$
    """
    level = variety ** (-1 / technology.elasticity)
    if technology.pass_through is None:
        return level
    expenditure = found.outlay * variety / base.expenditure
    return level * (expenditure / jnp.exp(change.wage)) ** (1 - technology.pass_through)


def labour(
    change: Change, found: Market, prices: ByCountry, revenue: ByCountry, technology: Technology
) -> ByCountry:
    r"""Log of the labour that is offered, $\kappa \ln(\hat\tau w / P)$.

    Revenue that replaces a tax on labour income raises what is kept of it:
    $\hat\tau = 1 / (1 - R / \beta y)$.
    """
    kept = change.wage - jnp.log(prices)
    if technology.relief is not None:
        earned = labour_share(technology) * found.income
        kept = kept - technology.relief * jnp.log1p(-revenue / earned)
    return (
        jnp.zeros_like(kept)
        if technology.labour_supply is None
        else (technology.labour_supply * kept)
    )


def labour_share(technology: Technology) -> Scalar | float:
    """Share of sales that is earned by labour; the rest pays for inputs."""
    return 1.0 if technology.value_added is None else technology.value_added
