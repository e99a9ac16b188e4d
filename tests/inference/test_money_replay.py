"""The replay of money: kernels pay as the equations say, the page is what the record says."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from worldorder.inference.money_page import difference
from worldorder.inference.money_replay import (
    MECHANISM,
    Case,
    Drawn,
    forecasts,
    large_cuts,
    spread_of_changes,
)

PAGE = Path(__file__).parents[2] / "docs" / "validation" / "money"


def of_one(elasticity: float, leader_paid: float) -> dict[str, np.ndarray]:
    case = Case(np.array([20.0, 50.0, 30.0]), (leader_paid,) * 4, 0, np.zeros(3))
    one = np.ones(1)
    return forecasts(case, Drawn(elasticity * one, 50.0 * one, 0.5 * one))


def test_a_full_cut_is_answered_by_the_elasticity_times_the_share_lost():
    paths = of_one(0.5, 0.0)
    np.testing.assert_allclose(paths["cut, nobody answers"], 80.0)
    np.testing.assert_allclose(paths[MECHANISM], 80.0 * (1 + 0.5 * 0.2), rtol=1e-5)
    np.testing.assert_allclose(paths["cut, all replaced"], 100.0)


def test_without_a_cut_nothing_changes_and_a_rise_is_no_cut():
    for paid, total in ((20.0, 100.0), (35.0, 115.0)):
        for name, path in of_one(0.8, paid).items():
            expected = 100.0 if name == "persistence" else total
            np.testing.assert_allclose(path, expected, rtol=1e-6)


def test_years_after_a_cut_are_left_out_of_the_spread():
    total = np.array([[1.0, 1.0, 9.0, 9.0], [2.0, 2.0, 2.0, 2.0]])
    cut = np.zeros((2, 4), bool)
    assert spread_of_changes(total, cut, 1) > 0.5
    cut[0, 2] = True
    assert spread_of_changes(total, cut, 1) == pytest.approx(0.05)  # the floor


def test_the_page_is_what_its_record_says():
    said = json.loads((PAGE / "money.json").read_text())
    scores, cuts = (pd.read_csv(PAGE / f"{name}.csv") for name in ("money", "large-cuts"))
    found = difference(scores, "persistence")
    assert found["mean"] == pytest.approx(said["differences"]["persistence"]["mean"], abs=1e-3)
    assert len(cuts) == said["large_cuts"]
    text = (PAGE / "money.md").read_text()
    for entity in said["elasticities"]:
        assert f"| {entity} | 2020 |" in text
    assert f"CRPS {found['mean']:+.1f}" in text


def test_a_case_is_listed_once_with_both_years():
    rows = pd.DataFrame(
        {
            "entity": "X", "year": 2016, "revenue": 10.0, "cutters": "DEU", "horizon": [0, 1, 2],
            "lost_share": 0.1, "rise": [0.2, 0.3, 0.4],
        }
    )  # fmt: skip
    found = large_cuts(rows)
    assert len(found) == 1
    assert found[["rise", "rise_next_year"]].to_numpy().tolist() == [[0.2, 0.3]]
