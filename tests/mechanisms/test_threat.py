"""Threat: none without power, nearness, means or ill intent; menace is learned and forgotten."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, stream, values
from worldorder.mechanisms import threat
from worldorder.mechanisms.threat import ThreatParameters
from worldorder.state import no_conduct
from worlds import small_world

PARAMS = values(ThreatParameters, "threat")


def level(power=(0.5, 0.5), burden=(0.02, 0.02), near=1.0, intent=1.0):
    both = jnp.ones((2, 2))
    found = threat.threat_level(
        jnp.asarray(power), jnp.asarray(burden), near * both, intent * both, PARAMS
    )
    assert float(found[0, 0]) == 0.0
    return float(found[0, 1])


def test_each_of_the_four_parts_is_needed():
    assert level() == pytest.approx(0.5 * 0.5)
    assert level(power=(1.0, 0.0)) == 0.0
    assert level(burden=(0.02, 0.0)) == 0.0
    assert level(near=0.0) == 0.0
    assert level(intent=0.0) == 0.0
    assert level(power=(0.1, 0.9)) > level()


def test_intent_is_learned():
    one = jnp.ones((1, 1))
    intent = lambda trust, rivalry=0.0, dispute=0.0, menace=0.0: float(  # noqa: E731
        threat.perceived_intent(trust * one, rivalry * one, dispute * one, menace * one, PARAMS)[
            0, 0
        ]
    )
    assert intent(1.0) == 0.0
    assert intent(0.0) == 1.0
    assert intent(1.0, dispute=3.0) == pytest.approx(1.0)
    assert intent(0.8, rivalry=1.0) == pytest.approx(1 - 0.8 * (1 - float(PARAMS.rivalry_intent)))
    assert intent(0.8, menace=1.0) == pytest.approx(1 - 0.8 * np.exp(-1), rel=1e-5)


def test_menace_goes_to_the_target_and_fades():
    world, setting = small_world(4)
    conduct = no_conduct(world)
    acts = jnp.asarray(True)
    conduct = replace(conduct, threat=conduct.threat.at[0, 2].set(0.6), acts=acts)
    now = moment(world, setting, 0.5, conduct)
    jump = threat.events(world, now, PARAMS, stream()).menace_jump
    assert float(jump[2, 0]) == pytest.approx(0.6)
    assert float(jump.sum()) == pytest.approx(0.6)
    menaced = replace(world, menace=jump)
    rate = threat.tendency(menaced, now, PARAMS).menace
    left = jump[2, 0] + 0.5 * rate[2, 0]
    assert float(left) == pytest.approx(0.6 * np.exp(-0.5 / float(PARAMS.menace_memory)), rel=1e-5)
