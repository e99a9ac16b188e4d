import re

import numpy as np
import pytest

from answers import REFERENCE, SCENARIO, small_pair
from worldorder.errors import ResultError
from worldorder.plots import plot_capacity, plot_donors, plot_map, plot_path
from worldorder.plots.numbers import interval, number, scale_of, signed
from worldorder.plots.projection import equal_earth
from worldorder.plots.svg import svg
from worldorder.plots.world_map import apart, change_by_state


@pytest.fixture(scope="module")
def job():
    return small_pair()


def test_equal_earth_extent():
    """Half height and half width of the published projection on the unit sphere."""
    x, _ = equal_earth(np.array([180.0]), np.array([0.0]))
    _, y = equal_earth(np.array([0.0]), np.array([90.0]))
    assert float(x[0]) == pytest.approx(2.7066299836960748, rel=1e-9)
    assert float(y[0]) == pytest.approx(1.3173627591574, rel=1e-9)


def test_equal_earth_keeps_areas():
    """The map area of a small cell over its area on the sphere is the same everywhere."""
    step = 1e-4
    latitude = np.array([-75.0, -30.0, 0.0, 45.0, 80.0])
    west, _ = equal_earth(np.full(5, 20.0), latitude)
    east, _ = equal_earth(np.full(5, 20.0 + step), latitude)
    _, south = equal_earth(np.full(5, 20.0), latitude - step)
    _, north = equal_earth(np.full(5, 20.0), latitude + step)
    on_sphere = np.radians(step) * np.cos(np.radians(latitude)) * 2 * np.radians(step)
    np.testing.assert_allclose((east - west) * (north - south) / on_sphere, 1, rtol=1e-5)


def test_circles_are_moved_apart():
    draw = np.random.default_rng(0)
    x, y, radius = draw.normal(0, 0.3, 30), draw.normal(0, 0.3, 30), draw.uniform(0.02, 0.1, 30)
    at_x, at_y = apart(x, y, radius)
    distance = np.hypot(at_x[:, None] - at_x, at_y[:, None] - at_y) + 9 * np.eye(30)
    assert (distance > 0.98 * (radius[:, None] + radius)).all()
    lone = apart(x[:1], y[:1], radius[:1])
    assert (lone[0][0], lone[1][0]) == pytest.approx((x[0], y[0]))


def test_change_by_state_is_relative_for_money(job):
    change = change_by_state(job[SCENARIO], job[REFERENCE], "gdp", 2045)
    np.testing.assert_array_equal(change.median, 0)
    assert not change.is_clear.any()
    trust = change_by_state(job[SCENARIO], job[REFERENCE], "trust_in_leading_state", 2045)
    assert trust.is_clear[1:].all()
    assert np.isnan(trust.median[0])


@pytest.mark.parametrize(
    "plot",
    [
        lambda ours, theirs: plot_map(ours, theirs, "trust_in_leading_state", 2045),
        lambda ours, theirs: plot_map(ours, theirs, "voting_distance", 2030),
        lambda ours, theirs: plot_path(ours, theirs, "gdp", "allies"),
        lambda ours, theirs: plot_capacity(ours, theirs, 2030),
        lambda ours, theirs: plot_donors(ours, theirs, 2030),
        lambda ours, theirs: plot_donors(theirs, theirs, 2030),
    ],
)
def test_figures_become_named_svg(job, plot):
    text = svg(plot(job[SCENARIO], job[REFERENCE]), "one", "A <title>", "What it shows")
    assert text.startswith("<svg")
    assert 'aria-labelledby="one-title one-desc"' in text
    assert "A &lt;title&gt;" in text
    assert "http" not in text
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(ids)


def test_unknown_measure_is_named(job):
    with pytest.raises(ResultError, match="no measure gdp of moon"):
        plot_path(job[SCENARIO], job[REFERENCE], "gdp", "moon")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (29298.4, "29,298"),
        (-0.04219, "−0.042"),
        (0.0, "0"),
        (3.0, "3"),
        (12.345, "12.3"),
        (0.9996, "1.00"),
        (float("nan"), "n/a"),
    ],
)
def test_numbers(value, written):
    assert number(value) == written


def test_signs_and_scales():
    assert signed(1.5) == "+1.50"
    assert signed(-0.00001) == "0.000"
    assert interval(-1, 2) == "−1 to +2"
    assert scale_of("trust_in_leading_state", "share").change == "% points"
    assert scale_of("joint_memberships", "count").level == "memberships"
