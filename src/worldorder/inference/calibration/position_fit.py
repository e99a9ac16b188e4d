"""Positions calibrated years ahead, as parameters that runs draw.

The filter of yearly changes (`door.alignment.yearly`) says how large chance is and how often states
realign; the likelihood of `spread`, by gradients through time, says how strong the pulls are and
scales the size of chance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from worldorder.inference.calibration.fit import SPREAD, Calibrated, Positions, calibrated
from worldorder.inference.calibration.panel import observed
from worldorder.inference.calibration.positions import Observed
from worldorder.inference.calibration.spread import Chance
from worldorder.inference.door.estimates import Estimates, Found, Sources, estimates_of
from worldorder.parameters.loader import Parameter

Matrix = NDArray[np.float64]
Tell = Callable[[str], None]
FIRST: Final = 1990  # first year of the panel, or earlier:
SPAN: Final = 24  # years before the last at the least
FORM: Final = "mean and spread, 1, 5 and 10 years ahead"
PULLS: Final = ("ally_rate", "common_rate", "anchor_rate", "anchor_drift_rate")
SIZES: Final = ("diffusion", "shift_size")
HAZARD: Final = "shift_hazard"
CHANCE: Final = (*SIZES, HAZARD)
SOURCE: Final = (
    "Ideal points one, five and ten years ahead, mean and variance by gradients through time, "
    "worldorder.inference.calibration.spread; errors by state, weak priors."
)


def first_year(to: int) -> int:
    """First year of a panel that ends with `to`."""
    return min(FIRST, to - SPAN)


def silent(_: str) -> None:
    """Tells nobody."""


def fitted(panel: Observed, before: Mapping[str, Parameter], tell: Tell = silent) -> Calibrated:
    """Positions with mean and variance together, from the size of chance estimated before."""
    chance = Chance(**{name: before[name].value for name in CHANCE})
    likelihood = Positions.with_spread(panel, chance).at(panel.position)

    def say(count: int, level: float) -> None:
        tell(f"{FORM}: {count} gradients, log L {level:.1f}")

    return calibrated(likelihood, FORM, SPREAD, say)


def estimates(found: Calibrated, before: Estimates, sample: tuple[int, int]) -> Estimates:
    """The alignment mechanism: the calibrated, and the hazard as estimated before.

    Diffusion and size of realignments share the error of the factor and keep their own, with the
    correlations of the estimate before among them and with the hazard. The gain is no parameter of
    the mechanism.
    """
    held = before.parameters
    level = dict(zip(PULLS, [*found.value[:3], np.exp(found.value[3])], strict=True))
    level |= {name: held[name].value * np.exp(found.value[4]) for name in SIZES}
    level |= {HAZARD: held[HAZARD].value}
    names, covariance = (*level,), _covariance(found, before)
    error = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    made = {
        name: Found(float(level[name]), float(e), sample, SOURCE)
        for name, e in zip(names, error, strict=True)
    }
    kept = held[HAZARD]
    made[HAZARD] = replace(made[HAZARD], sample=kept.sample or sample, source=kept.source)
    return estimates_of("alignment", made, before.observations, covariance, names)


def _covariance(found: Calibrated, before: Estimates) -> Matrix:
    """Of pulls, sizes and hazard: of the calibration, and of the chance before around it."""
    moves = np.zeros((len(PULLS) + len(CHANCE), len(found.value)))
    moves[range(6), [0, 1, 2, 3, 4, 4]] = 1.0
    covariance = moves @ found.covariance @ moves.T
    place = [before.names.index(name) for name in CHANCE]
    covariance[-3:, -3:] += before.covariance[np.ix_(place, place)]
    return covariance


def estimated(sources: Sources, before: Estimates) -> Estimates:
    """From tables cut at the last year; `before` is what the filter found in them."""
    first = first_year(sources.to)
    found = fitted(observed(sources, first), before.parameters)
    return estimates(found, before, (first, sources.to))
