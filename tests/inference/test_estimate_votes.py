"""Estimates of condemning votes from planted roll calls."""

import numpy as np
import pandas as pd
import pytest

from worldorder.inference.door.votes import of_rows
from worldorder.inference.estimate_votes import COVARIATES, occasions, of_no, of_yes, replay

LEVELS = np.tile([-1.0, 0.0, 1.0], 10)


def planted(seed=0, states=150):
    """Roll calls with yes at .5 + 2 regime and a level each, no at even odds among the rest."""
    draw = np.random.default_rng(seed)
    found = []
    for place, level in enumerate(LEVELS):
        rows = pd.DataFrame({name: draw.normal(size=states) for name in COVARIATES})
        yes = draw.random(states) < 1 / (1 + np.exp(-0.5 - level - 2.0 * rows["regime"]))
        no = draw.random(states) < 0.5
        vote = np.where(yes, "Y", np.where(no, "N", np.where(draw.random(states) < 0.5, "A", "X")))
        found.append(rows.assign(vote=vote, campaign=f"AAA {place}", year=2000 + place % 20))
    return pd.concat(found, ignore_index=True)


def test_planted_coefficients_and_spread_of_levels_are_found():
    made = of_rows(planted(), 2019).parameters
    assert made["yes_regime"].value == pytest.approx(2.0, abs=0.5)  # levels pull it toward zero
    assert made["yes_trade_target"].value == pytest.approx(0.0, abs=0.1)
    assert made["no_constant"].value == pytest.approx(0.0, abs=0.15)
    assert made["yes_occasion"].value == 0.0
    assert made["yes_occasion"].standard_error == pytest.approx(LEVELS.std(), abs=0.2)
    assert made["no_occasion"].standard_error < 0.4  # counts alone
    assert all(one.sample == (1992, 2019) for one in made.values())


def test_an_estimate_to_a_year_knows_no_later_vote():
    rows = planted()
    early = of_rows(rows, 2009)
    changed = rows.assign(vote=rows["vote"].where(rows["year"] <= 2009, "N"))
    assert of_rows(changed, 2009).parameters == early.parameters


def test_shifted_to_its_level_a_resolution_expects_what_it_had():
    rows = of_yes(planted())
    shifts = occasions(rows)
    assert len(shifts) == len(LEVELS)
    assert np.corrcoef(shifts.to_numpy(), LEVELS)[0, 1] > 0.9


def test_the_absent_are_neither_yes_nor_no():
    rows = planted()
    absent = rows["vote"] == "X"
    assert (of_yes(rows).loc[absent, "event"] == 0).all()
    assert (of_no(rows).loc[absent, "event"] == 0).all()
    assert not (of_no(rows)["vote"] == "Y").any()


def test_a_replay_counts_all_who_are_listed():
    rows = planted()
    here = rows["campaign"] == "AAA 0"
    found = replay(rows[~here], rows[here])
    assert found["states"] == here.sum()
    assert found["yes"] < found["yes expected"]  # its level is low
    assert 0.5 < found["AUC of yes"] < 1.0
