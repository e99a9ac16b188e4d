"""Estimate the alignment mechanism on ideal points and score its forecasts against persistence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from worldorder.inference.alignment_panel import read_alignment_panel
from worldorder.inference.drift_filter import (
    Drift,
    DriftData,
    expected_spread,
    filtered,
    observed_spread,
)
from worldorder.inference.likelihood import Fit, maximum_likelihood

# Name, start, bounds, on a log scale: of each parameter of the search.
SEARCH: tuple[tuple[str, float, tuple[float, float], bool], ...] = (
    ("partner_rate", 0.003, (-0.1, 0.3), False),
    ("ally_rate", 0.01, (-0.1, 0.3), False),
    ("common_rate", 0.01, (-0.1, 0.3), False),
    ("anchor_rate", 0.07, (-0.1, 0.6), False),
    ("anchor_drift_rate", 0.04, (0.0005, 1.5), True),
    ("calm_variance", 0.003, (0.0003, 0.1), True),
    ("error_variance", 0.004, (0.0003, 0.05), True),
    ("shift_variance", 0.085, (0.01, 1.0), True),
    ("shift_probability", 0.2, (0.01, 0.5), False),
    ("anchor_variance", 0.4, (0.01, 4.0), True),
)
PULLS = ("partner_rate", "ally_rate", "common_rate", "anchor_rate")
FIRST, LAST = 1990, 2024
WITHOUT = ("partner_rate",)  # held at zero


@dataclass(frozen=True)
class Estimate:
    """One parameter; the standard error is that of the logarithm where `logarithm` says so."""

    name: str
    value: float
    standard_error: float
    logarithm: bool


@dataclass(frozen=True)
class AlignmentFit:
    """Estimates, sample and fit of one specification."""

    estimates: tuple[Estimate, ...]
    sample: tuple[int, int]
    log_likelihood: float
    observations: int
    covariance: np.ndarray  # of those searched, in their order, on the scale of the search

    def drift(self) -> Drift:
        """The estimates as parameters of the filter."""
        return Drift(**{e.name: e.value for e in self.estimates})


def fit_alignment(
    data: DriftData, first: int, last: int, without: Sequence[str] = ()
) -> AlignmentFit:
    """Maximum likelihood on the years `first` to `last`, errors clustered by country.

    Args:
        data: the panel.
        first: first year of the sample.
        last: last year of the sample; no later year is used.
        without: pulls held at zero.
    """
    sample = data.between(first, last)
    searched = [s for s in SEARCH if s[0] not in without]

    def drift(z: np.ndarray) -> Drift:
        named = {s[0]: float(np.exp(v) if s[3] else v) for s, v in zip(searched, z, strict=True)}
        return Drift(**(dict.fromkeys(PULLS, 0.0) | named))

    scale = [np.log if logged else float for *_, logged in searched]
    fit = maximum_likelihood(
        lambda z: filtered(sample, drift(z)).log_likelihood,
        [f(s[1]) for f, s in zip(scale, searched, strict=True)],
        [(f(s[2][0]), f(s[2][1])) for f, s in zip(scale, searched, strict=True)],
    )
    return AlignmentFit(
        _estimates(searched, fit, without),
        (first, last),
        fit.log_likelihood,
        int((~np.isnan(sample.position)).sum()),
        fit.covariance,
    )


def _estimates(
    searched: Sequence[tuple[str, float, tuple[float, float], bool]],
    fit: Fit,
    without: Sequence[str],
) -> tuple[Estimate, ...]:
    found = tuple(
        Estimate(s[0], float(np.exp(v)) if s[3] else float(v), float(e), s[3])
        for s, v, e in zip(searched, fit.value, fit.standard_error, strict=True)
    )
    return found + tuple(Estimate(name, 0.0, float("nan"), False) for name in without)


def anchor_after(data: DriftData, drift: Drift) -> np.ndarray:
    """Domestic anchor after the panel's years: exponentially weighted mean of past positions."""
    follow = -np.expm1(-drift.anchor_drift_rate)
    anchor = np.full(data.position.shape[1], np.nan)
    for votes in data.position:
        anchor = np.where(np.isnan(anchor), votes, anchor)
        anchor += np.where(np.isnan(votes), 0.0, follow * (votes - anchor))
    return anchor


def forecast(data: DriftData, first: int, origin: int, years: int, drift: Drift) -> np.ndarray:
    """Mean path of positions for the years after `origin`, shape (year, country).

    The anchor remembers back to `first`. Partners' and allies' mean positions stand where they
    were at the origin.
    """
    at = int(np.flatnonzero(data.year == origin)[0])
    position, anchor = data.position[at], anchor_after(data.between(first, origin), drift)
    path: list[np.ndarray] = []
    for _ in range(years):
        position, anchor = _year_later(data, at, position, anchor, drift)
        path.append(position)
    return np.array(path)


def _year_later(
    data: DriftData, at: int, position: np.ndarray, anchor: np.ndarray, drift: Drift
) -> tuple[np.ndarray, np.ndarray]:
    """Positions and anchors a year on, without chance; others' means are those of row `at`."""
    total = sum(getattr(drift, name) for name in PULLS)
    centre = np.nanmean(position, axis=-1, keepdims=True)
    pull = drift.anchor_rate * (anchor - position) + drift.common_rate * (centre - position)
    for rate, mean in (
        (drift.partner_rate, data.partner_mean[at]),
        (drift.ally_rate, data.ally_mean[at]),
    ):
        pull = pull + rate * np.where(np.isnan(mean), 0.0, mean - position)
    follow = -np.expm1(-drift.anchor_drift_rate)
    year = -np.expm1(-total) / total
    return position + year * pull, anchor + follow * (position - anchor)


def simulated_spread(
    data: DriftData, first: int, origin: int, years: int, drift: Drift, runs: int, seed: int
) -> np.ndarray:
    """Standard deviation over countries in runs from `origin` on, shape (year, run), ideal point.

    A world in which nobody coerces: pulls, calm years and realignments alone.
    """
    draw = np.random.default_rng(seed)
    at = int(np.flatnonzero(data.year == origin)[0])
    shape = (runs, data.position.shape[1])
    position = np.broadcast_to(data.position[at], shape)
    anchor = np.broadcast_to(anchor_after(data.between(first, origin), drift), shape)
    spread: list[np.ndarray] = []
    for _ in range(years):
        position, anchor = _year_later(data, at, position, anchor, drift)
        realigned = draw.random(shape) < drift.shift_probability
        variance = drift.calm_variance + drift.shift_variance * realigned
        position = position + np.sqrt(variance) * draw.standard_normal(shape)
        spread.append(np.nanstd(position, axis=1))
    return np.array(spread)


@dataclass(frozen=True)
class Score:
    """Root mean square error at one horizon over all origins, ideal point."""

    horizon: int
    model: float
    persistence: float
    forecasts: int


def score_forecasts(
    data: DriftData,
    origins: Sequence[int],
    horizons: Sequence[int],
    first: int,
    without: Sequence[str] = (),
) -> list[Score]:
    """Out-of-sample errors: each origin has parameters from votes up to it and no others."""
    errors: dict[int, list[np.ndarray]] = {h: [] for h in horizons}
    naive: dict[int, list[np.ndarray]] = {h: [] for h in horizons}
    for origin in origins:
        drift = fit_alignment(data, first, origin, without).drift()
        path = forecast(data, first, origin, max(horizons), drift)
        last = data.position[data.year == origin][0]
        for h in horizons:
            later = data.position[data.year == origin + h]
            if len(later):
                errors[h].append(later[0] - path[h - 1])
                naive[h].append(later[0] - last)
    return [_score(h, errors[h], naive[h]) for h in horizons if errors[h]]


def _score(horizon: int, model: list[np.ndarray], naive: list[np.ndarray]) -> Score:
    m, n = np.concatenate(model), np.concatenate(naive)
    known = ~np.isnan(m) & ~np.isnan(n)
    root = [float(np.sqrt(np.mean(x[known] ** 2))) for x in (m, n)]
    return Score(horizon, root[0], root[1], int(known.sum()))


def report(raw: Path) -> None:
    """Print the estimates, the spread they expect, and the scores of forecasts."""
    data = read_alignment_panel(raw, LAST)
    fit = fit_alignment(data, FIRST, LAST, WITHOUT)
    print(f"sample {fit.sample}, {fit.observations} state-years, log L {fit.log_likelihood:.1f}")
    for e in fit.estimates:
        error = f"{e.standard_error:.4f}{' of the logarithm' if e.logarithm else ''}"
        print(f"{e.name:20} {e.value:8.4f}  s.e. {error}")
    sample = data.between(FIRST, LAST)
    expected, seen = expected_spread(sample, fit.drift()), observed_spread(sample)
    print(f"spread, mean of the years: expected {expected.mean():.3f}, observed {seen.mean():.3f}")
    for origin in (2000, 2010):
        years = LAST - origin
        spread = simulated_spread(data, FIRST, origin, years, fit.drift(), 200, 1)[-1]
        low, middle, high = np.quantile(spread, [0.025, 0.5, 0.975])
        seen = float(np.nanstd(data.position[-1]))
        print(
            f"spread {years} years after {origin}: {middle:.3f} ({low:.3f} to {high:.3f}), "
            f"observed {seen:.3f}"
        )
    origins = range(FIRST + 14, LAST, 3)
    for s in score_forecasts(data, origins, (1, 5, 10), FIRST, WITHOUT):
        errors = f"RMSE {s.model:.4f}, persistence {s.persistence:.4f}"
        print(f"{s.horizon:2} years: {errors}, {s.forecasts} forecasts")
