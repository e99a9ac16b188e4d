"""The scale of assessments: its rule against published scales, and who pays when it is revised."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest

from mechanisms.steps import moment, stream, values
from worldorder.data.own_tables import own_table, state_codes
from worldorder.data.panel import table
from worldorder.data.start_assessment import follows_scale, scale_by_rule
from worldorder.mechanisms import assessment, funding
from worldorder.mechanisms.assessment import (
    BASES,
    LAG,
    AssessmentParameters,
    bounded_share,
    relieved_share,
)
from worldorder.parameters.loader import load_parameters
from worlds import small_world


def rule(**changed):
    return values(AssessmentParameters, "assessment", **changed)


def at_turn(world, setting, year, params=None):
    """World with the scale of the year that begins `year` years after the start."""
    now = replace(moment(world, setting, 1.0), years=jnp.float32(year))
    return assessment.settle(world, now, params or rule(), stream())


def half_assessed(ceiling=1.0):
    """A world with a scale in force, and half of what states pay divided by it."""
    world, setting = small_world()
    assessed = jnp.where(setting.start_contribution > 0.0, 0.5, 0.0)
    everyone = jnp.ones_like(setting.start_membership)
    setting = replace(setting, assessed=assessed, start_membership=everyone)
    world = replace(world, membership=everyone)
    first = at_turn(world, setting, 0, rule(ceiling=ceiling))
    even = replace(first.assessments, level=jnp.ones_like(first.assessments.level))
    return replace(first, assessments=even), replace(setting, start_scale=even.scale)


def test_relief_is_its_closed_form_and_borne_by_the_others():
    income, people = jnp.array([60.0, 30.0, 10.0]), jnp.array([1.0, 1.0, 2.0])
    share = np.asarray(relieved_share(income, people, jnp.float32(0.8)))
    relief = 0.1 * 0.8 * (1 - 5 / 25)  # the third earns 5 a head, all together 25
    expected = [0.6 + relief * 2 / 3, 0.3 + relief / 3, 0.1 - relief]
    assert share == pytest.approx(expected, rel=1e-5)


def test_nobody_pays_less_than_the_floor_or_more_than_the_ceilings():
    share = jnp.array([0.5, 0.25, 0.2, 0.049999, 0.000001, 0.0])
    least = jnp.array([False, False, False, True, False, False])
    made = np.asarray(bounded_share(share, least, rule(ceiling=0.4)))
    assert made.sum() == pytest.approx(1.0, abs=1e-6)
    assert made[[0, 3, 4, 5]] == pytest.approx([0.4, 1e-4, 1e-5, 0.0], rel=1e-5)
    assert made[1] / made[2] == pytest.approx(0.25 / 0.2, rel=1e-5)


def test_what_one_does_not_pay_lifts_the_next_to_the_ceiling_and_no_farther():
    share, none = jnp.array([0.5, 0.21, 0.1, 0.1, 0.09]), jnp.zeros(5, bool)
    made = np.asarray(bounded_share(share, none, rule()))
    assert made[:2] == pytest.approx([0.22, 0.22], abs=1e-6)
    assert made.sum() == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(
    ("first", "before"), [(2016, 2013), (2019, 2016), (2022, 2019), (2025, 2022)]
)
def test_the_rule_comes_nearer_to_the_published_scale_than_the_scale_before(first, before):
    rows = own_table("assessment_scales").astype({"first_year": int, "percent": float})
    wide = rows.pivot(index="iso3", columns="first_year", values="percent").reindex(state_codes())
    published = wide.fillna(0.0) / 100.0
    assert published[first].sum() == pytest.approx(1.0, abs=1e-6)
    made = scale_by_rule(
        table("state_year"), wide[first].notna().to_numpy(), first, load_parameters()
    )
    moved = np.abs(published[first] - published[before]).sum()
    assert np.abs(made - published[first]).sum() < moved
    assert made[state_codes().index("USA")] == pytest.approx(0.22, abs=1e-5)


def test_a_state_that_grew_pays_more_from_the_next_scale_and_not_before():
    world, setting = half_assessed()
    record = world.assessments.income.at[LAG : LAG + max(BASES), 1].mul(2.0)
    grown = replace(world, assessments=replace(world.assessments, income=record))
    quiet = at_turn(grown, setting, 2).assessments.scale
    due = at_turn(grown, setting, 3).assessments.scale
    assert np.array_equal(quiet, world.assessments.scale)
    assert due[1] > 1.2 * quiet[1]
    assert float(due.sum()) == pytest.approx(1.0, abs=1e-6)


def test_a_body_assesses_as_much_however_the_scale_divides_it():
    world, setting = half_assessed()
    record = world.assessments.income.at[:, 1].mul(3.0)
    grown = replace(world, assessments=replace(world.assessments, income=record))
    revised = at_turn(grown, setting, 3)
    params = values(funding.FundingParameters, "funding")
    seen = [funding.diagnose(w, moment(w, setting), params) for w in (world, revised)]
    assert np.allclose(seen[0].revenue, seen[1].revenue, rtol=1e-5)
    assert not np.allclose(seen[0].payment, seen[1].payment, rtol=0.01)


def test_before_a_scale_is_known_all_payments_grow_with_the_payer():
    world, setting = half_assessed()
    none = replace(world.assessments, scale=jnp.zeros_like(world.assessments.scale))
    unscaled = replace(world, assessments=none, underlying_gdp=world.underlying_gdp * 1.1)
    params = values(funding.FundingParameters, "funding")
    paid = funding.diagnose(unscaled, moment(unscaled, setting), params).payment
    own = 1.1 ** float(params.income_elasticity)
    assert np.allclose(paid, own * setting.start_contribution, rtol=1e-5)


def test_bodies_that_follow_the_scale_are_told_from_those_that_do_not():
    common = pd.Series([1.0, 4.0, 9.0, 30.0])
    other = pd.Series([5.0, 2.0, 5.0, 3.0])
    dues = pd.DataFrame({"alike": 7 * common, "other": other})
    assert follows_scale(dues, common) == ["alike"]
