"""How often defence pacts of many are founded, and by whom, from ties to the last year."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from scipy.linalg import block_diag

from worldorder.inference.door.estimates import Estimates, Found, Sources, TooThin, estimates_of
from worldorder.inference.door.record import record_known
from worldorder.inference.estimate_alliances import FIRST_YEAR, LAST_YEAR
from worldorder.inference.estimate_pact_foundings import PactFoundings, estimated, foundings

NAMES: Final = ("distance", "affinity_gap", "regime_gap")  # as in `COVARIATES`
LEAST_BODIES: Final = 5
MADE_BY: Final = "ATOP 5.1, worldorder.inference.estimate_pact_foundings"


def of_bodies(whole: PactFoundings) -> Estimates:
    """Every parameter of the mechanism; rate, founders and size are independent of each other."""
    told = f"{MADE_BY}, {whole.bodies} bodies with {whole.founders} founders; errors by body."
    rate = 1 / math.sqrt(whole.bodies)
    size = math.sqrt((1 - whole.complete) / whole.bodies)
    found = {"yearly": Found(whole.yearly, rate, whole.sample, told)}
    errors = np.sqrt(np.diag(whole.covariance))
    for name, value, error in zip(NAMES, whole.coefficient, errors, strict=True):
        found[name] = Found(float(value), float(error), whole.sample, told)
    found["complete"] = Found(whole.complete, size, whole.sample, told)
    covariance = np.asarray(block_diag(rate**2, whole.covariance, size**2))
    return estimates_of("pact_foundings", found, whole.founders, covariance, tuple(found))


def estimate(sources: Sources) -> Estimates:
    """The mechanism by maximum likelihood."""
    years = range(FIRST_YEAR, min(sources.to, LAST_YEAR) + 1)
    found = foundings(record_known(sources), years)
    if len(found) < LEAST_BODIES:
        raise TooThin(f"{len(found)} pacts of many founded, {LEAST_BODIES} needed")
    return of_bodies(estimated(found, years))
