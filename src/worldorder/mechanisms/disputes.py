"""Which states fall into a militarized dispute, how far does it go, when does it end?

Onset is a hazard of a pair, estimated on 1963-2014 with the covariates that the field takes for
standard (Bremer 1992, doi:10.1177/0022002792036002005; Carter and Signorino 2010,
doi:10.1093/pan/mpq013, on years of peace). With its onset a dispute gets the level that it will
reach, as in the record: no force, force, war. It then lasts until it is settled. A war costs
income.

Events fall at the turn of the year, as in the yearly record, so a run draws the same disputes
whatever the length of its step.

What a concert of powers does is thin evidence: no war in 16 onset rows of 1816-53. The contrast
with later years, which may be due to the era, is drawn with its error, times a share that is due
to the concert, which is drawn from nothing to all of it. How much of that is owed to recognised
spheres, how much to consultation, and whether one works without the other, is drawn too.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax

from worldorder.mechanisms.membership import year_turns
from worldorder.mechanisms.pairs import gap, larger
from worldorder.mechanisms.trade.dependence import root_of_larger_share
from worldorder.random import Stream, pair_uniforms, within
from worldorder.state import Events, Now, Setting, World, events_of, pytree
from worldorder.typing import ByCountry, ByDyad, Scalar

NONE, DISPUTE, FORCE, WAR = 0.0, 1.0, 2.0, 3.0  # levels of `World.dispute`
UNRECORDED = 10  # most years before the start without a record of disputes
LONGEST_PEACE = 40.0  # years of peace that the hazard tells apart


@pytree
class DisputeParameters:
    """Coefficients and what a concert, mediation and war do; see `parameters/disputes.yaml`."""

    onset_constant: Scalar  # log of 1/year, at the reference pair
    onset_land_border: Scalar
    onset_distance: Scalar  # per log of 1,000 km
    onset_rivalry: Scalar
    onset_great_power: Scalar
    onset_power: Scalar  # per log of the larger share
    onset_power_ratio: Scalar  # per log
    onset_democracy: Scalar  # per unit of the lower score
    onset_regime_gap: Scalar
    onset_pact: Scalar
    onset_peace: Scalar  # per log of 1 + years
    onset_affinity_gap: Scalar  # per ideal point
    onset_dependence: Scalar  # per square root of the larger trade share
    onset_menace: Scalar  # per unit of remembered menace
    force_constant: Scalar
    force_land_border: Scalar
    force_democracy: Scalar
    war_constant: Scalar
    war_rivalry: Scalar
    war_democracy: Scalar
    dispute_goes_on: Scalar  # probability a year
    force_goes_on: Scalar  # probability a year
    war_goes_on: Scalar  # probability a year
    mediation_effect: Scalar  # log odds of settlement at full effort and acceptance
    war_growth_cost: Scalar  # 1/year, against a neighbour
    power_war_growth_cost: Scalar  # 1/year, between great powers
    concert_onset: Scalar  # log ratio, contrast of the record
    concert_war: Scalar  # log odds, contrast of the record
    concert_share: Scalar  # share of the contrast that is due to the concert
    recognition_share: Scalar  # of that, share owed to recognised spheres
    complementarity: Scalar  # 0: each works alone, 1: only both together
    veto_restraint: Scalar  # share of onsets that a veto prevents


class Pairs(NamedTuple):
    """What the hazards look at, symmetric, (state, state)."""

    land_border: ByDyad  # 1 or 0
    log_distance: ByDyad  # log of 1,000 km
    rivalry: ByDyad  # 1 or 0
    great_power: ByDyad  # 1 where one of the two is a great power
    log_power: ByDyad  # log of the larger capability share
    log_power_ratio: ByDyad  # absolute
    least_democracy: ByDyad  # 0 to 1
    regime_gap: ByDyad  # 0 to 1
    pact: ByDyad  # 1 where one owes the other defence
    peace_years: ByDyad
    affinity_gap: ByDyad  # ideal point
    dependence: ByDyad  # square root of the larger share in the other's goods trade
    menace: ByDyad  # the larger of both


def pairs_of(world: World, now: Now) -> Pairs:
    """Covariates of all pairs at this moment, as the estimate defines them."""
    setting, power = now.setting, now.diagnostics.power_share
    great = jnp.zeros_like(power).at[setting.great_power].set(1.0)
    log_power, regime = jnp.log(power + 1e-5), setting.regime
    return Pairs(
        land_border=setting.contiguity,
        log_distance=setting.log_distance,
        rivalry=world.rivalry,
        great_power=jnp.maximum(great[:, None], great[None, :]),
        log_power=jnp.maximum(log_power[:, None], log_power[None, :]),
        log_power_ratio=gap(log_power),
        least_democracy=jnp.minimum(regime[:, None], regime[None, :]),
        regime_gap=gap(regime),
        pact=larger(world.defence_pact),
        peace_years=world.peace_years,
        affinity_gap=gap(world.ideal_point),
        dependence=root_of_larger_share(now.diagnostics.dependence),
        menace=larger(world.menace),
    )


def onset_log_hazard(pairs: Pairs, params: DisputeParameters) -> ByDyad:
    r"""Log hazard that two states begin a militarized dispute, log 1/year.

    $$\log h_{ij} = a + \sum_k b_k x_{k,ij} - b_p \log(1 + t_{ij})$$

    Args:
        pairs: covariates $x$, and years of peace $t$.
        params: coefficients $b$. The constant holds for a pair without border, rivalry, great
            power or pact at 1,000 km, with log larger share -4, log ratio 1.5, lower democracy
            .2, gap of regimes .3, log of 1 + years of peace 2, ideal points 1 apart, root of
            trade share .2.

    Limits: coefficients are associations of 1963-2014, not effects of an intervention.
    """
    return (
        params.onset_constant
        + params.onset_land_border * pairs.land_border
        + params.onset_distance * pairs.log_distance
        + params.onset_rivalry * pairs.rivalry
        + params.onset_great_power * pairs.great_power
        + params.onset_power * (pairs.log_power + 4.0)
        + params.onset_power_ratio * (pairs.log_power_ratio - 1.5)
        + params.onset_democracy * (pairs.least_democracy - 0.2)
        + params.onset_regime_gap * (pairs.regime_gap - 0.3)
        + params.onset_pact * pairs.pact
        + params.onset_peace * (jnp.log(1.0 + pairs.peace_years) - 2.0)
        + params.onset_affinity_gap * (pairs.affinity_gap - 1.0)
        + params.onset_dependence * (pairs.dependence - 0.2)
        + params.onset_menace * pairs.menace
    )


def concert_engagement(
    recognition: ByDyad, consultation: ByDyad, params: DisputeParameters
) -> ByDyad:
    r"""How much of a concert there is between two states, 0 to 1.

    $$e = (1 - k)(s\, r + (1 - s)\, c) + k\, r c$$

    Args:
        recognition: $r$ from the mean of both sides, 0 to 1; row recognises column's sphere.
        consultation: $c$, 0 to 1.
        params: share $s$ owed to recognition and complementarity $k$, both unknown.
    """
    mutual = 0.5 * (recognition + recognition.T)
    either = params.recognition_share * mutual + (1.0 - params.recognition_share) * consultation
    both = mutual * consultation
    return (1.0 - params.complementarity) * either + params.complementarity * both


def force_log_odds(pairs: Pairs, params: DisputeParameters) -> ByDyad:
    r"""Log odds that a dispute comes to the use of force: border and the lower democracy."""
    return (
        params.force_constant
        + params.force_land_border * pairs.land_border
        + params.force_democracy * (pairs.least_democracy - 0.2)
    )


def war_log_odds(pairs: Pairs, concert: ByDyad, params: DisputeParameters) -> ByDyad:
    r"""Log odds that a dispute comes to war, with both sides at war.

    $$\mathrm{logit}\, p = a + b_r R + b_v (v - .2) + \phi\, w\, e$$

    Args:
        pairs: rivalry $R$ and lower democracy $v$.
        concert: engagement $e$ of a concert, 0 to 1.
        params: coefficients, contrast $w$ of the record and the share $\phi$ due to the concert.
    """
    return (
        params.war_constant
        + params.war_rivalry * pairs.rivalry
        + params.war_democracy * (pairs.least_democracy - 0.2)
        + params.concert_share * params.concert_war * concert
    )


def vetoed(consultation: ByDyad, veto: ByCountry, pact: ByDyad) -> ByDyad:
    """1 where a state that the row consults with may block force and owes the column defence."""
    return jnp.minimum((consultation * veto) @ pact, 1.0)


def mediation_effort(mediation: ByDyad, trust: ByDyad) -> ByDyad:
    r"""Mediation that both sides accept, 0 to 1.

    $$e_{ij} = \min(1, \sum_m \sqrt{T_{im} T_{jm}}\, m_{mi} m_{mj})$$

    Args:
        mediation: $m$, effort of the row for the column, 0 to 1; it works for both or not at all.
        trust: $T$, share of the row's public that trusts the column: acceptability.
    """
    accepted = mediation * jnp.sqrt(trust).T
    return jnp.minimum(accepted.T @ accepted, 1.0)


def goes_on_probability(level: ByDyad, params: DisputeParameters) -> ByDyad:
    """Probability that a dispute of a level still goes on a year later."""
    highest = jnp.where(level == WAR, params.war_goes_on, params.dispute_goes_on)
    return jnp.where(level == FORCE, params.force_goes_on, highest)


def mediated(probability: ByDyad, effort: ByDyad, params: DisputeParameters) -> ByDyad:
    r"""Probability that a dispute goes on under mediation: its log odds fall by $\mu e$.

    Args:
        probability: without mediation.
        effort: $e$, mediation that both sides accept, 0 to 1.
        params: effect $\mu$.
    """
    odds = probability * jnp.exp(-params.mediation_effect * effort)
    return odds / (odds + 1.0 - probability)


def war_growth_shock(dispute: ByDyad, setting: Setting, params: DisputeParameters) -> ByCountry:
    """Change of log GDP by a year of war.

    Wars against a neighbour, and between great powers, cost; others do not in the record. The
    growth path already contains the wars of the start, which cost nothing here.
    """
    war = (dispute == WAR) & (setting.start_dispute != WAR)
    near = (war & (setting.contiguity > 0.0)).any(axis=1)
    great = jnp.zeros(dispute.shape[0], bool).at[setting.great_power].set(True)
    among = (war & great[:, None] & great[None, :]).any(axis=1)
    loss = jnp.where(near, params.war_growth_cost, 0.0)
    return -jnp.maximum(loss, jnp.where(among, params.power_war_growth_cost, 0.0))


def imputed_peace(world: World, now: Now, params: DisputeParameters, stream: Stream) -> ByDyad:
    """Years of peace at the start, with the disputes that the record no longer shows drawn.

    Militarized disputes are on record to some years before the start (`unrecorded_years` of the
    setting, at most `UNRECORDED`; none at a past origin that the record reaches). The years since
    are drawn from the hazard one by one; later wars, which are on record, stay as they are.

    Limits: covariates are those of the start.
    """
    pairs, last, years = pairs_of(world, now), world.peace_years, now.setting.unrecorded_years
    recorded = last < years
    level = onset_log_hazard(pairs._replace(peace_years=jnp.zeros_like(last)), params)
    level = jnp.where(jnp.eye(last.shape[0], dtype=bool), -jnp.inf, level)

    def year(number: Array, now: tuple[ByDyad, ByDyad]) -> tuple[ByDyad, ByDyad]:
        peace, chance = now
        onset = 1.0 - jnp.exp(-jnp.exp(level + params.onset_peace * jnp.log(1.0 + peace)))
        older = jnp.minimum(peace + 1.0, LONGEST_PEACE)
        begins = chance < onset
        # what is left of a uniform draw after a yes or no is uniform again: one draw is enough
        left = jnp.where(begins, chance / onset, (chance - onset) / (1.0 - onset))
        later = jnp.where(begins, 0.0, older), left
        return jax.tree.map(lambda new, old: jnp.where(number < years, new, old), later, now)

    before = jnp.where(last < LONGEST_PEACE, last - years, LONGEST_PEACE)
    chance = pair_uniforms(stream, last.shape[0])[0]
    peace, _ = lax.fori_loop(0, UNRECORDED, year, (jnp.maximum(before, 0.0), chance))
    return jnp.where(recorded, last, peace)


def onset_log_hazard_now(
    world: World, pairs: Pairs, concert: ByDyad, params: DisputeParameters
) -> ByDyad:
    """Log hazard of onset with what a concert and a veto take off it; none with oneself."""
    consults = world.consultation.any()
    nothing = jnp.zeros_like(world.dispute)

    def kept() -> ByDyad:
        blocked = larger(vetoed(world.consultation, world.veto, world.defence_pact))
        return jnp.log1p(-params.veto_restraint * blocked)

    effect = params.concert_share * params.concert_onset * concert
    restrained = lax.cond(consults, kept, lambda: nothing)
    hazard = onset_log_hazard(pairs, params) + effect + restrained
    return jnp.where(jnp.eye(hazard.shape[0], dtype=bool), -jnp.inf, hazard)


def new_levels(world: World, now: Now, params: DisputeParameters, stream: Stream) -> ByDyad:
    """Level of each dispute a year on: begun, still open, or 0 where none or settled."""
    pairs = pairs_of(world, now)
    concert = concert_engagement(world.sphere_recognition, world.consultation, params)
    lasts = goes_on_probability(world.dispute, params)

    def with_mediators() -> ByDyad:
        effort = mediation_effort(world.mediation, now.diagnostics.trust)
        return mediated(lasts, effort, params)

    lasts = lax.cond(world.mediation.any(), with_mediators, lambda: lasts)
    chance, height, lasting, _ = pair_uniforms(stream, world.dispute.shape[0])
    height = jnp.log(height / (1.0 - height))
    reached = jnp.where(height < force_log_odds(pairs, params), FORCE, DISPUTE)
    reached = jnp.where(height < war_log_odds(pairs, concert, params), WAR, reached)
    hazard = jnp.exp(onset_log_hazard_now(world, pairs, concert, params))
    begun = jnp.where(within(chance, hazard), reached, NONE)
    goes_on = jnp.where(lasting < lasts, world.dispute, NONE)
    return jnp.where(world.dispute > NONE, goes_on, begun)


def events(world: World, now: Now, params: DisputeParameters, stream: Stream) -> Events:
    """Onsets, settlements and the cost of a year of war, once a year with the year's address."""

    def drawn() -> tuple[ByDyad, ByCountry]:
        year = jnp.floor(now.years + 1e-3).astype(jnp.uint32)
        level = new_levels(world, now, params, Stream(stream.key, year))
        return level, war_growth_shock(world.dispute, now.setting, params)

    turned = year_turns(now.years, now.step_years)
    nobody = jnp.zeros_like(world.ideal_point)
    level, cost = lax.cond(turned, drawn, lambda: (world.dispute, nobody))
    begun = (world.dispute == NONE) & (level > NONE)
    older = jnp.minimum(world.peace_years + turned, LONGEST_PEACE)
    return events_of(
        world,
        dispute_change=level - world.dispute,
        peace_change=jnp.where(begun, 0.0, older) - world.peace_years,
        growth_shock=cost,
    )
