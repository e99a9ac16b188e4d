"""Do pacts of states end sooner that did not keep a promise? Off unless a scenario turns it on.

A promise of defence is open where a state that is owed it is in a dispute with force against one
that is not. Nobody joins a dispute here: whether a promise is kept is drawn with the share of the
record.
Estimated by `inference.estimate_credibility`, which finds no clear effect.
"""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
from jax import lax

from worldorder.mechanisms.membership import year_turns
from worldorder.random import Stream, uniform
from worldorder.state import (
    Diagnostics,
    Events,
    Now,
    Promises,
    World,
    events_of,
    pytree,
)
from worldorder.typing import ByCountry, ByDyad, Scalar

_FORCE = 2.0  # level of `World.dispute` at which force is used


@pytree
class CredibilityParameters:
    """Log hazards that a bilateral pact ends; see `parameters/credibility.yaml`."""

    kept_share: Scalar  # of promises that were open
    tested_effect: Scalar  # per root of the promises that were open, summed over the two
    failed_effect: Scalar  # per root of those not kept, likewise
    usual_tested: Scalar  # root of the promises of a state, mean of the record
    usual_failed: Scalar
    memory: Scalar  # year


def open_promises(defence_pact: ByDyad, dispute: ByDyad) -> ByDyad:
    r"""1 where the row's promise to the column is open: force against one whom it does not owe.

    $$o_{it} = p_{it} \min\left(1, \sum_a D_{ta} (1 - p_{ia})\right)$$

    Args:
        defence_pact: $p$, 1 where the row owes the column defence.
        dispute: level, symmetric; $D$ is 1 where force is used.
    """
    force = (dispute >= _FORCE).astype(defence_pact.dtype)
    unbound = 1.0 - defence_pact - jnp.eye(len(force), dtype=force.dtype)
    return defence_pact * jnp.minimum(unbound @ force, 1.0)


def usual_promises(world: World, params: CredibilityParameters) -> Promises:
    """What is remembered at the start, which nobody recorded: as many as is usual."""
    one = jnp.ones_like(world.ideal_point)
    return Promises(params.usual_tested**2 * one, params.usual_failed**2 * one)


def doubt(promises: Promises, params: CredibilityParameters) -> ByCountry:
    r"""What a state adds to the log hazard that a pact of it ends; 0 at what is usual.

    $$\beta_t (\sqrt{t_i} - m_t) + \beta_f (\sqrt{f_i} - m_f)$$

    Args:
        promises: $t$ open and $f$ not kept of late.
        params: coefficients and the means $m$ of the record.
    """
    tested = jnp.sqrt(promises.tested) - params.usual_tested
    failed = jnp.sqrt(promises.failed) - params.usual_failed
    return params.tested_effect * tested + params.failed_effect * failed


def diagnose(world: World, now: Now, params: CredibilityParameters) -> Diagnostics:
    """Doubt of the moment."""
    return replace(now.diagnostics, doubt=doubt(world.promises, params))


def events(world: World, now: Now, params: CredibilityParameters, stream: Stream) -> Events:
    """Promises put to the test in the year, kept or not, and the forgetting of earlier ones.

    The record counts where the partner was attacked; who attacked is not told apart here, so each
    side of a dispute counts for one half.
    """

    def drawn() -> Promises:
        year = Stream(stream.key, jnp.floor(now.years + 1e-3).astype(jnp.uint32))
        opened = open_promises(world.defence_pact, world.dispute)
        failed = opened * (uniform(year, opened.shape) >= params.kept_share)
        forgotten = -jnp.expm1(-1.0 / params.memory)
        return Promises(
            0.5 * opened.sum(axis=1) - forgotten * world.promises.tested,
            0.5 * failed.sum(axis=1) - forgotten * world.promises.failed,
        )

    nothing = jnp.zeros_like(world.ideal_point)
    turned = now.on & year_turns(now.years, now.step_years)
    change = lax.cond(turned, drawn, lambda: Promises(nothing, nothing))
    return events_of(world, promise_change=change)
