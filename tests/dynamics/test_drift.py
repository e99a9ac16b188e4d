"""A world in which nobody coerces drifts as the recorded one did, and does not run away."""

import numpy as np
import pytest

from worldorder.results.run import run
from worldorder.scenarios import load_scenario


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    path = tmp_path_factory.mktemp("calm") / "calm.yaml"
    switches = "{us-tariffs-2025-26: off, us-exits-2025-26: off}"
    path.write_text(f"extends: baseline\nswitches: {switches}\n", "utf-8")
    return run(load_scenario(path), runs=12)


def test_votes_drift_as_they_did_after_1989(calm):
    """In the sixteen windows of twenty years that begin in 1989 to 2004 (release of July 2025)
    states moved by .25 to .37 in the mean, less the common move, and the spread over states changed
    by -.14 to +.02. The level of the spread is not held to 1995-2015: it falls below, as the record
    did (docs/mechanisms/stance.md).
    """
    point = calm["ideal_point"].values
    moved = point[:, -1] - point[:, 0]
    moved = np.abs(moved - moved.mean(axis=1, keepdims=True)).mean(axis=1)
    assert 0.25 < moved.mean() < 0.37
    spread = point.std(axis=2)
    change = spread[:, -1] - spread[:, 0]
    assert -0.14 < change.mean() < 0.02


def test_noise_alone_does_not_polarize(calm):
    """No run in any year is as spread out as the record of 1995 (.95), and none closes by more than
    the record of any twenty years since 1975 did (-.14) and half of that again."""
    spread = calm["ideal_point"].values.std(axis=2)
    assert spread.max() < 0.95
    assert (spread - spread[:, :1]).min() > -0.21


def test_ties_and_disputes_stay_within_the_record(calm):
    """Defence ties a state rose by 6.6 from 1995 to 2015; 18 to 59 pairs a year began a dispute."""
    ties = calm["defence_ties"].values.mean(axis=2)
    assert abs(ties[:, -1] - ties[:, 0]).mean() < 6.6
    yearly = calm["new_disputes"].values[:, 1:].mean(axis=1)
    assert np.quantile(yearly, 0.95) > 18
    assert np.quantile(yearly, 0.05) < 59


def test_noise_alone_makes_no_camps(calm):
    opposed = calm["opposing_power"].values
    assert abs(opposed[:, -5:].mean() - opposed[:, 0].mean()) < 0.1
