"""Where do states stand in Assembly votes, and what moves them?"""

from __future__ import annotations

import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Float

from worldorder.mechanisms.relaxation import exact_average_rate, lost_in_step
from worldorder.random import Stream, happens, normal
from worldorder.state import Events, Now, Shocks, Tendency, World, events_of, pytree, tendency_of
from worldorder.typing import ByCountry, ByDyad, Scalar


@pytree
class AlignmentParameters:
    """Pulls on a state's ideal point, what coercion does to it, and chance."""

    partner_rate: Scalar  # 1/year, toward trade partners
    ally_rate: Scalar  # 1/year, toward states that owe it defence
    common_rate: Scalar  # 1/year, toward the mean of all states
    anchor_rate: Scalar  # 1/year, toward the domestic anchor
    anchor_drift_rate: Scalar  # 1/year, of the anchor toward where the state stands
    diffusion: Scalar  # ideal point/year^0.5
    shift_hazard: Scalar  # 1/year, of a sudden realignment
    shift_size: Scalar  # ideal point, standard deviation of a realignment
    tariff_backlash: Scalar  # ideal point per unit of ad valorem tariff
    threat_backlash: Scalar  # ideal point at intensity 1
    backlash_distance: Scalar  # ideal point, at which half of the backlash is felt


def weighted_gap(weight: ByDyad, ideal_point: ByCountry) -> ByCountry:
    r"""Distance from a state to the weighted mean of others, ideal point.

    .. math:: g_i = \frac{\sum_j w_{ij} \theta_j}{\sum_j w_{ij}} - \theta_i

    Args:
        weight: :math:`w \ge 0`, any unit; rows need not sum to 1.
        ideal_point: :math:`\theta`, ideal point.

    0 for a state with no weights.
    """
    total, moment = weight.sum(axis=1), weight @ ideal_point
    return jnp.where(total > 0.0, moment / jnp.where(total > 0.0, total, 1.0) - ideal_point, 0.0)


def alignment_rate(
    ideal_point: ByCountry,
    anchor: ByCountry,
    dependence: ByDyad,
    defence_pact: ByDyad,
    step_years: Scalar,
    params: AlignmentParameters,
) -> ByCountry:
    r"""Drift of ideal points, ideal point/year.

    .. math:: \dot\theta_i = k_p g_i(D) + k_a g_i(P) + k_m (\bar\theta - \theta_i)
        + k_h (a_i - \theta_i)

    Social influence with an anchor, in continuous time: with row-stochastic weights its rest
    point is that of Friedkin and Johnsen. Others' positions are held over the step and the pull
    is integrated exactly.

    Args:
        ideal_point: :math:`\theta`, ideal point.
        anchor: :math:`a`, ideal point.
        dependence: :math:`D`, trade of row with column over the GDP of row.
        defence_pact: :math:`P`, 1 where row owes column defence.
        step_years: length of the step, year.
        params: rates :math:`k`.

    References:
        Friedkin, N. E. and Johnsen, E. C. (1990), Social influence and opinions, Journal of
        Mathematical Sociology 15, doi:10.1080/0022250X.1990.9990069.
    """
    by_partners = lax.cond(
        params.partner_rate != 0.0,
        lambda: params.partner_rate * weighted_gap(dependence, ideal_point),
        lambda: jnp.zeros_like(ideal_point),
    )
    pull = (
        by_partners
        + params.ally_rate * weighted_gap(defence_pact, ideal_point)
        + params.common_rate * (ideal_point.mean() - ideal_point)
        + params.anchor_rate * (anchor - ideal_point)
    )
    total = reversion_rate(params)
    return pull * exact_average_rate(total, step_years) / total


def reversion_rate(params: AlignmentParameters) -> Scalar:
    r"""Rate at which a lone departure fades, 1/year: :math:`k_p + k_a + k_m + k_h`."""
    rates = params.partner_rate + params.ally_rate + params.common_rate + params.anchor_rate
    return jnp.maximum(rates, 1e-6)


def anchor_drift(
    anchor: ByCountry, ideal_point: ByCountry, step_years: Scalar, params: AlignmentParameters
) -> ByCountry:
    r"""Slow movement of home politics toward where the state stands, ideal point/year.

    .. math:: \dot a_i = k_d (\theta_i - a_i)
    """
    return exact_average_rate(params.anchor_drift_rate, step_years) * (ideal_point - anchor)


def start_anchor(history: Float[Array, "year country"], anchor_drift_rate: Scalar) -> ByCountry:
    r"""Domestic anchor after a history of yearly ideal points, ideal point.

    .. math:: a_{t+1} = a_t + (1 - e^{-k_d}) (\theta_t - a_t), \quad a_{first} = \theta_{first}

    Args:
        history: :math:`\theta`, oldest year first; NaN where a state had no vote that year.
        anchor_drift_rate: :math:`k_d`, 1/year.

    NaN for a state that never voted.
    """
    age = history.shape[0] - 1.0 - jnp.arange(history.shape[0])
    seen = ~jnp.isnan(history)
    first = jnp.arange(history.shape[0])[:, None] == jnp.argmax(seen, axis=0)
    share = jnp.where(first, 1.0, lost_in_step(anchor_drift_rate, jnp.ones(())))
    weight = jnp.where(seen, share * jnp.exp(-anchor_drift_rate * age)[:, None], 0.0)
    return (weight * jnp.nan_to_num(history)).sum(axis=0) / weight.sum(axis=0)


def away_from(ideal_point: ByCountry, coercion: ByDyad, params: AlignmentParameters) -> ByCountry:
    r"""Move of each state away from those who coerce it, ideal point.

    .. math:: \Delta\theta_i = \sum_c x_{ci} \frac{\theta_i - \theta_c}
        {|\theta_i - \theta_c| + d}

    Args:
        ideal_point: :math:`\theta`, ideal point.
        coercion: :math:`x`, ideal point, what the row's coercion of the column is worth;
            negative where coercion wins compliance.
        params: distance :math:`d` at which half of it is felt, so that a state that stands
            exactly with its coercer is not thrown to either side.
    """
    gap = ideal_point[None, :] - ideal_point[:, None]
    # a product, since sums down the columns are slow on processors
    one = jnp.ones_like(ideal_point)
    return one @ (coercion * gap / (jnp.abs(gap) + params.backlash_distance))


def shock_scale(step_years: Scalar, params: AlignmentParameters) -> Scalar:
    r"""Standard deviation of the diffusion over a step, ideal point.

    .. math:: \sigma \sqrt{(1 - e^{-2 k \Delta t}) / (2k)}

    Exact for reversion at rate :math:`k`, so that the spread at a date does not depend on the
    length of the step.
    """
    twice = 2.0 * reversion_rate(params)
    return params.diffusion * jnp.sqrt(lost_in_step(twice, step_years) / twice)


def shift_scale(step_years: Scalar, params: AlignmentParameters) -> Scalar:
    r"""Standard deviation of what realignments in a step that has any add up to, ideal point.

    .. math:: J \sqrt{\lambda \Delta t / (1 - e^{-\lambda \Delta t})}

    A long step may hold several; with this size their variance is that of the Poisson process.
    """
    expected = params.shift_hazard * step_years
    return params.shift_size * jnp.sqrt(
        expected / jnp.maximum(lost_in_step(params.shift_hazard, step_years), 1e-12)
    )


def events(world: World, now: Now, params: AlignmentParameters, stream: Stream) -> Events:
    """Backlash against the coercion of the step."""
    conduct = now.conduct

    def backlash() -> ByCountry:
        coercion = params.tariff_backlash * jnp.maximum(conduct.tariff_rise, 0.0)
        coercion = coercion + params.threat_backlash * conduct.threat
        return away_from(world.ideal_point, coercion, params)

    moved = lax.cond(conduct.acts, backlash, lambda: jnp.zeros_like(world.ideal_point))
    return events_of(world, ideal_point_shock=moved)


def chance(world: World, now: Now, params: AlignmentParameters, stream: Stream) -> Shocks:
    """Diffusion and sudden realignments."""
    shape = world.ideal_point.shape
    hazard = jnp.broadcast_to(params.shift_hazard, shape)
    realigns = happens(stream, hazard, now.step_years, draw=1)
    size = shift_scale(now.step_years, params) * normal(stream, shape, draw=2)
    shift = jnp.where(realigns, size, 0.0)
    diffusion = shock_scale(now.step_years, params) * normal(stream, shape)
    return Shocks(jnp.zeros(shape), diffusion + shift)


def tendency(world: World, now: Now, params: AlignmentParameters) -> Tendency:
    """Drift toward partners, allies, the Assembly and home; home follows slowly."""
    drift = alignment_rate(
        world.ideal_point,
        world.domestic_anchor,
        now.diagnostics.dependence,
        world.defence_pact,
        now.step_years,
        params,
    )
    follow = anchor_drift(world.domestic_anchor, world.ideal_point, now.step_years, params)
    return tendency_of(world, ideal_point=drift, domestic_anchor=follow)
