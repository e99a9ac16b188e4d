"""How does a state's public come to trust another state, lose that trust and regain it?"""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Int

from worldorder.mechanisms.membership import year_turns
from worldorder.mechanisms.relaxation import exact_average_rate, lost_in_step
from worldorder.random import Stream, normal
from worldorder.state import (
    Conduct,
    Diagnostics,
    Events,
    Now,
    Tendency,
    World,
    events_of,
    pytree,
    tendency_of,
)
from worldorder.typing import ByCountry, ByDyad, ByMembership, CountryMask, Scalar


@pytree
class TrustParameters:
    """How trust is lost, passed on, kept over a change of leader and regained."""

    fast_rate: Scalar  # 1/year
    carry_over: Scalar  # share of the fast part that survives a change of leader
    leader_spread: Scalar  # logit, common to all trusters
    leader_spread_of_dyad: Scalar  # logit, own to each truster
    slow_rate: Scalar  # 1/year
    slow_spread: Scalar  # logit
    slow_share: Scalar  # share of a breach that is held against the state
    asymmetry: Scalar  # loss over gain
    distance_slope: Scalar  # logit per ideal point
    pact_effect: Scalar  # logit, where the row owes the column defence
    unsurveyed_image: Scalar  # logit, image of a state on which there is no survey
    tariff_loss: Scalar  # logit/ad valorem
    answer_blame: Scalar  # share of that loss where the tariff answers one that was there first
    threat_loss: Scalar  # logit at intensity 1
    withdrawal_loss: Scalar  # logit when every joint body is left
    abandonment_loss: Scalar  # logit when a promise of defence is ended without agreement
    third_party_share: Scalar  # share of the target's loss
    peer_distance: Scalar  # ideal point
    recognition_gain: Scalar  # logit at strength 1
    aid_gain: Scalar  # logit/year for aid of the size of GDP


def trust_share(slow: ByDyad, fast: ByDyad) -> ByDyad:
    r"""Share of the public of the row that would rate the column favourably, share.

    .. math:: T_{ij} = 1 / (1 + e^{-(s_{ij} + f_{ij})})
    """
    return jax.nn.sigmoid(slow + fast)


def bodies_left_share(withdrawal: ByMembership, membership: ByMembership) -> ByDyad:
    r"""Share of the bodies that row and column share which the column gives notice to, share.

    .. math:: L_{ij} = \sum_b m_{ib} w_{jb} / \sum_b m_{ib} m_{jb}

    Args:
        withdrawal: :math:`w`, true where the state gives notice in this step.
        membership: :math:`m`, true where the state is a full member; of a body that it leaves at
            once it counts as one.

    0 where the two share no body.
    """
    member = (membership | withdrawal).astype(jnp.float32)

    def with_next(now: tuple[ByDyad, CountryMask]) -> tuple[ByDyad, CountryMask]:
        share, waiting = now
        leaver = jnp.argmax(waiting)
        left, both = member @ withdrawal[leaver].astype(jnp.float32), member @ member[leaver]
        share = share.at[:, leaver].set(left / jnp.maximum(both, 1.0))
        return share, waiting.at[leaver].set(False)

    # one column for each state that leaves: mostly one does, and a product of all costs much more
    start = jnp.zeros((member.shape[0], member.shape[0])), withdrawal.any(1)
    return lax.while_loop(lambda now: now[1].any(), with_next, start)[0]


def promises_left(
    withdrawal: ByMembership, membership: ByMembership, defence_body: Int[Array, " defence_body"]
) -> ByDyad:
    """1 where the column gives notice to a body in which it owes the row defence, else 0."""
    member = membership[:, defence_body].astype(jnp.float32)
    left = member @ withdrawal[:, defence_body].astype(jnp.float32).T
    return jnp.minimum(left, 1.0) * (1.0 - jnp.eye(left.shape[0], dtype=left.dtype))


def breach(world: World, now: Now, rise: ByDyad, params: TrustParameters) -> ByDyad:
    r"""Loss of trust of the row in the column that the column's conduct to it causes, logit.

    .. math:: b_{ij} = \beta_\tau [\Delta\tau_{ji}]_+ + \beta_h h_{ji} + \beta_w L_{ij}
        + \beta_c C_{ij}

    Args:
        world: memberships.
        now: threats :math:`h` (0 to 1), notices of withdrawal and promises of defence
            :math:`C` broken in the step, one by one or with a body that owes defence.
        rise: :math:`\Delta\tau`, tariff rises that are blamed, ad valorem.
        params: sizes :math:`\beta`.
    """
    conduct = now.conduct
    coerced = params.tariff_loss * jnp.maximum(rise, 0.0) + params.threat_loss * conduct.threat
    broken = conduct.breaches
    coerced = coerced.at[broken.actor, broken.partner].add(params.abandonment_loss, mode="drop")

    def left() -> ByDyad:
        share = bodies_left_share(conduct.withdrawal, world.membership)
        promises = promises_left(conduct.withdrawal, world.membership, now.setting.defence_body)
        return params.withdrawal_loss * share + params.abandonment_loss * promises

    return coerced.T + lax.cond(conduct.withdrawal.any(), left, lambda: jnp.zeros_like(coerced))


def blamed_rise(tariff: ByDyad, rise: ByDyad, params: TrustParameters) -> ByDyad:
    r"""Rise of tariffs that is held against the row, ad valorem: an answer counts for less.

    .. math:: \Delta\tau_{ji} - (1 - \beta) \min([\tau_{ij} - \tau_{ji}]_+, \Delta\tau_{ji})

    with the tariffs that stood before the step: what brings the row up to the tariff that it
    already faced is an answer, what goes beyond is its own. Of two that move in one step neither
    was first, and both are blamed in full.

    Args:
        tariff: :math:`\tau + \Delta\tau`, ad valorem, row on column, after the step's changes.
        rise: :math:`\Delta\tau`, ad valorem.
        params: share :math:`\beta` of the blame for an answer.
    """
    before = jnp.maximum(tariff - rise, 0.0)
    answer = jnp.clip(before.T - before, 0.0, jnp.maximum(rise, 0.0))
    return rise - (1.0 - params.answer_blame) * answer


def peer_weight(ideal_point: ByCountry, defence_pact: ByDyad, params: TrustParameters) -> ByDyad:
    r"""How far the row takes what befalls the column as its own, 0 to 1.

    .. math:: \omega_{ki} = \max\left(p_{ki}, \frac{1}{1 + |\theta_k - \theta_i| / d}\right)

    Args:
        ideal_point: :math:`\theta`, ideal point.
        defence_pact: :math:`p`, 1 where the row owes the column defence.
        params: distance :math:`d` (ideal point) at which the weight is one half.
    """
    gap = jnp.abs(ideal_point[:, None] - ideal_point[None, :])
    return jnp.maximum(defence_pact, params.peer_distance / (params.peer_distance + gap))


def observed_breach(suffered: ByDyad, weight: ByDyad) -> ByDyad:
    r"""What the row makes of what the column did to others, logit before the third-party share.

    Rises with the number and nearness of the targets and never above the worst that any of
    them suffered:

    .. math:: o_{kj} = \frac{B_j S_{kj}}{B_j + S_{kj}}, \quad
        S_{kj} = \sum_i \omega_{ki} b_{ij}, \quad B_j = \max_i b_{ij}

    Args:
        suffered: :math:`b`, logit, loss of each target (row) by each actor (column).
        weight: :math:`\omega`, 0 to 1, observer (row) and target (column).
    """
    worst = suffered.max(axis=0)
    heard = weight @ suffered
    return worst * heard / jnp.maximum(worst + heard, 1e-9)


def repair(conduct: Conduct, params: TrustParameters) -> ByDyad:
    r"""Gain of trust of the row in the column by tariffs cut and spheres recognised, logit.

    .. math:: g_{ij} = \beta_\tau [-\Delta\tau_{ji}]_+ / A + \beta_r r_{ji}

    Args:
        conduct: tariff changes :math:`\Delta\tau` and recognition :math:`r` of the step.
        params: asymmetry :math:`A` of loss over gain; it goes to infinity where loss is final.
    """
    cut = jnp.maximum(-conduct.tariff_rise, 0.0)
    regained = params.tariff_loss / params.asymmetry * cut
    return (regained + params.recognition_gain * conduct.recognition).T


def conduct_jump(world: World, now: Now, params: TrustParameters) -> ByDyad:
    """Change of trust of the row in the column by the conduct of one step, logit.

    A state that is hit and also sees others hit counts the larger of the two, not both.
    """
    rise = blamed_rise(world.tariff, now.conduct.tariff_rise, params)
    suffered = breach(world, now, rise, params)
    weight = peer_weight(world.ideal_point, world.defence_pact, params)
    seen = params.third_party_share * observed_breach(suffered, weight)
    abroad = 1.0 - jnp.eye(suffered.shape[0], dtype=suffered.dtype)
    return (repair(now.conduct, params) - jnp.maximum(suffered, seen)) * abroad


def leader_reset(fast: ByDyad, leader_change: CountryMask, params: TrustParameters) -> ByDyad:
    r"""Change of the fast part when a new leader takes office in the column, logit.

    .. math:: \Delta f_{ij} = -(1 - c) f_{ij}
    """
    return -(1.0 - params.carry_over) * fast * leader_change


def chance_of_years(rate: Scalar, years: Scalar) -> Scalar:
    r"""Standard deviation that relaxation leaves of chance over some years, in its spread, 1.

    .. math:: \sqrt{1 - e^{-2 k \Delta t}}
    """
    return jnp.sqrt(lost_in_step(2.0 * rate, years))


def slow_target(
    baseline: ByDyad, start_ideal_point: ByCountry, ideal_point: ByCountry, params: TrustParameters
) -> ByDyad:
    r"""Slow trust that affinity implies, logit.

    .. math:: s^*_{ij} = s^0_{ij} + \beta_d (|\theta_i - \theta_j| - |\theta^0_i - \theta^0_j|)

    Args:
        baseline: :math:`s^0`, logit, at the start's ideal points.
        start_ideal_point: :math:`\theta^0`, ideal point.
        ideal_point: :math:`\theta`, ideal point.
        params: slope :math:`\beta_d`.
    """
    gap = jnp.abs(ideal_point[:, None] - ideal_point[None, :])
    start_gap = jnp.abs(start_ideal_point[:, None] - start_ideal_point[None, :])
    return baseline + params.distance_slope * (gap - start_gap)


def slow_relaxation(
    slow: ByDyad, target: ByDyad, step_years: Scalar, params: TrustParameters
) -> ByDyad:
    r"""Rate at which the slow part returns to its target, logit/year: down fast, up slowly.

    .. math:: \dot s = k_s (s^* - s) \text{ above it}, \quad k_s / A\, (s^* - s) \text{ below}

    The rate is the exact average over the step, so the step's length does not matter.
    """
    down = exact_average_rate(params.slow_rate, step_years)
    up = exact_average_rate(params.slow_rate / params.asymmetry, step_years)
    missing = target - slow
    return jnp.where(missing > 0.0, up, down) * missing


def aid_gratitude_rate(aid: ByDyad, gdp: ByCountry, params: TrustParameters) -> ByDyad:
    r"""Rate at which aid raises the trust of the row in the column, logit/year.

    .. math:: \beta_a A_{ji} / Y_i
    """
    return params.aid_gain * aid.T / gdp[:, None]


@pytree
class StartTrust:
    """Trust at the start, and what of it rests on a survey."""

    slow: ByDyad  # logit
    fast: ByDyad  # logit
    baseline: ByDyad  # logit, slow trust that affinity implies
    imputed: Bool[Array, "country partner"]  # true where no survey stands behind it


def image_of_surveyed(slow: ByDyad, affinity: ByDyad, params: TrustParameters) -> ByCountry:
    r"""Image of each state among the surveyed, at equal affinity, logit.

    .. math:: \mu_j = \frac{1}{n_j} \sum_{i \in \text{surveyed}} (s_{ij} - x_{ij})

    Args:
        slow: :math:`s`, logit, NaN where no survey.
        affinity: :math:`x`, logit, part that affinity explains.
        params: image of a state on which there is no survey.
    """
    seen = ~jnp.isnan(slow)
    number = seen.sum(axis=0)
    total = jnp.where(seen, slow - affinity, 0.0).sum(axis=0)
    return jnp.where(number > 0, total / jnp.maximum(number, 1), params.unsurveyed_image)


def start_trust(
    slow_surveyed: ByDyad,
    fast: ByDyad,
    ideal_point: ByCountry,
    defence_pact: ByDyad,
    params: TrustParameters,
) -> StartTrust:
    r"""Trust of every state in every other at the start, from surveys and from affinity.

    Where there is a survey its slow part stands; elsewhere what affinity implies, which is also
    where the slow part tends everywhere:

    .. math:: s^0_{ij} = \mu_j + \beta_d |\theta_i - \theta_j| + \beta_p P_{ij}

    Args:
        slow_surveyed: logit, slow part in surveys of the row about the column; NaN where none.
        fast: logit, part that the leader in office at the start adds.
        ideal_point: :math:`\theta`, ideal point at the start.
        defence_pact: :math:`P`, 1 where the row owes the column defence.
        params: slope, pact effect, image of states on which there is no survey.
    """
    gap = jnp.abs(ideal_point[:, None] - ideal_point[None, :])
    affinity = params.distance_slope * gap + params.pact_effect * defence_pact
    image = image_of_surveyed(slow_surveyed, affinity, params)
    baseline = affinity + image[None, :]
    imputed = jnp.isnan(slow_surveyed)
    return StartTrust(jnp.where(imputed, baseline, slow_surveyed), fast, baseline, imputed)


def diagnose(world: World, now: Now, params: TrustParameters) -> Diagnostics:
    """Trust of the moment."""
    return replace(now.diagnostics, trust=trust_share(world.trust_slow, world.trust_fast))


def of_states_and_leading(image: ByCountry, own: ByCountry, leading: ByCountry) -> ByDyad:
    """What all think alike of each state, and each one of the leading state beside it, logit."""
    # A matrix product, or the compiler draws anew for every element of the matrix.
    return jnp.stack([jnp.ones_like(own), own], axis=1) @ jnp.stack([image, leading])


def chance_of_a_year(now: Now, params: TrustParameters, stream: Stream) -> tuple[ByDyad, ByDyad]:
    """Change of the fast and of the slow part by chance in a year, logit.

    Chance moves the image of a state with all others alike, and each state's own view of the
    leading state, which has none of itself; views of other dyads have no draw of their own.
    """
    leading = now.setting.leading_state.astype(params.leader_spread.dtype)
    shape, year = leading.shape, jnp.ones_like(params.leader_spread)
    fast = chance_of_years(params.fast_rate, year)
    slow = chance_of_years(params.slow_rate, year)
    image = params.leader_spread * fast * normal(stream, shape)
    own = params.leader_spread_of_dyad * fast * (1.0 - leading) * normal(stream, shape, draw=1)
    drift = params.slow_spread * slow * (1.0 - leading) * normal(stream, shape, draw=2)
    return of_states_and_leading(image, own, leading), drift[:, None] @ leading[None, :]


def first_impression(now: Now, params: TrustParameters, stream: Stream) -> ByDyad:
    """Chance in the fast part as a new leader takes office, logit.

    Its size keeps the spread of the fast part as it was before the change.
    """
    leading = now.setting.leading_state.astype(params.leader_spread.dtype)
    scale = jnp.sqrt(1.0 - params.carry_over**2) * now.conduct.leader_change
    image = params.leader_spread * scale * normal(stream, leading.shape, draw=3)
    of_leader = params.leader_spread_of_dyad * (scale @ leading) * (1.0 - leading)
    own = of_leader * normal(stream, leading.shape, draw=4)
    return of_states_and_leading(image, own, leading)


def events(world: World, now: Now, params: TrustParameters, stream: Stream) -> Events:
    """What conduct and new leaders do to trust in a step."""
    jump = lax.cond(
        now.conduct.acts,
        lambda: conduct_jump(world, now, params),
        lambda: jnp.zeros_like(world.trust_slow),
    )
    reset = leader_reset(world.trust_fast, now.conduct.leader_change, params)
    return events_of(
        world,
        trust_fast_jump=(1.0 - params.slow_share) * jump
        + reset
        + first_impression(now, params, stream),
        trust_slow_jump=params.slow_share * jump,
    )


def settle(world: World, now: Now, params: TrustParameters, stream: Stream) -> World:
    """Trust with the chance of the year that has ended, drawn with the address of this one."""
    year = Stream(stream.key, jnp.floor(now.years + 1e-3).astype(jnp.uint32))
    ended = year_turns(now.years, now.step_years) & (now.years > 0.0)
    passed = ended.astype(params.slow_spread.dtype)
    fast, slow = chance_of_a_year(now, params, year)
    return replace(
        world,
        trust_fast=world.trust_fast + passed * fast,
        trust_slow=world.trust_slow + passed * slow,
    )


def tendency(world: World, now: Now, params: TrustParameters) -> Tendency:
    """Forgetting, reversion to what affinity implies, and gratitude for aid."""
    setting = now.setting
    target = slow_target(
        setting.trust_baseline, setting.start_ideal_point, world.ideal_point, params
    )
    relaxing = slow_relaxation(world.trust_slow, target, now.step_years, params)
    gratitude = aid_gratitude_rate(world.aid, world.underlying_gdp, params)
    forgetting = -exact_average_rate(params.fast_rate, now.step_years) * world.trust_fast
    return tendency_of(world, trust_fast=forgetting, trust_slow=relaxing + gratitude)
