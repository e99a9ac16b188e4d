"""Posteriors of pacts and turnover: rows that stand for all, their density, what differs."""

import numpy as np
import pandas as pd
import pytest

from worldorder.inference.hazard_posterior import SPREAD, Rows, beside, model, pact_rows
from worldorder.inference.posterior import Posterior


def test_every_event_is_kept_and_the_rest_stand_for_all():
    draw = np.random.default_rng(0)
    count = 30_000
    rows = pd.DataFrame(
        {"a": draw.integers(0, 9, count), "b": draw.integers(9, 19, count),
         "x": draw.normal(size=count), "land_border": draw.random(count) < 0.05,
         "event": draw.random(count) < 0.002}
    )  # fmt: skip
    kept = pact_rows(rows, "event", ("x", "land_border"))
    assert kept.event.sum() == rows["event"].sum()
    assert len(kept.event) < count / 2
    assert kept.weight.sum() == pytest.approx(count)
    near = kept.covariates[:, 1] == 1
    assert kept.weight[near].sum() == pytest.approx(rows["land_border"].sum())


@pytest.mark.parametrize("effects", [False, True])
def test_the_density_is_that_of_the_hazards_and_priors(effects):
    pytest.importorskip("numpyro", reason="needs the extra `estimation`")
    from numpyro.infer.util import log_density
    from scipy import stats

    draw = np.random.default_rng(1)
    held = Rows(
        ("x", "y"), draw.normal(size=(6, 2)), np.array([1.0, 0, 0, 1, 0, 0]),
        np.array([1.0, 3, 3, 1, 2, 2]), np.array([1.0, 1, 4, 2, 1, 1]),
        np.array([[5, 7], [7, 9], [5, 9], [9, 5], [7, 5], [9, 7]]),
    )  # fmt: skip
    at = {"level": -2.0, "slope": np.array([0.5, -1.0])}
    exact = stats.norm(-5, 3).logpdf(-2.0) + stats.norm(0, 2.5).logpdf(at["slope"]).sum()
    effect = np.zeros(10)
    if effects:
        at |= {SPREAD: 0.7, "effect": np.array([0.1, -0.3, 0.4])}
        effect[[5, 7, 9]] = 0.7 * at["effect"]
        exact += stats.halfnorm.logpdf(0.7) + stats.norm.logpdf(at["effect"]).sum()
    unit = (held.covariates - held.covariates.mean(0)) / (2 * held.covariates.std(0))
    hazard = held.years * np.exp(-2.0 + unit @ at["slope"] + effect[held.state].sum(1))
    exact += (held.weight * np.where(held.event > 0, np.log(-np.expm1(-hazard)), -hazard)).sum()
    found = float(log_density(model(held.names, effects), (), held.data, at)[0])
    assert found == pytest.approx(exact, rel=1e-4)


def test_a_posterior_differs_where_it_lies_elsewhere_or_is_wider():
    draw = np.random.default_rng(2)
    names = ("constant", "moved", "wide")
    draws = np.array([0.0, 1.0, 0.0]) + np.array([1.0, 1.0, 2.0]) * draw.standard_normal((4000, 3))
    found = Posterior(names, draws, np.ones(3), np.full(3, 4000.0), 0.0)
    table = beside(found, dict.fromkeys(names, 0.0), dict.fromkeys(names, 1.0))
    assert table["differs"].tolist() == [False, True, True]
