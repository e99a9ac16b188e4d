"""What becomes of bodies founded in a run: members, money, common memberships, ends.

A body founded in a run takes the next free place. Its members are its founders. What a place holds
besides is drawn once a run, from a listed body of its kind: the area of its work, whether it has
money of its own, how much, and the part that states pay. That part falls to the members by GDP.
Everything is imputed: nobody knows what will be founded.

Sums by state and pair are carried and moved once a year by the few bodies that were founded or
ended, since forming them anew from all places would cost more than the rest of the reading.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Bool, Float

from worldorder.mechanisms.membership import year_turns
from worldorder.mechanisms.unknown_money import BudgetClass
from worldorder.random import Stream, uniform
from worldorder.state import Events, NewBodies, Now, Setting

PLACES: Final = 256  # bodies founded later are counted and have no members or money
MOST_ENDS: Final = 6  # new bodies that may end in a year
LIKE_SINCE: Final = 55.0  # years before the start: bodies founded since 1970 in a run from 2025

ByNewBody = Float[Array, " new_body"]


def no_new_bodies(states: int) -> NewBodies:
    """Before any body is founded."""

    def zeros(*shape: int) -> Any:
        return np.zeros(shape, np.float32)

    return NewBodies(
        count=zeros(2),
        seats=zeros(2, states),
        founders=zeros(PLACES, states) > 0.0,
        since=zeros(PLACES) + np.float32(np.inf),
        ended=zeros(PLACES) > 0.0,
        size=zeros(PLACES),
        led=zeros(PLACES),
        shared=zeros(states, states),
        dues=zeros(states),
        votes=zeros(states),
    )


def with_likes(setting: Setting, stream: Stream) -> Setting:
    """The setting of one run with the listed body that each place is like.

    Every listed body of the last decades that is no part of the United Nations is as likely as any
    other. Its money is that of the run, known or drawn.
    """
    kind = setting.budget_class
    own = (kind == BudgetClass.TREATY) | (kind == BudgetClass.NONE)
    recent = own & (setting.founding_age <= LIKE_SINCE)
    upto = jnp.cumsum(jnp.where(recent.any(), recent, True).astype(jnp.float32))
    place = jnp.searchsorted(upto, uniform(stream, (PLACES,)) * upto[-1])
    from_states = setting.start_contribution.sum(0)[place]
    return replace(setting, like_body=place.astype(jnp.int32), like_paid=from_states)


def new_revenue(setting: Setting) -> ByNewBody:
    """Revenue that each place would have, mn USD/year at the prices and GDP of the start."""
    return setting.start_revenue[setting.like_body]


def lives(new: NewBodies) -> Bool[Array, " new_body"]:
    """Which places hold a body that was founded and has not ended."""
    return jnp.isfinite(new.since) & ~new.ended


def after_year(new: NewBodies, events: Events, now: Now) -> NewBodies:
    """New bodies with those founded and ended in the step; at the turn of a year alone."""
    turned = year_turns(now.years, now.step_years)
    return lax.cond(turned, lambda: _changed(new, events, now), lambda: new)


def _changed(new: NewBodies, events: Events, now: Now) -> NewBodies:
    setting, row = now.setting, jnp.arange(events.foundings.shape[0])
    founded = events.foundings.any(1)
    taken = new.count.sum().astype(jnp.int32) + row
    place = jnp.where(founded & (taken < PLACES), taken, PLACES)
    (gone,) = jnp.nonzero(events.new_ends & lives(new), size=MOST_ENDS, fill_value=PLACES)

    moved = jnp.concatenate([place, gone])
    left = new.founders.at[gone].get(mode="fill", fill_value=False)
    member = jnp.concatenate([events.foundings, left]).astype(jnp.float32)
    leader = setting.leading_state.astype(jnp.float32)
    one = jnp.ones_like(leader)
    size, gdp, led = (member @ jnp.stack([one, setting.start_gdp, leader], axis=1)).T
    sign = jnp.where(moved < PLACES, jnp.where(jnp.arange(moved.size) < row.size, 1.0, -1.0), 0.0)
    paid = setting.like_paid.at[moved].get(mode="fill", fill_value=0.0)
    begun = jnp.zeros_like(size).at[row].set(founded.astype(size.dtype))
    kind = jnp.stack([begun * led, begun * (1.0 - led)])
    rates = jnp.stack([paid / jnp.maximum(gdp, 1e-6), 1.0 / jnp.maximum(size, 1.0)])
    sums = jnp.concatenate([kind, sign * rates]) @ member
    begun_size, begun_led = size[: row.size], led[: row.size]
    return NewBodies(
        count=new.count + kind.sum(1),
        seats=new.seats + sums[:2],
        founders=new.founders.at[place].set(events.foundings, mode="drop"),
        since=new.since.at[place].set(now.years, mode="drop"),
        ended=new.ended.at[gone].set(True, mode="drop"),
        size=new.size.at[place].set(begun_size, mode="drop"),
        led=new.led.at[place].set(begun_led, mode="drop"),
        shared=new.shared + member.T @ (sign[:, None] * member),
        dues=new.dues + sums[2] * setting.start_gdp,
        votes=new.votes + sums[3],
    )
