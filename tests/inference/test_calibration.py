"""Gradients through the expected path, and checks that known parameters come back."""

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from worldorder.cli.main import app
from worldorder.errors import DataError, InputError
from worldorder.inference.calibration import position_fit
from worldorder.inference.calibration.compensation import come_in, estimates, fitted
from worldorder.inference.calibration.fit import START, Calibrated, Likelihood, calibrated
from worldorder.inference.calibration.moments import mean_spread, moments_after, year_variance
from worldorder.inference.calibration.page import recovery_page
from worldorder.inference.calibration.position_case import TRUTH, synthetic
from worldorder.inference.calibration.position_score import verdict
from worldorder.inference.calibration.positions import (
    Observed,
    expected_paths,
    log_likelihood,
)
from worldorder.inference.calibration.recovery import (
    Case,
    checked,
    one_by_one,
    place_of,
    rank_of,
    verdicts,
)
from worldorder.inference.calibration.sensitivity import (
    ended,
    ended_moments,
    sensitivities,
    shipped_chance,
    with_chance,
)
from worldorder.inference.calibration.spread import Chance, left_of_a_shock
from worldorder.inference.calibration.spread import log_likelihood as spread_likelihood
from worldorder.inference.calibration.spread import parameters_of as spread_parameters
from worldorder.inference.door.estimates import Found, estimates_of

YEARS, STATES = 24, 30


@pytest.fixture(scope="module")
def world():
    """Thirty states whose positions the mechanism made with the shipped pulls."""
    draw = np.random.default_rng(3)
    trade = draw.gamma(0.3, 0.1, (1, STATES, STATES)) * (1 - np.eye(STATES))
    pact = np.triu(draw.random((STATES, STATES)) < 0.1, 1)
    every = np.ones((YEARS, 1, 1))
    bare = Observed(
        np.arange(2000, 2000 + YEARS), ("USA", *(f"S{i}" for i in range(1, STATES))),
        jnp.asarray(np.tile(draw.normal(size=STATES), (YEARS, 1))),
        jnp.ones((YEARS, STATES), bool), jnp.asarray(every * trade),
        jnp.asarray(every * (pact | pact.T)),
    )  # fmt: skip
    return synthetic(bare, TRUTH, draw)


@pytest.mark.parametrize("horizon", [1, 4])
def test_the_gradient_is_that_of_finite_differences(world, horizon):
    at = np.array(START)
    total = jax.jit(lambda z: log_likelihood(world, z, horizon).sum())
    slope = np.asarray(jax.jit(jax.grad(lambda z: log_likelihood(world, z, horizon).sum()))(at))
    for i, step in enumerate((1e-3, 1e-3, 1e-3, 2e-3, 2e-2, 2e-2, 1e-2)):
        move = np.zeros(len(at))
        move[i] = step
        difference = (float(total(at + move)) - float(total(at - move))) / (2 * step)
        assert slope[i] == pytest.approx(difference, rel=0.03, abs=0.5), i


def test_a_path_of_one_year_is_the_step_of_the_mechanism(world):
    ahead = expected_paths(world, jnp.asarray(START), 3)
    assert ahead.shape == (YEARS - 3, 3, STATES)
    still = jnp.asarray([0.0, 0.0, 0.0, 0.0, *START[4:]])  # nothing pulls: all stay
    path = expected_paths(world, still, 3)
    np.testing.assert_allclose(path[:, 0], path[:, 2], atol=1e-6)


def test_a_pull_below_none_counts_in_a_search(world):
    total = jax.jit(jax.grad(lambda z: log_likelihood(world, z, 1).sum()))
    below, above = (np.array([rate, *START[1:]]) for rate in (-1e-3, 1e-3))
    slopes = [float(total(jnp.asarray(at))[0]) for at in (below, above)]
    assert slopes[0] == pytest.approx(slopes[1], rel=0.5, abs=20.0)
    assert slopes[0] != 0.0


def test_a_stopped_calibration_goes_on_and_ends_where_a_whole_one_does(world, tmp_path):
    likelihood = Likelihood.of(world, 1)
    whole = calibrated(likelihood, "1")
    assert whole.standard_error[2] > 0
    kept = tmp_path / "unfinished.json"

    class StoppedError(Exception):
        pass

    def stops(count, _):
        if count == 8:
            raise StoppedError

    with pytest.raises(StoppedError):
        calibrated(likelihood, "1", progress=stops, kept=kept)
    gone_on = calibrated(likelihood, "1", kept=kept)
    assert gone_on.log_likelihood == pytest.approx(whole.log_likelihood, abs=0.05)
    assert gone_on.evaluations > 4


@pytest.fixture(scope="module")
def slopes(world):
    return sensitivities(world, jnp.asarray(START), runs=300)


def test_gradients_are_those_of_the_simulated_mean_where_the_outcome_is_linear(slopes):
    table = slopes
    linear = table[table["outcome"].str.startswith("mean position")]
    off = (linear["gradient"] - linear["difference"]).abs()
    assert (off < 4 * linear["error"] + 0.03 * linear["difference"].abs() + 2e-3).all()


def test_gradients_through_moments_are_those_of_simulated_spreads(slopes):
    table = slopes
    off = (table["gradient"] - table["difference"]).abs()
    allowed = 4 * table["error"] + 0.05 * table["difference"].abs() + 2e-3
    assert (off < allowed).all(), table[off >= allowed].to_string()
    spread = table[table["outcome"].str.startswith("spread")].set_index("parameter")
    assert spread.loc["log_shift_size", "gradient"] > 0.05  # chance spreads states
    assert (spread["without_chance"].tail(3) == 0).all()  # which a path without it cannot see


def test_moments_are_those_of_runs(world):
    links = world.dependence[-1], world.pact[-1]
    at, chance = jnp.asarray(START), shipped_chance()
    found = ended_moments(world, at, chance)
    keys = jax.random.split(jax.random.key(1), 3000)
    runs = np.asarray(jax.vmap(lambda key: ended(world, at, chance, key))(keys), float)
    scatter = np.sqrt(np.diag(found.covariance))
    np.testing.assert_allclose(runs.mean(0), found.mean, atol=5 * scatter.max() / np.sqrt(3000))
    np.testing.assert_allclose(runs.std(0), scatter, rtol=0.1)
    assert float(mean_spread(found)) == pytest.approx(runs.std(1).mean(), rel=0.01)
    still = moments_after(world.position[-1], world.position[-1], links, with_chance(at, chance), 0)
    assert not np.asarray(still.covariance).any()


CHANCE = Chance(0.06, 0.21, 0.3)
AT = (0.01, 0.01, 0.05, float(np.log(0.04)), 0.1, 1.0)


def test_the_gradient_with_spread_is_that_of_finite_differences(world):
    total = jax.jit(lambda z: spread_likelihood(world, z, CHANCE).sum())
    slope = np.asarray(jax.jit(jax.grad(total))(jnp.asarray(AT)))
    for i, step in enumerate((1e-3, 1e-3, 2e-3, 3e-2, 1e-2, 2e-2)):
        move = np.zeros(len(AT))
        move[i] = step
        more, less = (float(total(jnp.asarray(AT + sign * move))) for sign in (1, -1))
        assert slope[i] == pytest.approx((more - less) / (2 * step), rel=0.03, abs=0.5), i


def test_variance_of_a_state_is_nearly_that_of_the_whole_covariance(world):
    params = spread_parameters(jnp.asarray(AT), CHANCE)
    links = jnp.zeros_like(world.dependence[-1]), world.pact[-1]
    whole = moments_after(world.position[-1], world.position[-1], links, params, 10).covariance
    allies = (world.pact[-1].sum(1) > 0).astype(float)
    left = left_of_a_shock(allies, params, 9)
    alone = np.asarray(year_variance(params) * (left**2).sum(0))
    np.testing.assert_allclose(alone, np.diag(whole), rtol=0.06)


def test_sizes_of_chance_share_the_error_of_the_factor_and_keep_their_own():
    chance = {"diffusion": (0.06, 0.1), "shift_size": (0.3, 0.2), "shift_hazard": (0.2, 0.03)}
    found = {
        name: Found(value, error, (1990, 2004), "x") for name, (value, error) in chance.items()
    }
    own = np.array([[0.01, 0.01, -0.0015], [0.01, 0.04, -0.003], [-0.0015, -0.003, 0.0009]])
    before = estimates_of("alignment", found, 100, own)
    error = np.array([0.004, 0.002, 0.02, 0.4, 0.05, 0.2])
    value = np.array([0.01, 0.012, 0.06, np.log(0.05), np.log(0.8), 1.0])
    made = position_fit.estimates(
        Calibrated("", tuple("abcdef"), value, np.diag(error**2), 0.0, 1), before, (1980, 2004)
    )
    assert made.parameters["shift_size"].value == pytest.approx(0.8 * 0.3)
    assert made.parameters["anchor_drift_rate"].value == pytest.approx(0.05)
    assert made.parameters["diffusion"].standard_error == pytest.approx(np.hypot(0.05, 0.1))
    assert made.parameters["shift_hazard"].standard_error == pytest.approx(0.03)
    assert made.parameters["shift_hazard"].sample == (1990, 2004)
    place = [made.names.index(name) for name in ("diffusion", "shift_size", "shift_hazard")]
    shared = own + 0.05**2 * np.array([[1, 1, 0], [1, 1, 0], [0, 0, 0]])
    np.testing.assert_allclose(made.covariance[np.ix_(place, place)], shared, rtol=1e-6)


def test_known_answers_to_cuts_come_back():
    draw = np.random.default_rng(5)
    count, horizon = 1600, np.tile(np.arange(4.0), 400)
    lost = np.where(draw.random(count) < 0.3, draw.uniform(0.05, 0.5, count), 0.0)
    spread = np.full(count, 0.05)
    rise = np.log1p(0.8 * lost * np.asarray(come_in(jnp.asarray(1.5), jnp.asarray(horizon))))
    rows = pd.DataFrame(
        {
            "rise": rise + spread * draw.standard_t(4, count), "lost_share": lost,
            "leader": draw.random(count) < 0.2, "horizon": horizon, "spread": spread,
            "year": np.repeat(np.arange(2000, 2020), 80), "entity": np.arange(count) // 4,
        }
    )  # fmt: skip
    found = fitted(rows)
    assert found.value[0] == pytest.approx(0.8, abs=4 * found.standard_error[0])
    assert np.exp(found.value[2]) == pytest.approx(1.5, rel=0.4)
    made = estimates(found, rows, 2019).parameters
    assert made["compensation_rate"].sample == (2013, 2019)
    with pytest.raises(DataError, match="no cut"):
        fitted(rows.assign(lost_share=0.0))


def test_what_has_come_of_a_compensation_is_its_average_over_the_year():
    rate, years = 1.7, np.linspace(2, 3, 20001)
    exact = (1 - np.exp(-rate * years)).mean()
    assert float(come_in(jnp.asarray(rate), jnp.asarray(2.0))) == pytest.approx(exact, rel=1e-4)


def test_a_calibration_is_kept_only_if_it_is_better_by_the_criterion():
    draw = np.random.default_rng(2)
    cells = pd.DataFrame(
        {"state": np.repeat(np.arange(50), 6), "origin": 2000, "horizon": np.tile([1, 5, 10], 100),
         "case": np.tile([0, 0, 0, 1, 1, 1], 50)}
    )  # fmt: skip
    base = draw.gamma(2.0, 1.0, len(cells))
    for factor, kept in ((0.9, True), (0.995, False), (1.1, False)):
        both = pd.concat(
            [cells.assign(set="old", crps=base), cells.assign(set="new", crps=factor * base)]
        )
        found = verdict(both, "new", "old", "state")
        assert found["kept"] is kept
        assert found["change"] == pytest.approx(factor - 1)


def test_places_are_uniform_for_a_right_estimator_and_not_for_one_that_is_too_sure(tmp_path):
    def mean_of(claimed):
        def place(world):
            draw = np.random.default_rng(world)
            truth = draw.normal(size=1)
            seen = truth + draw.normal(size=1)
            return place_of(truth, seen / 2, np.sqrt(np.array([0.5])) * claimed)

        return place

    tested = [
        Case("right", "conjugate", ("mean",), one_by_one(mean_of(1.0))),
        Case("too sure", "conjugate", ("mean",), one_by_one(mean_of(0.5))),
    ]
    table = checked(tested, 200, tmp_path / "places.csv")
    judged = verdicts(table, tested).set_index("case")
    assert judged["verdict"].to_dict() == {"right": "recovered", "too sure": "not recovered"}
    assert judged.loc["too sure", "within_95"] < 0.8
    page = recovery_page(judged.reset_index(), pd.DataFrame({"ratio": [1.0]}), "recovery.svg")
    assert "1 of 2 quantities are recovered, 1 are not" in page
    assert "- too sure, mean" in page


def test_finished_worlds_are_not_made_again(tmp_path):
    made = []

    def place(world):
        made.append(world)
        return np.array([0.5])

    tested = [Case("counted", "none", ("x",), one_by_one(place))]
    checked(tested, 20, tmp_path / "places.csv")
    table = checked(tested, 40, tmp_path / "places.csv")
    assert made == list(range(40))
    assert len(table) == 40
    assert verdicts(table, tested)["verdict"].tolist() == ["too few worlds"]


def test_ranks_split_the_draws():
    draws = np.arange(9.0)[:, None]
    assert rank_of(np.array([-1.0]), draws)[0] == pytest.approx(0.05)
    assert rank_of(np.array([4.5]), draws)[0] == pytest.approx(0.55)


def test_what_cannot_be_calibrated_is_one_message(tmp_path):
    for words, named in (
        (("--to", "1950"), "1996"),
        (("--first", "2020"), "too few years"),
        (("--horizons", "1,x"), "1,5"),
        (("--horizons", "60"), "outside the panel"),
    ):
        error = CliRunner().invoke(app, ["calibrate", "--out", str(tmp_path), *words]).exception
        assert isinstance(error, InputError), words
        assert named in f"{error}"
