"""Who founds a defence pact of many? A group grows state by state out of its neighbourhood.

Hazards of pairs do not know who acts together. Here a state begins, and others come in one after
another by how far they are, in the mean, from those who are in: estimated on the founders of the
bodies in ATOP, each given all the others (`inference.estimate_pact_foundings`).
"""

from __future__ import annotations

from typing import Final

import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Bool, Float

from worldorder.mechanisms.membership import year_turns
from worldorder.mechanisms.pact_bodies import FOUNDERS
from worldorder.mechanisms.pairs import larger
from worldorder.random import Stream, happens, uniform
from worldorder.state import Events, Now, World, events_of, pytree
from worldorder.typing import ByCountry, ByDyad, CountryMask, Scalar

MOST: Final = 16  # founders of one body; the largest of 1946-2018 has 13
TIED: Final = 0.5  # a state that is tied to this share of a group has nothing to found with it


@pytree
class PactFoundingParameters:
    """How often, by whom and how large; see `parameters/pact_foundings.yaml`."""

    yearly: Scalar  # bodies a year
    distance: Scalar  # per log of km, mean over those who are in
    affinity_gap: Scalar  # per ideal point, likewise
    regime_gap: Scalar  # per unit of electoral democracy, likewise
    complete: Scalar  # chance that nobody else comes in, at each step from the fourth founder on


def mates(group: ByCountry) -> Bool[Array, "country country"]:
    """Pairs that are in one body founded since the start; with oneself too.

    Args:
        group: number of the body that a state is in, 0 for none.
    """
    return (group[:, None] == group[None, :]) & (group > 0.0)


def with_ties(pact: ByDyad, before: ByCountry, after: ByCountry) -> ByDyad:
    """Defence pacts with those among the founders of a body of the step.

    Args:
        pact: 1 where the row owes the column defence.
        before: number of the body that a state is in before the step, 0 for none.
        after: the same after it.
    """
    new = jnp.where(after != before, after, 0.0)
    tied = mates(new) & ~jnp.eye(new.shape[0], dtype=bool)
    return jnp.maximum(pact, tied.astype(pact.dtype))


def with_body(group: ByCountry, founders: CountryMask) -> ByCountry:
    """Numbers of bodies with that of one more, in order of founding."""
    return jnp.where(founders, group.max() + 1.0, group)


def _toward(state: Array, world: World, now: Now, params: PactFoundingParameters) -> ByCountry:
    """What speaks for each state's coming in, as far as it turns on one who is in."""
    regime = now.setting.regime
    return (
        params.distance * now.setting.log_distance[state]
        + params.affinity_gap * jnp.abs(world.ideal_point - world.ideal_point[state])
        + params.regime_gap * jnp.abs(regime - regime[state])
    )


def grown(
    seed: Array,
    chance: Float[Array, "step country"],
    last: Float[Array, " step"],
    world: World,
    now: Now,
    params: PactFoundingParameters,
) -> CountryMask:
    r"""Founders of a body that a state begins; none where fewer than four come together.

    The next to come in is $k$ with a chance in proportion to

    $$\exp\left(\frac{1}{m} \sum_{j \in G} b_d \log d_{kj} + b_\theta |\theta_k - \theta_j|
        + b_r |r_k - r_j|\right)$$

    over the $m$ states of the group $G$ so far. States that are tied to half of it or more stay
    out, as do those in another body founded since the start.

    Args:
        seed: the state that begins it.
        chance: uniform draws, by place and state.
        last: uniform draws that say where the group is complete.
        world: ideal points, pacts, bodies founded before.
        now: distances and regimes.
        params: coefficients $b$ and the chance that the group is complete.
    """
    tied = larger(world.defence_pact)
    places = jnp.arange(world.pact_group.shape[0])
    able = world.pact_group == 0.0

    def step(
        so_far: tuple[Array, ...], drawn: tuple[Array, Array]
    ) -> tuple[tuple[Array, ...], None]:
        inside, pull, ties, open_ = so_far
        size = inside.sum()
        comes = able & ~inside & (ties < TIED * size)
        score = jnp.where(comes, pull / size - jnp.log(-jnp.log(drawn[0])), -jnp.inf)
        first = jnp.argmax(score)  # in proportion to exp(pull / size), by Gumbel draws
        joins = open_ & comes & (places == first)
        open_ = open_ & comes.any() & ((size + 1 < FOUNDERS) | (drawn[1] > params.complete))
        return (
            inside | joins,
            pull + _toward(first, world, now, params),
            ties + tied[first],
            open_,
        ), None

    begins = places == seed
    start = begins, _toward(seed, world, now, params), tied[seed], jnp.ones((), bool)
    inside = lax.scan(step, start, (chance, last))[0][0]
    return inside & (inside.sum() >= FOUNDERS)


def events(world: World, now: Now, params: PactFoundingParameters, stream: Stream) -> Events:
    """At most one body a year, at its turn; any state is as likely as another to begin it."""
    year = Stream(stream.key, jnp.floor(now.years + 1e-3).astype(jnp.uint32))
    founded = happens(year, params.yearly[None])[0]

    def drawn() -> CountryMask:
        states = world.pact_group.shape[0]
        free = jnp.where(world.pact_group == 0.0, uniform(year, (states,), 1), 0.0)
        chance = uniform(year, (MOST - 1, states), 2)
        return grown(jnp.argmax(free), chance, uniform(year, (MOST - 1,), 3), world, now, params)

    turned = now.on & year_turns(now.years, now.step_years)
    nobody = jnp.zeros_like(world.new_leader)
    return events_of(world, pact_founders=lax.cond(turned & founded, drawn, lambda: nobody))
