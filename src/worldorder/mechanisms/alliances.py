"""Which states promise each other defence, and which promises end?

Bilateral pacts begin and end with hazards estimated on ATOP 1946-2018. A multilateral pact is one
body: its ties follow its membership, so that a state that leaves loses its ties to all members
with whom it shares no other body, and one that joins gains them. Entry to and exit from bodies is
the business of `membership`, new bodies that of `pact_foundings`; distrust of a body's strongest
member adds to exit here.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Float

from worldorder.mechanisms.membership import year_turns
from worldorder.mechanisms.pact_foundings import mates
from worldorder.mechanisms.pairs import gap, larger
from worldorder.mechanisms.trade.dependence import root_of_larger_share
from worldorder.random import Stream, happens, pair_uniforms, within
from worldorder.state import Events, Now, World, events_of, pytree
from worldorder.typing import ByCountry, ByDyad, ByMembership, Scalar


@pytree
class AllianceParameters:
    """Coefficients of log hazards; see `parameters/alliances.yaml`."""

    onset_constant: Scalar  # log of 1/year, at the reference pair
    onset_joint_threat: Scalar  # per root of the capability of common rivals
    onset_rivalry: Scalar
    onset_affinity_gap: Scalar  # per ideal point
    onset_regime_gap: Scalar
    onset_democracy: Scalar
    onset_distance: Scalar  # per log of 1,000 km
    onset_land_border: Scalar
    onset_power: Scalar  # per log of the larger share
    onset_power_ratio: Scalar
    onset_dependence: Scalar  # per root of the larger trade share
    onset_dependence_reference: Scalar  # root at which trade changes nothing
    onset_era: Scalar  # log of 1/year, of the years after 1990 against those before
    loss_constant: Scalar  # log of 1/year
    loss_rivalry: Scalar
    loss_affinity_gap: Scalar
    loss_regime_gap: Scalar
    loss_distance: Scalar
    loss_land_border: Scalar
    loss_era: Scalar  # log of 1/year, likewise
    menace_as_rivalry: Scalar  # share of a rivalry that remembered menace of 1 counts for
    exit_hazard: Scalar  # 1/year, of a member of a defence body in the record
    distrust_exit: Scalar  # log hazard per logit of trust lost in the strongest member


def rivalry_felt(rivalry: ByDyad, menace: ByDyad, params: AllianceParameters) -> ByDyad:
    """Rivalry of the row with the column, 0 to 1; remembered menace counts for part of one."""
    return jnp.maximum(rivalry, params.menace_as_rivalry * jnp.minimum(menace, 1.0))


def joint_threat(rivalry: ByDyad, power: ByCountry) -> ByDyad:
    r"""Capability of the rivals that two states share.

    $$\sqrt{\sum_k R_{ik} R_{jk} c_k}$$

    Args:
        rivalry: $R$, 0 to 1, row's with column.
        power: $c$, share of world capability.
    """
    return jnp.sqrt((rivalry * power) @ rivalry.T)


def onset_log_hazard(world: World, now: Now, params: AllianceParameters) -> ByDyad:
    r"""Log hazard that two states without a pact conclude one, log 1/year.

    $$\log h_{ij} = a + \sum_k b_k x_{k,ij}$$

    with joint threat, rivalry, gaps of ideal points and regimes, the lower democracy score, log
    distance, land border, the larger capability, the ratio, and trade. Symmetric.

    Limits: 56 onsets in 72 years, 24 of them with trade on record.
    """
    power, setting = now.diagnostics.power_share, now.setting
    felt = rivalry_felt(world.rivalry, world.menace, params)
    log_power, regime = jnp.log(power + 1e-5), setting.regime
    trade = root_of_larger_share(now.diagnostics.dependence)
    log_hazard = (
        params.onset_constant
        + params.onset_era
        + params.onset_joint_threat * joint_threat(felt, power)
        + params.onset_rivalry * larger(felt)
        + params.onset_affinity_gap * (gap(world.ideal_point) - 1.0)
        + params.onset_regime_gap * (gap(regime) - 0.3)
        + params.onset_democracy * (jnp.minimum(regime[:, None], regime[None, :]) - 0.2)
        + params.onset_distance * setting.log_distance
        + params.onset_land_border * setting.contiguity
        + params.onset_power * (jnp.maximum(log_power[:, None], log_power[None, :]) + 4.0)
        + params.onset_power_ratio * (gap(log_power) - 1.5)
        + params.onset_dependence * (trade - params.onset_dependence_reference)
    )
    return jnp.minimum(log_hazard, 0.0)  # at most one a year, far outside the record


def loss_log_hazard(world: World, now: Now, params: AllianceParameters) -> ByDyad:
    """Log hazard that a bilateral pact ends, log 1/year; linear in rivalry, gaps, distance, border,
    and in doubt of either where `credibility` is on.
    """
    felt = rivalry_felt(world.rivalry, world.menace, params)
    return (
        params.loss_constant
        + params.loss_era
        + params.loss_rivalry * larger(felt)
        + params.loss_affinity_gap * (gap(world.ideal_point) - 1.0)
        + params.loss_regime_gap * (gap(now.setting.regime) - 0.3)
        + params.loss_distance * now.setting.log_distance
        + params.loss_land_border * now.setting.contiguity
        + now.diagnostics.doubt[:, None]
        + now.diagnostics.doubt[None, :]
    )


def shared_body(members: Bool[Array, "country body"]) -> ByDyad:
    """1 where two states are members of a common body, 0 elsewhere and on the diagonal."""
    member = members.astype(jnp.float32)
    shared = jnp.minimum(member @ member.T, 1.0)
    return shared * (1.0 - jnp.eye(shared.shape[0], dtype=shared.dtype))


def pact_after(
    pact: ByDyad, before: Bool[Array, "country body"], after: Bool[Array, "country body"]
) -> ByDyad:
    """Defence pacts after members joined or left bodies: their ties begin and end as one.

    A pact of two states that no longer share a body ends, also where they had one of their own.

    Args:
        pact: 1 where the row owes the column defence.
        before: members of each defence body before.
        after: the same after.
    """
    was, is_now = shared_body(before), shared_body(after)
    return jnp.where(is_now > was, 1.0, jnp.where(was > is_now, 0.0, pact))


def distrust_exit_hazard(
    world: World, now: Now, params: AllianceParameters
) -> Float[Array, "country body"]:
    r"""Hazard of exit from each defence body for lost trust in its strongest member, 1/year.

    $$h_0 (e^{\beta \max(0, \Delta_{ij^*})} - 1)$$

    Args:
        world: trust and memberships.
        now: capability shares, and the trust that affinity implies.
        params: hazard $h_0$ of the record and $\beta$ per logit $\Delta$ of trust lost.
    """
    bodies = now.setting.defence_body
    member = world.membership[:, bodies].astype(jnp.float32)
    strongest = jnp.argmax(member * now.diagnostics.power_share[:, None], axis=0)
    lost = (now.setting.trust_baseline - world.trust_slow - world.trust_fast)[:, strongest]
    hazard = params.exit_hazard * jnp.expm1(params.distrust_exit * jnp.clip(lost, 0.0, 3.0))
    itself = jnp.arange(member.shape[0])[:, None] == strongest[None, :]
    return jnp.where(itself, 0.0, hazard * member)


def events(world: World, now: Now, params: AllianceParameters, stream: Stream) -> Events:
    """Pacts concluded and ended, and exits for distrust, once a year with the year's address."""

    def drawn() -> tuple[ByDyad, ByMembership]:
        year = Stream(stream.key, jnp.floor(now.years + 1e-3).astype(jnp.uint32))
        begins, ends, _, _ = pair_uniforms(year, world.dispute.shape[0])
        tied = larger(world.defence_pact) > 0.0
        in_body = shared_body(world.membership[:, now.setting.defence_body])
        of_many = ((in_body + now.setting.multilateral_tie) > 0.0) | mates(world.pact_group)
        oneself = jnp.eye(tied.shape[0], dtype=bool)
        onset, loss = onset_log_hazard(world, now, params), loss_log_hazard(world, now, params)
        hazard = jnp.exp(jnp.where(tied, loss, onset))
        changes = within(jnp.where(tied, ends, begins), hazard)
        changes = changes & ~oneself & ~(tied & of_many)
        level = jnp.where(changes, jnp.where(tied, 0.0, 1.0), world.defence_pact)
        bodies = now.setting.defence_body
        left = happens(year, distrust_exit_hazard(world, now, params), draw=1)
        return level, jnp.zeros_like(world.membership).at[:, bodies].set(left)

    nobody = jnp.zeros_like(world.membership)
    turned = year_turns(now.years, now.step_years)
    level, left = lax.cond(turned, drawn, lambda: (world.defence_pact, nobody))
    return events_of(world, pact_change=level - world.defence_pact, exit=left & world.membership)
