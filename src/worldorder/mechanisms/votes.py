"""How does the Assembly vote on a resolution that condemns the target of a campaign?

In the step in which a campaign is called, every member of the United Nations says yes, says no, or
does neither (it abstains or is absent). Two logits in affinity, alliance, trade and regime give the
chances, estimated on resolutions about a named state. Nothing else in the world reads the vote.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import lax, nn
from jaxtyping import Array, Int

from worldorder.mechanisms.campaigns import standardised
from worldorder.random import Stream, uniform
from worldorder.state import Events, Now, World, events_of, pytree
from worldorder.typing import ByCountry, Scalar

State = Int[Array, ""]
YES, NEITHER, NO = 1.0, 2.0, 3.0  # of `World.vote`; 0 where there was no vote


@pytree
class VoteParameters:
    """Coefficients of yes against all else, and of no among the rest; `parameters/votes.yaml`."""

    yes_constant: Scalar  # logit
    yes_distance_sender: Scalar  # per standard deviation of ideal points
    yes_distance_target: Scalar  # per standard deviation of ideal points
    yes_regime: Scalar  # per unit of electoral democracy
    yes_ally_sender: Scalar  # logit
    yes_ally_target: Scalar  # logit
    yes_trade_target: Scalar  # per square root of trade over GDP
    yes_occasion: Scalar  # logit, level of the occasion in the run
    no_constant: Scalar  # the same of no among those who do not say yes
    no_distance_sender: Scalar
    no_distance_target: Scalar
    no_regime: Scalar
    no_ally_sender: Scalar
    no_ally_target: Scalar
    no_trade_target: Scalar
    no_occasion: Scalar
    pressure: Scalar  # logit of yes at pressure 1


def vote_logits(
    world: World, now: Now, sender: State, target: State, params: VoteParameters
) -> tuple[ByCountry, ByCountry]:
    """Log odds of yes, and of no where a state does not say yes, without pressure."""
    position, pact = standardised(world.ideal_point), world.defence_pact
    trade = jnp.sqrt(jnp.clip(now.diagnostics.dependence[:, target], 0.0, 1.0))
    covariates = {
        "distance_sender": jnp.abs(position - position[sender]),
        "distance_target": jnp.abs(position - position[target]),
        "regime": now.setting.regime - 0.5,
        "ally_sender": jnp.maximum(pact[:, sender], pact[sender]),
        "ally_target": jnp.maximum(pact[:, target], pact[target]),
        "trade_target": trade,
    }
    yes, no = (
        getattr(params, f"{side}_constant")
        + getattr(params, f"{side}_occasion")
        + sum(getattr(params, f"{side}_{name}") * x for name, x in covariates.items())
        for side in ("yes", "no")
    )
    return yes, no


def cast(world: World, now: Now, params: VoteParameters, stream: Stream) -> ByCountry:
    """Votes on the first target called for in the step; the callers say yes, the target no.

    One draw a state serves both logits, yes at its low end and no at its high end. Members are
    those of the start that have not left: who is admitted hangs on the Security Council.
    """
    calls, states = now.conduct.calls, jnp.arange(world.ideal_point.shape[0])
    sender, target = calls.sender[0], calls.target[0]
    yes, no = vote_logits(world, now, sender, target, params)
    for_it = nn.sigmoid(yes + params.pressure * calls.pressure[0])
    against = (1.0 - for_it) * nn.sigmoid(no)
    draw = uniform(stream, states.shape)
    vote = jnp.where(draw < for_it, YES, jnp.where(draw > 1.0 - against, NO, NEITHER))
    calling = (states == sender) | (now.conduct.sanction_rise[:, target] > 0.0)
    vote = jnp.where(states == target, NO, jnp.where(calling, YES, vote))
    seated = world.membership & now.setting.start_membership
    return jnp.where(seated[:, now.setting.assembly], vote, 0.0)


def events(world: World, now: Now, params: VoteParameters, stream: Stream) -> Events:
    """A vote in the step of a call."""
    called = (now.conduct.calls.sender < world.ideal_point.shape[0]).any()
    vote = lax.cond(
        called,
        lambda: cast(world, now, params, stream),
        lambda: jnp.zeros_like(world.ideal_point),
    )
    return events_of(world, vote=vote)
