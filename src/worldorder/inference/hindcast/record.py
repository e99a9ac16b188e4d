"""What a hindcast keeps of each run at each mark: states, pairs and memberships."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from worldorder.mechanisms.order_reading import reserve_composition
from worldorder.state import Diagnostics, Setting, World
from worldorder.typing import InstitutionMask, Scalar


def kept_of_moment(
    world: World,
    seen: Diagnostics,
    setting: Setting,
    _focus: InstitutionMask,
    residual: Scalar,
    _parameters: Mapping[str, Any],
) -> dict[str, Array]:
    """Quantities that targets are made of.

    Trade of pairs is the logarithm of both flows, bn USD/year, in half precision; ties and
    memberships are bits.
    """
    flows = seen.dependence * seen.gdp[:, None]
    return {
        "gdp": seen.gdp,
        "population": world.population,
        "military_burden": world.military_burden,
        "ideal_point": world.ideal_point,
        "capacity": world.capacity,
        "revenue": seen.revenue,
        "trade": jnp.log(jnp.maximum(flows, 1e-9)).astype(jnp.float16),
        "trust": seen.trust.astype(jnp.float16),
        "membership": jnp.packbits(world.membership),
        "defence_pact": jnp.packbits(world.defence_pact > 0),
        "dispute": jnp.packbits(world.dispute > 0),
        "sanction": jnp.packbits(world.sanction > 0),
        "reserve_share": reserve_composition(world.reserve_share, setting),
        "trade_residual": residual,
    }


def unpacked(bits: NDArray[np.uint8], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Matrices from bits, shape (run, *shape)."""
    flat = np.unpackbits(bits, axis=-1, count=shape[0] * shape[1])
    return flat.reshape(*bits.shape[:-1], *shape).astype(bool)
