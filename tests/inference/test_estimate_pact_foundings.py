"""Founders of pacts: coefficients are found again where they are known, shipped ones in ATOP."""

from pathlib import Path

import numpy as np
import pytest

from worldorder.inference.estimate_pact_foundings import (
    COVARIATES,
    Field,
    Founding,
    PactFoundings,
    choices,
    coefficients,
    estimated,
    foundings,
    grown,
)
from worldorder.inference.state_record import read_state_record
from worldorder.parameters import load_parameters

RAW = Path(__file__).parents[3] / "shared" / "data" / "raw"
STATES, KNOWN = 60, np.array([-3.0, -1.5, 0.0])


def field_and_body(draw):
    place = draw.normal(size=(STATES, len(COVARIATES)))
    apart = np.abs(place[:, None] - place[None, :])
    nobody = np.zeros((STATES, STATES), bool)
    field = Field(apart, nobody, np.ones(STATES, bool))
    truth = PactFoundings(0.2, KNOWN, np.eye(3), 1.0, 0, 1, 4, (0, 0))
    return field, grown(field, truth, draw)


@pytest.fixture(scope="module")
def bodies():
    draw = np.random.default_rng(2)
    return [
        Founding(year, body, field) for year in range(60) for field, body in [field_and_body(draw)]
    ]


def test_coefficients_of_founders_are_found_again(bodies):
    at, covariance = coefficients([choices(one) for one in bodies])
    errors = np.sqrt(np.diag(covariance))
    assert (errors < 0.8).all()
    # grown one by one, and each estimated given the others: near, and not the same
    assert (np.abs(at - KNOWN) < 3 * errors).all()


def test_rate_and_size_are_those_of_the_record(bodies):
    found = estimated(bodies, range(121))
    assert found.yearly == pytest.approx(0.5)
    assert (found.further, found.complete) == (0, 1.0)


@pytest.mark.skipif(not RAW.is_dir(), reason="needs the publishers' files")
def test_shipped_parameters_are_those_of_the_record():
    years = range(1946, 2019)
    found = estimated(foundings(read_state_record(RAW), years), years)
    shipped = load_parameters()["pact_foundings"]
    assert (found.bodies, found.founders) == (13, 99)
    told = [found.yearly, *found.coefficient, found.complete]
    names = ("yearly", "distance", "affinity_gap", "regime_gap", "complete")
    np.testing.assert_allclose(told, [shipped[name].value for name in names], atol=2e-3)
    errors = np.sqrt(np.diag(found.covariance))
    np.testing.assert_allclose(errors, [shipped[n].standard_error for n in names[1:4]], atol=2e-3)
