"""The world economy before a shock, from a matrix of flows or of shares."""

from __future__ import annotations

from typing import Literal, TypeAlias

import jax.numpy as jnp

from worldorder.mechanisms.trade.equilibrium import Balance, Economy
from worldorder.typing import ByCountry, ByTradeFlow

Imbalances: TypeAlias = Literal["world", "fixed", "closed", "lending", "ratio"]


def world_balance(deficit: ByCountry, income: ByCountry) -> Balance:
    """Deficits keep their share of world income. Shares of world income, N each."""
    none = jnp.zeros_like(income)
    return Balance(none, none, deficit, income)


def anchored_balance(deficit: ByCountry, anchor: ByCountry) -> Balance:
    """Deficits are fixed in units of the wage of the countries with weight in `anchor`."""
    none = jnp.zeros_like(deficit)
    return Balance(none, none, deficit, anchor)


def closed_balance(income: ByCountry) -> Balance:
    """Every country spends what it earns, whatever it did at the baseline."""
    none = jnp.zeros_like(income)
    return Balance(none, none, none, income)


def ratio_balance(deficit: ByCountry, income: ByCountry) -> Balance:
    """Every country spends a fixed multiple of its income, scaled to what the world earns."""
    none = jnp.zeros_like(income)
    return Balance(-deficit / jnp.where(income > 0, income, 1.0), none, none, income)


def lending_balance(deficit: ByCountry, income: ByCountry) -> Balance:
    """Surplus countries lend a fixed share of income; deficit countries share the pool as before.

    Balances held in nominal terms have no equilibrium once a surplus country is cut off and earns
    less than its surplus; this one has.
    """
    none = jnp.zeros_like(income)
    lent, borrowed = jnp.maximum(-deficit, 0.0), jnp.maximum(deficit, 0.0)
    return Balance(
        lending=lent / jnp.where(income > 0, income, 1.0),
        borrowing=borrowed / jnp.maximum(borrowed.sum(), jnp.finfo(income.dtype).tiny),
        deficit=none,
        anchor=income,
    )


def balance_of(
    imbalances: Imbalances, deficit: ByCountry, income: ByCountry, anchor: ByCountry | None = None
) -> Balance:
    """The rule for deficits by its name; `anchor` is read where they are fixed."""
    if imbalances == "fixed":
        return anchored_balance(deficit, income if anchor is None else anchor)
    if imbalances == "closed":
        return closed_balance(income)
    rules = {"world": world_balance, "lending": lending_balance, "ratio": ratio_balance}
    return rules[imbalances](deficit, income)


def economy_of_flows(
    flows: ByTradeFlow,
    tariff: ByTradeFlow | None = None,
    distribution: ByCountry | None = None,
    imbalances: Imbalances = "world",
    anchor: ByCountry | None = None,
) -> Economy:
    r"""Baseline of flows before duties, home sales on the diagonal, in any unit of money.

    $$Y_i = \sum_j (1 - \nu_j) X_{ij} + \nu_i \sum_k X_{ki},\quad M_j = \sum_i X_{ij},\quad
      E_j = \sum_i (1 + t_{ij}) X_{ij},\quad D_j = M_j - Y_j$$
    """
    spent = flows.sum(0)
    income = flows.sum(1)
    if distribution is not None:
        income = flows @ (1 - distribution) + distribution * spent
    world = income.sum()
    paid = flows if tariff is None else flows * (1 + tariff)
    deficit, income = (spent - income) / world, income / world
    return Economy(
        share=paid / paid.sum(0),
        income=income,
        expenditure=paid.sum(0) / world,
        revenue=(paid.sum(0) - spent) / world,
        balance=balance_of(imbalances, deficit, income, anchor),
        world_income=world,
    )


def grown_economy(share: ByTradeFlow, expenditure: ByCountry, growth: ByCountry) -> Economy:
    r"""The baseline of `share` and `expenditure` after each economy has grown by a factor.

    $$\pi'_{ij} = \frac{g_i \pi_{ij}}{\sum_k g_k \pi_{kj}},\qquad E'_j = g_j E_j$$

    Larger economies sell and buy more, as in any gravity model; the wage stays at 1, so real income
    answers to trade policy only and growth is left to the growth path. Income is what is sold;
    what spending exceeds it by is borrowed from the surplus countries.
    """
    new_share = share * (growth[:, None] / (growth @ share)[None, :])
    spent = growth * expenditure
    sold = new_share @ spent
    world = sold.sum()
    spent, sold = spent / world, sold / world
    return Economy(
        share=new_share,
        income=sold,
        expenditure=spent,
        revenue=jnp.zeros_like(spent),
        balance=lending_balance(spent - sold, sold),
        world_income=world,
    )
