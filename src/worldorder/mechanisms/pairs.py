"""What two states have in common, as matrices over all pairs."""

from __future__ import annotations

import jax.numpy as jnp
from jax import lax

from worldorder.typing import ByCountry, ByDyad


def larger(values: ByDyad) -> ByDyad:
    """The larger of both directions, symmetric."""
    # turned first: a transposed read inside a long formula is slow
    return jnp.maximum(values, lax.optimization_barrier(values.T))


def gap(values: ByCountry) -> ByDyad:
    """Absolute difference of two states."""
    return jnp.abs(values[:, None] - values[None, :])


def sum_of_both(row: ByCountry, column: ByCountry) -> ByDyad:
    """Sum of what is the row's and what is the column's."""
    # a matrix product, or the compiler makes both vectors anew for every pair
    one = jnp.ones_like(row)
    return jnp.stack([row, one], axis=1) @ jnp.stack([one, column])
