"""From draws to a verdict: how many runs bear a claim out, and what decides where they disagree.

A verdict is computed from the share of runs in which all that a claim implies holds by more than
the region of practical equivalence; nobody writes one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Draws: TypeAlias = NDArray[np.floating[Any]]
Held: TypeAlias = NDArray[np.bool_]
Word: TypeAlias = Literal["supported", "not supported", "contested", "untestable"]

CLEAR_SCORE: Final = 4.0  # standard errors, 6 in 100,000 by chance for one split
_SPLITS: Final = np.arange(0.1, 0.91, 0.05)
_Z_95: Final = 1.959964


@dataclass(frozen=True)
class Decider:
    """A parameter on which a contested claim hangs.

    `below` and `above` are the shares of runs that bear the claim out below and above `splits_at`,
    the value that tells them apart best. `flips_at` is the value at which as many runs bear it out
    as do not (logistic fit), None where that lies outside what the runs drew.
    """

    parameter: str
    status: str
    unit: str
    splits_at: float
    below: float
    above: float
    flips_at: float | None
    score: float  # difference of the shares in standard errors


def held(difference: Draws, direction: str, practical: float) -> Held:
    """Runs in which the claimed direction shows by more than the region of equivalence."""
    if direction == "no different":
        return np.abs(difference) <= practical
    return difference > practical if direction == "higher" else difference < -practical


def opposed(difference: Draws, direction: str, practical: float) -> Held:
    """Runs in which the opposite of what is claimed shows by more than that region."""
    if direction == "no different":
        return np.abs(difference) > practical
    return held(difference, "lower" if direction == "higher" else "higher", practical)


def word_for(share: float, supported_from: float) -> Word:
    """Verdict on a claim that so large a share of runs bears out."""
    if share >= supported_from:
        return "supported"
    return "not supported" if share <= 1 - supported_from + 1e-9 else "contested"


def word_for_possible(count: int, runs: int, wanted: float) -> Word:
    """Verdict on the claim that something happens in at least the share `wanted` of runs.

    Contested where the 95 % interval of Wilson (1927, doi:10.1080/01621459.1927.10502953) of the
    share holds `wanted`.
    """
    low, high = wilson(count, runs)
    if low >= wanted:
        return "supported"
    return "not supported" if high < wanted else "contested"


def wilson(count: int, runs: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    share, z2 = count / runs, _Z_95**2 / runs
    middle = (share + z2 / 2) / (1 + z2)
    half = _Z_95 * np.sqrt(share * (1 - share) / runs + z2 / (4 * runs)) / (1 + z2)
    return float(middle - half), float(middle + half)


def worst(words: Sequence[Word]) -> Word:
    """Verdict on several things that must all hold."""
    for word in ("untestable", "not supported", "contested"):
        if word in words:
            return word
    return "supported"


def deciders(
    bears_out: Held,
    draws: Mapping[str, Draws],
    described: Mapping[str, tuple[str, str]],
    most: int = 3,
) -> list[Decider]:
    """Parameters that tell the runs that bear a claim out from those that do not, best first.

    Args:
        bears_out: shape (run,).
        draws: drawn values by parameter, shape (run,).
        described: status and unit by parameter.
    """
    found = [_decider(name, bears_out, values, *described[name]) for name, values in draws.items()]
    clear = [one for one in found if one is not None and one.score > CLEAR_SCORE]
    return sorted(clear, key=lambda one: -one.score)[:most]


def _decider(name: str, bears_out: Held, values: Draws, status: str, unit: str) -> Decider | None:
    if np.ptp(values) == 0 or bears_out.all() or not bears_out.any():
        return None
    overall = float(bears_out.mean())
    best: tuple[float, float, float, float] | None = None
    for split in np.unique(np.quantile(values, _SPLITS)):
        low = values < split
        if not low.any() or low.all():
            continue
        below, above = float(bears_out[low].mean()), float(bears_out[~low].mean())
        error = np.sqrt(overall * (1 - overall) * (1 / low.sum() + 1 / (~low).sum()))
        score = abs(above - below) / error
        if best is None or score > best[0]:
            best = (float(score), float(split), below, above)
    if best is None:
        return None
    score, split, below, above = best
    return Decider(name, status, unit, split, below, above, _even(bears_out, values), score)


def _even(bears_out: Held, values: Draws) -> float | None:
    """Value at which a logistic fit gives even odds, None outside the middle 98 % of the draws."""
    mean, spread = values.mean(), values.std()
    design = np.column_stack([np.ones(values.size), (values - mean) / spread])
    weights, ridge = np.zeros(2), np.diag([1e-6, 1e-2])
    for _ in range(25):
        share = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        gradient = design.T @ (bears_out - share) - ridge @ weights
        curvature = (design.T * (share * (1 - share))) @ design + ridge
        step = np.linalg.solve(curvature, gradient)
        weights = weights + step
        if np.abs(step).max() < 1e-8:
            break
    if weights[1] == 0:
        return None
    even = float(mean - weights[0] / weights[1] * spread)
    low, high = np.quantile(values, (0.01, 0.99))
    return even if low <= even <= high else None
