"""Does a state align with a great power, hedge, or oppose it?

Quantal response (McKelvey and Palfrey 1995, doi:10.1006/game.1995.1023) over three outcomes, of
which hedging is one of its own: a multinomial logit estimated on the stances of 1963-2014 as the
record defines them (`inference.stance_samples`). Neighbours' stances are part of the response, so
neutrality can spread. The figures are the chances of each stance a year on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Int

from worldorder.mechanisms.disputes import NONE
from worldorder.state import Diagnostics, Now, World, pytree
from worldorder.typing import ByPower, Scalar

_RECENT = 3.0  # years in which a dispute makes a state an opponent, as in the record


@pytree
class StanceParameters:
    """Utilities of aligning and opposing over hedging; see `parameters/stance.yaml`."""

    align_constant: Scalar
    align_was_aligned: Scalar
    align_was_opposed: Scalar
    align_affinity_gap: Scalar
    align_regime_gap: Scalar
    align_distance: Scalar
    align_dependence: Scalar
    align_aligned_neighbours: Scalar
    align_opposed_neighbours: Scalar
    align_trust: Scalar  # per logit of trust above what affinity implies
    oppose_constant: Scalar
    oppose_was_aligned: Scalar
    oppose_was_opposed: Scalar
    oppose_affinity_gap: Scalar
    oppose_regime_gap: Scalar
    oppose_distance: Scalar
    oppose_dependence: Scalar
    oppose_aligned_neighbours: Scalar
    oppose_opposed_neighbours: Scalar
    oppose_menace: Scalar  # per unit of remembered menace


class Standing(NamedTuple):
    """Where each state stands with each great power today."""

    aligned: ByPower  # 1 where a defence pact and nothing against it
    opposed: ByPower  # 1 where rival, in a dispute, or on the side of the power's great rival


def standing(world: World, powers: Int[Array, " power"]) -> Standing:
    """Stance as the record has it.

    Opposed: a rivalry, a dispute open or begun in the last three years, or a pact with a great
    power that is the power's rival and nearer in votes, and none with itself. Aligned: a pact
    and no opposition. All else hedges.
    """
    tie = jnp.maximum(world.defence_pact, world.defence_pact.T)[:, powers]
    rival, calm = world.rivalry[:, powers], world.peace_years[:, powers]
    fought = (world.dispute[:, powers] > NONE) | (calm < _RECENT)
    gap = jnp.abs(world.ideal_point[:, None] - world.ideal_point[powers][None, :])
    nearer = gap[:, :, None] < gap[:, None, :]
    side = (tie > 0.0)[:, :, None] & (world.rivalry[powers][:, powers] > 0.0)[None] & nearer
    with_rival = side.any(axis=1) & (tie == 0.0)
    itself = jnp.arange(tie.shape[0])[:, None] == powers[None, :]
    opposed = ((rival > 0.0) | fought | with_rival) & ~itself
    aligned = ((tie > 0.0) & ~opposed) | itself
    return Standing(aligned.astype(tie.dtype), opposed.astype(tie.dtype))


def response(align: ByPower, oppose: ByPower) -> tuple[ByPower, ByPower]:
    r"""Probabilities of aligning and of opposing; hedging is the rest.

    $$P_k = e^{u_k} / (1 + e^{u_a} + e^{u_o})$$

    Args:
        align: $u_a$, utility of aligning over that of hedging.
        oppose: $u_o$, utility of opposing over that of hedging.
    """
    shape, (align, oppose) = align.shape, (align.ravel(), oppose.ravel())  # flat: few powers
    top = jnp.maximum(jnp.maximum(align, oppose), 0.0)
    weights = jnp.exp(align - top), jnp.exp(-top), jnp.exp(oppose - top)
    total = weights[0] + weights[1] + weights[2]
    return (weights[0] / total).reshape(shape), (weights[2] / total).reshape(shape)


def utilities(world: World, now: Now, params: StanceParameters) -> tuple[ByPower, ByPower]:
    """Utility of aligning and of opposing over hedging, by state and great power."""
    powers, setting = now.setting.great_power, now.setting
    held = standing(world, powers)
    point, regime = world.ideal_point, setting.regime
    trade = now.diagnostics.dependence
    total = jnp.maximum(trade.sum(axis=1), 1e-9)
    theirs = trade[:, powers] / total[:, None]
    ours = (trade[powers] / total[powers][:, None]).T
    # what may be contagious: mean over each state's nearest states, one product for both
    near = setting.near_states @ jnp.concatenate(held, axis=1)
    near_aligned, near_opposed = jnp.split(near, 2, axis=1)
    confidence = (world.trust_slow + world.trust_fast - setting.trust_baseline)[:, powers]
    fields = (
        held.aligned,
        held.opposed,
        jnp.abs(point[:, None] - point[powers][None, :]),
        jnp.abs(regime[:, None] - regime[powers][None, :]),
        setting.log_distance[:, powers],
        jnp.sqrt(jnp.maximum(theirs, ours)),
        near_aligned,
        near_opposed,
    )
    p = params
    align = p.align_constant + p.align_trust * confidence
    oppose = p.oppose_constant + p.oppose_menace * world.menace[:, powers]
    weights = (
        (p.align_was_aligned, p.oppose_was_aligned),
        (p.align_was_opposed, p.oppose_was_opposed),
        (p.align_affinity_gap, p.oppose_affinity_gap),
        (p.align_regime_gap, p.oppose_regime_gap),
        (p.align_distance, p.oppose_distance),
        (p.align_dependence, p.oppose_dependence),
        (p.align_aligned_neighbours, p.oppose_aligned_neighbours),
        (p.align_opposed_neighbours, p.oppose_opposed_neighbours),
    )
    for field, (for_align, for_oppose) in zip(fields, weights, strict=True):
        align, oppose = align + for_align * field, oppose + for_oppose * field
    return align, oppose


def diagnose(world: World, now: Now, params: StanceParameters) -> Diagnostics:
    """Stances a year on; a great power aligns with itself."""
    align, oppose = response(*utilities(world, now, params))
    itself = jnp.arange(align.shape[0])[:, None] == now.setting.great_power[None, :]
    return replace(
        now.diagnostics,
        align=jnp.where(itself, 1.0, align),
        oppose=jnp.where(itself, 0.0, oppose),
    )
