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


def test_votes_drift_as_in_1995_to_2015(calm):
    """Twenty-year moves less the mean, in the release of July 2025: .49 (1985-2005), .36
    (1995-2015), .29 (2004-2024); spread over states .95 in 1995, .81 in 2015, .79 in 2024. The
    mean spread of 2045 ends below that (docs/mechanisms/stance.md); here it must not be above, and
    the range over runs must reach the record."""
    point = calm["ideal_point"].values
    moved = point[:, -1] - point[:, 0]
    moved = np.abs(moved - moved.mean(axis=1, keepdims=True)).mean(axis=1)
    assert 0.29 < moved.mean() < 0.49
    spread = point[:, -1].std(axis=1)
    assert spread.mean() < 0.95
    assert np.quantile(spread, 0.95) > 0.79


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
