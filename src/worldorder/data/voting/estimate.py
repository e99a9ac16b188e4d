"""Dynamic ordinal ideal points by penalised maximum likelihood, states and resolutions in turn.

The model is that of Bailey, Strezhnev and Voeten (2017, doi:10.1177/0022002715595700): the latent
vote is beta_v theta_it + e with e standard normal, two cut points make it a no, an abstention or a
yes, identical resolutions share cut points, theta_it is normal about theta_i,t-1. They sample the
posterior; here its mode is found by Newton's method, in turn for the chains of states (tridiagonal)
and for the resolutions, with Anderson's acceleration. The scale is theirs, set at the end: mean 0
and standard deviation 1 over all state-years with a vote, the United States on the positive side.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worldorder.data.voting.acceleration import Acceleration
from worldorder.data.voting.design import Design
from worldorder.data.voting.ordinal import Floats, Slopes, vote_slopes
from worldorder.errors import ConvergenceError, InputError

POLE = "USA"  # on the positive side, as published
HALVINGS = 10
TOLERANCE = 2e-4  # of ideal points
PLAIN_SWEEPS = 5  # before acceleration
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Priors:
    """Settings of the estimator, chosen by the log score of votes held out (docs/votes.md)."""

    innovation_variance: float = 0.02  # of theta, a year
    first_variance: float = 1.0  # of theta in the first year
    discrimination_sd: float = 2.0  # of beta about zero
    cut_sd: float = 1.5  # of cut points about zero; their density also falls as they meet


@dataclass(frozen=True)
class Point:
    """Values of the parameters."""

    theta: Floats  # state, year
    beta: Floats  # by resolution
    cuts: Floats  # pair of cut points, [lower, upper]


@dataclass(frozen=True)
class Sums:
    """Sums over votes by state-year, resolution or pair of cut points."""

    data: Design
    weight: Floats

    def by(self, index: NDArray[Any], size: int) -> Callable[[Floats], Floats]:
        """Weighted sum of a quantity of votes by an index."""
        return lambda x: np.bincount(index, x * self.weight, minlength=size)


def slopes_at(data: Design, at: Point) -> Slopes:
    """Slopes of every vote at the parameters."""
    z = at.beta[data.roll_call] * at.theta.ravel()[data.state_year]
    pair = at.cuts[data.cut[data.roll_call]]
    return vote_slopes(data.vote, z, pair[:, 0], pair[:, 1])


def start_point(data: Design) -> Point:
    """Ideal points from agreement with the United States; no resolution discriminates yet.

    Raises:
        InputError: the United States casts no vote.
    """
    if POLE not in set(data.states):
        raise InputError(
            "the votes hold none of the United States (USA), which fixes the direction",
            fix="Give records in which USA is among the voters.",
        )
    pole = data.state == np.flatnonzero(data.states == POLE)[0]
    its_vote = np.full(len(data.cut), np.nan)
    its_vote[data.roll_call[pole]] = data.vote[pole]
    agreement = 1 - np.abs(data.vote - its_vote[data.roll_call]) / 2
    known = ~np.isnan(agreement)
    size = data.voted.size
    n = np.bincount(data.state_year[known], minlength=size)
    total = np.bincount(data.state_year[known], agreement[known], minlength=size)
    mean = np.divide(total, n, out=np.zeros(size), where=n > 0).reshape(data.shape)
    seen = (n > 0).reshape(data.shape)
    centre = (mean * seen).sum(0) / np.maximum(seen.sum(0), 1)
    theta = np.where(seen, np.clip(4 * (mean - centre), -2.5, 2.5), 0.0)
    pairs = int(data.cut.max()) + 1
    return Point(theta, np.zeros(len(data.cut)), np.tile([-0.8, -0.2], (pairs, 1)))


def _item_prior(priors: Priors, data: Design, beta: Floats, cuts: Floats) -> Floats:
    """Log prior density by pair of cut points, of the pair and of its resolutions' betas."""
    gap = np.maximum(cuts[:, 1] - cuts[:, 0], 1e-300)
    betas = np.bincount(data.cut, beta**2, minlength=len(cuts)) / priors.discrimination_sd**2
    return np.log(gap) - 0.5 * ((cuts**2).sum(1) / priors.cut_sd**2 + betas)


def _item_direction(
    data: Design, sums: Sums, at: Point, slopes: Slopes, priors: Priors
) -> tuple[Floats, Floats]:
    """Newton step of the betas and cut points: the betas are eliminated first."""
    theta = at.theta.ravel()[data.state_year]
    by_vote = sums.by(data.roll_call, len(at.beta))
    pairs = len(at.cuts)

    def to_pair(x: Floats) -> Floats:
        return np.bincount(data.cut, x, minlength=pairs)

    precision = 1 / priors.discrimination_sd**2
    g = by_vote(slopes.position * theta) - at.beta * precision
    h = by_vote(slopes.position_position * theta * theta) - precision
    cross = [by_vote(x * theta) for x in (slopes.position_lower, slopes.position_upper)]
    gap = at.cuts[:, 1] - at.cuts[:, 0]
    rate = 1 / priors.cut_sd**2
    grad = np.stack([to_pair(by_vote(x)) for x in (slopes.lower, slopes.upper)], 1)
    grad += np.stack([-1 / gap, 1 / gap], 1) - at.cuts * rate
    a = to_pair(by_vote(slopes.lower_lower)) - rate - 1 / gap**2
    b = to_pair(by_vote(slopes.lower_upper)) + 1 / gap**2
    c = to_pair(by_vote(slopes.upper_upper)) - rate - 1 / gap**2
    grad -= np.stack([to_pair(x * g / h) for x in cross], 1)
    a, c = a - to_pair(cross[0] ** 2 / h), c - to_pair(cross[1] ** 2 / h)
    b = b - to_pair(cross[0] * cross[1] / h)
    det = a * c - b * b
    lower = -(c * grad[:, 0] - b * grad[:, 1]) / det
    upper = -(a * grad[:, 1] - b * grad[:, 0]) / det
    beta = -(g + cross[0] * lower[data.cut] + cross[1] * upper[data.cut]) / h
    return beta, np.stack([lower, upper], 1)


def _guarded(
    taken: Callable[[Floats], tuple[Point, Slopes, Floats]], old: Floats
) -> tuple[Point, Slopes]:
    """Take a step, halved where the log posterior would fall; nothing where it still would.

    Args:
        taken: the point, its slopes and the log posterior by part, at a length of step by part.
        old: log posterior by part before the step.
    """
    size = np.ones(len(old))
    for _ in range(HALVINGS):
        tried, found, new = taken(size)
        worse = ~(new >= old - 1e-9)
        if not worse.any():
            return tried, found
        size = np.where(worse, size / 2, size)
    _, _, new = taken(size)
    tried, found, _ = taken(np.where(new >= old - 1e-9, size, 0.0))
    return tried, found


def step_items(
    data: Design, sums: Sums, at: Point, slopes: Slopes, priors: Priors
) -> tuple[Point, Slopes]:
    """One guarded Newton step of every resolution, given the ideal points."""
    d_beta, d_cuts = _item_direction(data, sums, at, slopes, priors)
    by_pair = sums.by(data.cut[data.roll_call], len(at.cuts))
    old = by_pair(slopes.log_probability) + _item_prior(priors, data, at.beta, at.cuts)

    def taken(size: Floats) -> tuple[Point, Slopes, Floats]:
        cuts = at.cuts + size[:, None] * d_cuts
        crossed = cuts[:, 1] <= cuts[:, 0]
        cuts = np.where(crossed[:, None], at.cuts, cuts)
        tried = replace(at, beta=at.beta + size[data.cut] * d_beta, cuts=cuts)
        found = slopes_at(data, tried)
        new = by_pair(found.log_probability) + _item_prior(priors, data, tried.beta, cuts)
        return tried, found, np.where(crossed, -np.inf, new)

    return _guarded(taken, old)


def chain_precision(data: Design, priors: Priors) -> tuple[Floats, Floats]:
    """Prior precision of the chains: its diagonal and the entries beside it (negative)."""
    link = data.linked / priors.innovation_variance
    diagonal = np.zeros(data.shape)
    diagonal[:, 1:] += link
    diagonal[:, :-1] += link
    diagonal[np.arange(len(diagonal)), data.first] += 1 / priors.first_variance
    return diagonal, -link


def _times_chain(diagonal: Floats, beside: Floats, x: Floats) -> Floats:
    product = diagonal * x
    product[:, 1:] += beside * x[:, :-1]
    product[:, :-1] += beside * x[:, 1:]
    return product


def solve_chains(diagonal: Floats, beside: Floats, right: Floats) -> Floats:
    """Solutions of symmetric tridiagonal systems, one a row."""
    ratio, x = np.zeros_like(beside), np.empty_like(right)
    pivot = diagonal[:, 0]
    x[:, 0] = right[:, 0] / pivot
    for t in range(1, right.shape[1]):
        ratio[:, t - 1] = beside[:, t - 1] / pivot
        pivot = diagonal[:, t] - beside[:, t - 1] * ratio[:, t - 1]
        x[:, t] = (right[:, t] - beside[:, t - 1] * x[:, t - 1]) / pivot
    for t in range(right.shape[1] - 2, -1, -1):
        x[:, t] -= ratio[:, t] * x[:, t + 1]
    return x


def step_states(
    data: Design, sums: Sums, at: Point, slopes: Slopes, priors: Priors
) -> tuple[Point, Slopes]:
    """One guarded Newton step of every state's chain, given the resolutions."""
    by_state_year = sums.by(data.state_year, data.voted.size)
    by_state = sums.by(data.state, data.shape[0])
    beta = at.beta[data.roll_call]
    diagonal, beside = chain_precision(data, priors)
    pull = by_state_year(slopes.position * beta).reshape(data.shape)
    pull -= _times_chain(diagonal, beside, at.theta)
    curve = -by_state_year(slopes.position_position * beta**2).reshape(data.shape)
    whole = np.where(data.active, diagonal + curve, 1.0)
    direction = solve_chains(whole, beside, np.where(data.active, pull, 0.0))

    def prior(theta: Floats) -> Floats:
        return -0.5 * (theta * _times_chain(diagonal, beside, theta)).sum(1)

    old = by_state(slopes.log_probability) + prior(at.theta)

    def taken(size: Floats) -> tuple[Point, Slopes, Floats]:
        tried = replace(at, theta=at.theta + size[:, None] * direction)
        found = slopes_at(data, tried)
        return tried, found, by_state(found.log_probability) + prior(tried.theta)

    return _guarded(taken, old)


def best_scaled(data: Design, at: Point, priors: Priors) -> Point:
    """The same probabilities at the stretch of ideal points that the priors hold most likely.

    Stretching theta and shrinking beta alike changes no probability, so the climb along that
    direction is exact: the two quadratic forms of the priors come out equal.
    """
    diagonal, beside = chain_precision(data, priors)
    of_theta = (at.theta * _times_chain(diagonal, beside, at.theta)).sum()
    of_beta = (at.beta**2).sum() / priors.discrimination_sd**2
    stretch = (of_beta / of_theta) ** 0.25
    return replace(at, theta=at.theta * stretch, beta=at.beta / stretch)


def log_posterior(data: Design, sums: Sums, at: Point, slopes: Slopes, priors: Priors) -> float:
    """Log posterior density, up to a constant."""
    diagonal, beside = chain_precision(data, priors)
    chains = (at.theta * _times_chain(diagonal, beside, at.theta)).sum()
    items = _item_prior(priors, data, at.beta, at.cuts).sum()
    return float((slopes.log_probability * sums.weight).sum() + items - 0.5 * chains)


def fit(
    data: Design,
    priors: Priors | None = None,
    weight: NDArray[Any] | None = None,
    tolerance: float = TOLERANCE,
    most: int = 1000,
    progress: Progress = lambda _: None,
) -> Point:
    """Mode of the posterior.

    Args:
        data: the votes.
        priors: settings; None is those chosen by votes held out.
        weight: one a vote, zero for a vote held out; None is one each.
        tolerance: largest change of an ideal point in a sweep at which to stop.
        most: sweeps.
        progress: told after each sweep which share of the way is done, 0 to 1.

    Raises:
        InputError: the United States casts no vote.
        ConvergenceError: the tolerance is not reached.
    """
    priors = priors or Priors()
    sums = Sums(data, np.ones(len(data.vote)) if weight is None else np.asarray(weight, float))
    at, acceleration = start_point(data), Acceleration()
    slopes = slopes_at(data, at)
    kept, reached, change = (at, slopes), -np.inf, np.inf
    for sweep in range(most):
        before = at.theta[data.active]
        at, slopes = step_items(data, sums, at, slopes, priors)
        at, slopes = step_states(data, sums, at, slopes, priors)
        at = best_scaled(data, at, priors)
        height = log_posterior(data, sums, at, slopes, priors)
        if height < reached:  # the last jump led astray: go on from where it was taken
            at, slopes = kept
            acceleration.forget()
            continue
        kept, reached = (at, slopes), height
        change = float(np.abs(at.theta[data.active] - before).max())
        progress(min(1.0, max(0.0, 1 - np.log(change / tolerance) / np.log(1 / tolerance))))
        if change < tolerance:
            return at
        if sweep >= PLAIN_SWEEPS:
            theta = np.zeros(data.shape)
            theta[data.active] = acceleration.following(before, at.theta[data.active])
            at = replace(at, theta=theta)
            slopes = slopes_at(data, at)
    raise ConvergenceError(
        f"ideal points still change by {change:.1g} after {most} sweeps",
        fix="Give more votes, or a larger tolerance.",
    )
