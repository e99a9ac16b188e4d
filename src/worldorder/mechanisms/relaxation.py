"""Relaxation toward a target that agrees at every length of the step."""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

from worldorder.typing import Scalar


def lost_in_step(rate: Float[Array, "*shape"], step_years: Scalar) -> Float[Array, "*shape"]:
    r"""Share of a gap that closes in one step, share.

    .. math:: 1 - e^{-k \Delta t}

    Args:
        rate: :math:`k`, 1/year.
        step_years: :math:`\Delta t`, year.
    """
    return -jnp.expm1(-rate * step_years)


def exact_average_rate(rate: Float[Array, "*shape"], step_years: Scalar) -> Float[Array, "*shape"]:
    r"""Rate that, held over the step, closes as much of a gap as relaxation does, 1/year.

    .. math:: (1 - e^{-k \Delta t}) / \Delta t

    Args:
        rate: :math:`k`, 1/year.
        step_years: :math:`\Delta t`, year.
    """
    return lost_in_step(rate, step_years) / step_years
