"""How sure is an ideal point? Laplace's approximation, with the resolutions' own uncertainty.

Information on the ideal points, once the parameters of resolutions are integrated out, couples the
states within a year (they vote on the same resolutions), each state with itself a year before, and,
through identical resolutions, some years with others. The first two make blocks by year that only
touch their neighbours; the last is a correction of low rank. So no matrix over all state-years is
ever formed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from worldorder.data.voting.design import Design
from worldorder.data.voting.estimate import Point, Priors, chain_precision, slopes_at
from worldorder.data.voting.ordinal import Floats, Slopes
from worldorder.errors import ConvergenceError


@dataclass(frozen=True)
class Blocks:
    """A matrix over years and states whose blocks are years: full within, diagonal beside."""

    inverse: Floats  # year, state, state: inverses of the pivots of its block factorisation
    beside: Floats  # year less one, state: the diagonal blocks between a year and the next

    @classmethod
    def factored(cls, within: Floats, beside: Floats) -> Blocks:
        """Factor from the blocks within years and those beside them."""
        inverse = np.empty_like(within)
        inverse[0] = np.linalg.inv(within[0])
        for t, e in enumerate(beside):
            inverse[t + 1] = np.linalg.inv(within[t + 1] - e[:, None] * inverse[t] * e)
        return cls(inverse, beside)

    def solved(self, right: Floats) -> Floats:
        """Solutions for right-hand sides by year, state and column; they are overwritten."""
        for t, e in enumerate(self.beside):
            right[t + 1] -= e[:, None] * (self.inverse[t] @ right[t])
        right[-1] = self.inverse[-1] @ right[-1]
        for t in range(len(self.beside) - 1, -1, -1):
            right[t] = self.inverse[t] @ (right[t] - self.beside[t][:, None] * right[t + 1])
        return right

    def inverse_diagonal(self) -> Floats:
        """Diagonal of the inverse, by year and state."""
        covariance = self.inverse[-1]
        diagonal = [covariance.diagonal()]
        for t in range(len(self.beside) - 1, -1, -1):
            carried = self.inverse[t] * self.beside[t]
            covariance = self.inverse[t] + carried @ covariance @ carried.T
            diagonal.append(covariance.diagonal())
        return np.array(diagonal[::-1])


def _sparse(x: Floats, rows: NDArray[Any], columns: NDArray[Any], shape: Any) -> csr_array:
    return csr_array((x, (rows, columns)), shape=shape)


def _diagonal(x: Floats) -> csr_array:
    i = np.arange(len(x))
    return _sparse(x, i, i, (len(x), len(x)))


def _pair_precision(data: Design, at: Point, slopes: Slopes, priors: Priors) -> Floats:
    """Information on each pair of cut points, given everything else."""
    pair = data.cut[data.roll_call]
    gap = at.cuts[:, 1] - at.cuts[:, 0]
    own = np.empty((len(gap), 2, 2))
    rate = 1 / priors.cut_sd**2 + 1 / gap**2
    own[:, 0, 0] = rate - np.bincount(pair, slopes.lower_lower)
    own[:, 1, 1] = rate - np.bincount(pair, slopes.upper_upper)
    own[:, 0, 1] = own[:, 1, 0] = -np.bincount(pair, slopes.lower_upper) - 1 / gap**2
    return own


def _lost(data: Design, at: Point, slopes: Slopes, priors: Priors) -> tuple[csr_array, csr_array]:
    """Roots of the information lost by not knowing betas, and then by not knowing cut points.

    Rows are places in the raveled grid; columns are resolutions, and lower and upper cut points of
    each pair side by side.
    """
    theta, beta = at.theta.ravel()[data.state_year], at.beta[data.roll_call]
    size, calls, pairs = data.voted.size, len(at.beta), len(at.cuts)
    call, pair = data.roll_call, data.cut[data.roll_call]
    weight = -slopes.position_position
    of_beta = np.bincount(call, weight * theta**2) + 1 / priors.discrimination_sd**2
    with_beta = _sparse(weight * beta * theta, data.state_year, call, (size, calls))
    own = _pair_precision(data, at, slopes, priors)
    crosses = (-slopes.position_lower, -slopes.position_upper)
    both = [np.bincount(call, x * theta) for x in crosses]
    for i, j in np.ndindex(2, 2):
        own[:, i, j] -= np.bincount(data.cut, both[i] * both[j] / of_beta)
    to_pair = [_sparse(x / of_beta, np.arange(calls), data.cut, (calls, pairs)) for x in both]
    with_cut = [
        _sparse(x * beta, data.state_year, pair, (size, pairs)) - with_beta @ share
        for x, share in zip(crosses, to_pair, strict=True)
    ]
    root = np.linalg.cholesky(np.linalg.inv(own))
    turned = [
        with_cut[0] @ _diagonal(root[:, 0, j]) + with_cut[1] @ _diagonal(root[:, 1, j])
        for j in (0, 1)
    ]
    return with_beta @ _diagonal(of_beta**-0.5), csr_array(hstack(turned))


def _bridging(data: Design) -> NDArray[np.bool_]:
    """By pair of cut points: resolutions of several years share it."""
    column = data.state_year % data.shape[1]
    pair, pairs = data.cut[data.roll_call], int(data.cut.max()) + 1
    last, first = np.zeros(pairs, np.int64), np.full(pairs, data.shape[1])
    np.maximum.at(last, pair, column)
    np.minimum.at(first, pair, column)
    return last > first


def _information(data: Design, at: Point, priors: Priors) -> tuple[Blocks, csr_array]:
    """Blocks by year, and the root of what bridging resolutions take from them."""
    slopes = slopes_at(data, at)
    by_beta, by_cut = _lost(data, at, slopes, priors)
    bridging = np.tile(_bridging(data), 2)
    local = csr_array(hstack([by_beta, by_cut[:, ~bridging]]))
    diagonal, beside = chain_precision(data, priors)
    seen = slopes.position_position * at.beta[data.roll_call] ** 2
    own = -np.bincount(data.state_year, seen, minlength=data.voted.size).reshape(data.shape)
    own = np.where(data.active, diagonal + own, 1.0)
    years = data.shape[1]
    within = np.empty((years, len(own), len(own)))
    for t in range(years):
        rows = local[t::years]
        within[t] = np.diag(own[:, t]) - (rows @ rows.T).toarray()
    return Blocks.factored(within, np.ascontiguousarray(beside.T)), csr_array(by_cut[:, bridging])


def _by_year(grid: NDArray[Any], shape: tuple[int, int]) -> NDArray[Any]:
    """Columns over the raveled grid, as year, state and column."""
    return np.ascontiguousarray(grid.reshape(*shape, -1).transpose(1, 0, 2))


def standard_errors(data: Design, at: Point, priors: Priors | None = None) -> Floats:
    """Posterior standard deviations of ideal points scaled to mean 0 and standard deviation 1.

    The curvature at the mode (with expected slopes) gives a normal posterior of all parameters at
    once; betas and cut points are integrated out, and what the scale takes away (a shift or a
    stretch of all points) is projected out. Least good where the posterior is skewed: at the ends
    of the scale and in years with few votes.

    Returns:
        State by year; missing outside a state's span.

    Raises:
        ConvergenceError: the point is no maximum.
    """
    blocks, bridges = _information(data, at, priors or Priors())
    theta = at.theta[data.voted]
    mean, sd, cast = theta.mean(), theta.std(), data.voted.ravel() / len(theta)
    centred = ((at.theta - mean) / sd).ravel()
    ends = np.stack([cast, centred * cast], 1)
    right = np.concatenate([bridges.toarray(), ends], 1)
    solved = blocks.solved(_by_year(right, data.shape)).transpose(1, 0, 2).reshape(right.shape)
    solved, covered = solved[:, :-2], solved[:, -2:]
    core = np.eye(solved.shape[1]) - bridges.T @ solved
    try:
        root = np.linalg.cholesky(np.linalg.inv((core + core.T) / 2))
    except np.linalg.LinAlgError as error:
        raise ConvergenceError("the standard errors fail: the point is no maximum") from error
    spread = solved @ root
    covered += spread @ (spread.T @ ends)
    variance = blocks.inverse_diagonal().T.ravel() + (spread**2).sum(1)
    removed = np.stack([np.ones(len(cast)), centred], 1)
    variance -= 2 * (removed * covered).sum(1)
    variance += np.einsum("ni,ij,nj->n", removed, ends.T @ covered, removed)
    return np.where(data.active, np.sqrt(variance.reshape(data.shape)) / sd, np.nan)
