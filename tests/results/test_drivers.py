import json

import numpy as np
import pytest

from answers import REFERENCE, SCENARIO, small_pair
from worldorder.results.drawn import drawn_parameters
from worldorder.results.drivers import adjusted_share, spreads
from worldorder.results.summary import summarise


def test_share_of_a_known_mixture():
    """Three parts from one parameter and one part from chance: three quarters."""
    draw = np.random.default_rng(0)
    parameter, chance = draw.normal(size=(4000, 1)), draw.normal(size=4000)
    share = adjusted_share(np.sqrt(3) * parameter[:, 0] + chance, parameter)
    assert share == pytest.approx(0.75, abs=0.02)


def test_parameters_without_effect_explain_nothing():
    draw = np.random.default_rng(1)
    assert adjusted_share(draw.normal(size=400), draw.normal(size=(400, 60))) < 0.08


def test_too_few_runs_are_not_judged():
    draw = np.random.default_rng(2)
    assert adjusted_share(draw.normal(size=20), draw.normal(size=(20, 10))) is None


def test_the_parameter_that_moves_the_answer_is_found():
    """Trust is moved by an assumed parameter alone: it drives the spread, which is contested."""
    job = small_pair(runs=80)
    drawn = drawn_parameters(job[SCENARIO])["funding"]["replacement_elasticity"]
    moved = job[REFERENCE].copy(deep=True)
    moved["trust_in_leading_state"] -= 0.1 * drawn[:, None, None].astype(np.float32)
    moved.attrs = job[SCENARIO].attrs
    found = spreads(moved, job[REFERENCE], summarise(moved, job[REFERENCE]))
    trust = next(one for one in found if one.row.measure == "trust_in_leading_state")
    assert trust.shares["assumed"] > 0.95
    assert trust.is_contested
    assert trust.drivers[0].parameter == "funding.replacement_elasticity"
    assert trust.drivers[0].correlation < -0.95
    assert len(trust.drivers) == 1


def test_measures_that_do_not_vary_are_left_out():
    job = small_pair(runs=40)
    found = spreads(job[SCENARIO], job[REFERENCE], summarise(job[SCENARIO], job[REFERENCE]))
    assert "gdp" not in {one.row.measure for one in found}
    assert json.dumps([one.shares for one in found])
