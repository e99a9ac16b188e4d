"""What moved one state in one run: each mechanism's part at every step, and what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from worldorder.dynamics.ensemble import Ensemble, drawn_parameters, switches_and_salts
from worldorder.dynamics.levers import Levers, one_more_step, with_levers
from worldorder.dynamics.simulate import start_of_run
from worldorder.dynamics.step import (
    Clock,
    Run,
    after_shifts,
    after_shocks,
    moved,
    opened,
    stream_of,
    take_step,
)
from worldorder.mechanisms.catalogue import CATALOGUE
from worldorder.mechanisms.stance import StanceParameters, utilities
from worldorder.state import Now, Setting, World
from worldorder.typing import Scalar

# What is utility of aligning or opposing by name: parameters "align_x" and "oppose_x" weigh x.
STANCE_TERMS: Final = tuple(
    dict.fromkeys(field.name.split("_", 1)[1] for field in fields(StanceParameters))
)
PARTS: Final = tuple(
    (name, kind)
    for name, mechanism in CATALOGUE.items()
    for kind in ("events", "drift")
    if (
        mechanism.events or mechanism.chance
        if kind == "events"
        else mechanism.tendency or mechanism.settle
    )
)
MOVED: Final = ("ideal_point", "trust", "gdp", "approval", "orientation")

Path = Mapping[str, np.ndarray[Any, np.dtype[np.float32]]]


def traced_run(ensemble: Ensemble, number: int, state: int, toward: int) -> Path:
    """One run again, step by step, as one state sees it.

    Args:
        ensemble: that of the job.
        number: of the run.
        state: index of the state.
        toward: place among the great powers of the one it is seen against.

    Returns:
        Arrays by name with the step first, of shape (steps + 1, ...): levels, `part_*` of each of
        `MOVED` by `PARTS` (over the step that begins), `stance_terms` (align and oppose by
        `STANCE_TERMS`), and what happened.
    """
    drawn = {
        name: {key: values[0] for key, values in named.items()}
        for name, named in drawn_parameters(ensemble, np.array([number])).items()
    }
    chance = number if ensemble.chance is None else int(ensemble.chance[number])
    shared = switches_and_salts(ensemble)
    arguments = (
        ensemble.world,
        ensemble.setting,
        ensemble.levers,
        *jax.device_put((shared, (np.uint32(chance), drawn), (np.int32(state), np.int32(toward)))),
    )
    found = _TRACED[ensemble.steps_per_year](*arguments)
    return {name: np.asarray(values) for name, values in found.items()}


def _traced(steps_per_year: int) -> Any:
    def traced(
        world: World, setting: Setting, levers: Levers, shared: Any, each: Any, who: Any
    ) -> dict[str, Array]:
        number, drawn = each
        parameters = {name: m.parameters(**drawn[name]) for name, m in CATALOGUE.items()}
        run = Run(number, parameters, *shared)
        state, toward = who
        world, setting = start_of_run(world, setting, run)
        acts = one_more_step(levers)
        setting = with_levers(setting, acts)
        length = jnp.float32(1 / steps_per_year)

        def step(before: World, inputs: tuple[Levers, Array]) -> tuple[World, dict[str, Array]]:
            levers, place = inputs
            clock = Clock(place, length)
            acted, now = opened(before, levers, clock, setting, run)
            after, _ = take_step(before, levers, clock, setting, run, lambda *_: None, None)
            return after, _seen(before, acted, after, now, run, state, toward)

        numbers = jnp.arange(acts.leader_change.shape[0], dtype=jnp.int32)
        return lax.scan(step, world, (acts, numbers))[1]

    return jax.jit(traced)


_TRACED: Final = {steps: _traced(steps) for steps in (1, 4, 12)}


def _seen(
    before: World, acted: World, after: World, now: Now, run: Run, state: Array, toward: Array
) -> dict[str, Array]:
    power = now.setting.great_power[toward]
    seen = now.diagnostics
    return {
        "align": seen.align[state, toward],
        "oppose": seen.oppose[state, toward],
        "ideal_point": acted.ideal_point[state],
        "trust": _trust(acted, state, power),
        "gdp": seen.gdp[state],
        "approval": acted.approval[state],
        "orientation": acted.orientation[state],
        "stance_terms": _stance_terms(acted, now, run, state, toward),
        **_parts(acted, now, run, state, power),
        **_happened(before, acted, after, now, state, power),
    }


def _stance_terms(world: World, now: Now, run: Run, state: Array, toward: Array) -> Array:
    """Terms of the utilities: they are linear in the weights, so each weight alone gives its own.

    Shape (2, term): of aligning, of opposing.
    """
    params: StanceParameters = run.parameters["stance"]
    nothing = jax.tree.map(jnp.zeros_like, params)

    def alone(name: str) -> Array:
        own = {
            f"{side}_{name}": getattr(params, f"{side}_{name}")
            for side in ("align", "oppose")
            if hasattr(params, f"{side}_{name}")
        }
        found = utilities(world, now, replace(nothing, **own))
        return jnp.stack([one[state, toward] for one in found])

    return jnp.stack([alone(name) for name in STANCE_TERMS], axis=1)


def _parts(world: World, now: Now, run: Run, state: Array, power: Array) -> dict[str, Array]:
    """What each mechanism adds to what moved, until the next step."""
    found: dict[str, list[Array]] = {f"part_{name}": [] for name in MOVED}
    for name, kind in PARTS:
        part = _happening if kind == "events" else _drifting
        own, on = part(name, world, now, run), run.switches[name]
        change = _difference(world, own, state, power)
        if kind == "events":
            world = replace(
                world,
                trust_fast=jnp.where(on, own.trust_fast, world.trust_fast),
                trust_slow=jnp.where(on, own.trust_slow, world.trust_slow),
            )
        for key, value in change.items():
            found[f"part_{key}"].append(jnp.where(on, value, 0.0))
    return {key: jnp.stack(values) for key, values in found.items()}


def _happening(name: str, world: World, now: Now, run: Run) -> World:
    """World with the events and the chance of one mechanism in the step."""
    mechanism, params = CATALOGUE[name], run.parameters[name]
    stream = stream_of(name, now, run)
    if mechanism.events is not None:
        world = after_shifts(world, mechanism.events(world, now, params, stream))
    if mechanism.chance is not None:
        world = after_shocks(world, mechanism.chance(world, now, params, stream))
    return world


def _drifting(name: str, world: World, now: Now, run: Run) -> World:
    """World a step later by the tendency and the settling of one mechanism."""
    mechanism, params = CATALOGUE[name], run.parameters[name]
    if mechanism.tendency is not None:
        world = moved(world, mechanism.tendency(world, now, params), now.step_years)
    if mechanism.settle is not None:
        later = replace(now, years=now.years + now.step_years, elapsed=now.step_years)
        world = mechanism.settle(world, later, params, stream_of(name, now, run))
    return world


def _difference(before: World, after: World, state: Array, power: Array) -> dict[str, Scalar]:
    gone, now = before.underlying_gdp[state], after.underlying_gdp[state]
    return {
        "ideal_point": after.ideal_point[state] - before.ideal_point[state],
        "trust": _trust(after, state, power) - _trust(before, state, power),
        "gdp": jnp.log(now / gone),
        "approval": after.approval[state] - before.approval[state],
        "orientation": after.orientation[state] - before.orientation[state],
    }


def _trust(world: World, state: Array, power: Array) -> Scalar:
    return world.trust_fast[state, power] + world.trust_slow[state, power]


def _happened(
    before: World, acted: World, after: World, now: Now, state: Array, power: Array
) -> dict[str, Array]:
    """Dated facts of the step, of the state and the power; 0 where nothing happened."""
    conduct = now.conduct
    tied = [
        jnp.maximum(one.defence_pact, one.defence_pact.T)[state, power] for one in (acted, after)
    ]
    exits = (before.membership & ~after.membership).sum(1).astype(jnp.float32)
    joined = (after.membership & ~before.membership).sum(1).astype(jnp.float32)
    leaders = conduct.leader_change.astype(jnp.float32)
    sanctions = after.sanction - before.sanction
    acts = {
        "tariff": conduct.tariff_rise,
        "threat": conduct.threat,
        "exercise": conduct.exercise,
        "sanction": sanctions,
        "recognition": conduct.recognition,
    }
    return {
        **{f"{name}_received": one[power, state] for name, one in acts.items()},
        **{f"{name}_sent": one[state, power] for name, one in acts.items()},
        "dispute": after.dispute[state, power] - acted.dispute[state, power],
        "pact": tied[1] - tied[0],
        "left": exits[state],
        "left_by_power": exits[power],
        "joined": joined[state],
        "leader": leaders[state],
        "leader_of_power": leaders[power],
    }
