"""Does a concert of great powers enforce itself, and when does it end?

A settlement lasts while those who could block its revision want to, and those who could revise it
do not gain (Slantchev 2005, doi:10.1017/S0003055405051816). It comes under strain when the
distribution of benefits and that of capability diverge. The forms below are our own reading of
those two conditions; the paper's model of the Vienna settlement has more parts.

A concert here is the set of states that consult with each other (`World.consultation`). What it
does to disputes is in `disputes`; this mechanism only ends it.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Float, Int

from worldorder.mechanisms.membership import year_turns
from worldorder.random import Stream, uniform
from worldorder.state import Events, Now, World, events_of, pytree
from worldorder.typing import ByCountry, ByPower, Flag, Scalar


@pytree
class ConcertParameters:
    """Weights of patronage, cost of revision, and how fast an unstable concert ends."""

    patron_pact: Scalar  # weight of a defence pact
    patron_trade: Scalar  # weight of the share in the client's trade
    patron_affinity: Scalar  # weight of an ideal point of distance
    patron_nearness: Scalar  # weight per log of distance
    revision_cost: Scalar  # share of all benefits
    end_hazard: Scalar  # 1/year, where some member gains by revision


class Patronage(NamedTuple):
    """Ties of every state to each great power."""

    pact: ByPower  # 1 where a defence pact either way
    trade_share: ByPower  # share of the power in the state's goods trade
    affinity_gap: ByPower  # ideal point
    log_distance: ByPower  # log of 1,000 km


def sphere_share(ties: Patronage, params: ConcertParameters) -> ByPower:
    r"""How far each great power is the patron of a state; rows sum to 1.

    $$S_{ip} \propto \exp(w_k K_{ip} + w_t t_{ip} - w_a |\theta_i - \theta_p| - w_d \log d_{ip})$$

    The patron is the power with the largest share; the second largest over the largest says how
    contested the state is.

    Args:
        ties: pacts $K$, trade shares $t$, gaps of ideal points, distances $d$.
        params: weights.
    """
    return jax.nn.softmax(
        params.patron_pact * ties.pact
        + params.patron_trade * ties.trade_share
        - params.patron_affinity * ties.affinity_gap
        - params.patron_nearness * ties.log_distance,
        axis=1,
    )


def patronage_of(world: World, now: Now) -> Patronage:
    """Ties of the moment."""
    powers = now.setting.great_power
    trade, point = now.diagnostics.dependence, world.ideal_point
    total = jnp.maximum(trade.sum(axis=1), 1e-9)
    return Patronage(
        pact=jnp.maximum(world.defence_pact, world.defence_pact.T)[:, powers],
        trade_share=trade[:, powers] / total[:, None],
        affinity_gap=jnp.abs(point[:, None] - point[powers][None, :]),
        log_distance=now.setting.log_distance[:, powers],
    )


def benefit_share(
    gdp: ByCountry, sphere: ByPower, powers: Int[Array, " power"]
) -> Float[Array, " power"]:
    """What each great power has: its own product and that of its sphere, share of all powers'."""
    own = jnp.zeros(gdp.shape[0], bool).at[powers].set(True)
    clients = jnp.where(own, 0.0, gdp) @ sphere
    held = gdp[powers] + clients
    return held / held.sum()


def revision_gain(
    capability: Float[Array, " power"],
    benefit: Float[Array, " power"],
    member: Float[Array, " power"],
    cost: Scalar,
) -> Float[Array, " power"]:
    r"""What each member expects to gain by revising the settlement, share of all benefits.

    Power $k$ claims what its capability exceeds its benefits by, $g_k = \max(0, c_k - b_k)$, from
    the others in proportion to what they have. Another blocks if its loss exceeds the cost
    $\kappa$ of blocking. Against blockers of capability $C_k$ the revision succeeds with
    probability $c_k / (c_k + C_k)$ and costs $\kappa$; without blockers it costs nothing:

    $$G_k = \frac{c_k}{c_k + C_k} g_k - \kappa\, [C_k > 0]$$

    The settlement enforces itself where no $G_k$ is above 0.

    Args:
        capability: $c$, share of the members' capability.
        benefit: $b$, share of the members' benefits.
        member: 1 for members, 0 for others.
        cost: $\kappa$, share of all benefits.
    """
    claim = jnp.maximum(capability - benefit, 0.0) * member
    rest = jnp.maximum(1.0 - benefit, 1e-6)
    loss = claim[:, None] * benefit[None, :] / rest[:, None]
    others = member[None, :] * (1.0 - jnp.eye(member.shape[0]))
    blocking = ((loss > cost) * others) @ capability
    success = capability / jnp.maximum(capability + blocking, 1e-9)
    return (success * claim - cost * (blocking > 0.0)) * member


def is_self_enforcing(gain: Float[Array, " power"]) -> Flag:
    """Whether nobody gains by revision."""
    return (gain <= 0.0).all()


def members_of(world: World, powers: Int[Array, " power"]) -> Float[Array, " power"]:
    """1 for each great power that consults with another."""
    among = world.consultation[powers][:, powers]
    return (among.sum(axis=1) > 0.0).astype(jnp.float32)


def events(world: World, now: Now, params: ConcertParameters, stream: Stream) -> Events:
    """End of a concert in which some member gains by revision, drawn once a year."""

    def drawn() -> Flag:
        powers = now.setting.great_power
        member = members_of(world, powers)
        sphere = sphere_share(patronage_of(world, now), params)
        benefit = benefit_share(now.diagnostics.gdp, sphere, powers) * member
        capability = now.diagnostics.power_share[powers] * member
        gain = revision_gain(
            capability / jnp.maximum(capability.sum(), 1e-9),
            benefit / jnp.maximum(benefit.sum(), 1e-9),
            member,
            params.revision_cost,
        )
        year = jnp.floor(now.years + 1e-3).astype(jnp.uint32)
        chance = uniform(Stream(stream.key, year), (1,))[0]
        ends = chance < -jnp.expm1(-params.end_hazard)
        return ends & ~is_self_enforcing(gain) & (member.sum() > 0.0)

    turned = year_turns(now.years, now.step_years) & world.consultation.any()
    return events_of(world, concert_ends=lax.cond(turned, drawn, lambda: jnp.zeros((), bool)))
