"""Fall-back where the accelerated iteration stalls: Newton's method with a line search."""

from __future__ import annotations

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


def newton(
    shock: Shock,
    base: Economy,
    technology: Technology,
    start: Change,
    tolerance: float,
    most_iterations: int,
) -> Solution:
    """Equilibrium by Newton's method from `start`; each step is halved until it helps.

    Costs a linear system of all equations a step, so it is for the few cases that need it. Stops
    early where no step of the search direction helps; the residual then says so.
    """
    flat, unravel = ravel_pytree(start)

    def value_at(x: Array) -> Array:
        return ravel_pytree(equations(unravel(x), shock, base, technology))[0]

    def size(value: Array) -> Array:
        return jnp.where(jnp.isfinite(value).all(), jnp.abs(value).max(), jnp.inf)

    def step(now: _Point) -> _Point:
        direction = jnp.linalg.solve(jax.jacfwd(value_at)(now.x), -now.value)
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

    first = _Point(flat, value_at(flat), jnp.asarray(0), jnp.asarray(False))
    end = lax.while_loop(goes_on, step, first)
    return Solution(unravel(end.x), size(end.value), end.iterations)
