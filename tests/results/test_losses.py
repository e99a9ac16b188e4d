"""Losses of bodies: by group, by basis, and the switch for compensation."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from worldorder.results.losses import (
    ASSUMED,
    DRAWN,
    KNOWN,
    NONE,
    SWITCHED_OFF,
    WITH,
    WITHOUT,
    Losses,
    by_body,
    by_group,
    drawn_size,
    imputed_shares,
    imputed_words,
    uncompensated,
    what_is_known,
)
from worldorder.scenarios import load_scenario

SHIPPED = Path(__file__).parents[2] / "docs" / "validation" / "losses"


@pytest.fixture
def found() -> Losses:
    bodies = pd.DataFrame(
        {
            "name": ["A", "B", "C", "D"],
            "area": ["law", "law", "health", "health"],
            "basis": [KNOWN, DRAWN, NONE, ASSUMED],
            "size": ["large", "unknown", "no budget", "small"],
        },
        index=pd.Index(["a", "b", "c", "d"], name="body"),
    )
    lost = np.tile([0.1, 0.3, 0.4, 0.2], (3, 1))
    none = np.zeros((3, 4), bool)
    return Losses(
        2030, bodies, {WITH: lost, WITHOUT: lost + 0.05}, {WITH: none, WITHOUT: ~none},
        np.tile([500.0, 50.0, 0.0, 1.0], (3, 1)),
    )  # fmt: skip


def test_shares_by_basis_are_those_of_the_capacity_lost(found):
    assert imputed_shares(found) == pytest.approx({KNOWN: 0.1, DRAWN: 0.3, NONE: 0.4, ASSUMED: 0.2})
    assert imputed_words(found).startswith("90% of the capacity lost by the 4 bodies rests on")


def test_groups_are_means_over_their_bodies(found):
    rows = by_group(found).set_index(["by", "group", "switch"])
    assert rows.loc[("area", "law", WITH), "loss"] == pytest.approx(0.2)
    assert rows.loc[("area", "law", WITHOUT), "loss"] == pytest.approx(0.25)
    assert rows.loc[("all", "all", WITH), "heavy"] == pytest.approx(0.5)
    assert rows.loc[("size, as drawn", "medium", WITH), "bodies"] == 1
    assert rows.loc[("all", "all", WITHOUT), "below_working_capacity"] == 1.0


def test_those_that_lose_most_come_first_and_no_budget_has_no_revenue(found):
    rows = by_body(found)
    assert rows["body"].tolist() == ["c", "b", "d", "a"]
    assert np.isnan(rows["revenue_mn_usd"].iloc[0])


def test_size_as_drawn_follows_the_revenue_of_the_run():
    size = drawn_size(np.array([[5.0, 50.0, 500.0, 5.0]]), np.array([True, True, True, False]))
    assert size.tolist() == [["small", "medium", "large", "no budget"]]


def test_the_switch_fixes_the_elasticities_and_nothing_else():
    asked = load_scenario("withdrawal-2026")
    switched = uncompensated(asked)
    assert switched.parameters == {**asked.parameters, **SWITCHED_OFF}
    assert switched.active_levers == asked.active_levers
    assert switched.name != asked.name


def test_every_body_of_the_memorandum_says_what_is_known():
    rows = what_is_known().loc[pd.read_csv(SHIPPED / "losses-by-body.csv")["body"]]
    assert len(rows) == 66
    assert (rows["basis"] == KNOWN).sum() == 9  # those that the UN system's statistics list
    assert rows.loc["ECA", "basis"] == ASSUMED
    assert rows.loc["REN21", "budget"] == "drawn from like bodies"
