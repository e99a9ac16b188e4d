"""What is done in a step: levers move, then policies answer. In most steps nobody acts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from jax import Array, lax

from worldorder.dynamics.levers import Levers, anyone_acts, apply_levers, idle_conduct
from worldorder.dynamics.policies import follow_policies
from worldorder.state import Conduct, World
from worldorder.typing import ByHolding

SET: Final = (  # what levers and policies set in the world
    "tariff", "sanction", "aid", "sphere_recognition", "consultation", "mediation", "veto",
    "defence_pact", "membership", "contribution", "recent_exits",
)  # fmt: skip
DONE: Final = (  # what they tell of the step
    "tariff_rise", "threat", "sanction_rise", "exercise", "recognition", "aid", "withdrawal",
    "acts",
)  # fmt: skip


def _of(whole: Any, names: tuple[str, ...]) -> dict[str, Array]:
    return {name: getattr(whole, name) for name in names}


def act(world: World, now: Levers, start_contribution: ByHolding) -> tuple[World, Conduct]:
    """World after the levers and policies of a step, and what was done in it."""
    idle = idle_conduct(world, now)

    def acting() -> tuple[dict[str, Array], dict[str, Array]]:
        acted, conduct = apply_levers(world, now, start_contribution)
        acted, conduct = follow_policies(world, acted, conduct, now)
        return _of(acted, SET), _of(conduct, DONE)

    changed, done = lax.cond(anyone_acts(now), acting, lambda: (_of(world, SET), _of(idle, DONE)))
    return replace(world, **changed), replace(idle, **done)
