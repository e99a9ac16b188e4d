"""Who pays for institutions, who steps in when a payer cuts, and what work is left?

A state pays each body its contribution, which grows with its GDP; dues that the scale of
assessments divides follow the scale. When a payer cuts or leaves, the others raise what they pay by
an elasticity times the share of revenue lost, with a lag.
Reserves bridge a gap for a while; capacity follows the resources that remain, with a lag. Nothing
here ends a body: a body without its largest payer shrinks by what is not replaced.

Bodies without a budget of their own (informal forums) work through those who take part, so their
capacity follows the share of their start members, weighted by capability, that are still in.
"""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from worldorder.mechanisms.assessment import dues_growth
from worldorder.mechanisms.unknown_money import completed_money, drawn_revenue, drawn_share
from worldorder.random import Stream
from worldorder.state import Diagnostics, Now, Setting, Tendency, World, pytree, tendency_of
from worldorder.typing import (
    ByCountry,
    ByHolding,
    ByInstitution,
    ByMembership,
    InstitutionMask,
    Scalar,
)


@pytree
class FundingParameters:
    """How money and work respond; see `parameters/funding.yaml`."""

    income_elasticity: Scalar  # of contributions to the payer's GDP
    compensation_elasticity: Scalar  # rise of other payers per share of revenue lost
    leading_compensation_elasticity: Scalar  # the same where the leading state has cut
    compensation_rate: Scalar  # 1/year
    reserve_draw_rate: Scalar  # 1/year
    reserve_ratio: Scalar  # of reserves to yearly revenue, year
    capacity_elasticity: Scalar  # of capacity to resources
    capacity_rate: Scalar  # 1/year
    participation_elasticity: Scalar  # of capacity to participation, bodies without a budget
    paralysis_threshold: Scalar  # capacity below which a body is reported as paralysed
    unknown_treaty_budget: Scalar  # mn USD/year, median
    unknown_unit_budget: Scalar  # mn USD/year, median
    unknown_agency_budget: Scalar  # mn USD/year, median
    unknown_budget_spread: Scalar  # standard deviation of the log
    unknown_leading_share: Scalar  # logit, mean
    unknown_leading_share_spread: Scalar  # logit, standard deviation
    unknown_other_share: Scalar  # logit, mean: part paid by others than states
    unknown_other_share_spread: Scalar  # logit, standard deviation
    small_budget: Scalar  # mn USD/year, upper bound of a small body
    large_budget: Scalar  # mn USD/year, lower bound of a large body


def growth_factor(gdp: ByCountry, start_gdp: ByCountry, elasticity: Scalar) -> ByCountry:
    r"""What a payer's contributions have grown by, $(Y_i / Y_{i0})^{\eta}$."""
    return (gdp / start_gdp) ** elasticity


def lost_share(
    contribution: ByHolding,
    start_contribution: ByHolding,
    weight: Float[Array, "group country"],
    usual: ByInstitution,
) -> Float[Array, "group institution"]:
    r"""Share of usual revenue that each group of payers has cut.

    $$s_{gb} = \frac{\sum_i w_{gi} (c_{ib0} - c_{ib})^+}{r_b}$$

    Args:
        contribution: $c_{ib}$, grown, mn USD/year.
        start_contribution: $c_{ib0}$, what it would be without a cut, grown, mn USD/year.
        weight: $w_{gi}$, 1 for the payers in the group.
        usual: $r_b$, revenue without any cut, mn USD/year.
    """
    lost = weight @ jnp.maximum(start_contribution - contribution, 0.0)
    return lost / jnp.maximum(usual, _SMALL)


def compensation_target(
    lost_to_leader: ByInstitution, lost_to_others: ByInstitution, params: FundingParameters
) -> ByInstitution:
    r"""Rise of the other payers, share of what they pay: $\epsilon_l s_l + \epsilon_o s_o$.

    Cuts by the leading state were made up for less than those of others (see the docs).
    """
    return (
        params.leading_compensation_elasticity * lost_to_leader
        + params.compensation_elasticity * lost_to_others
    )


def payment(
    contribution: ByHolding,
    start_contribution: ByHolding,
    growth: ByHolding,
    compensation: ByInstitution,
) -> ByHolding:
    """What each state pays each body, mn USD/year.

    Payers that have not cut pay their contribution and the compensation on it, in proportion to
    what they pay already; those that have cut pay what is left.
    """
    steady = contribution >= _UNCUT * start_contribution
    raised = jnp.where(steady, 1.0 + compensation, 1.0)
    return growth * contribution * raised


def relaxation_rate(rate: Scalar, step_years: Scalar) -> Scalar:
    r"""Average of a relaxation over a step, $(1 - e^{-k \Delta t}) / \Delta t$, 1/year."""
    return -jnp.expm1(-rate * step_years) / step_years


def reserve_change_rate(
    reserve: ByInstitution, gap: ByInstitution, plan: ByInstitution, params: FundingParameters,
    step_years: Scalar,
) -> ByInstitution:  # fmt: skip
    """Rate of change of reserves, mn USD/year: drawn to fill a gap, refilled from a surplus.

    A gap (plan less revenue, mn USD/year) is filled as far as the draw rate allows; a surplus
    goes to reserves until they reach `reserve_ratio` years of the plan.
    """
    average = relaxation_rate(params.reserve_draw_rate, step_years)
    draw = jnp.clip(gap, 0.0, average * reserve)
    room = average * jnp.maximum(params.reserve_ratio * plan - reserve, 0.0)
    return jnp.clip(-gap, 0.0, room) - draw


def participation(
    membership: ByMembership,
    start_membership: ByMembership,
    members_known: InstitutionMask,
    power_share: ByCountry,
) -> ByInstitution:
    """Capability of the members over that of the members at the start, 1 at the most.

    Where the members are not known every state counts as taking part but those known to have
    left. States that join add to what others took with them, not beyond the start.
    """
    gone = power_share @ (start_membership & ~membership).astype(power_share.dtype)
    now = power_share @ membership.astype(power_share.dtype)
    start = power_share @ start_membership.astype(power_share.dtype)
    share = jnp.where(start > 0.0, now / jnp.maximum(start, _SMALL), 1.0)
    return jnp.clip(jnp.where(members_known, share, 1.0 - gone), 0.0, 1.0)


def capacity_target(
    resources: ByInstitution, start_revenue: ByInstitution, elasticity: Scalar
) -> ByInstitution:
    r"""Capacity that resources carry, $(r_b / r_{b0})^{\epsilon}$; 1 at the start."""
    ratio = jnp.maximum(resources, 0.0) / jnp.maximum(start_revenue, _SMALL)
    return jnp.maximum(ratio, _SMALL) ** elasticity


_SMALL = 1e-6  # keeps a body without money from dividing by zero
_UNCUT = 1 - 1e-5  # single precision: a contribution of this share of the start one is not a cut


def _growth(world: World, setting: Setting, params: FundingParameters) -> ByCountry:
    return growth_factor(world.underlying_gdp, setting.start_gdp, params.income_elasticity)


def _together(world: World, setting: Setting, params: FundingParameters) -> Scalar:
    """What the money of the world as a whole has grown by."""
    return (world.underlying_gdp.sum() / setting.start_gdp.sum()) ** params.income_elasticity


def _grown(world: World, setting: Setting, params: FundingParameters) -> ByHolding:
    """What each state's payments to each body have grown by."""
    own, together = _growth(world, setting, params), _together(world, setting, params)
    return dues_growth(world.assessments, setting, own, together)


def _other_revenue(world: World, setting: Setting, params: FundingParameters) -> ByInstitution:
    """Revenue from others than states, grown with world GDP, before any compensation."""
    return world.other_revenue * _together(world, setting, params)


def diagnose(world: World, now: Now, params: FundingParameters) -> Diagnostics:
    """Payments and revenue. Others than states compensate as states do."""
    setting = now.setting
    growth = _growth(world, setting, params)
    grown = _grown(world, setting, params)
    paid = payment(world.contribution, setting.start_contribution, grown, world.compensation)
    other = _other_revenue(world, setting, params) * (1.0 + world.compensation)
    return replace(
        now.diagnostics,
        payment=paid,
        new_payment=growth * world.new_bodies.dues,
        revenue=jnp.ones_like(growth) @ paid + other,  # a product: sums down columns are slow
    )


def tendency(world: World, now: Now, params: FundingParameters) -> Tendency:
    """Compensation, reserves and capacity relax to what money and members carry."""
    setting, step_years = now.setting, now.step_years
    grown = _grown(world, setting, params)
    other = _other_revenue(world, setting, params)
    usual = grown * setting.start_contribution
    leader = setting.leading_state.astype(grown.dtype)
    plan = jnp.ones_like(leader) @ usual + other
    groups = jnp.stack([leader, 1.0 - leader])
    lost = lost_share(grown * world.contribution, usual, groups, plan)
    reserve_rate = reserve_change_rate(
        world.reserve, plan - now.diagnostics.revenue, plan, params, step_years
    )
    money = capacity_target(
        now.diagnostics.revenue - reserve_rate, setting.start_revenue, params.capacity_elasticity
    )
    taking_part = participation(
        world.membership,
        setting.start_membership,
        setting.members_known,
        now.diagnostics.power_share,
    )
    target = jnp.where(
        setting.secretariat > 0.0, money, taking_part**params.participation_elasticity
    )
    return tendency_of(
        world,
        compensation=relaxation_rate(params.compensation_rate, step_years)
        * (compensation_target(lost[0], lost[1], params) - world.compensation),
        reserve=reserve_rate,
        capacity=relaxation_rate(params.capacity_rate, step_years) * (target - world.capacity),
    )


def imputed_start(
    world: World, setting: Setting, params: FundingParameters, stream: Stream
) -> tuple[World, Setting]:
    """World and setting of one run, with unknown money drawn from the distribution of like bodies.

    Bodies without a budget of their own have no money. Nothing that is known is changed, and no
    unknown figure becomes zero.
    """
    bodies = setting.start_revenue.shape[0]
    medians = jnp.stack(
        [
            jnp.zeros_like(params.unknown_unit_budget),
            params.unknown_agency_budget,
            params.unknown_unit_budget,
            params.unknown_treaty_budget,
        ]
    )
    drawn = (
        drawn_revenue(setting.budget_class, medians, params.unknown_budget_spread, stream),
        drawn_share(
            params.unknown_leading_share, params.unknown_leading_share_spread, bodies, stream, 1
        ),
        drawn_share(
            params.unknown_other_share, params.unknown_other_share_spread, bodies, stream, 2
        ),
    )
    funded = setting.secretariat > 0.0
    contribution, revenue, other = completed_money(
        jnp.where(funded, setting.start_contribution, 0.0),
        jnp.where(funded, setting.start_revenue, 0.0),
        jnp.where(funded, world.other_revenue, 0.0),
        setting.start_membership,
        setting.start_gdp,
        setting.leading_state,
        drawn,
    )
    reserve = jnp.where(jnp.isnan(world.reserve), params.reserve_ratio * revenue, world.reserve)
    start = replace(
        world,
        contribution=contribution,
        other_revenue=other,
        reserve=jnp.where(funded, reserve, 0.0),
    )
    return start, replace(setting, start_contribution=contribution, start_revenue=revenue)
