import jax.numpy as jnp

from worldorder.dynamics.random import philox
from worlds import small_world


def test_philox_known_answers():
    """Known answers of the Random123 distribution for philox4x32, 7 and 10 rounds."""
    zero, key = jnp.zeros(1, jnp.uint32), jnp.zeros(2, jnp.uint32)
    seven = [int(word[0]) for word in philox((zero,) * 4, key, 7)]
    assert seven == [0x5F6FB709, 0x0D893F64, 0x4F121F81, 0x4F730A48]
    ten = [int(word[0]) for word in philox((zero,) * 4, key, 10)]
    assert ten == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]


def test_small_world_shares_sum_to_one():
    _, setting = small_world()
    assert jnp.allclose(setting.trade_share.sum(0), 1, atol=1e-6)
