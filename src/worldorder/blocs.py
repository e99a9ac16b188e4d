"""Blocs from a table of sizes and propensities: which partitions are stable, and what tips them.

import worldorder as wo
found = wo.blocs.landscape(sizes, propensities)
found.minima; found.members(0); found.tips(0)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.errors import InputError, did_you_mean
from worldorder.mechanisms import blocs as kernels

Numbers: TypeAlias = NDArray[np.float64]
Method: TypeAlias = Literal["auto", "exact", "search"]

ENUMERATED = 1 << 17  # partitions up to which "auto" is exact: 18 states in two blocs
MOST_ENUMERATED = 1 << 21  # partitions beyond which "exact" is refused


@dataclass(frozen=True)
class Landscape:
    """The energy landscape of partitions into blocs.

    `partitions` (P, N) and `energies` (P,) hold every partition where the method is exact, and
    the minima found where it is a search. Energies are in squared units of size times propensity.
    """

    names: tuple[str, ...]
    sizes: Numbers
    propensities: Numbers
    blocs: int
    exact: bool
    partitions: NDArray[np.int8]
    energies: Numbers
    lowest: kernels.Minima

    @property
    def minima(self) -> pd.DataFrame:
        """One row a local minimum, lowest energy first: energy, share of starts, bloc of each."""
        found = pd.DataFrame(self.lowest.partitions, columns=list(self.names))
        found.insert(0, "basin_share", self.lowest.basin_share)
        found.insert(0, "energy", self.lowest.energies)
        return found.rename_axis("minimum")

    @property
    def basins(self) -> pd.Series:
        """Share of the starting partitions that end in each minimum."""
        return pd.Series(self.lowest.basin_share, name="basin_share").rename_axis("minimum")

    def members(self, minimum: int = 0) -> list[list[str]]:
        """Names in each bloc of a minimum, the bloc of the first state first."""
        partition = self.lowest.partitions[minimum]
        blocs = [np.flatnonzero(partition == b) for b in range(self.blocs)]
        return [[self.names[i] for i in bloc] for bloc in blocs if len(bloc)]

    def tips(self, minimum: int = 0) -> pd.DataFrame:
        """What holds each state in its bloc, and the least change that would make it leave.

        Columns: `bloc`; `would_join` the bloc it would go to; `cost_of_leaving` the rise of
        energy if it alone moved; `partner` and `propensity_change` the one pair whose propensity
        needs to change least; `partner_growth` by what factor less one the size of that partner
        would have to change instead (missing where no size would do).
        """
        pairs = kernels.weights(self.sizes, self.propensities)
        partition = self.lowest.partitions[minimum]
        gains = kernels.gains(pairs, partition[None, :], self.blocs)[0]
        elsewhere = np.where(np.arange(self.blocs) == partition[:, None], -np.inf, gains)
        change = kernels.tipping_weight_change(pairs, partition, self.blocs)
        with np.errstate(divide="ignore", invalid="ignore"):
            propensity = change / np.outer(self.sizes, self.sizes)
            growth = change / pairs
        reach = np.where(np.isnan(propensity), np.inf, np.abs(propensity))
        state, partner = np.arange(len(self.names)), reach.argmin(axis=1)
        grown = growth[state, partner]
        return pd.DataFrame(
            {
                "bloc": partition,
                "would_join": elsewhere.argmax(axis=1),
                "cost_of_leaving": -elsewhere.max(axis=1),
                "partner": [self.names[p] for p in partner],
                "propensity_change": propensity[state, partner],
                "partner_growth": np.where(np.isfinite(grown) & (grown > -1), grown, np.nan),
            },
            index=pd.Index(self.names, name="state"),
        )


def landscape(
    sizes: Any,
    propensities: Any,
    names: Sequence[str] | None = None,
    blocs: int = 2,
    method: Method = "auto",
    seed: int = 0,
) -> Landscape:
    """Partitions of states into blocs by landscape theory (Axelrod and Bennett 1993).

    Args:
        sizes: size of each state, at least 0: a list, an array, or a Series or mapping by name.
        propensities: symmetric matrix of how much each pair is drawn together (above 0) or apart
            (below 0); an array or a DataFrame with the names on both sides. The diagonal is not
            read.
        names: of the states, where neither table carries them.
        blocs: most blocs that a partition may have.
        method: "exact" enumerates every partition, "search" descends from a spectral start and
            from random ones, "auto" is exact up to 18 states in two blocs.
        seed: of the random starts of the search.

    Raises:
        InputError: shapes or names that do not match, a name twice, a negative size, a missing
            number, asymmetric propensities, fewer than 2 states or blocs, or too many partitions
            to enumerate.
    """
    known = _names(sizes, propensities, names)
    size = _sizes(sizes, known)
    matrix = _propensities(propensities, known)
    _check_symmetric(matrix, known)
    if blocs < 2:
        raise InputError(f"blocs is {blocs}", "Allow 2 or more blocs.")
    pairs = kernels.weights(size, matrix)
    count = kernels.partition_count(len(known), blocs)
    if not _is_exact(method, count):
        lowest = kernels.searched_landscape(pairs, blocs, seed=seed)
        return Landscape(
            known, size, matrix, blocs, False, lowest.partitions, lowest.energies, lowest
        )
    partitions, energies, lowest = kernels.exact_landscape(pairs, blocs)
    return Landscape(known, size, matrix, blocs, True, partitions, energies, lowest)


def _is_exact(method: Method, count: int) -> bool:
    if method not in ("auto", "exact", "search"):
        raise InputError(f"unknown method {method!r}", "Use auto, exact or search.")
    if method == "exact" and count > MOST_ENUMERATED:
        raise InputError(
            f"{count:.3g} partitions are too many to enumerate", 'Use method "search".'
        )
    return method == "exact" or (method == "auto" and count <= ENUMERATED)


def _names(sizes: Any, propensities: Any, names: Sequence[str] | None) -> tuple[str, ...]:
    if names is not None:
        known = tuple(str(name) for name in names)
    elif isinstance(propensities, pd.DataFrame):
        known = tuple(str(name) for name in propensities.index)
    elif isinstance(sizes, (pd.Series, Mapping)):
        known = tuple(str(name) for name in sizes.keys())  # noqa: SIM118
    else:
        known = tuple(f"state {i + 1}" for i in range(len(sizes)))
    twice = sorted({name for name in known if known.count(name) > 1})
    if twice:
        raise InputError(f"{twice[0]!r} is named twice", "Give each state one name of its own.")
    if len(known) < 2:
        raise InputError(f"{len(known)} state", "Give 2 or more states.")
    return known


def _aligned(given: Sequence[Any], known: tuple[str, ...], what: str) -> list[int]:
    """Positions of the known names among the names given."""
    place = {str(name): i for i, name in enumerate(given)}
    for name in known:
        if name not in place:
            raise InputError(f"{name!r} has no {what}", did_you_mean(name, place))
    for name in place:
        if name not in known:
            raise InputError(
                f"{name!r} has a {what} and is not among the states", did_you_mean(name, known)
            )
    return [place[name] for name in known]


def _sizes(sizes: Any, known: tuple[str, ...]) -> Numbers:
    if isinstance(sizes, (pd.Series, Mapping)):
        order = _aligned(list(sizes.keys()), known, "size")
        values = np.asarray(list(sizes.values()) if isinstance(sizes, Mapping) else sizes, float)
        values = values[order]
    else:
        values = np.asarray(sizes, float)
    if values.shape != (len(known),):
        raise InputError(f"{values.size} sizes for {len(known)} states", "Give one size each.")
    for name, value in zip(known, values, strict=True):
        if not value >= 0 or np.isinf(value):
            raise InputError(f"size of {name} is {value:g}", "Sizes are finite and at least 0.")
    return values


def _propensities(propensities: Any, known: tuple[str, ...]) -> Numbers:
    if isinstance(propensities, pd.DataFrame):
        rows = _aligned(list(propensities.index), known, "row of propensities")
        columns = _aligned(list(propensities.columns), known, "column of propensities")
        values = propensities.to_numpy(float)[np.ix_(rows, columns)]
    else:
        values = np.asarray(propensities, float).copy()
    if values.shape != (len(known), len(known)):
        raise InputError(
            f"propensities have shape {values.shape}",
            f"Give a square matrix of {len(known)} states.",
        )
    np.fill_diagonal(values, 0.0)
    for i, j in np.argwhere(~np.isfinite(values))[:1]:
        raise InputError(
            f"no propensity of {known[i]} and {known[j]}",
            "Unknown is not zero: give a number, 0 where they neither attract nor repel.",
        )
    return values


def _check_symmetric(matrix: Numbers, known: tuple[str, ...]) -> None:
    scale = max(float(np.abs(matrix).max()), 1.0)
    for i, j in np.argwhere(np.abs(matrix - matrix.T) > 1e-9 * scale)[:1]:
        raise InputError(
            f"propensity of {known[i]} to {known[j]} is {matrix[i, j]:g} and back {matrix[j, i]:g}",
            "Landscape theory needs them equal: give one number a pair, or their mean.",
        )
