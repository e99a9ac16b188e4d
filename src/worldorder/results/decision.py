"""What a state gets of income, security and influence in each of several scenarios.

Objectives are means over the last years of a run. A score adds them up with the user's weights,
each difference from the reference in units of the objective's spread over the runs of the
reference, so that a weight of 1 on each counts what is usual in each alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from worldorder.errors import InputError, did_you_mean
from worldorder.results.compare import Band, Draws, band, check_pair

if TYPE_CHECKING:
    import xarray as xr

OBJECTIVES: Final = {"income": "gdp", "security": "security", "influence": "standing"}
UNITS: Final = {"income": "% of GDP", "security": "points of share", "influence": "points of share"}
LAST_YEARS: Final = 5


@dataclass(frozen=True)
class Choice:
    """One scenario for the state that decides.

    `differences` from the reference by objective, in `UNITS`; `score` their weighted sum in spreads
    of the reference; `best` the share of runs in which no scenario scores higher; `regret` the mean
    score that choosing it forgoes.
    """

    scenario: str
    differences: Mapping[str, Band]
    score: Band
    best: float
    regret: float


def decision_table(
    results: Mapping[str, xr.Dataset], state: str, weights: Mapping[str, float], reference: str
) -> list[Choice]:
    """Scenarios for a state, that with the highest median score first.

    Raises:
        InputError: an unknown state or objective, or weights that are all zero or below zero.
        ResultError: the scenarios were not run together.
    """
    _check_weights(weights)
    base = results[reference]
    for one in results.values():
        check_pair(one, base)
    levels = {name: _objectives(one, state) for name, one in results.items()}
    changes = {
        name: {k: change(k, own[k], levels[reference][k]) for k in OBJECTIVES}
        for name, own in levels.items()
    }
    spread = {k: spread_of(k, levels[reference][k]) for k in OBJECTIVES}
    scores = {
        name: sum(weights.get(k, 0.0) * own[k] / spread[k] for k in OBJECTIVES)
        for name, own in changes.items()
    }
    top = np.max(np.stack([np.asarray(score) for score in scores.values()]), axis=0)
    found = [
        Choice(
            name,
            {k: band(100 * changes[name][k]) for k in OBJECTIVES},
            band(np.asarray(score)),
            float(np.mean(np.asarray(score) >= top)),
            float(np.mean(top - np.asarray(score))),
        )
        for name, score in scores.items()
    ]
    return sorted(found, key=lambda choice: -choice.score.median)


def dominance(
    results: Mapping[str, xr.Dataset], state: str, weights: Mapping[str, float]
) -> list[tuple[str, str, str]]:
    """Pairs of scenarios of which the first is better for the state than the second, and how.

    "in every run": no run scores lower in any weighted objective. "in distribution": first-order
    stochastic dominance in every weighted objective.
    """
    levels = {name: _objectives(one, state) for name, one in results.items()}
    wanted = [k for k in OBJECTIVES if weights.get(k, 0.0) > 0]
    found: list[tuple[str, str, str]] = []
    for ours in levels:
        for theirs in levels:
            pairs = [(levels[ours][k], levels[theirs][k]) for k in wanted]
            if ours == theirs or not any((a > b).any() for a, b in pairs):
                continue
            if all((a >= b).all() for a, b in pairs):
                found.append((ours, theirs, "in every run"))
            elif all((np.sort(a) >= np.sort(b)).all() for a, b in pairs):
                found.append((ours, theirs, "in distribution"))
    return found


def _objectives(dataset: xr.Dataset, state: str) -> dict[str, Draws]:
    codes = dataset["country"].values.tolist()
    if state not in codes:
        raise InputError(f"unknown state {state!r}", did_you_mean(state, codes))
    place = codes.index(state)
    return {
        name: dataset[variable].values[:, -LAST_YEARS:, place].mean(axis=1, dtype=np.float64)
        for name, variable in OBJECTIVES.items()
    }


def change(objective: str, ours: Draws, theirs: Draws) -> Draws:
    """Change of an objective from theirs to ours: a share for income, points for the others."""
    return ours / theirs - 1.0 if objective == "income" else ours - theirs


def spread_of(objective: str, level: Draws) -> float:
    """Standard deviation over runs in the unit of `change`; 1 where there is none."""
    spread = float(np.std(level / level.mean() if objective == "income" else level))
    return spread if spread > 0 else 1.0


def _check_weights(weights: Mapping[str, float]) -> None:
    for name, weight in weights.items():
        if name not in OBJECTIVES:
            raise InputError(f"unknown objective {name!r}", f"Use {', '.join(OBJECTIVES)}.")
        if weight < 0:
            raise InputError(f"the weight of {name} is {weight}, below zero")
    if not any(weights.values()):
        raise InputError("all weights are zero", "Give one of them a weight above zero.")
