"""What the tests of single mechanisms share: the moment, parameters at their values, steps."""

from __future__ import annotations

from dataclasses import fields, replace

import jax.numpy as jnp
import numpy as np

from worldorder.parameters import load_parameters
from worldorder.random import Stream
from worldorder.state import Conduct, Now, Setting, World, neutral_diagnostics, no_conduct


def values(record, mechanism, **changed):
    """Parameters of a mechanism at their shipped values, some of them changed."""
    named = load_parameters()[mechanism]
    return record(
        **{f.name: jnp.float32(changed.get(f.name, named[f.name].value)) for f in fields(record)}
    )


def moment(
    world: World, setting: Setting, step_years: float = 1.0, conduct: Conduct | None = None
) -> Now:
    """The moment of a first step."""
    return Now(
        step=jnp.float32(0),
        years=jnp.float32(0),
        step_years=jnp.float32(step_years),
        conduct=no_conduct(world) if conduct is None else conduct,
        diagnostics=neutral_diagnostics(world, setting),
        setting=setting,
    )


def stream(step=0) -> Stream:
    return Stream(jnp.asarray([1, 2], jnp.uint32), jnp.asarray(step, jnp.uint32))


def relabelled(tree, order):
    """A world or setting with its states in another order."""
    states = len(order)

    def permuted(x):
        for axis, size in enumerate(np.shape(x)):
            if size == states:
                x = jnp.take(x, jnp.asarray(order), axis=axis)
        return x

    return replace(tree, **{f.name: permuted(getattr(tree, f.name)) for f in fields(tree)})
