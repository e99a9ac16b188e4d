"""Random numbers that have an address.

Every draw is a function of (seed, run, mechanism, step, row, column) and of nothing else, so a
draw is the same whether or not others are made: a what-if and its baseline share their noise, and
switching a mechanism on leaves the draws of the rest as they were.

The generator is Philox 4x32 with 7 rounds (Salmon, Moraes, Dror and Shaw 2011, Parallel random
numbers: as easy as 1, 2, 3, doi:10.1145/2063384.2063405), which passes BigCrush at that number
of rounds according to its authors.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from numpy.typing import NDArray

from worldorder.typing import StreamKey

_MULTIPLIERS = (np.uint32(0xD2511F53), np.uint32(0xCD9E8D57))
_RUN = 32  # neighbouring columns that one word of each call serves: whole runs are copied fast
_WEYL = (np.uint32(0x9E3779B9), np.uint32(0xBB67AE85))


class Stream(NamedTuple):
    """The random stream of one mechanism in one step of one run."""

    key: StreamKey
    step: Array  # uint32 scalar


def stream_salt(seed: int, name: str) -> NDArray[np.uint32]:
    """What sets the stream `name` of a seed apart from all others, shape (2,)."""
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    return np.frombuffer(digest[:8], dtype="<u4").copy()


def stream_key(salt: Array, run: Array) -> Array:
    """Key of a stream in run number `run` (uint32 scalar), shape (2,)."""
    return jnp.stack([salt[0] ^ run.astype(jnp.uint32), salt[1]])


def _multiply(a: np.uint32, b: Array) -> tuple[Array, Array]:
    """High and low words of a 32 x 32 bit product: one wide multiplication, as processors have."""
    with jax.enable_x64(True):
        wide = lax.convert_element_type(b, jnp.uint64)
        product = lax.mul(wide, lax.full_like(wide, a))
        high = lax.shift_right_logical(product, lax.full_like(product, 32))
        return lax.convert_element_type(high, jnp.uint32), lax.convert_element_type(
            product, jnp.uint32
        )


def philox(counter: tuple[Array, Array, Array, Array], key: Array, rounds: int = 7) -> list[Array]:
    """Four uint32 words for each counter (arrays of one shape) under a key of shape (2,)."""
    c0, c1, c2, c3 = counter
    k0, k1 = key[0], key[1]
    for _ in range(rounds):
        high0, low0 = _multiply(_MULTIPLIERS[0], c0)
        high1, low1 = _multiply(_MULTIPLIERS[1], c2)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0, k1 = k0 + _WEYL[0], k1 + _WEYL[1]
    return [c0, c1, c2, c3]


def _words(stream: Stream, shape: tuple[int, ...], draw: int) -> list[Array]:
    """Four words for each address (row, column); `draw` tells several draws in a step apart."""
    rows = lax.broadcasted_iota(jnp.uint32, shape, 0)
    columns = lax.broadcasted_iota(jnp.uint32, shape, 1) if len(shape) > 1 else jnp.zeros_like(rows)
    step = jnp.broadcast_to(stream.step.astype(jnp.uint32), shape)
    return philox((rows, columns, step, jnp.full(shape, draw, jnp.uint32)), stream.key)


def _to_unit(word: Array) -> Array:
    """Uniform on the open interval (0, 1): 23 random bits and a half."""
    return ((word >> 9).astype(jnp.float32) + 0.5) * np.float32(2.0**-23)


def uniform(stream: Stream, shape: tuple[int, ...], draw: int = 0) -> Array:
    """Independent uniform draws on (0, 1), addressed by row and column.

    A call of the generator gives four words. In a matrix they serve four runs of columns.
    """
    if len(shape) == 1:
        return _to_unit(_words(stream, shape, draw)[0])
    rows, columns = shape
    blocks = -(-columns // (4 * _RUN))
    # The barrier has the words made once: left to itself the compiler makes them for each column.
    words = lax.optimization_barrier(_words(stream, (rows, blocks * _RUN), draw))
    runs = jnp.stack([word.reshape(rows, blocks, _RUN) for word in words], axis=2)
    return _to_unit(runs.reshape(rows, -1)[:, :columns])


def pair_uniforms(stream: Stream, states: int, draw: int = 0) -> list[Array]:
    """Four independent uniform draws for each pair of states, symmetric: a pair has one address."""
    one = lax.broadcasted_iota(jnp.uint32, (states, states), 0)
    other = lax.broadcasted_iota(jnp.uint32, (states, states), 1)
    step = jnp.broadcast_to(stream.step.astype(jnp.uint32), one.shape)
    address = jnp.minimum(one, other), jnp.maximum(one, other), step, jnp.full_like(step, draw)
    # kept whole, or the compiler draws anew wherever a number is looked at
    return [_to_unit(word) for word in lax.optimization_barrier(philox(address, stream.key))]


def normal(stream: Stream, shape: tuple[int, ...], draw: int = 0) -> Array:
    """Independent standard normal draws (Box and Muller 1958), addressed by row and column."""
    words = _words(stream, shape, draw)
    radius = jnp.sqrt(-2.0 * jnp.log(_to_unit(words[0])))
    return radius * jnp.cos(2.0 * jnp.pi * _to_unit(words[1]))


def within(chance: Array, hazard: Array, step_years: Array | float = 1.0) -> Array:
    r"""Whether an event of the given hazard (1/year) falls within the step, by a uniform draw.

    It does with probability $1 - e^{-h \Delta t}$.
    """
    return chance > jnp.exp(-hazard * step_years)


def happens(stream: Stream, hazard: Array, step_years: Array | float = 1.0, draw: int = 0) -> Array:
    """Whether an event of the given hazard (1/year) happens within the step, by address."""
    return within(uniform(stream, jax.typeof(hazard).shape, draw), hazard, step_years)
