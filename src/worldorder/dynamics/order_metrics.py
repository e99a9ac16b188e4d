"""What is kept of the order at each mark: indices, what they rest on, and what each state has."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from worldorder.mechanisms.order_reading import security, shared_bodies, standing, view_of
from worldorder.mechanisms.order_view import channel_share
from worldorder.mechanisms.orders import (
    OrderParameters,
    hegemony_by_state,
    opposition,
    order_indices,
)
from worldorder.state import Diagnostics, Setting, World


def measure_orders(
    world: World, seen: Diagnostics, setting: Setting, params: OrderParameters
) -> dict[str, Array]:
    """Order indices, what they rest on, and what each state has of security and standing."""
    leader = setting.leading_state.astype(jnp.float32)
    view = view_of(world, seen, setting, params)
    indices = order_indices(view, params)
    channels = channel_share(shared_bodies(world), setting.start_membership)
    not_itself = jnp.where(setting.leading_state, jnp.nan, 1.0)
    return {
        **{f"order_{name}": value for name, value in indices.items()},
        "leading_hegemony": hegemony_by_state(view, params) @ leader,
        "opposing_power": opposition(view).sum(),
        "institution_health": view.institution_health,
        "aligns_with_leading_state": view.align @ leader * not_itself,
        "opposes_leading_state": view.oppose @ leader * not_itself,
        "security": security(world, seen.threat, seen.power_share),
        "standing": standing(seen.trust, channels, seen.power_share),
    }
