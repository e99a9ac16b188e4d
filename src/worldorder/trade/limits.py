"""Limits on quantities: the duty that keeps a flow at or under a cap."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import xarray as xr

from worldorder.errors import ConvergenceError, InputError, did_you_mean
from worldorder.trade.solving import Baseline, solve

MOST_ROUNDS = 200


def solve_with_limits(
    base: Baseline,
    limits: Mapping[tuple[str, str], float],
    tariffs: Mapping[tuple[str, str], float] | None = None,
    tolerance: float = 1e-6,
    **options: Any,
) -> xr.Dataset:
    """Equilibrium in which no capped flow exceeds its cap; who imports keeps the scarcity rent.

    That is what a price cap on imports does: less is bought, and it costs the buyer's country less
    than its market price at home. The rent is found as a duty.

    Args:
        base: world before.
        limits: highest flow by (importer, exporter), in the unit of the flows before duties.
        tariffs: other tariffs; pairs left out keep that of the base.
        tolerance: relative, on flows.
        **options: of `solve`.

    Returns:
        As `solve`, with `duty_equivalent` by (exporter, importer), 0 where a cap does not bind.
    """
    _check_limits(limits, base)
    elasticity = options["model"].elasticity if "model" in options else options.get("elasticity", 4)
    floor = {pair: (tariffs or {}).get(pair, _in_force(base, pair)) for pair in limits}
    duties = dict(floor)
    for _ in range(MOST_ROUNDS):
        found = solve(base, {**(tariffs or {}), **duties}, **options)
        excess = {pair: _flow(found, pair) / limit for pair, limit in limits.items()}
        settled = all(
            ratio <= 1 + tolerance and (duties[pair] == floor[pair] or ratio >= 1 - tolerance)
            for pair, ratio in excess.items()
        )
        if settled:
            return found.assign(duty_equivalent=_duty_equivalent(found, duties, floor))
        for pair, ratio in excess.items():
            raised = (1 + duties[pair]) * ratio ** (1 / (elasticity + 1)) - 1
            duties[pair] = max(floor[pair], raised)
    raise ConvergenceError("no duties keep all flows at their limits", "Relax the limits.")


def _check_limits(limits: Mapping[tuple[str, str], float], base: Baseline) -> None:
    for (importer, exporter), limit in limits.items():
        for name in (importer, exporter):
            if name not in base.names:
                raise InputError(f"unknown country {name!r}", did_you_mean(name, base.names))
        if not 0 < limit < math.inf:
            raise InputError(
                f"the limit on what {importer} buys from {exporter} is {limit}",
                "A limit is above 0, in the unit of the flows; for no trade give an embargo.",
            )
    if not limits:
        raise InputError("no limits are given", "Give the highest flow by (importer, exporter).")


def _in_force(base: Baseline, pair: tuple[str, str]) -> float:
    importer, exporter = pair
    return float(base.tariffs[base.names.index(exporter), base.names.index(importer)])


def _flow(found: xr.Dataset, pair: tuple[str, str]) -> float:
    return float(found["flows"].sel(importer=pair[0], exporter=pair[1]))


def _duty_equivalent(
    found: xr.Dataset, duties: Mapping[tuple[str, str], float], floor: Mapping[Any, float]
) -> xr.DataArray:
    duty = xr.zeros_like(found["flows"])
    for (importer, exporter), rate in duties.items():
        duty.loc[{"importer": importer, "exporter": exporter}] = rate - floor[importer, exporter]
    return duty
