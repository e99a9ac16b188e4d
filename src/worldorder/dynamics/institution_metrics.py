"""What is kept of institutions at each mark: which ended, which work, who founded, who has say."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from worldorder.mechanisms.survival import ENDED, REPLACED
from worldorder.state import Diagnostics, Setting, World
from worldorder.typing import ByCountry, Scalar


def say_gap(vote_share: ByCountry, gdp: ByCountry) -> Scalar:
    """Share of votes that would have to move for votes to be as GDP is, among those that vote."""
    weight = jnp.where(vote_share > 0.0, gdp, 0.0)
    return jnp.abs(vote_share - weight / weight.sum()).sum() / 2.0


def lives(world: World, setting: Setting, paralysis_threshold: Scalar) -> dict[str, Array]:
    """Bodies that ended, were taken over, or live below working capacity."""
    ended = world.fate >= ENDED
    weak = (world.capacity < paralysis_threshold) & ~ended & (setting.secretariat > 0.0)
    counts = {
        "bodies_ended": ended,
        "bodies_replaced": world.fate == REPLACED,
        "bodies_paralysed": weak,
    }
    return {
        "ended": ended.astype(jnp.float32),
        **{name: which.sum().astype(jnp.float32) for name, which in counts.items()},
    }


def foundings_and_say(world: World, seen: Diagnostics) -> dict[str, Array]:
    """Bodies founded since the start by whether the leading state is in, seats, votes."""
    new = world.new_bodies
    return {
        "bodies_founded": new.count.sum(),
        "bodies_founded_without_leader": new.count[1],
        "new_seats": new.seats.sum(0),
        "new_seats_without_leader": new.seats[1],
        "vote_share": world.vote_share,
        "say_gap": say_gap(world.vote_share, seen.gdp),
    }
