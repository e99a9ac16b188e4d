"""Who is a threat to whom: capability, proximity, offensive means and learned intent.

After Walt (1985, doi:10.2307/2538540; 1987, The Origins of Alliances), who names the four and
gives no formula. The product here is our own choice.
"""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
from jax import lax

from worldorder.mechanisms.relaxation import exact_average_rate
from worldorder.state import (
    Diagnostics,
    Events,
    Now,
    Tendency,
    World,
    events_of,
    pytree,
    tendency_of,
)
from worldorder.typing import ByCountry, ByDyad, Scalar

_KNOWN_INTENT = 3.0  # level of `World.dispute` at which intent is no longer in doubt


@pytree
class ThreatParameters:
    """Scales of proximity and means, and how intent is learned; see `parameters/threat.yaml`."""

    half_distance: Scalar  # km, at which proximity is one half
    half_burden: Scalar  # share of GDP, at which means are one half
    rivalry_intent: Scalar  # share of trust that a rivalry takes away
    menace_memory: Scalar  # year, mean life of a threat or exercise in memory
    exercise_menace: Scalar  # menace of an exercise of intensity 1, that of a threat is 1


def proximity(distance: ByDyad, half_distance: Scalar) -> ByDyad:
    r"""Nearness of two states, 0 to 1: $1 / (1 + d/d_0)$."""
    return 1.0 / (1.0 + distance / half_distance)


def perceived_intent(
    trust: ByDyad, rivalry: ByDyad, dispute: ByDyad, menace: ByDyad, params: ThreatParameters
) -> ByDyad:
    r"""Hostile intent that the row sees in the column, 0 to 1.

    $$1 - T_{ij} (1 - \rho R_{ij}) (1 - D_{ij}/3) e^{-m_{ij}}$$

    Args:
        trust: $T$, share of the row's public that trusts the column; it learns from conduct.
        rivalry: $R$, 1 between strategic rivals.
        dispute: $D$, level of the open dispute, 0 to 3 (war).
        menace: $m$, threats and exercises of the column that the row remembers.
        params: share $\rho$ of trust that a rivalry takes away.
    """
    benign = trust * (1.0 - params.rivalry_intent * rivalry) * (1.0 - dispute / _KNOWN_INTENT)
    return 1.0 - benign * jnp.exp(-menace)


def threat_level(
    power: ByCountry, burden: ByCountry, near: ByDyad, intent: ByDyad, params: ThreatParameters
) -> ByDyad:
    r"""Threat to the row by the column, 0 to 1.

    $$\frac{c_j}{c_i + c_j} \cdot P_{ij} \cdot \frac{b_j}{b_j + b_0} \cdot I_{ij}$$

    Args:
        power: $c$, share of world capability.
        burden: $b$, military spending over GDP: means.
        near: $P$, proximity, 0 to 1.
        intent: $I$, perceived intent, 0 to 1.
        params: half-point $b_0$ of means.

    Limits: the four have equal weight, as in the text they come from; nuclear weapons have no
    part of their own.
    """
    share = power[None, :] / (power[:, None] + power[None, :])
    means = burden / (burden + params.half_burden)
    level = share * near * means[None, :] * intent
    return level * (1.0 - jnp.eye(level.shape[0], dtype=level.dtype))


def diagnose(world: World, now: Now, params: ThreatParameters) -> Diagnostics:
    """Threat of the moment."""
    seen = now.diagnostics
    intent = perceived_intent(seen.trust, world.rivalry, world.dispute, world.menace, params)
    near = proximity(now.setting.distance, params.half_distance)
    level = threat_level(seen.power_share, world.military_burden, near, intent, params)
    return replace(seen, threat=level)


def events(world: World, now: Now, params: ThreatParameters, stream: object) -> Events:
    """Threats and exercises of the step are remembered by their targets."""
    conduct = now.conduct
    jump = lax.cond(
        conduct.acts,
        lambda: (conduct.threat + params.exercise_menace * conduct.exercise).T,
        lambda: jnp.zeros_like(world.menace),
    )
    return events_of(world, menace_jump=jump)


def tendency(world: World, now: Now, params: ThreatParameters) -> Tendency:
    """What was threatened is forgotten."""
    rate = exact_average_rate(1.0 / params.menace_memory, now.step_years)
    return tendency_of(world, menace=-rate * world.menace)
