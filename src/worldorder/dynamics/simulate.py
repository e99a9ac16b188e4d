"""One run: the scan over steps, measured at each turn of the year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
from jax import Array, lax

from worldorder.dynamics.levers import Levers, one_more_step, with_levers
from worldorder.dynamics.metrics import measure
from worldorder.dynamics.step import Clock, Run, now_of, take_step
from worldorder.mechanisms import capability
from worldorder.mechanisms.arming import burden_at_rest
from worldorder.mechanisms.credibility import usual_promises
from worldorder.mechanisms.disputes import imputed_peace
from worldorder.mechanisms.funding import imputed_start
from worldorder.mechanisms.new_bodies import with_likes
from worldorder.mechanisms.politics import start_at_home
from worldorder.mechanisms.reserve_currency import world_pull
from worldorder.random import Stream, stream_key
from worldorder.state import Diagnostics, Setting, World, neutral_diagnostics, no_conduct
from worldorder.typing import InstitutionMask, Scalar

# What is kept of a moment: world, diagnostics, setting, bodies in question, trade residual,
# parameter records of the run by mechanism.
Measure: TypeAlias = Callable[
    [World, Diagnostics, Setting, InstitutionMask, Scalar, Mapping[str, Any]], dict[str, Array]
]


def start_of_run(world: World, setting: Setting, run: Run) -> tuple[World, Setting]:
    """The world of 1 January of the start year, its unknown money and disputes drawn."""
    key = stream_key(run.salts["imputation"], run.number)
    money, disputes = Stream(key, jnp.uint32(0)), Stream(key, jnp.uint32(1))
    world, setting = imputed_start(world, setting, run.parameters["funding"], money)
    setting = with_likes(setting, Stream(key, jnp.uint32(2)))
    home = Stream(stream_key(run.salts["politics_start"], run.number), jnp.uint32(0))
    world = start_at_home(world, run.parameters["politics"], home)
    pull = world_pull(world, setting, run.parameters["reserve_currency"])
    nobody = Clock(jnp.float32(0.0), jnp.float32(0.0))
    seen = now_of(world, nobody, no_conduct(world), setting)
    seen = replace(seen, diagnostics=capability.diagnose(world, seen, run.parameters["capability"]))
    peace = imputed_peace(world, seen, run.parameters["disputes"], disputes)
    usual = usual_promises(world, run.parameters["credibility"])
    world = replace(world, peace_years=peace, promises=usual)
    rest = burden_at_rest(world, seen, run.parameters["arming"])
    return world, replace(setting, start_reserve_pull=pull, burden_at_rest=rest)


def simulate(
    world: World,
    setting: Setting,
    levers: Levers,
    focus: InstitutionMask,
    run: Run,
    steps_per_year: int,
    measured_as: Measure = measure,
    differentiable: bool = False,
) -> dict[str, Array]:
    """Quantities at each 1 January from the start to the end, shape (years + 1, ...).

    A mark is measured at the beginning of the step that starts with it, once the levers of that
    step are set; the last mark begins a step in which nobody acts. `trade_residual` is the
    largest since the mark before. Reverse mode goes through it where `differentiable`.
    """
    step_years = jnp.float32(1 / steps_per_year)
    world, setting = start_of_run(world, setting, run)
    acts = one_more_step(levers)
    setting = with_levers(setting, acts)
    steps = acts.leader_change.shape[0]

    def measured(now: World, seen: Diagnostics, worst: Scalar) -> dict[str, Array]:
        return measured_as(now, seen, setting, focus, worst, run.parameters)

    shapes = jax.eval_shape(measured, world, neutral_diagnostics(world, setting), jnp.float32(0.0))
    nothing = jax.tree.map(lambda x: jnp.zeros(x.shape, x.dtype), shapes)

    def step(
        carry: tuple[World, Scalar], inputs: tuple[Levers, Array]
    ) -> tuple[tuple[World, Scalar], dict[str, Array]]:
        before, worst = carry
        act, number = inputs
        is_mark = number % steps_per_year == 0

        def looked(now: World, seen: Diagnostics) -> tuple[Scalar, dict[str, Array]]:
            worse = jnp.maximum(worst, seen.trade_residual)
            kept = lax.cond(is_mark, lambda: measured(now, seen, worse), lambda: nothing)
            return jnp.where(is_mark, 0.0, worse), kept

        clock, unseen = Clock(number, step_years), (worst, nothing)
        after, (worse, kept) = take_step(
            before, act, clock, setting, run, looked, unseen, differentiable
        )
        return (after, worse), kept

    numbers = jnp.arange(steps, dtype=jnp.int32)
    _, kept = lax.scan(step, (world, jnp.float32(0.0)), (acts, numbers))
    return jax.tree.map(lambda x: x[::steps_per_year], kept)
