"""How much higher the hazard of disputes stands on the model's measures than on the record's.

The model measures distance between populations and capability with GDP, the estimate between
capitals and with CINC. The constant is raised so that the world after the last year expects as many
onsets as the estimate does for the last year of its sample; nothing later enters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
from scipy.optimize import brentq

from worldorder.data.start import Start, load_start
from worldorder.dynamics.step import Clock, now_of
from worldorder.inference.door.estimates import Sources
from worldorder.inference.door.points import PUBLISHED_TO, last_origin
from worldorder.inference.hindcast.run import setout
from worldorder.mechanisms import capability, disputes
from worldorder.mechanisms.capability import CapabilityParameters
from worldorder.mechanisms.disputes import DisputeParameters
from worldorder.parameters.known import parameters_known
from worldorder.parameters.loader import Parameters, load_parameters
from worldorder.random import Stream, stream_key, stream_salt
from worldorder.state import Now, World, no_conduct

DRAWS: Final = 8  # of the years of peace that the record does not show
LARGEST: Final = 2.0  # rise of the log hazard either way


def start_after(sources: Sources) -> tuple[Start, Parameters]:
    """The world after the last year and parameters known then, of the last origin by the year."""
    if sources.to >= PUBLISHED_TO:
        return load_start(), load_parameters()
    year = last_origin(sources)
    return setout(year, read=sources.read)[0].start, parameters_known(year).parameters


def _at_start(start: Start, parameters: Parameters) -> tuple[World, Now]:
    world, setting = start.world, start.setting
    seen = now_of(world, Clock(jnp.float32(0.0), jnp.float32(0.0)), no_conduct(world), setting)
    power = CapabilityParameters(**_values(parameters["capability"]))
    return world, replace(seen, diagnostics=capability.diagnose(world, seen, power))


def _values(named: Mapping[str, Any], found: Mapping[str, float] | None = None) -> dict[str, Any]:
    values = {name: parameter.value for name, parameter in named.items()} | dict(found or {})
    return {name: jnp.float32(value) for name, value in values.items()}


def expected_onsets(
    world: World, now: Now, params: DisputeParameters, draws: int = DRAWS
) -> jax.Array:
    """Onsets that a year has on average, over draws of the peace that is not on record."""

    salt = jnp.asarray(stream_salt(1, "imputation"))

    def once(number: jax.Array) -> jax.Array:
        stream = Stream(stream_key(salt, number), jnp.uint32(1))
        peace = disputes.imputed_peace(world, now, params, stream)
        pairs = disputes.pairs_of(replace(world, peace_years=peace), now)
        hazard = jnp.exp(disputes.onset_log_hazard(pairs, params))
        return jnp.triu(-jnp.expm1(-hazard), 1).sum()

    return jax.lax.map(once, jnp.arange(draws, dtype=jnp.uint32)).mean()


def raised_by(
    start: Start, parameters: Parameters, found: Mapping[str, float], expected: float
) -> float:
    """Rise of the constant at which the world of a start expects so many onsets.

    Args:
        start: the world.
        parameters: known then, for what `found` leaves out.
        found: coefficients of the onset by name, as estimated.
        expected: onsets a year.
    """
    world, now = _at_start(start, parameters)
    count = jax.jit(lambda params: expected_onsets(world, now, params))

    def excess(rise: float) -> float:
        raised = {**found, "onset_constant": found["onset_constant"] + rise}
        params = DisputeParameters(**_values(parameters["disputes"], raised))
        return float(np.log(count(params)) - np.log(expected))

    rise: Any = brentq(excess, -LARGEST, LARGEST, xtol=1e-3)
    return float(rise)
