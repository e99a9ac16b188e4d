"""How much do two states matter to each other's trade?"""

from __future__ import annotations

import jax.numpy as jnp

from worldorder.mechanisms.pairs import larger
from worldorder.typing import ByDyad


def root_of_larger_share(dependence: ByDyad) -> ByDyad:
    r"""Square root of the larger share of one in the other's goods trade, symmetric.

    $$\sqrt{\max(s_{ij}, s_{ji})},\qquad s_{ij} = D_{ij} / \sum_k D_{ik}$$

    Args:
        dependence: $D$, trade of the row with the column over the GDP of the row.
    """
    share = dependence / jnp.maximum(dependence.sum(axis=1, keepdims=True), 1e-9)
    return jnp.sqrt(larger(share))
