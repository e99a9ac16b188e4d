"""Likelihood of the alignment mechanism for yearly ideal points, by a filter.

State of each country: position and domestic anchor, both unobserved; the published ideal point is
the position with error of measurement. Chance over a year is a mixture of calm and realignment
(Gaussian sum collapsed to one Gaussian after each year: Alspach and Sorenson 1972,
doi:10.1109/TAC.1972.1100034), so that a few large realignments do not pass for high volatility,
nor errors of measurement for a fast return home.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class DriftData:
    """Yearly panel; year in the row, country in the column, positions less the year's mean."""

    year: NDArray[np.int64]
    country: tuple[str, ...]
    position: Matrix  # published ideal point; NaN where a state did not vote
    partner_mean: Matrix  # trade-weighted mean position of partners; NaN where trade is unknown
    ally_mean: Matrix  # mean position of states owed defence; NaN where there are none
    volatility: Vector  # variance of changes around the year, 1 on average since 1990

    def between(self, first: int, last: int) -> DriftData:
        """The same panel from `first` to `last`, both included."""
        kept = (self.year >= first) & (self.year <= last)
        rows = {f.name: getattr(self, f.name)[kept] for f in fields(self) if f.name != "country"}
        return DriftData(country=self.country, **rows)


@dataclass(frozen=True)
class Drift:
    """Parameters of the filter; variances are those over a year at a volatility of 1."""

    partner_rate: float
    ally_rate: float
    common_rate: float
    anchor_rate: float
    anchor_drift_rate: float
    calm_variance: float
    error_variance: float
    shift_variance: float
    shift_probability: float
    anchor_variance: float  # of the anchor around the position where a state is first seen


@dataclass
class _Belief:
    """Mean and covariance of position and anchor, by country."""

    position: Vector
    anchor: Vector
    var_position: Vector
    covariance: Vector
    var_anchor: Vector


def _predicted(b: _Belief, data: DriftData, t: int, p: Drift) -> _Belief:
    """Belief a year later, before that year's votes: the mechanism's yearly step."""
    before = t - 1
    pulls = [(p.partner_rate, data.partner_mean[before]), (p.ally_rate, data.ally_mean[before])]
    total = p.partner_rate + p.ally_rate + p.common_rate + p.anchor_rate
    year = -np.expm1(-total) / total if abs(total) > 1e-9 else 1.0
    keep = np.full_like(b.position, 1.0 - year * (p.common_rate + p.anchor_rate))
    moved = np.zeros_like(b.position)
    for rate, mean in pulls:
        known = ~np.isnan(mean)
        keep -= year * rate * known
        moved += year * rate * np.where(known, mean, 0.0)
    home, follow = year * p.anchor_rate, -np.expm1(-p.anchor_drift_rate)
    stay = 1.0 - follow
    calm = p.calm_variance * data.volatility[t]
    return _Belief(
        keep * b.position + home * b.anchor + moved,
        stay * b.anchor + follow * b.position,
        keep**2 * b.var_position + 2 * keep * home * b.covariance + home**2 * b.var_anchor + calm,
        keep * follow * b.var_position
        + (keep * stay + home * follow) * b.covariance
        + home * stay * b.var_anchor,
        follow**2 * b.var_position + 2 * follow * stay * b.covariance + stay**2 * b.var_anchor,
    )


def _density(surprise: Vector, variance: Vector) -> Vector:
    return np.exp(-0.5 * surprise**2 / variance) / np.sqrt(2.0 * np.pi * variance)


def _updated(
    b: _Belief, surprise: Vector, error: float, shift: float, shift_probability: float
) -> tuple[_Belief, Vector]:
    """Belief after a year's votes and their log density, over calm and realignment."""
    branches = [(1.0 - shift_probability, 0.0), (shift_probability, shift)]
    total = [b.var_position + extra + error for _, extra in branches]
    joint = [w * _density(surprise, s) for (w, _), s in zip(branches, total, strict=True)]
    density = np.maximum(joint[0] + joint[1], 1e-300)
    weight = [j / density for j in joint]
    gain = [(b.var_position + e) / s for (_, e), s in zip(branches, total, strict=True)]
    gain_anchor = [b.covariance / s for s in total]
    mean_gain = weight[0] * gain[0] + weight[1] * gain[1]
    mean_anchor = weight[0] * gain_anchor[0] + weight[1] * gain_anchor[1]
    after = [np.zeros_like(surprise) for _ in range(3)]
    for w, (_, extra), k, a in zip(weight, branches, gain, gain_anchor, strict=True):
        dp, da = (k - mean_gain) * surprise, (a - mean_anchor) * surprise
        after[0] += w * ((1.0 - k) * (b.var_position + extra) + dp * dp)
        after[1] += w * ((1.0 - k) * b.covariance + dp * da)
        after[2] += w * (b.var_anchor - a * b.covariance + da * da)
    position = b.position + mean_gain * surprise
    anchor = b.anchor + mean_anchor * surprise
    return _Belief(position, anchor, *after), np.log(density)


def _chosen(where: NDArray[np.bool_], then: _Belief, otherwise: _Belief) -> _Belief:
    names = [f.name for f in fields(_Belief)]
    return _Belief(*(np.where(where, getattr(then, n), getattr(otherwise, n)) for n in names))


@dataclass(frozen=True)
class Filtered:
    """Result of the filter, by country."""

    log_likelihood: Vector  # of the ideal points given the first of them
    position: Vector  # expected position after the last year; NaN for a state never seen
    anchor: Vector  # expected domestic anchor after the last year; likewise


def filtered(data: DriftData, p: Drift) -> Filtered:
    """What the ideal points say of positions and anchors, and how likely they are."""
    countries = data.position.shape[1]
    nothing = np.zeros(countries)
    belief = _Belief(nothing, nothing, nothing, nothing, nothing)
    seen = np.zeros(countries, bool)
    total = np.zeros(countries)
    for t, votes in enumerate(data.position):
        scale = data.volatility[t]
        if t:
            belief = _predicted(belief, data, t, p)
        voting = ~np.isnan(votes)
        error = p.error_variance * scale
        surprise = np.where(voting, votes - belief.position, 0.0)
        guarded = _chosen(voting & seen, belief, _first(nothing + 1.0, 1.0, 1.0))
        updated, density = _updated(
            guarded, surprise, error, p.shift_variance * scale, p.shift_probability
        )
        total += np.where(voting & seen, density, 0.0)
        belief = _chosen(voting & seen, updated, belief)
        belief = _chosen(voting & ~seen, _first(votes, error, p.anchor_variance), belief)
        seen |= voting
    return Filtered(
        total, np.where(seen, belief.position, np.nan), np.where(seen, belief.anchor, np.nan)
    )


def expected_spread(data: DriftData, p: Drift) -> Vector:
    """Spread of positions over voting states that the mechanism expects, by year after the first.

    Nothing is known of later votes but those of states first seen later, and where partners and
    allies stood: what the mechanism says of the long run, which forecasts of one year hardly do.
    """
    countries = data.position.shape[1]
    nothing, seen = np.zeros(countries), np.zeros(countries, bool)
    belief = _Belief(nothing, nothing, nothing, nothing, nothing)
    spread: list[float] = []
    for t, votes in enumerate(data.position):
        scale = data.volatility[t]
        voting = ~np.isnan(votes)
        if t:
            belief = _predicted(belief, data, t, p)
            belief.var_position += p.shift_probability * p.shift_variance * scale
            known = voting & seen
            error = p.error_variance * scale
            within = float((belief.var_position[known] + error).mean())
            spread.append(float(np.sqrt(belief.position[known].var() + within)))
        first = _first(votes, p.error_variance * scale, p.anchor_variance)
        belief = _chosen(voting & ~seen, first, belief)
        seen |= voting
    return np.array(spread)


def observed_spread(data: DriftData) -> Vector:
    """Standard deviation of positions over the states of `expected_spread`, by year."""
    seen = np.cumsum(~np.isnan(data.position), axis=0) > 0
    known = seen[:-1] & ~np.isnan(data.position[1:])
    return np.array(
        [row[states].std() for row, states in zip(data.position[1:], known, strict=True)]
    )


def _first(votes: Vector, error: float, anchor_variance: float) -> _Belief:
    nothing = np.zeros_like(votes)
    return _Belief(votes, votes, nothing + error, nothing, nothing + anchor_variance)
