"""Effects within states are found where they were put; promises are kept by those who fight."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest

from worldorder.inference.estimate_allies_trust import ally_effect
from worldorder.inference.estimate_arms import (
    ArmsPanel,
    effects,
    forecast_errors,
    troop_changes,
    troop_errors,
)
from worldorder.inference.estimate_credibility import promises


@pytest.fixture(scope="module")
def panel():
    draw = np.random.default_rng(0)
    shape = 65, 80
    own, year = draw.normal(0, 2, shape[1]), draw.normal(0, 0.01, (shape[0], 1))
    threat = np.abs(draw.normal(size=shape)) + np.maximum(own, 0)  # those who arm are threatened
    force = (draw.random(shape) < 0.2).astype(float)
    troops = np.abs(draw.normal(2, 1, shape))
    noise = draw.normal(0, 0.1, shape)
    burden = own + year + 0.3 * threat + 0.1 * force + noise
    idle = draw.normal(size=shape)
    return ArmsPanel(
        range(1950, 2015), burden, threat, force, idle, troops, np.abs(idle), force, force
    )


def test_threat_is_told_from_who_the_states_are(panel):
    threat, force, allies = effects(panel)[
        "level of burden: threat, recent force, allies' spending"
    ]
    assert threat.value == pytest.approx(0.3, abs=4 * threat.standard_error)
    assert force.value == pytest.approx(0.1, abs=4 * force.standard_error)
    assert abs(allies.value) < 4 * allies.standard_error
    assert threat.standard_error < 0.02


def test_troops_that_do_nothing_are_told_as_null(panel):
    troops, _ = effects(panel)["burden: US troops, pact with the US"]
    assert abs(troops.value) < 4 * troops.standard_error


def test_forecasts_use_nothing_later_than_the_cutoff(panel):
    errors = forecast_errors(panel)
    assert errors["and threat, recent force"] < errors["persistence"]
    later = panel.burden.copy()
    later[-1] += 50.0
    changed = forecast_errors(ArmsPanel(**{**vars(panel), "burden": later}), cutoff=2013)
    assert changed["persistence"] > 40


@dataclass
class Record:
    """Four states: 3 attacks 1, whom 0 and 2 owe defence; 2 fights."""

    codes: np.ndarray = field(default_factory=lambda: np.array([10, 20, 30, 40]))

    def ties(self, kind, year):
        tied = np.zeros((4, 4), bool)
        tied[0, 1] = tied[1, 0] = tied[2, 1] = tied[1, 2] = True
        return tied

    def dispute_years(self):
        columns = ["year", "ccode1", "ccode2", "sidea1", "hostlev1"]
        rows = [(2000, 40, 20, 1, 4), (2000, 20, 40, 0, 4), (2000, 30, 40, 0, 4)]
        return pd.DataFrame(rows, columns=columns)


def test_a_promise_is_kept_by_who_is_in_the_dispute():
    opened, failed = promises(Record(), 2000)
    assert np.argwhere(opened).tolist() == [[0, 1], [2, 1]]
    assert np.argwhere(failed).tolist() == [[0, 1]]


def test_swings_of_allies_are_compared_at_equal_distance():
    draw = np.random.default_rng(2)
    ally, distance = (draw.random(60) < 0.5).astype(float), draw.normal(2, 1, 60)
    change = -0.5 - 0.4 * ally + 0.3 * distance + draw.normal(0, 0.05, 60)
    rows = pd.DataFrame({"swing": 2017, "change": change, "distance": distance, "ally": ally})
    found = ally_effect(rows)[2017]
    assert found.value == pytest.approx(-0.4, abs=4 * found.standard_error)
    assert found.number == 60


def test_troops_told_by_an_equation_that_holds_beat_persistence_and_else_do_not():
    draw = np.random.default_rng(3)
    pact = np.repeat(draw.integers(0, 2, (8, 80)), 10, axis=0).astype(float)
    troops = np.zeros((80, 80))
    for t in range(79):
        troops[t + 1] = 0.7 * troops[t] + 2.0 * pact[t] + 0.1 * draw.normal(size=80)
    held, tied = troop_changes(troops, pact)
    assert held.value == pytest.approx(-0.3, abs=0.02)
    assert tied.value == pytest.approx(2.0, abs=0.05)
    told = troop_errors(troops, pact, 40, 5)
    assert told["equation"] < 0.2 * told["persistence"]
    walk = np.cumsum(draw.normal(size=(80, 80)), axis=0)
    told = troop_errors(walk, pact, 40, 5)
    assert told["persistence"] == pytest.approx(np.sqrt(5), rel=0.1)
    assert told["equation"] > told["persistence"]
