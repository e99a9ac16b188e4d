"""Estimate the trust mechanism on surveys and score its forecasts against persistence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from worldorder.inference.alignment_panel import read_ideal_points, read_pacts
from worldorder.inference.likelihood import maximum_likelihood
from worldorder.inference.opinion_panel import (
    SPRING,
    Affinity,
    leaders,
    office,
    read_favourability,
    surveys,
    views_of,
)
from worldorder.inference.opinion_process import OpinionProcess, Views, regression, split

ANYBODY = "*"
LAST = 2023  # year of surveys
START = 2025.1  # date of the shipped start, year and fraction
SEARCH: tuple[tuple[str, float, tuple[float, float]], ...] = (
    ("slow_common_spread", 0.1, (0.01, 2.0)),
    ("slow_spread", 0.65, (0.05, 2.0)),
    ("leader_spread", 0.3, (0.02, 2.0)),
    ("leader_spread_of_dyad", 0.3, (0.02, 2.0)),
    ("error", 0.2, (0.02, 1.0)),
    ("slow_rate", 0.03, (0.002, 1.0)),
    ("fast_rate", 0.4, (0.01, 4.0)),
)


@dataclass(frozen=True)
class TrustFit:
    """The process, standard errors of its logarithms, and the coefficients by name."""

    process: OpinionProcess
    standard_error: dict[str, float]  # of logarithms; of carry_over itself
    coefficient: dict[str, tuple[float, float]]  # value and standard error, logit
    sample: tuple[int, int]
    surveys: int
    log_likelihood: float
    covariance: np.ndarray  # of what has a standard error, in that order


def fit_trust(views: dict[str, Views]) -> TrustFit:
    """Maximum likelihood of the process; regressors by generalised least squares."""
    seen = list(views.values())

    def process(z: np.ndarray) -> OpinionProcess:
        named = {s[0]: float(np.exp(v)) for s, v in zip(SEARCH, z[:-1], strict=True)}
        return OpinionProcess(carry_over=float(z[-1]), **named)

    fit = maximum_likelihood(
        lambda z: np.array([regression(seen, process(z)).log_likelihood]),
        [*(np.log(s[1]) for s in SEARCH), 0.1],
        [*((np.log(s[2][0]), np.log(s[2][1])) for s in SEARCH), (0.0, 0.95)],
    )
    found = process(fit.value)
    by = regression(seen, found)
    names = [f"image of {s}" for s in sorted(views)]
    names += ["distance_slope", "pact_effect"]
    years = np.concatenate([v.time for v in seen])
    return TrustFit(
        found,
        dict(zip([s[0] for s in SEARCH] + ["carry_over"], fit.standard_error, strict=True)),
        {
            n: (float(c), float(e))
            for n, c, e in zip(names, by.coefficient, by.standard_error, strict=True)
        },
        (int(years.min()), int(years.max())),
        len(years),
        fit.log_likelihood,
        fit.covariance,
    )


def _stranger(state: str, time: float, regressors: int) -> Views:
    """A truster that no survey asked."""
    nothing = np.full(1, np.nan)
    served = office(state, np.array([time]), leaders())
    return Views(
        truster=np.array([ANYBODY], dtype=object),
        time=np.array([time]),
        regressors=np.zeros((1, regressors)),
        log_odds=nothing,
        **served,
    )


def start_table(
    frame: pd.DataFrame, affinity: Affinity, fit: TrustFit, time: float
) -> pd.DataFrame:
    """Slow and fast parts at a date; a row `*` has what all trusters share of the fast part."""
    parted = split_at(frame, affinity, fit, time)
    common: list[tuple[str, str, float, float]] = []
    for state, seen in surveys(frame, affinity, int(time)).items():
        at = _stranger(state, time, seen.regressors.shape[1])
        fast = split(seen, at, _coefficient(fit), fit.process).fast[0]
        common.append((ANYBODY, state, np.nan, fast))
    shared = pd.DataFrame(common, columns=["truster", "about", "slow", "fast"])
    table = pd.concat([shared, parted], ignore_index=True).round(4)
    table["last_survey"] = table["last_survey"].astype("Int64")
    return table.sort_values(["about", "truster"], ignore_index=True)


def _coefficient(fit: TrustFit) -> np.ndarray:
    return np.array([value for value, _ in fit.coefficient.values()])


def split_at(frame: pd.DataFrame, affinity: Affinity, fit: TrustFit, time: float) -> pd.DataFrame:
    """Parts of every surveyed view at a date: truster, slow, fast, about, last_survey."""
    parts: list[pd.DataFrame] = []
    known = surveys(frame, affinity, int(time))
    states = sorted(known)
    for state, seen in known.items():
        last = pd.Series(seen.time).groupby(pd.Series(seen.truster)).max()
        at = pd.DataFrame({"truster": last.index, "favourable": np.nan})
        views = views_of(state, at, states, affinity, np.full(len(at), time))
        parted = split(seen, views, _coefficient(fit), fit.process)
        made = pd.DataFrame({"truster": views.truster, "slow": parted.slow, "fast": parted.fast})
        last_survey = made["truster"].map(last).astype(int)
        parts.append(made.assign(about=state, last_survey=last_survey))
    return pd.concat(parts, ignore_index=True)


@dataclass(frozen=True)
class Score:
    """Root mean square error of the favourable share at one horizon, share."""

    horizon: int
    model: float
    persistence: float
    forecasts: int


def score_forecasts(
    frame: pd.DataFrame, affinity: Affinity, origins: Sequence[int], most: int = 5
) -> list[Score]:
    """Errors of forecasts by years since the origin; nothing after an origin is used for it.

    Persistence is the last survey of the same truster about the same state.
    """
    errors = pd.concat([_errors(frame, affinity, origin, most) for origin in origins])
    return [
        Score(int(str(h)), _rmse(e["model"]), _rmse(e["persistence"]), len(e))
        for h, e in errors.groupby("horizon")
    ]


def _rmse(error: pd.Series) -> float:
    return float(np.sqrt((error**2).mean()))


def _share(log_odds: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-log_odds))


def _errors(frame: pd.DataFrame, affinity: Affinity, origin: int, most: int) -> pd.DataFrame:
    """Errors of model and persistence in the surveys of the `most` years after the origin."""
    known = surveys(frame, affinity, origin)
    fit = fit_trust(known)
    later = frame[(frame["year"] > origin) & (frame["year"] <= origin + most)]
    states = sorted(known)
    parts: list[pd.DataFrame] = []
    for state, seen in known.items():
        order = np.argsort(seen.time)
        last = dict(zip(seen.truster[order], seen.log_odds[order], strict=True))
        coming = later[(later["about"] == state) & later["truster"].isin(list(last))]
        at = views_of(state, coming, states, affinity, coming["year"].to_numpy(float) + SPRING)
        parted = split(seen, at, _coefficient(fit), fit.process)
        truth, before = _share(at.log_odds), np.array([last[t] for t in at.truster], float)
        made = {
            "horizon": np.rint(at.time - SPRING).astype(int) - origin,
            "model": truth - _share(parted.slow + parted.fast),
            "persistence": truth - _share(before),
        }
        parts.append(pd.DataFrame(made))
    return pd.concat(parts)


def _record(raw: Path) -> tuple[pd.DataFrame, Affinity]:
    ideal_points = read_ideal_points(raw)
    return read_favourability(raw), Affinity.of(ideal_points, read_pacts(raw, ideal_points))


def shipped_parts(raw: Path) -> pd.DataFrame:
    """The shipped table `trust_start`: parts with the leader who took office in January 2025."""
    frame, affinity = _record(raw)
    return start_table(frame, affinity, fit_trust(surveys(frame, affinity, LAST)), START)


def report(raw: Path) -> None:
    """Print the estimates and the scores of forecasts."""
    frame, affinity = _record(raw)
    fit = fit_trust(surveys(frame, affinity, LAST))
    print(f"sample {fit.sample}, {fit.surveys} surveys, log L {fit.log_likelihood:.1f}")
    for name, error in fit.standard_error.items():
        value = getattr(fit.process, name)
        print(f"{name:22} {value:8.3f}  s.e. of the logarithm {error:.3f}")
    for name, (value, error) in fit.coefficient.items():
        print(f"{name:22} {value:8.3f}  s.e. {error:.3f}")
    for s in score_forecasts(frame, affinity, range(2008, LAST, 4)):
        errors = f"RMSE {s.model:.3f}, persistence {s.persistence:.3f}"
        print(f"{s.horizon} years: {errors}, {s.forecasts} forecasts")
