"""The estimator on votes made here, where positions and derivatives are known."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from worldorder.data.voting.design import design, identical_resolutions
from worldorder.data.voting.estimate import Priors, chain_precision, fit, slopes_at, solve_chains
from worldorder.data.voting.ideal_points import ideal_points
from worldorder.data.voting.ordinal import vote_slopes
from worldorder.data.voting.records import Records
from worldorder.data.voting.uncertainty import standard_errors
from worldorder.errors import ConvergenceError, InputError

YEARS, CALLS = 6, 40


def made_records(seed=0, states=25, bridged=8, first=2001):
    """Votes drawn from the model, with the positions they were drawn from."""
    rng = np.random.default_rng(seed)
    codes = ["USA", *(f"S{i:02}" for i in range(states - 1))]
    theta = np.r_[2.0, rng.normal(size=states - 1)][:, None]
    theta = theta + rng.normal(0, 0.1, (states, YEARS)).cumsum(1)
    cuts = np.sort(rng.normal(0, 0.8, (CALLS, 2)))
    resolutions, votes = [], []
    for t, call in np.ndindex(YEARS, CALLS):
        name = f"{t}-{call}"
        title = f"kept {call}" if call < bridged else name
        resolutions.append((name, title, "", f"{first + t}-12-01", first + t))
        cut = cuts[call] if call < bridged else np.sort(rng.normal(0, 0.8, 2))
        z = rng.normal(0, 1.5) * theta[:, t] + rng.normal(size=states)
        for i in np.flatnonzero(rng.random(states) < 0.9):
            votes.append((name, codes[i], "NAY"[int((z[i] > cut).sum())]))
    columns = ["resolution", "title", "agenda", "date", "year"]
    frame = pd.DataFrame(resolutions, columns=columns).assign(symbol="").set_index("resolution")
    cast = pd.DataFrame(votes, columns=["resolution", "state", "vote"])
    return Records(frame, cast), pd.DataFrame(theta, codes, range(first, first + YEARS))


@pytest.fixture(scope="module")
def fitted():
    records, truth = made_records()
    data = design(records.resolutions, records.votes)
    return records, truth, data, fit(data, tolerance=1e-4)


def test_three_votes_are_all_that_can_happen():
    z, low, high = np.array([-3.0, 0.2, 40.0]), np.array([-1.0, 0.1, -1.0]), np.array([0.5, 0.2, 3])
    total = sum(np.exp(vote_slopes(np.full(3, v), z, low, high).log_probability) for v in range(3))
    np.testing.assert_allclose(total, 1, rtol=1e-12)


@pytest.mark.parametrize("vote", [0, 1, 2])
def test_probabilities_and_slopes_are_those_of_the_ordered_probit(vote):
    z, low, high = np.array([-0.7, 1.2]), np.array([-0.4, 0.3]), np.array([0.6, 0.9])
    at = vote_slopes(np.full(2, vote), z, low, high)
    bounds = norm.cdf(np.stack([np.full(2, -np.inf), low - z, high - z, np.full(2, np.inf)]))
    np.testing.assert_allclose(at.log_probability, np.log(bounds[vote + 1] - bounds[vote]))
    h = 1e-5
    for name, second, (dz, dl, du) in (
        ("position", "position_position", (h, 0, 0)),
        ("lower", "lower_lower", (0, h, 0)),
        ("upper", "upper_upper", (0, 0, h)),
    ):
        up, down = (
            vote_slopes(np.full(2, vote), z + s * dz, low + s * dl, high + s * du) for s in (1, -1)
        )
        slope = (up.log_probability - down.log_probability) / (2 * h)
        np.testing.assert_allclose(getattr(at, name), slope, atol=1e-8)
        curve = (getattr(up, name) - getattr(down, name)) / (2 * h)
        np.testing.assert_allclose(getattr(at, second), curve, atol=1e-7)


def test_extreme_positions_keep_finite_slopes():
    at = vote_slopes(np.array([0, 1, 2]), np.array([60.0, -60.0, -60.0]), np.zeros(3), np.ones(3))
    assert all(np.isfinite(getattr(at, name)).all() for name in ("log_probability", "position"))


def test_chains_are_solved():
    rng = np.random.default_rng(1)
    diagonal, beside, right = 4 + rng.random((3, 7)), -rng.random((3, 6)), rng.normal(size=(3, 7))
    for i, x in enumerate(solve_chains(diagonal, beside, right)):
        matrix = np.diag(diagonal[i]) + np.diag(beside[i], 1) + np.diag(beside[i], -1)
        np.testing.assert_allclose(matrix @ x, right[i], atol=1e-12)


def test_repeated_titles_share_cut_points_and_doubled_ones_do_not():
    rows = [
        ("a", 2000, "x"),
        ("b", 2001, "x"),
        ("c", 2003, "x"),
        ("d", 2001, "y"),
        ("e", 2001, "y"),
    ]
    frame = pd.DataFrame(rows, columns=["resolution", "year", "title"]).set_index("resolution")
    frame = frame.assign(date=frame["year"].astype(str) + "-12-01")
    groups = identical_resolutions(frame, within=1)
    assert groups["a"] == groups["b"] != groups["c"]
    assert groups["d"] != groups["e"]
    assert identical_resolutions(frame, within=2).nunique() == 3
    assert identical_resolutions(frame, within=0).nunique() == 5


def test_positions_that_made_the_votes_are_found(fitted):
    records, truth, _, _ = fitted
    found = ideal_points(records)
    true = np.array([truth.loc[s, y] for s, y in zip(found["iso3"], found["year"], strict=True)])
    assert np.corrcoef(found["ideal_point"], true)[0, 1] > 0.97
    assert found["ideal_point"].mean() == pytest.approx(0, abs=1e-9)
    assert found["ideal_point"].std(ddof=0) == pytest.approx(1)
    assert (found.loc[found["iso3"] == "USA", "ideal_point"] > 0).all()
    z = (found["ideal_point"] - (true - true.mean()) / true.std()) / found["standard_error"]
    assert 0.75 < z.std() < 1.35  # errors are as large as they say


def test_the_fit_is_a_maximum_within_resolutions_and_chains(fitted):
    _, _, data, at = fitted
    priors, slopes = Priors(), slopes_at(data, at)
    pull = np.bincount(data.state_year, slopes.position * at.beta[data.roll_call])
    diagonal, beside = chain_precision(data, priors)
    prior = diagonal * at.theta
    prior[:, 1:] += beside * at.theta[:, :-1]
    prior[:, :-1] += beside * at.theta[:, 1:]
    left = pull.reshape(data.shape) - prior
    assert np.abs(left).max() < 0.02 * np.abs(prior).max()
    by_beta = np.bincount(data.roll_call, slopes.position * at.theta.ravel()[data.state_year])
    left = by_beta - at.beta / priors.discrimination_sd**2
    assert np.abs(left).max() < 0.02 * np.abs(by_beta).max()


def test_names_of_states_do_not_matter(fitted):
    records, _, _, _ = fitted
    turned = {code: f"Z{99 - int(code[1:]):02}" for code in set(records.votes["state"]) - {"USA"}}
    renamed = Records(records.resolutions, records.votes.replace({"state": turned}))
    first = ideal_points(records).replace({"iso3": turned}).set_index(["iso3", "year"])
    second = ideal_points(renamed).set_index(["iso3", "year"]).reindex(first.index)
    np.testing.assert_allclose(second["ideal_point"], first["ideal_point"], atol=1e-6)
    np.testing.assert_allclose(second["standard_error"], first["standard_error"], rtol=1e-5)


def full_covariance(data, at, priors):
    """Covariance of all ideal points from the whole matrix, entry by entry."""
    slopes, size = slopes_at(data, at), data.voted.size
    calls, pairs = len(at.beta), len(at.cuts)
    whole = np.zeros((size + calls + 2 * pairs,) * 2)
    s = slopes
    for k in range(len(data.vote)):
        call, pair = data.roll_call[k], data.cut[data.roll_call[k]]
        jacobian = np.zeros((3, len(whole)))
        jacobian[0, data.state_year[k]] = at.beta[call]
        jacobian[0, size + call] = at.theta.ravel()[data.state_year[k]]
        jacobian[1, size + calls + pair] = jacobian[2, size + calls + pairs + pair] = 1
        curve = [
            [s.position_position[k], s.position_lower[k], s.position_upper[k]],
            [s.position_lower[k], s.lower_lower[k], s.lower_upper[k]],
            [s.position_upper[k], s.lower_upper[k], s.upper_upper[k]],
        ]
        whole -= jacobian.T @ np.array(curve) @ jacobian
    diagonal, beside = chain_precision(data, priors)
    i = np.arange(size)
    whole[i, i] += diagonal.ravel()
    for state, t in np.ndindex(*beside.shape):
        a = state * data.shape[1] + t
        whole[a, a + 1] += beside[state, t]
        whole[a + 1, a] += beside[state, t]
    i = size + np.arange(calls)
    whole[i, i] += priors.discrimination_sd**-2
    gap = (at.cuts[:, 1] - at.cuts[:, 0]) ** -2
    low, high = size + calls + np.arange(pairs), size + calls + pairs + np.arange(pairs)
    for a in (low, high):
        whole[a, a] += priors.cut_sd**-2 + gap
    whole[low, high] -= gap
    whole[high, low] -= gap
    return np.linalg.inv(whole)[:size, :size]


def test_standard_errors_are_those_of_the_whole_matrix():
    records, _ = made_records(seed=3, states=8, bridged=20)
    data = design(records.resolutions, records.votes)
    assert data.voted.all()
    assert len(np.unique(data.cut)) < len(data.cut)
    at, n = fit(data), data.voted.size
    x = (at.theta - at.theta.mean()).ravel() / at.theta.std()
    scaled = (np.eye(n) - 1 / n - np.outer(x, x) / n) / at.theta.std()
    expected = np.sqrt(np.diag(scaled @ full_covariance(data, at, Priors()) @ scaled.T))
    np.testing.assert_allclose(standard_errors(data, at).ravel(), expected, rtol=1e-8)


def test_later_votes_do_not_reach_an_earlier_origin(fitted):
    records, _, _, _ = fitted
    late = records.votes["resolution"].str.startswith(("4-", "5-"))
    turned = records.votes["vote"].map({"Y": "N", "N": "Y", "A": "A"})
    other = Records(
        records.resolutions, records.votes.assign(vote=records.votes["vote"].mask(late, turned))
    )
    one, two = ideal_points(records.until(2004)), ideal_points(other.until(2004))
    pd.testing.assert_frame_equal(one, two)
    assert one["year"].max() == 2004


def test_records_that_cannot_be_estimated_are_named(fitted):
    records, _, data, _ = fitted
    without = Records(records.resolutions, records.votes[records.votes["state"] != "USA"])
    with pytest.raises(InputError, match="United States"):
        ideal_points(without)
    with pytest.raises(InputError, match="no recorded vote is left"):
        records.until(1990)
    with pytest.raises(ConvergenceError, match="after 2 sweeps"):
        fit(data, most=2)
