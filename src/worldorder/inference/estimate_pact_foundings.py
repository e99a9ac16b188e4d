"""How often is a defence pact of many founded, and who founds it with whom?

Run: `worldorder evidence pact-foundings --raw DIR`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize

from worldorder.inference.alliance_samples import pair_covariates, samples
from worldorder.inference.dyadic_regression import scores
from worldorder.inference.estimate_alliances import (
    CUTOFF,
    FIRST_YEAR,
    LAST_YEAR,
    hazards,
    onset_probability,
)
from worldorder.inference.state_record import Flags, StateRecord, read_state_record
from worldorder.mechanisms.pact_bodies import FOUNDERS, history
from worldorder.mechanisms.pact_foundings import MOST, TIED

Array = NDArray[np.float64]

COVARIATES: Final = ("log_distance", "affinity_gap", "regime_gap")
USUAL: Final = {"affinity_gap": 1.0, "regime_gap": 0.3}  # where one of two is not known
DRAWS: Final = 2000  # simulated bodies a year, for the chances of pairs
_KEPT: Final = 2e-4  # chance of a pair in a body where no draw had it
_WEAK: Final = 1e-3  # precision of a prior that keeps the maximum finite


@dataclass(frozen=True)
class Field:
    """Pairs of states at the beginning of a year; arrays are (state, state)."""

    covariates: Array  # (state, state, covariate)
    tied: Flags
    here: Flags  # (state,)


@dataclass(frozen=True)
class Founding:
    """A body founded, and the states among which its founders were."""

    year: int
    members: Flags
    field: Field


@dataclass(frozen=True)
class PactFoundings:
    """Rate a year, coefficients of `COVARIATES`, and how large bodies are."""

    yearly: float
    coefficient: Array
    covariance: Array  # clustered by body
    complete: float  # chance that a group of four or more is complete
    further: int  # founders beyond the fourth of each body, summed
    bodies: int
    founders: int
    sample: tuple[int, int]


def field_of(record: StateRecord, year: int) -> Field:
    """The year's field, from the year before."""
    tied = record.ties("defence", year - 1)
    pairs = pair_covariates(record, year - 1, tied, trade=False)
    unknown = pairs["affinity_unknown"] > 0
    pairs["affinity_gap"] = np.where(unknown, np.nan, pairs["affinity_gap"])
    held = [
        np.where(np.isfinite(pairs[n]), pairs[n], USUAL.get(n, np.nanmean(pairs[n])))
        for n in COVARIATES
    ]
    return Field(np.stack(held, axis=2), tied, record.present[record.year(year)])


def foundings(record: StateRecord, years: range) -> list[Founding]:
    """Bodies founded in the years after the first, as `pact_bodies` reads them off the ties."""
    return [
        Founding(found.year, members, field_of(record, found.year))
        for found in history(lambda year: record.ties("defence", year), years)
        for members in found.founded
    ]


def choices(founding: Founding) -> list[tuple[Array, int]]:
    """For each founder: covariates toward all others of those who might be in its place, and it."""
    found: list[tuple[Array, int]] = []
    field = founding.field
    for state in np.flatnonzero(founding.members):
        others = founding.members.copy()
        others[state] = False
        might = field.here & ~others & (field.tied[:, others].mean(axis=1) < TIED)
        might[state] = True
        toward = field.covariates[:, others].mean(axis=1)
        found.append((toward[might], int(might[:state].sum())))
    return found


def _told(at: Array, sets: Sequence[tuple[Array, int]]) -> tuple[float, Array, Array]:
    """Log likelihood of choices, its slope and its negative curvature."""
    worth, slope, curvature = 0.0, np.zeros(len(at)), np.zeros((len(at), len(at)))
    for toward, chosen in sets:
        index = toward @ at
        chance = np.exp(index - index.max())
        chance /= chance.sum()
        mean = chance @ toward
        worth += float(np.log(chance[chosen]))
        slope += toward[chosen] - mean
        curvature += (toward * chance[:, None]).T @ toward - np.outer(mean, mean)
    return worth, slope, curvature


def coefficients(bodies: Sequence[Sequence[tuple[Array, int]]]) -> tuple[Array, Array]:
    """Coefficients of a conditional logit of each founder given the others, and their covariance.

    A composite likelihood (Besag 1975, doi:10.2307/2987782), since the order in which founders
    came in is not on record; the covariance is clustered by body.
    """
    every = [choice for body in bodies for choice in body]

    def loss(at: Array) -> tuple[float, Array]:
        worth, slope, _ = _told(at, every)
        return -worth + 0.5 * _WEAK * float(at @ at), -slope + _WEAK * at

    at = np.asarray(minimize(loss, np.zeros(len(COVARIATES)), jac=True, method="BFGS").x)
    bread = np.linalg.inv(_told(at, every)[2] + _WEAK * np.eye(len(at)))
    by_body = np.array([_told(at, body)[1] for body in bodies])
    return at, bread @ (by_body.T @ by_body) @ bread * len(bodies) / (len(bodies) - 1)


def estimated(found: Sequence[Founding], years: range) -> PactFoundings:
    """Rate, coefficients and size of the bodies founded in the years after the first."""
    at, covariance = coefficients([choices(one) for one in found])
    founders = sum(int(one.members.sum()) for one in found)
    further = founders - FOUNDERS * len(found)
    return PactFoundings(
        yearly=len(found) / (len(years) - 1),
        coefficient=at,
        covariance=covariance,
        complete=len(found) / (len(found) + further),
        further=further,
        bodies=len(found),
        founders=founders,
        sample=(years[0], years[-1]),
    )


def left_out_score(found: Sequence[Founding]) -> tuple[float, float]:
    """Mean log chance of a founder given the others of a body left out of the fit; of any state."""
    sets = [choices(one) for one in found]
    told = [
        _told(coefficients(sets[:i] + sets[i + 1 :])[0], body)[0] for i, body in enumerate(sets)
    ]
    count = sum(len(body) for body in sets)
    by_lot = sum(float(np.log(len(toward))) for body in sets for toward, _ in body)
    return sum(told) / count, -by_lot / count


def grown(field: Field, found: PactFoundings, draw: np.random.Generator) -> Flags:
    """Founders of one body, grown as in `mechanisms.pact_foundings.grown`."""
    pull = field.covariates @ found.coefficient
    inside = np.zeros(len(pull), bool)
    inside[draw.choice(np.flatnonzero(field.here))] = True
    for size in range(1, MOST):
        able = field.here & ~inside & (field.tied[:, inside].mean(axis=1) < TIED)
        if not able.any():
            break
        score = pull[:, inside].mean(axis=1) + draw.gumbel(size=len(pull))
        inside[np.where(able, score, -np.inf).argmax()] = True
        if size + 1 >= FOUNDERS and draw.random() < found.complete:
            break
    return inside if inside.sum() >= FOUNDERS else np.zeros_like(inside)


def pair_chances(
    record: StateRecord, years: range, found: PactFoundings, draws: int = DRAWS
) -> dict[int, Array]:
    """Chance that two states found a body together, by year."""
    draw = np.random.default_rng(0)
    chances: dict[int, Array] = {}
    for year in years:
        field = field_of(record, year)
        bodies = np.array([grown(field, found, draw) for _ in range(draws)], np.float32)
        together = (bodies.T @ bodies).astype(float) / draws
        chances[year] = found.yearly * np.maximum(together, _KEPT)
    return chances


def forecast_scores(
    record: StateRecord, found: PactFoundings, cutoff: int = CUTOFF
) -> dict[str, pd.DataFrame]:
    """Scores of forecasts a year ahead after `cutoff`, by forecaster.

    Of `founding`, that a pair founds a body together, and of `onset`, that it becomes tied in any
    way: by itself, by one joining a body of the other, or by founding one.
    """
    held = samples(record, "defence", range(FIRST_YEAR, LAST_YEAR + 1))
    early = held.pairs[held.pairs["year"] <= cutoff]
    late = held.pairs[held.pairs["year"] > cutoff]
    chances = pair_chances(record, range(cutoff + 1, LAST_YEAR + 1), found)
    a, b, year = (late[name].to_numpy() for name in ("a", "b", "year"))
    ours = np.array([chances[y][i, j] for y, i, j in zip(year, a, b, strict=True)])
    fitted = hazards(held, cutoff)
    pairwise = {"founding onset": fitted.pop("founding onset")}
    by_pair = onset_probability(held, pairwise, cutoff + 1).to_numpy()
    without = onset_probability(held, fitted, cutoff + 1).to_numpy()
    by_event = {
        "founding": {"groups": ours, "hazards of pairs": by_pair},
        "onset": {
            "groups": 1 - (1 - without) * (1 - ours),
            "hazards of pairs": 1 - (1 - without) * (1 - by_pair),
            "no foundings": without,
        },
    }
    return {
        event: _scored(late[event], forecasts | {"base rate": early[event].mean() + 0 * ours})
        for event, forecasts in by_event.items()
    }


def _scored(happened: pd.Series, forecasts: dict[str, Array]) -> pd.DataFrame:
    came = happened.to_numpy(float)
    forecasts = forecasts | {"persistence": np.zeros(len(came))}
    return pd.DataFrame({name: scores(came, chance) for name, chance in forecasts.items()}).T


def _print(title: str, found: PactFoundings) -> None:
    errors = np.sqrt(np.diag(found.covariance))
    print(f"\n{title}: {found.bodies} bodies, {found.founders} founders, {found.sample}")
    print(f"a year {found.yearly:.3f}, complete {found.complete:.3f}")
    for name, value, error in zip(COVARIATES, found.coefficient, errors, strict=True):
        print(f"{name}: {value:.3f} (s.e. {error:.3f})")
    print("covariance:", np.round(found.covariance, 4).tolist())


def report(raw: Path) -> None:
    """Print the estimates to the cut-off and of the whole record, and the scores of forecasts."""
    record = read_state_record(raw)
    whole = range(FIRST_YEAR, LAST_YEAR + 1)
    found = foundings(record, whole)
    early = [one for one in found if one.year <= CUTOFF]
    to_cutoff = estimated(early, range(FIRST_YEAR, CUTOFF + 1))
    _print(f"to {CUTOFF}", to_cutoff)
    told, by_lot = left_out_score(early)
    print(f"a founder given the others, body left out: {told:.2f}; any state: {by_lot:.2f}")
    _print("whole record", estimated(found, whole))
    for event, table in forecast_scores(record, to_cutoff).items():
        print(f"\n{event} from {CUTOFF + 1}")
        print(table.round(4).to_string())
