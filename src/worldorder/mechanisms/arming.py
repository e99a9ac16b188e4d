"""Do states arm in answer to threat, and less where allies arm? Off unless a scenario turns it on.

Military spending over product returns to its own level and answers threat (Richardson 1960, Arms
and Insecurity), force, and what allies spend (Olson and Zeckhauser 1966, doi:10.2307/1927082).
Estimated by `inference.estimate_arms`, whose forecasts with threat lose to persistence.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import lax

from worldorder.mechanisms.membership import year_turns
from worldorder.mechanisms.threat import proximity
from worldorder.random import Stream
from worldorder.state import Events, Now, World, events_of, pytree
from worldorder.typing import ByCountry, Scalar

_FORCE = 2.0  # level of `World.dispute` at which force is used


@pytree
class ArmingParameters:
    """Yearly changes of the log of military spending over product; see `parameters/arming.yaml`."""

    return_rate: Scalar  # 1/year, of the log burden to its own level
    threat_response: Scalar  # per full threat by one rival
    force_response: Scalar  # where a dispute with force is open
    allied_response: Scalar  # per log of 1 plus allies' spending over own
    menace_as_rivalry: Scalar  # share of a rivalry that remembered menace of 1 counts for
    half_distance: Scalar  # km, at which a rival's weight is one half


def rivals_threat(world: World, now: Now, params: ArmingParameters) -> ByCountry:
    r"""Threat by rivals, each by its strength against the row's and by nearness, 0 up.

    $$T_i = \sum_j R_{ij} \frac{c_j}{c_i + c_j} \frac{1}{1 + d_{ij} / d_0}$$

    with the rivalry $R$ of the record, or the share of one that remembered menace counts for.
    """
    power = now.diagnostics.power_share
    felt = jnp.maximum(world.rivalry, params.menace_as_rivalry * jnp.minimum(world.menace, 1.0))
    stronger = power[None, :] / (power[:, None] + power[None, :])
    near = proximity(now.setting.distance, params.half_distance)
    return (felt * stronger * near).sum(axis=1)


def allied_spending(world: World, now: Now) -> ByCountry:
    r"""Log of 1 plus the military spending of states tied by defence over own, $\log(1 + A_i)$."""
    spending = world.military_burden * now.diagnostics.gdp
    tied = jnp.maximum(world.defence_pact, world.defence_pact.T)
    return jnp.log1p((tied @ spending) / jnp.maximum(spending, 1e-9))


def drive(world: World, now: Now, params: ArmingParameters) -> ByCountry:
    r"""What moves the log burden in a year: $\beta_T T_i + \beta_F F_i + \beta_A \log(1 + A_i)$."""
    force = (world.dispute >= _FORCE).any(axis=1).astype(world.military_burden.dtype)
    return (
        params.threat_response * rivals_threat(world, now, params)
        + params.force_response * force
        + params.allied_response * allied_spending(world, now)
    )


def burden_at_rest(world: World, now: Now, params: ArmingParameters) -> ByCountry:
    r"""What keeps a state's burden where it is at the start: $\rho \log b_i - D_i$, log a year.

    The effect of the state in the estimate, read off the start.
    """
    return params.return_rate * _log(world.military_burden) - drive(world, now, params)


def yearly_change(world: World, now: Now, params: ArmingParameters) -> ByCountry:
    r"""Change of the log burden in a year, $\alpha_i + D_i - \rho \log b_i$; none without forces.

    $\alpha$ is `burden_at_rest`, $D$ the `drive`.
    """
    pull = now.setting.burden_at_rest + drive(world, now, params)
    change = pull - params.return_rate * _log(world.military_burden)
    return jnp.where(world.military_burden > 0.0, change, 0.0)


def _log(burden: ByCountry) -> ByCountry:
    return jnp.log(jnp.maximum(burden, 1e-6))


def events(world: World, now: Now, params: ArmingParameters, stream: Stream) -> Events:
    """Burdens change at the turn of the year, as in the record that they are estimated on."""
    change = lax.cond(
        now.on & year_turns(now.years, now.step_years),
        lambda: yearly_change(world, now, params),
        lambda: jnp.zeros_like(world.military_burden),
    )
    return events_of(world, burden_change=change)
