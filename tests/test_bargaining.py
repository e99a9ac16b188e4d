"""Settlement: a published run of the challenge model, votes by hand, means, Nash, bad tables."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import worldorder as wo
from cases import case
from worldorder.cli.main import app
from worldorder.errors import InputError
from worldorder.mechanisms import bargaining

CARS = case("car_emissions")


def cars():
    columns = ["capability", "position", "salience"]
    return pd.DataFrame(CARS["actors"], index=columns).T.rename_axis("actor").reset_index()


def actors(position, capability, salience):
    return bargaining.Actors(*(np.array(v, float) for v in (position, capability, salience)))


def test_published_rounds_of_the_challenge_model():
    settled = wo.bargain(cars(), model="challenge", rounds=8)
    np.testing.assert_allclose(settled.rounds["mean"][1:], CARS["published_mean"], atol=0.1)
    assert settled.rounds["mean"][0] == pytest.approx(7.389956, abs=1e-6)
    assert settled.rounds["median"][0] == 7
    assert settled.rounds["median"][1] == pytest.approx(8.4, abs=0.1)
    without_second = [0, 2, 3, 4, 5, 6, 7]
    np.testing.assert_allclose(
        settled.rounds["median"].to_numpy()[1:][without_second],
        np.array(CARS["published_median"])[without_second],
        atol=0.1,
    )


@pytest.mark.parametrize(("challenger", "rival", "votes", "probability"), CARS["by_hand"])
def test_votes_and_probabilities_worked_by_hand(challenger, rival, votes, probability):
    table = cars()
    group = actors(table["position"], table["capability"], table["salience"] / 100)
    i, j = (list(table["actor"]).index(name) for name in (challenger, rival))
    neutral = np.ones(10)
    cast = bargaining.votes(group, neutral, 6.0)[:, i, j]
    assert np.maximum(cast, 0).sum() == pytest.approx(votes)
    success = bargaining.success_probability(group, neutral, 6.0)
    assert success[i, j] == pytest.approx(probability, rel=1e-4)
    own = bargaining.success_probability(group, neutral, 6.0, all_pairs=False)
    assert own[i, j] + own[j, i] == pytest.approx(1)
    assert own[i, j] == pytest.approx(votes / np.abs(cast).sum())


def test_expected_utility_worked_by_hand():
    """Two actors at the ends, neutral to risk: success 2, failure -2, status quo 0."""
    group = actors([0, 1], [1, 1], [1, 0.25])
    chance = np.array([[0.0, 0.6], [0.4, 0.0]])
    sure = bargaining.expected_utility(group, np.ones(2), 1.0, chance)
    assert sure[0, 0, 1] == pytest.approx(0.25 * (0.6 * 2 - 0.4 * 2) + 0.75 * 2)
    assert sure[0, 1, 0] == pytest.approx(0.4 * 2 - 0.6 * 2)
    moving = bargaining.expected_utility(group, np.ones(2), 1.0, chance, status_quo=0.5)
    assert sure[0, 0, 1] - moving[0, 0, 1] == pytest.approx(0.5 * 2 * 0.5)


def test_risk_exponents_span_one_half_to_two():
    challenge = np.array([[0.0, 3.0, 1.0], [1.0, 0.0, 1.0], [0.0, 2.0, 0.0]])
    np.testing.assert_allclose(bargaining.risk_exponent(challenge), [2, 0.5, 1.4])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.sampled_from(["mean", "nash", "challenge"]))
def test_outcome_lies_among_the_positions_and_moves_with_the_scale(seed, model):
    generator = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "actor": list("abcde"),
            "position": generator.uniform(0, 10, 5),
            "capability": generator.exponential(size=5),
            "salience": generator.uniform(0.1, 1, 5),
        }
    )
    outcome = wo.bargain(table, model).outcome
    assert table["position"].min() - 1e-9 <= outcome <= table["position"].max() + 1e-9
    shifted = table.assign(position=3 + 2 * table["position"])
    assert wo.bargain(shifted, model).outcome == pytest.approx(3 + 2 * outcome, abs=1e-4)


def test_nash_splits_between_two_by_weight():
    """Gains 1 - x and x with weights 3 and 1: a quarter of the way."""
    group = actors([0, 1], [3, 1], [1, 1])
    assert bargaining.nash_position(group) == pytest.approx(0.25, abs=1e-6)


def test_nash_with_a_standing_position():
    group = actors([0, 4], [1, 1], [1, 1])
    assert bargaining.nash_position(group, disagreement=2.0) == 2.0
    assert bargaining.nash_position(group, disagreement=10.0) == pytest.approx(4.0, abs=1e-6)


def test_one_position_stays():
    settled = wo.bargain(cars().assign(position=5), "challenge")
    assert settled.outcome == 5
    assert settled.moves.empty


def test_one_salience_for_all_is_the_mean_by_capability():
    table = cars()
    mean = np.average(table["position"], weights=table["capability"])
    assert wo.bargain(table, salience=1.0).outcome == pytest.approx(mean)


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        ({}, {"model": "vote"}, "unknown model"),
        ({}, {"rounds": 0}, "0 rounds"),
        ({}, {"salience": "weight"}, "no column 'weight'"),
        ({}, {"salience": 2.0}, "salience is 2.0"),
        ({"capability": -1}, {}, "capability of Netherlands is -1"),
        ({"capability": 0}, {}, "no actor has both"),
        ({"salience": 101}, {}, "salience of Netherlands is 101"),
        ({"actor": "x"}, {}, "'x' is named twice"),
        ({"position": np.nan}, {}, "position is 'nan', not a number"),
    ],
)
def test_tables_that_cannot_be_used(change, arguments, message):
    with pytest.raises(InputError, match=message):
        wo.bargain(cars().assign(**change), **arguments)


def test_error_in_a_file_says_its_line(tmp_path):
    file = tmp_path / "cars.csv"
    file.write_text("actor,position,capability,salience\na,1,1,1\nb,2,-1,1\n")
    with pytest.raises(InputError, match=r"cars.csv:3: capability of b is -1"):
        wo.bargain(file)


def test_command_prints_the_rounds(tmp_path):
    file = tmp_path / "cars.csv"
    cars().rename(columns={"salience": "care"}).to_csv(file, index=False)
    arguments = ["bargain", str(file), "--salience", "care", "--model", "challenge"]
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 0
    assert "8.42" in shown.output
    assert "compromise with" in shown.output
