"""Hazards that bodies end or are taken over, from lives to the last year."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.linalg import block_diag

from worldorder.inference.door.estimates import Estimates, Found, Sources, estimates_of
from worldorder.inference.estimate_survival import COVARIATES, of_cause
from worldorder.inference.hazard_regression import Hazard, fit_hazard
from worldorder.inference.survival_record import LAST, MEMBERS_FROM, MEMORY, survival_rows

CAUSES: Final = {"ended": "dissolved", "replaced": "replaced"}
NAMES: Final = ("constant", "age", "size")  # world wars are in the fit and not in the mechanism
FEWEST_EXITS: Final = 50  # ends of any kind for the effect of exits


def _found(cause: str, hazard: Hazard) -> dict[str, Found]:
    source = (
        f"Record of Eilstrup-Sangiovanni (2020), worldorder.inference.estimate_survival, "
        f"{hazard.events} ends in {hazard.at_risk:,} body-years; errors by body."
    )
    return {
        f"{cause}_{name}": Found(
            float(hazard.coefficient[i]), float(hazard.standard_error[i]), hazard.sample, source
        )
        for i, name in enumerate(NAMES)
    }


def estimate(sources: Sources) -> Estimates:
    """The estimated part of the survival mechanism by maximum likelihood."""
    folder = sources.folder("the record of how bodies ended")
    rows = survival_rows(folder, sources.read, min(sources.to, LAST))
    found: dict[str, Found] = {}
    blocks: list[np.ndarray] = []
    for cause, kind in CAUSES.items():
        hazard = fit_hazard(of_cause(rows, kind), COVARIATES)
        found |= _found(cause, hazard)
        blocks.append(hazard.covariance[: len(NAMES), : len(NAMES)])
    recent = rows[rows["year"] > MEMBERS_FROM + MEMORY]
    if recent["event"].sum() >= FEWEST_EXITS:
        hazard = fit_hazard(recent, ("log_age", "log_size", "log_exits"))
        source = f"worldorder.inference.estimate_survival, {hazard.events} ends of any kind."
        found["exits"] = Found(
            float(hazard.coefficient[-1]), float(hazard.standard_error[-1]), hazard.sample, source
        )
        blocks.append(hazard.covariance[-1:, -1:])
    covariance = np.asarray(block_diag(*blocks))
    return estimates_of("survival", found, len(rows), covariance, tuple(found))
