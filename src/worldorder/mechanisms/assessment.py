"""What share of common dues is each state assessed?

The United Nations fix a scale of assessments every three years from what states earned some years
before. States that are poorer than the mean pay less, the others make up for it; no one pays less
than a floor or more than a ceiling, and the least developed no more than a ceiling of their own.
Bodies whose assessed dues follow that scale share them anew when it is revised, so a state that has
grown faster than the world pays more from then on and not before.

Left out: relief for external debt and conversion rates other than the market's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float

from worldorder.mechanisms.membership import year_turns
from worldorder.random import Stream
from worldorder.state import Assessments, Now, Setting, World, pytree
from worldorder.typing import ByCountry, ByHolding, CountryMask, Flag, Scalar

# Assembly resolutions 70/245, 73/271, 76/238 and 79/249: base periods of three and six years that
# end three years before the first year of the scale, for example 2017-2022 for 2025-2027.
LAG: Final = 2  # years of income on record that are younger than the base periods
BASES: Final = (3, 6)  # years
RECORD: Final = LAG + max(BASES)  # years of income that are kept
MOST_AT_CEILING: Final = 4  # states that 22 % each would leave something for others to pay
INTERVAL: Final = 3  # years that a scale is in force; it begins in years that three divides


@pytree
class AssessmentParameters:
    """The rule of the scale; see `parameters/assessment.yaml`."""

    gradient: Scalar  # part of the gap to mean income by which a poorer state's income is reduced
    floor: Scalar  # smallest share
    ceiling: Scalar  # largest share
    least_developed_ceiling: Scalar  # largest share of a least developed state


def relieved_share(income: ByCountry, people: ByCountry, gradient: Scalar) -> ByCountry:
    r"""Shares of income with relief for states below mean income a head, borne by the others.

    $$s_i = \frac{Y_i}{\sum_j Y_j}\left(1 - g\,\frac{\bar y - y_i}{\bar y}\right)
      \quad\text{where } y_i < \bar y$$

    and the others rise in proportion until shares sum to one.

    Args:
        income: $Y_i$, mean of the base period, any unit; zero for states that are not assessed.
        people: their population, any unit.
        gradient: $g$.
    """
    share = income / income.sum()
    mean = income.sum() / jnp.where(income > 0.0, people, 0.0).sum()
    gap = jnp.maximum(1.0 - income / jnp.maximum(people, 1e-9) / mean, 0.0)
    relief = gradient * gap * share
    bearing = jnp.where(gap > 0.0, 0.0, share)
    return share - relief + relief.sum() * bearing / bearing.sum()


def _spread(share: ByCountry, held: CountryMask) -> ByCountry:
    """Shares that sum to one, those that are held as they are."""
    rest = jnp.where(held, 0.0, share)
    left = 1.0 - jnp.where(held, share, 0.0).sum()
    return jnp.where(held, share, left * rest / rest.sum())


def bounded_share(
    share: ByCountry, least_developed: CountryMask, params: AssessmentParameters
) -> ByCountry:
    """Shares within floor and ceilings, sum one; states with none stay without."""
    held = share < params.floor
    share = _spread(jnp.where(held & (share > 0.0), params.floor, share), held)
    low = least_developed & (share > params.least_developed_ceiling)
    held |= low
    share = _spread(jnp.where(low, params.least_developed_ceiling, share), held)
    for _ in range(MOST_AT_CEILING):  # what one does not pay may lift another over the ceiling
        top = share >= params.ceiling
        held |= top
        share = _spread(jnp.where(top, params.ceiling, share), held)
    return share


def scale_of_assessments(
    income: Float[Array, "past country"],
    people: Float[Array, "past country"],
    assessed: CountryMask,
    least_developed: CountryMask,
    params: AssessmentParameters,
) -> ByCountry:
    """Shares of the scale, sum one: mean of the scales of both base periods.

    Args:
        income: by year, the latest first, any unit.
        people: likewise.
        assessed: states that the scale has.
        least_developed: which of them are least developed.
        params: the rule.

    Reference: General Assembly resolutions 73/271 (2018) and 79/249 (2024).
    """
    made = jnp.zeros_like(income[0])
    for years in BASES:
        base = slice(LAG, LAG + years)
        mean = jnp.where(assessed, income[base].mean(0), 0.0)
        relieved = relieved_share(mean, people[base].mean(0), params.gradient)
        made += bounded_share(relieved, least_developed, params)
    return made / len(BASES)


def rise_of_share(scale: ByCountry, start_scale: ByCountry) -> ByCountry:
    """Share of the scale over that at the start; 1 for states that the scale never had."""
    known = start_scale > 0.0
    return jnp.where(known, scale / jnp.where(known, start_scale, 1.0), 1.0)


def dues_growth(
    assessments: Assessments, setting: Setting, own: ByCountry, together: Scalar
) -> ByHolding:
    """What the dues and gifts of a state to a body have grown by.

    Gifts grow with the state's own economy. Assessed dues grow with the world's, and by the share
    of the scale; what a body assesses is the same however the scale divides it. Before a scale is
    known all grow with the state's own economy.

    Args:
        assessments: scale in force.
        setting: assessed part of what states pay, scale at the start.
        own: growth factor of the state's own economy.
        together: growth factor of the world's.
    """
    rise = together * rise_of_share(assessments.scale, setting.start_scale)
    known = (assessments.scale.sum() > 0.0).astype(own.dtype)
    dues = rise[:, None] * assessments.level - own[:, None]
    return own[:, None] + known * setting.assessed * dues


def scale_is_due(now: Now) -> Flag:
    """Whether a scale comes into force with the year that begins."""
    since = jnp.round(now.years) - now.setting.first_scale
    return year_turns(now.years, now.step_years) & (jnp.mod(since, INTERVAL) < 0.5)


def _recorded(record: Float[Array, "past country"], latest: ByCountry, now: Now) -> Array:
    """Record with the year that ends; that of the start has it already."""
    turned = year_turns(now.years, now.step_years) & (now.years > 0.5)
    return jnp.where(turned, jnp.concatenate([latest[None], record[:-1]]), record)


def settle(world: World, now: Now, params: AssessmentParameters, stream: Stream) -> World:
    """World with the year's income on record and, where one is due, the new scale in force."""
    del stream  # nothing is drawn
    setting, before = now.setting, world.assessments
    income = _recorded(before.income, world.underlying_gdp, now)
    people = _recorded(before.people, world.population, now)
    listed = setting.start_membership[:, setting.assembly] | world.membership[:, setting.assembly]

    def revised() -> tuple[Array, Array]:
        scale = scale_of_assessments(income, people, listed, setting.least_developed, params)
        dues = setting.assessed * jnp.nan_to_num(setting.start_contribution)
        shared = rise_of_share(scale, setting.start_scale) @ dues
        level = jnp.where(shared > 0.0, dues.sum(0) / jnp.where(shared > 0.0, shared, 1.0), 1.0)
        return scale, level

    known = jnp.where(before.scale.sum() > 0.0, before.scale, setting.start_scale)
    scale, level = lax.cond(scale_is_due(now), revised, lambda: (known, before.level))
    return replace(world, assessments=Assessments(scale, level, income, people))
