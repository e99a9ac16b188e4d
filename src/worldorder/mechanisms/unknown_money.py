"""What may a body whose budget is not published live on, and who pays it?

Most small bodies publish no figures that could be read. Their revenue is drawn, once a run, from
the distribution of like bodies; so is the part that the leading state pays and the part that
others than states pay. The rest is split over the known members by GDP. What is known is kept.
"""

from __future__ import annotations

from enum import IntEnum

import jax
import jax.numpy as jnp
from jaxtyping import Array, Int

from worldorder.random import Stream, normal
from worldorder.typing import ByCountry, ByHolding, ByInstitution, ByMembership, CountryMask, Scalar


class BudgetClass(IntEnum):
    """Bodies whose budgets are alike."""

    NONE = 0  # informal forum without money of its own
    AGENCY = 1  # entity of the UN system with revenue of its own
    UNIT = 2  # department, office or small organ on a budget line of the UN
    TREATY = 3  # other body with a secretariat, by treaty or hosted


def _draw(stream: Stream, size: int, draw: int) -> ByInstitution:
    return normal(stream, (1, size), draw)[0]


def drawn_revenue(
    budget_class: Int[Array, " institution"], medians: Array, spread: Scalar, stream: Stream
) -> ByInstitution:
    """Lognormal revenue by class, mn USD/year; `medians` has one entry a class."""
    shock = _draw(stream, budget_class.shape[0], 0)
    return medians[budget_class] * jnp.exp(spread * shock)


def drawn_share(
    mean: Scalar, spread: Scalar, bodies: int, stream: Stream, draw: int
) -> ByInstitution:
    """Logit-normal share of revenue; mean and spread are logits."""
    return jax.nn.sigmoid(mean + spread * _draw(stream, bodies, draw))


def split_by_size(
    rest: ByInstitution, payer: ByMembership, gdp: ByCountry
) -> tuple[ByHolding, ByInstitution]:
    """Split `rest` (mn USD/year) over payers in proportion to GDP; second, what has no payer."""
    weight = jnp.where(payer, gdp[:, None], 0.0)
    total = weight.sum(0)
    shared = weight * jnp.where(total > 0.0, rest / jnp.where(total > 0.0, total, 1.0), 0.0)
    return shared, jnp.where(total > 0.0, 0.0, rest)


def completed_money(
    contribution: ByHolding,
    revenue: ByInstitution,
    other: ByInstitution,
    membership: ByMembership,
    gdp: ByCountry,
    leading_state: CountryMask,
    drawn: tuple[ByInstitution, ByInstitution, ByInstitution],
) -> tuple[ByHolding, ByInstitution, ByInstitution]:
    """Contributions, revenue and other revenue (mn USD/year) with NaN filled in, adding up.

    Args:
        contribution: what each state pays, NaN where unknown.
        revenue: total, NaN where unknown.
        other: paid by others than states, NaN where unknown.
        membership: known members; only they are given unknown payments.
        gdp: bn USD/year.
        leading_state: the state whose share is drawn and not split by size.
        drawn: for each body a revenue, a share of the leading state, and of the rest a
            share of others than states.
    """
    total, leading_share, other_share = drawn
    unknown = jnp.isnan(contribution)
    paid = jnp.where(unknown, 0.0, contribution)
    leader_unknown = (leading_state[:, None] & unknown & membership).any(0)
    leader_paid = jnp.where(leading_state[:, None], paid, 0.0).sum(0)
    from_leader = jnp.where(leader_paid > 0.0, leader_paid / leading_share, total)
    known = paid.sum(0) + jnp.nan_to_num(other)
    nothing_open = ~unknown.any(0) & ~jnp.isnan(other)
    guess = jnp.where(nothing_open, known, jnp.maximum(from_leader, known))
    whole = jnp.where(jnp.isnan(revenue), guess, revenue)
    open_money = jnp.maximum(whole - known, 0.0)
    to_leader = jnp.where(leader_unknown, jnp.minimum(leading_share * whole, open_money), 0.0)
    to_other = jnp.where(jnp.isnan(other), other_share * (open_money - to_leader), 0.0)
    rest = open_money - to_leader - to_other
    shared, nobody = split_by_size(rest, unknown & membership & ~leading_state[:, None], gdp)
    completed = paid + shared + jnp.where(leading_state[:, None] & unknown, to_leader, 0.0)
    from_others = jnp.nan_to_num(other) + to_other + nobody
    return completed, completed.sum(0) + from_others, from_others
