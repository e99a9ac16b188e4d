"""How long do institutions live?

A body ends, or another takes over its work, with a hazard a year that falls with the number of
members it has reached. Exits of others are an effect to be drawn and no rule: the record does not
tell whether they shorten lives, so a founder's exit hastens the end, a powerful member's does not
and money preserves by sourced signs with wide ranges (see `parameters/survival.yaml`). No number of
exits ends a body.

A body that ends has no members, money or capacity from then on. One that is succeeded, absorbed or
merged goes on under its successor: it is counted, and nothing else changes.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Float

from worldorder.mechanisms.membership import year_turns
from worldorder.mechanisms.new_bodies import lives, new_revenue
from worldorder.random import Stream, happens
from worldorder.state import Events, Now, Setting, World, events_of, pytree
from worldorder.typing import ByInstitution, Scalar

GOES_ON, REPLACED, ENDED = 0.0, 1.0, 2.0  # values of `World.fate`
_USUAL_SIZE = 40.0  # members of a body to which the constants apply
_USUAL_REVENUE = 9.0  # mn USD/year, likewise


@pytree
class SurvivalParameters:
    """Coefficients of log hazards; see `parameters/survival.yaml`."""

    ended_constant: Scalar  # log of 1/year
    ended_age: Scalar  # per log of years since founding
    ended_size: Scalar  # per log of members over 40
    replaced_constant: Scalar  # log of 1/year
    replaced_age: Scalar  # per log of years since founding
    replaced_size: Scalar  # per log of members over 40
    exits: Scalar  # per log of 1 + remembered exits
    founder_exits: Scalar  # per log of 1 + founders gone since the start
    power_exits: Scalar  # per share of the members' GDP gone since the start
    money: Scalar  # per log of revenue over 9 mn USD, bodies with a budget


def strain(
    exits: ByInstitution, founders_gone: ByInstitution, power_gone: ByInstitution,
    revenue: ByInstitution, params: SurvivalParameters,
) -> ByInstitution:  # fmt: skip
    r"""What exits and money add to the log hazard.

    $$x_b = \beta_e \log(1 + e_b) + \beta_f \log(1 + f_b) + \beta_p g_b + \beta_m \log (r_b / 9)$$

    Args:
        exits: $e_b$, exits that the other members remember, count.
        founders_gone: $f_b$, founding members that left since the start, count.
        power_gone: $g_b$, their and others' share of the GDP of the members at the start.
        revenue: $r_b$, mn USD/year; 9 where the body has no budget of its own.
        params: coefficients.
    """
    return (
        params.exits * jnp.log1p(exits)
        + params.founder_exits * jnp.log1p(founders_gone)
        + params.power_exits * power_gone
        + params.money * jnp.log(jnp.maximum(revenue, 0.1) / _USUAL_REVENUE)
    )


def hazards(
    age: ByInstitution, members: ByInstitution, strained: ByInstitution, params: SurvivalParameters
) -> tuple[ByInstitution, ByInstitution]:
    r"""Hazards that a body ends and that another takes over, 1/year.

    $$\log h^k_b = a_k + b_k \log A_b + c_k \log (M_b / 40) + x_b$$

    Args:
        age: $A_b$, years since founding, at least 1.
        members: $M_b$, most members so far.
        strained: $x_b$, of `strain`.
        params: coefficients of both kinds.
    """
    old, size = jnp.log(age), jnp.log(members / _USUAL_SIZE)
    ended = params.ended_constant + params.ended_age * old + params.ended_size * size
    replaced = params.replaced_constant + params.replaced_age * old + params.replaced_size * size
    return jnp.exp(ended + strained), jnp.exp(replaced + strained)


def _gone(world: World, setting: Setting) -> tuple[ByInstitution, ByInstitution]:
    """Founders, and share of the members' GDP, gone from each body since the start.

    Where the members are not known all states are taken, as in `funding.participation`.
    """
    left = setting.start_membership & ~world.membership
    size = setting.start_gdp
    founders = jnp.ones_like(size) @ (left & setting.founder).astype(size.dtype)
    known = size @ setting.start_membership.astype(size.dtype)
    before = jnp.where(setting.members_known, known, size.sum())
    return founders, size @ left.astype(size.dtype) / jnp.maximum(before, 1.0)


def body_hazards(
    world: World, now: Now, params: SurvivalParameters
) -> tuple[ByInstitution, ByInstitution]:
    """Hazards of each body that lives; one whose members are unknown is of usual size."""
    setting = now.setting
    founders, power = _gone(world, setting)
    revenue = jnp.where(setting.secretariat > 0.0, now.diagnostics.revenue, _USUAL_REVENUE)
    most = jnp.maximum(world.membership.sum(0), setting.start_membership.sum(0))
    members = jnp.where(setting.members_known, jnp.maximum(most, 2.0), _USUAL_SIZE)
    age = jnp.maximum(setting.founding_age + now.years, 1.0)
    strained = strain(world.recent_exits, founders, power, revenue, params)
    ended, replaced = hazards(age, members, strained, params)
    lives = world.fate < ENDED
    return jnp.where(lives, ended, 0.0), jnp.where(lives, replaced, 0.0)


def new_body_hazard(
    world: World, now: Now, params: SurvivalParameters
) -> Float[Array, " new_body"]:
    """Hazard that a body founded since the start ends, 1/year; none for a place that is free."""
    setting, new = now.setting, world.new_bodies
    has_money = setting.secretariat[setting.like_body] > 0.0
    revenue = jnp.where(has_money, new_revenue(setting), _USUAL_REVENUE)
    age = jnp.where(lives(new), jnp.maximum(now.years - new.since, 1.0), 1.0)
    none = jnp.zeros_like(age)
    strained = strain(none, none, none, revenue, params)
    ended, _ = hazards(age, jnp.maximum(new.size, 2.0), strained, params)
    return jnp.where(lives(new), ended, 0.0)


def events(world: World, now: Now, params: SurvivalParameters, stream: Stream) -> Events:
    """Ends and successions, drawn once a year with the address of the year."""

    def drawn() -> tuple[ByInstitution, Bool[Array, " new_body"]]:
        year = Stream(stream.key, jnp.floor(now.years + 1e-3).astype(jnp.uint32))
        ended, replaced = body_hazards(world, now, params)
        taken_over = jnp.where(happens(year, replaced, draw=1), REPLACED, GOES_ON)
        fate = jnp.where(happens(year, ended), ENDED, taken_over)
        new_ends = happens(year, new_body_hazard(world, now, params), draw=2)
        return jnp.maximum(fate - world.fate, 0.0), new_ends

    turned = year_turns(now.years, now.step_years)
    none = jnp.zeros_like(world.fate), jnp.zeros_like(world.new_bodies.ended)
    change, new_ends = lax.cond(turned, drawn, lambda: none)
    return events_of(world, fate_change=change, new_ends=new_ends)
