"""Colours of the house: seen on white, and told apart by all kinds of sight."""

import itertools
import re
from importlib import resources

import numpy as np
import pytest

from worldorder.plots import style
from worldorder.plots.flows import _COLOURS as SIDES

PALETTE = (style.BLUE, style.VERMILION, style.GREEN, style.ORANGE, style.SKY)
# Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113, full severity.
SIGHT = {
    "usual": np.eye(3),
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def linear(colour):
    part = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """WCAG 2.2 contrast ratio."""
    low, high = sorted(float(LUMINANCE @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], LUMINANCE, [0.0193, 0.1192, 0.9505]])
    x = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("colour", [*PALETTE, *SIDES])
def test_what_is_drawn_stands_out_on_paper(colour):
    assert contrast(colour, style.PAPER) >= 3.0


@pytest.mark.parametrize("sight", SIGHT)
def test_colours_are_told_apart(sight):
    seen = [lab(np.array(SIGHT[sight]) @ linear(colour)) for colour in PALETTE]
    apart = [np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)]
    assert min(apart) > 11


def test_text_of_the_page_can_be_read():
    css = (resources.files("worldorder.report") / "style.css").read_text("utf-8")
    named = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", css))
    tags = re.findall(r"\.tag[.\w]* \{[^}]*background: (#\w{6}); color: (#\w{6})", css)
    text = [(named[ink], named[on]) for ink in ("ink", "muted", "deep") for on in ("paper", "wash")]
    for ink, paper in [*text, (named["vermilion"], named["paper"]), *tags]:
        assert contrast(ink, paper) >= 4.5
    assert len(tags) == 3
    assert contrast(named["blue"], named["wash"]) >= 3.0  # the mark of what has the focus
