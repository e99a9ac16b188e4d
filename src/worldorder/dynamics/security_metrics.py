"""What is kept of security at each mark: disputes, wars and those among the great powers."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from worldorder.mechanisms.concert import members_of
from worldorder.state import Diagnostics, Setting, World
from worldorder.typing import Scalar


def _pairs(happens: Array) -> Scalar:
    return happens.sum().astype(jnp.float32) / 2.0


def ties(world: World, seen: Diagnostics, setting: Setting) -> dict[str, Array]:
    """Defence ties of each state, pacts founded, threat by the leading state, the concert."""
    leader = setting.leading_state.astype(jnp.float32)
    tied = jnp.maximum(world.defence_pact, world.defence_pact.T)
    return {
        "defence_ties": tied.sum(1),
        "tied_to_leading_state": jnp.where(setting.leading_state, jnp.nan, tied @ leader),
        "threat_from_leading_state": jnp.where(
            setting.leading_state, jnp.nan, seen.threat @ leader
        ),
        "pacts_founded": world.pact_group.max(),
        "concert_members": members_of(world, setting.great_power).sum(),
    }


def conflict(world: World, setting: Setting) -> dict[str, Array]:
    """Open disputes and wars of each state, pairs that began one, and those of great powers."""
    opened = world.dispute > 0.0
    begun = opened & (world.peace_years == 0.0)
    powers = jnp.ix_(setting.great_power, setting.great_power)
    among = world.dispute[powers]
    return {
        "disputes": opened.sum(1).astype(jnp.float32),
        "wars": (world.dispute == 3.0).sum(1).astype(jnp.float32),
        "new_disputes": _pairs(begun),
        "new_wars": _pairs(begun & (world.dispute == 3.0)),
        "new_disputes_among_powers": _pairs(begun[powers]),
        "powers_using_force": _pairs(among >= 2.0),
        "powers_at_war": _pairs(among == 3.0),
    }
