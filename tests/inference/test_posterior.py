"""Posteriors of thin records: the known answer, what is refused, and the reserves."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from worldorder.errors import DataError
from worldorder.inference.door.estimates import Sources, TooThin
from worldorder.inference.door.reserve_currency import estimate, odds_known, of_posterior
from worldorder.inference.posterior import Posterior
from worldorder.inference.reserve_posterior import NAMES, log_density, reserve_data


def made(r_hat=1.0, effective=2000.0, divergent=0.0):
    draw = np.random.default_rng(0)
    centre = np.array([-3.0, 0.7, 0.05, -3.0, -2.2])
    draws = centre + 0.1 * draw.standard_normal((4000, 5))
    draws[:, 1] += draws[:, 0] + 3.0
    return Posterior(NAMES, draws, np.full(5, r_hat), np.full(5, effective), divergent)


def test_draws_of_chains_that_disagree_are_not_used():
    assert made().faults() == []
    assert "R-hat of log_rate is 1.100" in made(r_hat=1.1).faults()[0]
    assert "12 effective draws" in made(effective=12.0).faults()[0]
    assert made(divergent=0.05).faults() == ["5.00% of the draws diverged"]


def test_a_model_without_an_answer_is_refused():
    numpyro = pytest.importorskip("numpyro", reason="needs the extra `estimation`")
    from worldorder.inference.posterior import posterior, sampled

    def two_hills():
        place = numpyro.sample("place", numpyro.distributions.Normal(0.0, 10.0))
        numpyro.factor("hills", -50.0 * (abs(place) - 9.0) ** 2)

    with pytest.raises(DataError, match="R-hat of place"):
        posterior(two_hills, ("place",), draws=300)

    def one_hill(seen):
        level = numpyro.sample("level", numpyro.distributions.Normal(0.0, 2.0))
        numpyro.sample("seen", numpyro.distributions.Normal(level, 1.0), obs=seen)

    seen = np.array([1.0, 2.0, 4.0])
    found = sampled(one_hill, ("level",), 1, 500, seen=seen)
    exact = 1 / (1 / 4 + 3)  # variance of the conjugate posterior
    assert found.mean[0] == pytest.approx(exact * seen.sum(), abs=4 * np.sqrt(exact / 400))
    assert found.covariance[0, 0] == pytest.approx(exact, rel=0.2)


def test_shared_shocks_have_the_density_of_their_covariance():
    left = np.array([[0.1, -0.2, 0.05], [0.0, 0.3, 0.0]])
    known = np.array([[True, True, True], [True, True, False]])
    common, own = 0.2, 0.1
    exact = 0.0
    for row, mask in zip(left, known, strict=True):
        count = mask.sum()
        cover = own**2 * np.eye(count) + common**2 * np.ones((count, count))
        exact += multivariate_normal(np.zeros(count), cover).logpdf(row[mask])
    assert float(log_density(left, known, common, own)) == pytest.approx(exact, rel=1e-4)


def test_what_a_posterior_says_is_what_runs_draw():
    found = of_posterior(made(), (1999, 2009), 10)
    rate, size = (found.parameters[n] for n in ("adjustment_rate", "size_elasticity"))
    assert rate.value == pytest.approx(np.exp(-3.0 + 0.005), rel=0.01)  # mean of a lognormal
    assert size.correlation["adjustment_rate"] == pytest.approx(np.sqrt(0.5), abs=0.05)
    assert found.parameters["own_spread"].standard_error == pytest.approx(0.1, rel=0.1)
    assert "R-hat at most 1.000" in rate.source


def test_shares_are_cut_at_the_year_and_too_few_are_refused():
    odds = odds_known(Sources(2004))
    assert odds.index.max() == 2004
    data = reserve_data(odds, pd.DataFrame(index=odds.index), 2004)
    assert data["change"].shape[0] == 5
    with pytest.raises(TooThin, match="1999"):
        estimate(Sources(2000))
