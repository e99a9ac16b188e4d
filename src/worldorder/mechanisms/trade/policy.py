"""Tariffs that serve their imposer best."""

from __future__ import annotations

import jax.numpy as jnp

from worldorder.typing import ByCountry, ByTradeFlow, Scalar


def export_supply_weight(
    flows: ByTradeFlow, spending: ByCountry, margin: ByCountry | float = 0.0
) -> ByCountry:
    r"""Share of a country's trade that its wage, and not its partner's, decides (delta).

    $$\delta_j = \frac{\sum_{i \ne j} X_{ji} (1 - \nu_i)(1 - \lambda_{ji})}
      {(1 - \nu_j)(E_j - X_{jj})},\qquad \lambda_{ji} = \frac{X_{ji}}{\sum_k X_{ki}}$$

    Args:
        flows: X, exporter by importer, home sales on the diagonal.
        spending: E. Ignatenko and others put income here for the retaliating bloc.
        margin: nu, share of the price earned where the good is sold.
    """
    margins = jnp.broadcast_to(jnp.asarray(margin), spending.shape)
    share = flows / flows.sum(0)
    abroad = flows * (1 - jnp.eye(flows.shape[0], dtype=flows.dtype))
    return (abroad * (1 - margins) * (1 - share)).sum(1) / (
        (1 - margins) * (spending - jnp.diagonal(flows))
    )


def optimal_tariff_ilms_2025(
    weight: Scalar | ByCountry, elasticity: Scalar, pass_through: Scalar | ByCountry
) -> Scalar | ByCountry:
    r"""Best uniform tariff of a country that meets no retaliation, ad valorem.

    $$t = \frac{1}{(1 + \delta \varepsilon)\varphi - 1}$$

    Args:
        weight: delta, see `export_supply_weight`.
        elasticity: epsilon, trade elasticity.
        pass_through: phi, of duties to consumer prices.

    Ignatenko, Lashkaripour, Macedoni and Simonovska (2025), Journal of International Economics.
    """
    return 1 / ((1 + weight * elasticity) * pass_through - 1)
