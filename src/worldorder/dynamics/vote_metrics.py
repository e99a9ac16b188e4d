"""What is kept at each mark of the vote held in the year before it."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from worldorder.mechanisms.votes import NEITHER, NO, YES
from worldorder.state import World


def votes_cast(world: World) -> dict[str, Array]:
    """Numbers of yes, no and neither, and who said yes and no; zero where there was no vote."""
    said = {name: (world.vote == kind).astype(jnp.float32) for name, kind in _KINDS.items()}
    return {
        **{f"votes_{name}": one.sum() for name, one in said.items()},
        "voted_yes": said["yes"],
        "voted_no": said["no"],
    }


_KINDS = {"yes": YES, "no": NO, "abstained": NEITHER}
