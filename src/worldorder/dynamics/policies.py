"""Policies: rules by which a state sets its levers by itself, step by step.

Tit for tat (Axelrod 1984, The Evolution of Cooperation) answers duties and exercises in kind.
Reactive by stance puts duties on those who oppose the state, for as long as they do. A state whose
duties a policy sets has none from levers. With neither it keeps what levers set: the status quo.
"""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
from jax import lax

from worldorder.dynamics.levers import Levers
from worldorder.state import Conduct, World
from worldorder.typing import ByCountry, ByDyad

_RECENT = 3.0  # years in which a dispute makes a state an opponent, as in `mechanisms.stance`


def answered(own: ByDyad, others: ByDyad, strength: ByCountry) -> ByDyad:
    r"""What a state does with an answer in kind: $s_i x_{ji}$ where it answers, else its own.

    Args:
        own: what the row does to the column.
        others: $x$, what was done to it, in the same unit.
        strength: $s$, share that is answered; 0 where the state has no such policy.
    """
    return jnp.where(strength[:, None] > 0.0, strength[:, None] * others.T, own)


def on_opponents(own: ByDyad, world: World, duty: ByCountry) -> ByDyad:
    """Duty on states that oppose the row, and none on others; its own where it has no policy.

    Opponents are rivals and those with whom a dispute is open or began in the last three years.
    """
    recent = (world.peace_years < _RECENT) & ~jnp.eye(len(duty), dtype=bool)
    opposed = (world.rivalry > 0.0) | (world.dispute > 0.0) | recent
    set_by_rule = duty[:, None] * opposed.astype(own.dtype)
    return jnp.where(duty[:, None] > 0.0, set_by_rule, own)


def follow_policies(
    before: World, acted: World, conduct: Conduct, now: Levers
) -> tuple[World, Conduct]:
    """World and conduct of a step once the policies have acted.

    Duties are answered a step later, exercises in the same step.

    Args:
        before: the world at the end of the last step.
        acted: the same with the levers of this step.
        conduct: what the levers do.
        now: one step's slice of the levers.
    """

    def followed() -> tuple[ByDyad, ByDyad]:
        duty = answered(acted.tariff, before.tariff, now.tit_for_tat)
        answer = answered(jnp.zeros_like(duty), conduct.exercise, now.tit_for_tat)
        return on_opponents(duty, acted, now.reactive), jnp.maximum(conduct.exercise, answer)

    followers = (now.tit_for_tat > 0.0).any() | (now.reactive > 0.0).any()
    tariff, exercise = lax.cond(followers, followed, lambda: (acted.tariff, conduct.exercise))
    rise = conduct.tariff_rise + (tariff - acted.tariff)
    return replace(acted, tariff=tariff), replace(conduct, tariff_rise=rise, exercise=exercise)
