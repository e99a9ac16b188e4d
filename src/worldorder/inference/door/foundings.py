"""Number of new bodies and who founds them, from founders to the last year."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.linalg import block_diag

from worldorder.inference.door.estimates import Estimates, Found, Sources, estimates_of
from worldorder.inference.door.points import points_known
from worldorder.inference.estimate_foundings import joining, seed_elasticity, yearly_count
from worldorder.inference.founding_record import LAST, founding_pairs

NAMES: Final = ("constant", "distance", "divergence", "weight", "leader", "aloof")
LEVEL_ERROR: Final = 0.15  # least error of the log of the number: lists miss bodies
MADE_BY: Final = "worldorder.inference.estimate_foundings"


def estimate(sources: Sources) -> Estimates:
    """The foundings mechanism by maximum likelihood."""
    to = min(sources.to, LAST)
    count, seed = yearly_count(sources.read, to), seed_elasticity(sources.read, to)
    hazard = joining(founding_pairs(sources.read, to, points_known(sources)))
    numbers = f"{MADE_BY}, foundings a year, negative binomial."
    founders = f"{MADE_BY}, founders of bodies; errors by body."
    relative = count.dispersion_error / count.dispersion
    found = {
        "yearly": Found(count.yearly, count.log_error, count.years, numbers, LEVEL_ERROR),
        "dispersion": Found(count.dispersion, relative, count.years, numbers),
        "seed_weight": Found(*seed, hazard.sample, founders),
    }
    independent = [max(count.log_error, LEVEL_ERROR) ** 2, min(relative, 1.0) ** 2, seed[1] ** 2]
    for name, value, error in zip(NAMES, hazard.coefficient, hazard.standard_error, strict=True):
        found[f"join_{name}"] = Found(float(value), float(error), hazard.sample, founders)
    covariance = np.asarray(block_diag(np.diag(independent), hazard.covariance))
    return estimates_of("foundings", found, hazard.at_risk, covariance, tuple(found))
