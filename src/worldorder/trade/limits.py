"""Limits on quantities: the duty that keeps a flow at or under a cap."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import xarray as xr

from worldorder.errors import ConvergenceError, InputError, did_you_mean
from worldorder.trade.retaliation import World
from worldorder.trade.sector_model import by_sector
from worldorder.trade.sectors import SectorBaseline
from worldorder.trade.solving import solve

MOST_ROUNDS = 200
Key = tuple[str, ...]  # importer, exporter and, over sectors, sector


def solve_with_limits(
    base: World,
    limits: Mapping[Any, float],
    tariffs: Mapping[Any, float] | None = None,
    tolerance: float = 1e-6,
    **options: Any,
) -> xr.Dataset:
    """Equilibrium in which no capped flow exceeds its cap; who imports keeps the scarcity rent.

    That is what a price cap on imports does: less is bought, and it costs the buyer's country less
    than its market price at home. The rent is found as a duty.

    Args:
        base: world before, of one sector or of several.
        limits: highest flow by (importer, exporter), over sectors by (importer, exporter, sector),
            in the unit of the flows before duties.
        tariffs: other tariffs; pairs left out keep that of the base.
        tolerance: relative, on flows.
        **options: of `solve`.

    Returns:
        As `solve`, with `duty_equivalent` by (exporter, importer) and sector if any, 0 where a cap
        does not bind.
    """
    _check_limits(limits, base)
    theta = _elasticities(limits, base, options)
    floor = {key: _rate(key, base, tariffs or {}) for key in limits}
    duties = dict(floor)
    for _ in range(MOST_ROUNDS):
        found = solve(base, {**(tariffs or {}), **duties}, **options)
        after = found["flows"].to_numpy()
        excess = {key: float(after[cell_of(key, base)]) / most for key, most in limits.items()}
        settled = all(
            ratio <= 1 + tolerance and (duties[key] == floor[key] or ratio >= 1 - tolerance)
            for key, ratio in excess.items()
        )
        if settled:
            return found.assign(duty_equivalent=_duty_equivalent(found, duties, floor, base))
        for key, ratio in excess.items():
            raised = (1 + duties[key]) * ratio ** (1 / (theta[key] + 1)) - 1
            duties[key] = max(floor[key], raised)
    raise ConvergenceError("no duties keep all flows at their limits", "Relax the limits.")


def _check_limits(limits: Mapping[Any, float], base: World) -> None:
    sectors = base.sectors if isinstance(base, SectorBaseline) else ()
    needed = 3 if sectors else 2
    for key, limit in limits.items():
        if len(key) != needed:
            raise InputError(
                f"the limit on {key} names {len(key)} of {needed} things",
                "Give (importer, exporter, sector) where flows have sectors, else a pair.",
            )
        for name, known in zip(key, (base.names, base.names, sectors), strict=False):
            if name not in known:
                what = "sector" if known is sectors else "country"
                raise InputError(f"unknown {what} {name!r}", did_you_mean(name, known))
        if not 0 < limit < math.inf:
            raise InputError(
                f"the limit on what {key[0]} buys from {key[1]} is {limit}",
                "A limit is above 0, in the unit of the flows; for no trade give an embargo.",
            )
    if not limits:
        raise InputError("no limits are given", "Give the highest flow by (importer, exporter).")


def _elasticities(
    limits: Mapping[Any, float], base: World, options: Mapping[str, Any]
) -> dict[Key, float]:
    """Elasticity of each limited flow."""
    given = options["model"].elasticity if "model" in options else options.get("elasticity", 4.0)
    if not isinstance(base, SectorBaseline):
        return dict.fromkeys(limits, float(given))
    theta = dict(zip(base.sectors, by_sector(given, base.sectors, "elasticity"), strict=True))
    return {key: float(theta[key[2]]) for key in limits}


def cell_of(key: Key, base: World) -> tuple[int, ...]:
    """Where a flow stands in the arrays of a world; over sectors a pair is that in the first."""
    pair = base.names.index(key[1]), base.names.index(key[0])
    if not isinstance(base, SectorBaseline):
        return pair
    return (base.sectors.index(key[2]) if len(key) == 3 else 0, *pair)


def _rate(key: Key, base: World, tariffs: Mapping[Any, float]) -> float:
    """The tariff without the limit: the sector's own, that of the pair, or that of the base."""
    return float(tariffs.get(key, tariffs.get(key[:2], base.tariffs[cell_of(key, base)])))


def _duty_equivalent(
    found: xr.Dataset, duties: Mapping[Any, float], floor: Mapping[Any, float], base: World
) -> xr.DataArray:
    duty = xr.zeros_like(found["flows"])
    for key, rate in duties.items():
        duty.to_numpy()[cell_of(key, base)] = rate - floor[key]
    return duty
