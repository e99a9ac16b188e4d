"""The world economy over sectors before a shock, from flows by sector."""

from __future__ import annotations

import jax.numpy as jnp

from worldorder.mechanisms.trade.baseline import Imbalances, balance_of
from worldorder.mechanisms.trade.equilibrium import Economy
from worldorder.mechanisms.trade.sectors import (
    ByInput,
    BySectorCountry,
    BySectorFlow,
    SectorEconomy,
)
from worldorder.typing import ByCountry


def sector_output(flows: BySectorFlow, distribution: ByCountry | None) -> BySectorCountry:
    r"""Sales of each sector, $R_{si} = \sum_j (1 - \nu_j) X_{sij} + \nu_i \sum_k X_{ski}$."""
    if distribution is None:
        return flows.sum(2)
    return flows @ (1 - distribution) + distribution * flows.sum(1)


def sector_economy(
    flows: BySectorFlow,
    tariff: BySectorFlow,
    distribution: ByCountry | None,
    inputs: ByInput | None,
    imbalances: Imbalances,
    anchor: ByCountry | None = None,
) -> SectorEconomy:
    r"""Baseline of flows before duties, home sales on the diagonal, in any unit of money.

    What is left of spending on a sector after inputs is final; labour earns what is left of sales.

    $$F_{rj} = E_{rj} - \sum_s g_{rsj} R_{sj},\qquad
      Y_j = \sum_s \bigl(1 - \sum_r g_{rsj}\bigr) R_{sj}$$
    """
    paid = flows * (1 + tariff)
    bought, output = paid.sum(1), sector_output(flows, distribution)
    value_added = jnp.ones_like(output) if inputs is None else 1 - inputs.sum(0)
    used = 0.0 if inputs is None else jnp.einsum("rsi,si->ri", inputs, output)
    final, income = bought - used, (value_added * output).sum(0)
    world, spent = income.sum(), final.sum(0)
    revenue = (bought - flows.sum(1)).sum(0)
    deficit, earned = (spent - revenue - income) / world, income / world
    whole = Economy(
        share=paid.sum(0) / bought.sum(0),
        income=earned,
        expenditure=spent / world,
        revenue=revenue / world,
        balance=balance_of(imbalances, deficit, earned, anchor),
        world_income=world,
    )
    return SectorEconomy(
        share=paid / jnp.where(bought > 0, bought, 1.0)[:, None, :],
        spent=bought / world,
        output=output / world,
        weight=final / spent,
        value_added=value_added,
        whole=whole,
    )
