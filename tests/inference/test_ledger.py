"""The ledger: items add up, weights turn decisions where they say, gifts tell what they can."""

import numpy as np
import pandas as pd
import pytest

from worldorder.inference.ledger import (
    DRAWN,
    FORUM,
    KNOWN,
    Draws,
    booked,
    draws_of,
    holdings,
    net_of,
)
from worldorder.inference.ledger_reading import area_rate, area_under_curve
from worldorder.inference.worth import COVARIATES, Worth, body_position, seat_premium


def made_up_rows() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "iso3": ["USA", "FRA", "TON"],
            "institution": "X",
            "vote_share": [0.5, 0.25, 0.25],
            "host": [True, False, False],
            "log_gdp": np.log([8.0, 4.0, 4.0]),
            "log_income": 0.0,
            "distance": [1.0, 0.5, 0.0],
            "dues": [0.2, 0.1, np.nan],
        }
    )


def drawn(constraint: float = 0.4) -> Draws:
    return Draws(
        np.array([[1.0, 0.0]]), np.array([0.1]), np.array([constraint]), np.array([[0.3]]),
        np.array([[0.0]]),
    )  # fmt: skip


def test_items_by_hand():
    items = booked(made_up_rows(), drawn())
    np.testing.assert_allclose(items["service"], [[0.5, 0.25, 0.25]])
    np.testing.assert_allclose(items["seat"], [[0.1, 0.0, 0.0]])
    np.testing.assert_allclose(items["constraint"], [[0.2, 0.05, 0.0]])
    np.testing.assert_allclose(items["influence"], [[0.2, 0.05 / 3, 0.0]])
    # a share that is not known: what the leading state does not pay, by GDP among the others
    np.testing.assert_allclose(items["dues"], [[0.2, 0.1, 0.7 * 0.5]])
    np.testing.assert_allclose(net_of(items)[0, 0], 0.5 + 0.1 + 0.2 - 0.2 - 0.2)


def test_distance_costs_more_the_more_it_weighs():
    nets = [net_of(booked(made_up_rows(), drawn(k)))[0, 1] for k in (0.0, 0.5, 1.0)]
    assert nets == sorted(nets, reverse=True)


def test_the_weight_of_distance_is_the_same_whatever_the_number_of_bodies():
    found = Worth(
        pd.Series([0.7, 1.1], index=list(COVARIATES)),
        pd.DataFrame(np.eye(2) * 0.01, index=list(COVARIATES), columns=list(COVARIATES)),
        0.2, 0.05, 0.0, 0.1, 0.0, 0.1, 100, 10,
    )  # fmt: skip
    few, many = (draws_of(found, bodies, 20, 1) for bodies in (3, 300))
    np.testing.assert_array_equal(few.constraint, many.constraint)
    np.testing.assert_array_equal(few.coefficients, many.coefficients)


def test_holdings_know_what_rests_on_what():
    rows = holdings().set_index(["iso3", "institution"])
    who = rows.loc[("USA", "WHO")]
    assert who["dues_basis"] == KNOWN
    assert 0.02 < who["dues"] < 0.1
    assert rows.loc[("USA", "GCTF"), "dues_basis"] == FORUM
    assert rows.loc[("USA", "REN21"), "dues_basis"] == DRAWN
    assert np.isnan(rows.loc[("USA", "REN21"), "dues"])
    paid = rows[rows["dues_basis"] == KNOWN].groupby("institution")["dues"].sum()
    assert (paid <= 1 + 1e-6).all()


def test_a_body_stands_where_its_votes_do():
    members = pd.DataFrame(
        {"iso3": ["A", "B", "C"], "institution": "X", "vote_share": [0.5, 0.25, 0.25]}
    )
    place = pd.Series({"A": 1.0, "B": 0.0, "C": -1.0})
    assert body_position(members, place)["X"] == pytest.approx(0.25)


def test_the_premium_of_a_seat_is_a_sum():
    rows = pd.DataFrame(
        {
            "log_gdp": 0.0, "log_income": 0.0, "institution": ["X"] * 4 + ["Y"] * 4,
            "host": [1, 0, 0, 0] * 2, "share": [0.45, 0.2, 0.2, 0.15, 0.35, 0.25, 0.2, 0.2],
        }
    )  # fmt: skip
    value, error = seat_premium(rows, pd.Series([1.0, 0.0]))
    assert value == pytest.approx(0.15)
    assert error == pytest.approx(0.05)


def test_orders_by_hand():
    score, event = pd.Series([0.9, 0.8, 0.1]), pd.Series([True, False, False])
    assert area_under_curve(score, event) == 1.0
    assert np.isnan(area_under_curve(score, pd.Series([True, True, True])))
    rows = pd.DataFrame({"area": ["a", "a", "b"], "in_memorandum": [True, False, True]})
    assert area_rate(rows).tolist() == [0.0, 1.0, 0.5]
