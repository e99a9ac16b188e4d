"""What is kept of institutions at each mark: which ended, which work, who founded, who has say."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from worldorder.mechanisms.new_bodies import lives as new_lives
from worldorder.mechanisms.new_bodies import new_revenue
from worldorder.mechanisms.order_reading import paid
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


def leadership(world: World, seen: Diagnostics) -> ByCountry:
    """Mean of each state's share of what states pay to bodies and of its mean share of votes.

    Bodies founded in the run are among them, those that ended are not; every member has one vote.
    """
    member = world.membership.astype(jnp.float32)
    size = member.sum(0)
    votes = member @ (1.0 / jnp.maximum(size, 1.0)) + world.new_bodies.votes
    bodies = (size > 0.0).sum() + new_lives(world.new_bodies).sum()
    money = paid(seen)
    return (money / money.sum() + votes / bodies) / 2.0


def new_by_area(world: World, seen: Diagnostics, setting: Setting) -> dict[str, Array]:
    """Living new bodies and their money by area of work; money grows as what states pay does."""
    new = world.new_bodies
    there = new_lives(new).astype(jnp.float32)
    grown = seen.new_payment.sum() / jnp.maximum(new.dues.sum(), 1e-6)
    money = there * new_revenue(setting) * grown
    rows = jnp.stack([there, there * (1.0 - new.led), money], axis=1)
    found = setting.area[:, setting.like_body] @ rows
    return {
        "new_bodies": found[:, 0],
        "new_bodies_without_leader": found[:, 1],
        "new_body_revenue": found[:, 2],
    }


def foundings_and_say(world: World, seen: Diagnostics, setting: Setting) -> dict[str, Array]:
    """Bodies founded since the start, who sits in them and pays for them; votes and leadership."""
    new = world.new_bodies
    return {
        "bodies_founded": new.count.sum(),
        "bodies_founded_without_leader": new.count[1],
        "new_bodies_ended": new.ended.sum().astype(jnp.float32),
        "new_seats": new.seats.sum(0),
        "new_seats_without_leader": new.seats[1],
        "paid_to_new_bodies": seen.new_payment,
        "leadership": leadership(world, seen),
        **new_by_area(world, seen, setting),
        "vote_share": world.vote_share,
        "assessment_rate": world.assessments.scale,
        "say_gap": say_gap(world.vote_share, seen.gdp),
    }
