"""Hazards of exit, accession and return, from memberships to the last year."""

from __future__ import annotations

import numpy as np
from scipy.linalg import block_diag

from worldorder.inference.door.estimates import Estimates, Found, Sources, estimates_of
from worldorder.inference.estimate_membership import membership_hazards, membership_samples
from worldorder.inference.hazard_regression import Hazard

NAMES = {
    "exit": ("constant", "divergence", "democracy", "contagion", "size"),
    "entry": ("constant", "divergence", "neighbours", "size"),
    "return": ("constant", "neighbours", "size"),
}
LEVELS = {"exit": 0.3, "entry": 0.35, "return": 0.33}  # least error of a level: records differ
LAST = 2014  # year of the record


def _found(process: str, hazard: Hazard) -> dict[str, Found]:
    source = (
        f"COW IGO 3.0 members, worldorder.inference.estimate_membership, {hazard.events:,} events "
        f"in {hazard.at_risk:,} rows at risk; errors by body."
    )
    return {
        f"{process}_{name}": Found(
            float(value), float(error), hazard.sample, source,
            LEVELS[process] if name == "constant" else 0.0,
        )
        for name, value, error in zip(
            NAMES[process], hazard.coefficient, hazard.standard_error, strict=True
        )
    }  # fmt: skip


def estimate(sources: Sources) -> Estimates:
    """The membership mechanism by maximum likelihood."""
    to = min(sources.to, LAST)
    hazards = membership_hazards(membership_samples(sources.folder("the yearly record"), to))
    found: dict[str, Found] = {}
    for process, hazard in hazards.items():
        found |= _found(process, hazard)
    covariance = np.asarray(block_diag(*(hazard.covariance for hazard in hazards.values())))
    rows = sum(hazard.at_risk for hazard in hazards.values())
    return estimates_of("membership", found, rows, covariance, tuple(found))
