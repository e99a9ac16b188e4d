"""What is kept of a run at each mark: small vectors, never dyads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
from jax import Array

from worldorder.dynamics.institution_metrics import foundings_and_say, lives
from worldorder.dynamics.order_metrics import measure_orders
from worldorder.dynamics.security_metrics import conflict, ties
from worldorder.dynamics.vote_metrics import votes_cast
from worldorder.mechanisms.order_reading import reserve_composition, shared_bodies
from worldorder.mechanisms.reserve_currency import interest_cost
from worldorder.state import Diagnostics, Setting, World
from worldorder.typing import ByCountry, InstitutionMask, Scalar


def joint_memberships(world: World, setting: Setting) -> ByCountry:
    """Number of bodies of which a state and the leading state are both full members."""
    leader = setting.leading_state.astype(jnp.float32)
    return (shared_bodies(world) @ leader) * (1.0 - leader)


def measure(
    world: World,
    seen: Diagnostics,
    setting: Setting,
    focus: InstitutionMask,
    residual: Scalar,
    parameters: Mapping[str, Any],
) -> dict[str, Array]:
    """The quantities of `variables.yaml` at one moment."""
    leader = setting.leading_state.astype(jnp.float32)
    composition = reserve_composition(world.reserve_share, setting)
    start = reserve_composition(setting.start_reserve_share, setting)
    issuer = world.underlying_gdp[setting.issuer[0]]
    weight = world.underlying_gdp / world.underlying_gdp.sum()
    return {
        "gdp": seen.gdp,
        "real_income": seen.real_income,
        "trade": seen.exports + seen.imports,
        "power_share": seen.power_share,
        "ideal_point": world.ideal_point,
        "trust_in_leading_state": jnp.where(setting.leading_state, jnp.nan, seen.trust @ leader),
        "sanctioned": weight @ world.sanction,
        "approval": world.approval,
        "orientation": world.orientation,
        "joint_memberships": joint_memberships(world, setting),
        "contribution": seen.payment.sum(1),
        "contribution_to_focus": seen.payment @ focus.astype(jnp.float32),
        "capacity": world.capacity,
        "revenue": seen.revenue,
        "members": world.membership.sum(0).astype(jnp.float32),
        "paid_by_leading_state": leader @ seen.payment,
        "reserve_share": composition,
        "reserve_interest_cost": interest_cost(
            composition[0], start[0], issuer, parameters["reserve_currency"]
        ),
        "trade_residual": residual,
        **measure_orders(world, seen, setting, parameters["orders"]),
        **conflict(world, setting),
        **ties(world, seen, setting),
        **lives(world, setting, parameters["funding"].paralysis_threshold),
        **foundings_and_say(world, seen, setting),
        **votes_cast(world),
    }
