"""What can one country cost another by cutting it off?

Power over a partner is convex in the share that one supplies: the last inputs are the hardest to
replace (Clayton, Maggiori and Schreger 2023, NBER working paper 31852).
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

from worldorder.typing import ByTradeFlow, Scalar


def supply_cut_loss(share: ByTradeFlow, elasticity: Scalar) -> ByTradeFlow:
    r"""Loss of real income of the importer when the exporter stops selling to it, as a share.

    $$1 - (1 - \pi_{ij})^{1/\theta}$$

    At given wages: prices rise as the remaining suppliers take over. No loss from cutting oneself
    off is given (the diagonal is zero). Row cuts off column.

    Args:
        share: pi, exporter's share in the importer's expenditure.
        elasticity: theta, trade elasticity.
    """
    abroad = share * (1 - jnp.eye(share.shape[0], dtype=share.dtype))
    return -jnp.expm1(jnp.log1p(-jnp.minimum(abroad, 1.0)) / elasticity)


def sector_supply_cut_loss(
    supply_share: Float[Array, "sector exporter importer"],
    spending_share: Float[Array, "sector importer"],
    substitution: Float[Array, " sector"],
) -> ByTradeFlow:
    r"""The same over sectors, each replaceable to its own degree; row cuts off column.

    $$1 - \exp\left(-\sum_s \frac{b_{sj}}{\sigma_s - 1} \ln\frac{1}{1 - \omega_{sij}}\right)$$

    Args:
        supply_share: omega, exporter's share in what the importer spends in the sector.
        spending_share: b, sector's share in the importer's spending.
        substitution: sigma, elasticity of substitution between suppliers, above 1.
    """
    countries = supply_share.shape[1]
    abroad = jnp.minimum(supply_share, 1.0) * (1 - jnp.eye(countries, dtype=supply_share.dtype))
    hurt = spending_share / (substitution - 1)[:, None]
    return -jnp.expm1(jnp.einsum("sj,sij->ij", hurt, jnp.log1p(-abroad)))
