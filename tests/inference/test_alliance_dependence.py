"""Dependence in the hazard of a pact: found again where it is known, and the mean hazard kept."""

import numpy as np
import pandas as pd
import pytest

from worldorder.inference.alliance_dependence import conditional, log_hazard
from worldorder.inference.dyadic_regression import fit

ROWS, SLOPE = 60_000, 4.0


@pytest.fixture(scope="module")
def rows():
    draw = np.random.default_rng(5)
    states = draw.integers(0, 60, (ROWS, 2))
    rows = pd.DataFrame({"year": 1963, "a": states.min(1), "b": states.max(1)})
    rows = rows.assign(border=draw.normal(size=ROWS), dependence=draw.uniform(0, 0.6, ROWS))
    hazard = np.exp(-5 + 0.8 * rows["border"] + SLOPE * (rows["dependence"] - 0.3))
    return rows.assign(bilateral=(draw.uniform(size=ROWS) < -np.expm1(-hazard)).astype(int))


def test_the_coefficient_is_found_with_the_others_held(rows):
    whole = fit(rows, "bilateral", ("border",))
    found = conditional(rows, whole)
    assert abs(found.coefficient - SLOPE) < 3 * found.standard_error < 1.5
    together = fit(rows, "bilateral", ("border", "dependence"))
    assert found.coefficient == pytest.approx(together.coefficient[2], abs=0.1)


def test_the_reference_keeps_the_mean_hazard(rows):
    whole = fit(rows, "bilateral", ("border",))
    found = conditional(rows, whole)
    without = np.exp(log_hazard(whole, rows))
    moved = found.coefficient * (rows["dependence"].to_numpy() - found.reference)
    assert (without * np.exp(moved)).mean() == pytest.approx(without.mean(), rel=1e-9)
