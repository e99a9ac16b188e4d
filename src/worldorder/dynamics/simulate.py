"""One run: the scan over steps, measured at each turn of the year."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from jax import Array, lax

from worldorder.dynamics.levers import Levers
from worldorder.dynamics.metrics import measure
from worldorder.dynamics.step import Clock, Run, observe, take_step
from worldorder.mechanisms.funding import imputed_start
from worldorder.random import Stream, stream_key
from worldorder.state import Setting, World
from worldorder.typing import InstitutionMask, Scalar


def start_of_run(world: World, setting: Setting, run: Run) -> tuple[World, Setting]:
    """The world of 1 January of the start year, its unknown money drawn for this run."""
    stream = Stream(stream_key(run.salts["imputation"], run.number), jnp.uint32(0))
    return imputed_start(world, setting, run.parameters["funding"], stream)


def simulate(
    world: World,
    setting: Setting,
    levers: Levers,
    focus: InstitutionMask,
    run: Run,
    steps_per_year: int,
) -> dict[str, Array]:
    """Quantities at the start and at each turn of the year, stacked over marks (years + 1)."""
    step_years = jnp.float32(1 / steps_per_year)
    world, setting = start_of_run(world, setting, run)
    by_year = jax.tree.map(lambda x: x.reshape(-1, steps_per_year, *x.shape[1:]), levers)
    years = by_year.leader_change.shape[0]

    def step(
        carry: tuple[World, Scalar], inputs: tuple[Levers, Array]
    ) -> tuple[tuple[World, Scalar], None]:
        now, worst = carry
        levers_now, number = inputs
        after, seen = take_step(now, levers_now, Clock(number, step_years), setting, run)
        return (after, jnp.maximum(worst, seen.trade_residual)), None

    def year(now: World, inputs: tuple[Levers, Array]) -> tuple[World, dict[str, Array]]:
        (after, worst), _ = lax.scan(step, (now, jnp.float32(0.0)), inputs)
        last = inputs[1][-1]
        return after, mark(after, last, worst)

    def mark(now: World, number: Array, worst: Scalar) -> dict[str, Array]:
        seen = observe(now, Clock(number, step_years), setting, run)
        return measure(now, seen, setting, focus, jnp.maximum(worst, seen.trade_residual))

    numbers = jnp.arange(years * steps_per_year, dtype=jnp.int32).reshape(years, steps_per_year)
    first = mark(world, jnp.int32(0), jnp.float32(0.0))
    _, rest = lax.scan(year, world, (by_year, numbers))
    return jax.tree.map(_stack, first, rest)


def _stack(first: Any, rest: Any) -> Array:
    return jnp.concatenate([first[None], rest])
