"""Who ends up in which bloc, when states like and dislike each other by pairs.

Landscape theory of aggregation (Axelrod and Bennett 1993, British Journal of Political Science
23: 211-233). A partition of the states into blocs has an energy; a state moves to the bloc that
frustrates it less, and because propensities are symmetric every such move lowers the energy. So
the process ends in a local minimum, and which one depends on where it starts.

All kernels are for the host and in double precision. N states, K blocs, P partitions.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy.linalg import eigh

Weights = Float[np.ndarray, "state state"]
Partition = Int[np.ndarray, " state"]
Partitions = Int[np.ndarray, "partition state"]
Energies = Float[np.ndarray, " partition"]
Moves = Float[np.ndarray, "partition state bloc"]

SMALLEST_GAIN = 1e-12  # of the sum of absolute weights; a smaller gain is rounding and moves no one
_CHUNK = 1 << 15


class Minima(NamedTuple):
    """Partitions that no single move improves, lowest energy first."""

    partitions: Partitions  # bloc of each state, 0 for the bloc of the first state
    energies: Energies
    basin_share: Energies  # share of the starting partitions that end here
    starts: int  # number of starting partitions


def weights(sizes: Float[np.ndarray, " state"], propensities: Weights) -> Weights:
    r"""Weight of each pair, :math:`w_{ij} = s_i s_j p_{ij}`, with a zero diagonal.

    Args:
        sizes: :math:`s`, size of each state, any unit, at least 0.
        propensities: :math:`p`, how much each pair is drawn together (above 0) or apart (below
            0), symmetric; the diagonal is not read.
    """
    pairs = np.outer(sizes, sizes) * propensities
    np.fill_diagonal(pairs, 0.0)
    return pairs


def pull(pairs: Weights, partitions: Partitions, blocs: int) -> Moves:
    r"""Weight that ties each state to the members of each bloc, itself apart.

    .. math:: h_{ib} = \sum_{j \in b} w_{ij}
    """
    members = (partitions[:, :, None] == np.arange(blocs)).astype(float)
    return np.tensordot(members, pairs, axes=(1, 1)).transpose(0, 2, 1)


def energies(pairs: Weights, partitions: Partitions, blocs: int) -> Energies:
    r"""Energy of each partition, in squared units of size.

    .. math:: E(X) = \sum_{i,j} s_i s_j p_{ij} d_{ij}(X)

    over ordered pairs, with :math:`d = 1` where the two are in different blocs and 0 otherwise.
    """
    return pairs.sum() - _tie_to_own(pull(pairs, partitions, blocs), partitions).sum(1)


def gains(pairs: Weights, partitions: Partitions, blocs: int) -> Moves:
    r"""Energy that a move of one state to each bloc would save; zero for the bloc it is in.

    .. math:: E(X) - E(X_{i \to b}) = 2 (h_{ib} - h_{i,b(i)})
    """
    ties = pull(pairs, partitions, blocs)
    return 2.0 * (ties - _tie_to_own(ties, partitions)[:, :, None])


def _tie_to_own(ties: Moves, partitions: Partitions) -> Float[np.ndarray, "partition state"]:
    return np.take_along_axis(ties, partitions[:, :, None].astype(np.int64), axis=2)[:, :, 0]


def partition_count(states: int, blocs: int) -> int:
    """Number of ways to split `states` into at most `blocs` unnamed blocs."""
    ways = [1] + [0] * blocs
    for _ in range(states):
        ways = [0] + [ways[b - 1] + b * ways[b] for b in range(1, blocs + 1)]
    return sum(ways)


def all_partitions(states: int, blocs: int) -> Partitions:
    """Every split of the states into at most `blocs` unnamed blocs, each once.

    Blocs are numbered in the order in which their first state comes, so the first state is
    always in bloc 0.
    """
    found = np.zeros((1, 1), np.int8)
    for _ in range(states - 1):
        open_blocs = np.minimum(found.max(axis=1) + 2, blocs)
        parents = np.repeat(np.arange(len(found)), open_blocs)
        first = np.repeat(np.cumsum(open_blocs) - open_blocs, open_blocs)
        label = (np.arange(len(parents)) - first).astype(np.int8)
        found = np.column_stack([found[parents], label])
    return found


def renumbered(partitions: Partitions, blocs: int) -> Partitions:
    """The same partitions with blocs numbered in the order in which their first state comes."""
    rows = np.arange(len(partitions))
    new_label = np.full((len(partitions), blocs), -1, np.int8)
    used = np.zeros(len(partitions), np.int8)
    for state in range(partitions.shape[1]):
        old = partitions[:, state]
        fresh = new_label[rows, old] < 0
        new_label[rows[fresh], old[fresh]] = used[fresh]
        used += fresh
    return np.take_along_axis(new_label, partitions.astype(np.int64), axis=1)


def exact_landscape(pairs: Weights, blocs: int) -> tuple[Partitions, Energies, Minima]:
    """Every partition with its energy, and every local minimum with its exact basin.

    The basin of a minimum is the set of partitions from which steepest descent (the single move
    that saves most, the first of equals) ends in it. 2 to the power N - 1 partitions for two
    blocs: 17 states take a fraction of a second, 21 states some seconds.
    """
    partitions = all_partitions(len(pairs), blocs)
    codes = _codes(partitions, blocs)
    after, energy = np.empty(len(partitions), np.int64), np.empty(len(partitions))
    for start in range(0, len(partitions), _CHUNK):
        part = slice(start, start + _CHUNK)
        energy[part], moved = _steepest_move(pairs, partitions[part], blocs)
        after[part] = np.searchsorted(codes, _codes(renumbered(moved, blocs), blocs))
    ends, basin = np.unique(_followed(after), return_counts=True)
    return partitions, energy, _ranked(partitions[ends], energy[ends], basin)


def _codes(partitions: Partitions, blocs: int) -> Int[np.ndarray, " partition"]:
    places = blocs ** np.arange(partitions.shape[1] - 1, -1, -1, dtype=np.int64)
    return partitions.astype(np.int64) @ places


def _steepest_move(
    pairs: Weights, partitions: Partitions, blocs: int
) -> tuple[Energies, Partitions]:
    """Energies, and the partitions after the move of one state that saves most, if any does."""
    ties = pull(pairs, partitions, blocs)
    own = _tie_to_own(ties, partitions)
    saved = (ties - own[:, :, None]).reshape(len(partitions), -1)
    best = saved.argmax(axis=1)
    rows = np.flatnonzero(saved[np.arange(len(saved)), best] > _rounding(pairs))
    moved = partitions.copy()
    moved[rows, best[rows] // blocs] = best[rows] % blocs
    return pairs.sum() - own.sum(axis=1), moved


def _rounding(pairs: Weights) -> float:
    return SMALLEST_GAIN * float(np.abs(pairs).sum())


def _followed(after: Int[np.ndarray, " partition"]) -> Int[np.ndarray, " partition"]:
    """Where each partition ends when every one leads on to `after`."""
    while not np.array_equal(after, after[after]):
        after = after[after]
    return after


def _ranked(
    partitions: Partitions, energy: Energies, basin: Int[np.ndarray, " partition"]
) -> Minima:
    order = np.lexsort((-basin, energy))
    starts = int(basin.sum())
    return Minima(partitions[order], energy[order], basin[order] / starts, starts)


def spectral_partition(pairs: Weights, blocs: int) -> Partition:
    """Blocs from the leading eigenvectors of the weights: the start of the local search.

    Each state has a place in the space of the leading K - 1 eigenvectors, in which the energy
    relaxed to real labels is least, and joins the corner of a regular simplex with K corners that
    is nearest in direction; for two blocs that is the sign of its entry.
    """
    size = len(pairs)
    _, places = eigh(pairs, subset_by_index=[max(size - blocs + 1, 0), size - 1])
    corners = np.eye(blocs) - 1.0 / blocs
    axes = np.linalg.svd(corners)[2][: places.shape[1]]
    return (places @ (corners @ axes.T).T).argmax(axis=1).astype(np.int8)


def descended(pairs: Weights, partitions: Partitions, blocs: int) -> Partitions:
    """Each partition after steepest descent by single moves, all at once."""
    found = partitions.copy()
    ties = pull(pairs, found, blocs)
    rounding = _rounding(pairs)
    going = np.arange(len(found))
    while len(going):
        saved = ties[going] - _tie_to_own(ties[going], found[going])[:, :, None]
        flat = saved.reshape(len(going), -1)
        best = flat.argmax(axis=1)
        improves = flat[np.arange(len(going)), best] > rounding
        going, best = going[improves], best[improves]
        state, new = best // blocs, best % blocs
        old = found[going, state]
        ties[going, :, old] -= pairs[state]
        ties[going, :, new] += pairs[state]
        found[going, state] = new
    return found


def searched_landscape(
    pairs: Weights, blocs: int, starts: int = 128, rounds: int = 12, seed: int = 0
) -> Minima:
    """Local minima found by descent from a spectral start and from random ones.

    The random starts sample the basins. Then, in each round, disturbed copies of the lowest
    minima so far descend again. The lowest minimum found need not be the lowest there is.

    Args:
        pairs: weight of each pair, see `weights`.
        blocs: number of blocs allowed.
        starts: number of random starting partitions.
        rounds: number of rounds of disturbance.
        seed: of the random starts; the same seed finds the same minima.
    """
    generator = np.random.default_rng(seed)
    random = generator.integers(0, blocs, (starts, len(pairs)), dtype=np.int8)
    begun = np.concatenate([random, spectral_partition(pairs, blocs)[None, :]])
    found = renumbered(descended(pairs, begun, blocs), blocs)
    for _ in range(rounds):
        disturbed = _disturbed(_lowest(pairs, found, blocs), blocs, generator)
        ended = renumbered(descended(pairs, disturbed, blocs), blocs)
        found = np.concatenate([found, ended])
    return _sampled_minima(pairs, found, starts, blocs)


def _lowest(
    pairs: Weights, partitions: Partitions, blocs: int, most: int = 8
) -> Int[np.ndarray, "few state"]:
    """The lowest few of the partitions, each once."""
    distinct = np.unique(partitions, axis=0)
    return distinct[energies(pairs, distinct, blocs).argsort()[:most]]


def _disturbed(
    partitions: Partitions, blocs: int, generator: np.random.Generator, copies: int = 48
) -> Int[np.ndarray, "copy state"]:
    """Copies in which a twentieth to a fifth of the states have moved at random."""
    disturbed = partitions[np.arange(copies) % len(partitions)]
    moved = generator.random(disturbed.shape) < np.linspace(0.05, 0.2, copies)[:, None]
    disturbed[moved] = generator.integers(0, blocs, int(moved.sum()), dtype=np.int8)
    return disturbed


def _sampled_minima(pairs: Weights, ends: Partitions, starts: int, blocs: int) -> Minima:
    """Distinct minima; the basin share counts the random starts, which come first, only."""
    distinct, where = np.unique(ends, axis=0, return_inverse=True)
    basin = np.bincount(where.ravel()[:starts], minlength=len(distinct))
    return _ranked(distinct, energies(pairs, distinct, blocs), basin)


def tipping_weight_change(pairs: Weights, partition: Partition, blocs: int) -> Weights:
    """Change of the weight of one pair that is just enough for the row state to leave its bloc.

    At or below zero where the column is in the bloc of the row (they must like each other less),
    at or above zero where it is in another bloc, which the row then joins. Infinite on the
    diagonal. A change of the other sign means that the row already gains by leaving. Divide by
    the product of the two sizes to have the change of propensity.
    """
    saved = gains(pairs, partition[None, :], blocs)[0] / 2.0
    elsewhere = np.where(np.arange(blocs) == partition[:, None], -np.inf, saved)
    together = partition[:, None] == partition[None, :]
    change = np.where(together, elsewhere.max(axis=1)[:, None], -saved[:, partition])
    np.fill_diagonal(change, np.inf)
    return change
