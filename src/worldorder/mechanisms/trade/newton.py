"""Fall-back where the accelerated iteration stalls: Newton's method with a line search."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax
from jax.flatten_util import ravel_pytree

from worldorder.mechanisms.trade.equilibrium import Change, Economy, Technology
from worldorder.mechanisms.trade.solver import Shock, Solution, equations

HALVINGS = 12


class _Point(NamedTuple):
    x: Array
    value: Array
    iterations: Array
    stuck: Array


def root(
    value_at: Callable[[Array], Array],
    start: Array,
    tolerance: float,
    most_iterations: int,
    slope_at: Callable[[Array], Array] | None = None,
) -> tuple[Array, Array, Array]:
    """Where a function is zero, by Newton's method; each step is halved until it helps.

    Costs a linear system of all equations a step. Stops early where no step of the search direction
    helps; the residual then says so.

    Args:
        value_at: the function, of vectors to vectors.
        start: where to begin.
        tolerance: largest absolute value that may be left.
        most_iterations: steps at most.
        slope_at: its derivative or one near to it; None is the derivative itself.

    Returns:
        The point, the largest absolute value there, and the iterations.
    """

    def size(value: Array) -> Array:
        return jnp.where(jnp.isfinite(value).all(), jnp.abs(value).max(), jnp.inf)

    slope = jax.jacfwd(value_at) if slope_at is None else slope_at

    def step(now: _Point) -> _Point:
        direction = jnp.linalg.solve(slope(now.x), -now.value)
        lengths = 0.5 ** jnp.arange(HALVINGS)
        values = lax.map(lambda length: value_at(now.x + length * direction), lengths)
        sizes = jax.vmap(size)(values)
        best = jnp.argmin(sizes)
        helps = sizes[best] < size(now.value)
        x = jnp.where(helps, now.x + lengths[best] * direction, now.x)
        value = jnp.where(helps, values[best], now.value)
        return _Point(x, value, now.iterations + 1, ~helps)

    def goes_on(now: _Point) -> Array:
        return (size(now.value) > tolerance) & (now.iterations < most_iterations) & ~now.stuck

    first = _Point(start, value_at(start), jnp.asarray(0), jnp.asarray(False))
    end = lax.while_loop(goes_on, step, first)
    return end.x, size(end.value), end.iterations


def newton(
    shock: Shock,
    base: Economy,
    technology: Technology,
    start: Change,
    tolerance: float,
    most_iterations: int,
) -> Solution:
    """Equilibrium by `root`, for the few cases in which the accelerated iteration stalls."""
    flat, unravel = ravel_pytree(start)

    def value_at(x: Array) -> Array:
        return ravel_pytree(equations(unravel(x), shock, base, technology))[0]

    x, residual, iterations = root(value_at, flat, tolerance, most_iterations)
    return Solution(unravel(x), residual, iterations)
