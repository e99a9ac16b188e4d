from dataclasses import replace

import jax.numpy as jnp
import numpy as np

from worldorder.mechanisms.growth import (
    GrowthParameters,
    average_rate,
    chance,
    growth_shock,
    rate_of_year,
    tendency,
)
from worldorder.random import Stream
from worldorder.state import Now, neutral_diagnostics, no_conduct
from worlds import small_world

PARAMS = GrowthParameters(jnp.float32(0.0171), jnp.float32(0.0279), jnp.float32(-0.086))


def test_growth_over_a_year_does_not_depend_on_the_step():
    level, rate = jnp.asarray([100.0, 50.0]), jnp.asarray([0.05, -0.02])
    for steps in (1, 4, 12):
        now = level
        for _ in range(steps):
            now = now + average_rate(now, rate, jnp.float32(1 / steps)) / steps
        assert np.allclose(now, level * (1 + rate), rtol=1e-5)


def test_the_last_rate_of_the_path_holds_on():
    path = jnp.asarray([[0.01], [0.02]])
    found = [float(rate_of_year(path, jnp.float32(y))[0]) for y in (0.0, 0.75, 1.0, 30.0)]
    assert np.allclose(found, [0.01, 0.01, 0.02, 0.02])


def test_shocks_have_the_stated_spread_and_share_a_part():
    gdp = jnp.asarray([1000.0, 1000.0])
    draws = np.stack(
        [
            growth_shock(
                gdp,
                PARAMS,
                jnp.float32(0.25),
                Stream(jnp.asarray([run, 7], jnp.uint32), jnp.float32(0)),
            )
            for run in range(2000)
        ]
    )
    expected = 0.5 * np.hypot(0.0171, 0.0279)
    assert np.allclose(draws.std(0), expected, rtol=0.08)
    assert np.isclose(np.corrcoef(draws.T)[0, 1], 0.0171**2 / (0.0171**2 + 0.0279**2), atol=0.06)


def test_adapters_read_the_path_of_the_setting():
    world, setting = small_world()
    setting = replace(setting, growth_rate=setting.growth_rate * 0 + 0.03)
    now = Now(
        jnp.float32(0),
        jnp.float32(0),
        jnp.float32(1),
        no_conduct(world),
        neutral_diagnostics(world, setting),
        setting,
    )
    rates = tendency(world, now, PARAMS)
    assert np.allclose(rates.underlying_gdp / world.underlying_gdp, 0.03, rtol=1e-4)
    stream = Stream(jnp.asarray([1, 7], jnp.uint32), jnp.float32(0))
    drawn = chance(world, now, PARAMS, stream)
    assert np.isfinite(drawn.growth).all()
    assert np.abs(drawn.growth).max() > 0
