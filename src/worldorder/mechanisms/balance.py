"""Do friends of friends become friends: structural balance of a signed graph.

Closed form of the continuous dynamics (Marvel, Kleinberg, Kleinberg and Strogatz 2011,
doi:10.1073/pnas.1013213108), local triad dynamics on signs (Antal, Krapivsky and Redner 2005,
doi:10.1103/PhysRevE.72.036121), and measures of how balanced and how polarized a graph is.

Relations are symmetric: above 0 friendly, below 0 hostile. Kernels are for the host.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float, Int, Shaped
from scipy.linalg import eigh, eigvalsh

Relations = Float[np.ndarray, "state state"]
Signs = Int[Array, "state state"]


def relations_at(start: Relations, time: float) -> Relations:
    r"""Relations after some time of structural balancing, in the units of the start.

    .. math:: \dot X = X^2, \quad X(t) = X_0 (I - X_0 t)^{-1}

    Each pair is drawn together by what it has in common with third states, and the diagonal, a
    state's relation with itself, takes part. Finite only before `blow_up_time`.

    Args:
        start: :math:`X_0`, symmetric.
        time: :math:`t`, in units of one over a relation, at least 0.
    """
    return np.linalg.solve((np.eye(len(start)) - time * start).T, start.T).T


def blow_up_time(start: Relations) -> float:
    r"""Time :math:`1 / \lambda_1` at which relations diverge; infinite if no eigenvalue is above 0.

    Marvel et al. 2011, theorem for symmetric starts.
    """
    largest = float(eigvalsh(start)[-1])
    return 1.0 / largest if largest > 0 else float("inf")


def factions(start: Relations) -> Int[np.ndarray, " state"]:
    """Faction, 1 or -1, of each state at blow-up: sign of the leading eigenvector.

    The first state has 1. All 1 is global harmony. A state with an entry of zero, which a start
    drawn from a continuous distribution never has, counts with the first.
    """
    size = len(start)
    leading = eigh(start, subset_by_index=[size - 1, size - 1])[1][:, 0]
    sign = np.where(leading >= 0, 1, -1)
    return sign * sign[0]


def friendly_link_density(propensity: float) -> float:
    r"""Share of friendly links in the long run of local triad dynamics, 0 to 1.

    .. math:: \rho = 1 / (1 + \sqrt{3 (1 - 2 p)}) \quad (p < 1/2), \qquad 1 \quad (p \ge 1/2)

    For infinitely many states (Antal et al. 2005).

    Args:
        propensity: :math:`p`, probability that a triad with one hostile link becomes friendly.
    """
    if propensity >= 0.5:
        return 1.0
    return float(1.0 / (1.0 + np.sqrt(3.0 * (1.0 - 2.0 * propensity))))


class TriadDraws(NamedTuple):
    """Random numbers of a number of updates."""

    triad: Int[Array, "update 3"]
    chance: Float[Array, " update"]
    choice: Float[Array, " update"]


def triad_draws(generator: np.random.Generator, states: int, updates: int) -> TriadDraws:
    """Triads of three different states, and two uniform numbers for each."""
    first = generator.integers(0, states, updates)
    second = (first + generator.integers(1, states, updates)) % states
    between = generator.integers(0, states - 2, updates)
    low, high = np.minimum(first, second), np.maximum(first, second)
    third = between + (between >= low)
    third = third + (third >= high)
    chance, choice = generator.random((2, updates))
    return TriadDraws(
        jnp.asarray(np.stack([first, second, third], axis=1), jnp.int32),
        jnp.asarray(chance, jnp.float32),
        jnp.asarray(choice, jnp.float32),
    )


@jax.jit
def triad_dynamics(
    signs: Signs, draws: TriadDraws, propensity: Float[Array, ""]
) -> tuple[Signs, Float[Array, " update"]]:
    """Signs after the updates, and the share of friendly links after each of them.

    An update looks at one triad. A balanced one (a product of signs above 0) stays. One with a
    single hostile link makes it friendly with probability `propensity`, else turns one of the two
    friendly links hostile; one with three hostile links turns one of them friendly.

    Args:
        signs: 1 or -1 for each pair, symmetric; the diagonal is not read.
        draws: random numbers, one row an update.
        propensity: probability that harmony is restored.
    """
    size = signs.shape[0]
    links = size * (size - 1) / 2
    friendly = (jnp.sum(jnp.triu(signs, 1)) + links) / 2

    def update(carry: tuple[Array, Array], drawn: TriadDraws) -> tuple[tuple[Array, Array], Array]:
        signs, friendly = carry
        one, other = drawn.triad, jnp.roll(drawn.triad, -1)
        link = signs[one, other]
        unbalanced = jnp.prod(link) < 0
        to_harmony = (jnp.sum(link) < 0) | (drawn.chance < propensity)
        able = jnp.where(to_harmony, link < 0, link > 0)
        rank = jnp.floor(drawn.choice * jnp.sum(able)) + 1
        chosen = jnp.argmax((jnp.cumsum(able) >= rank) & able)
        new = jnp.where(unbalanced, -link[chosen], link[chosen])
        a, b = one[chosen], other[chosen]
        friendly = friendly + (new - link[chosen]) / 2
        return (signs.at[a, b].set(new).at[b, a].set(new), friendly), friendly / links

    (signs, _), share = lax.scan(update, (signs, friendly), draws)
    return signs, share


def balanced_triad_share(relations: Relations) -> float:
    r"""Share of triads that are balanced, each weighted by the product of its three relations.

    .. math:: \frac{1}{2} \left( 1 + \frac{\mathrm{tr} A^3}{\mathrm{tr} |A|^3} \right)

    1 where all triads are balanced, 0 where none is, missing (NaN) where there is no triad. The
    diagonal is not read. Weighted form of the degree of balance of Cartwright and Harary (1956,
    doi:10.1037/h0046049).
    """
    signed = relations - np.diag(np.diag(relations))
    weight = float(np.einsum("ij,jk,ki->", *[np.abs(signed)] * 3, optimize=True))
    if weight == 0:
        return float("nan")
    return 0.5 * (1.0 + float(np.einsum("ij,jk,ki->", *[signed] * 3, optimize=True)) / weight)


def frustration_share(relations: Relations, bloc: Shaped[np.ndarray, " state"]) -> float:
    """Share of the weight of relations that contradicts a partition, 0 to 1.

    Friendly across blocs and hostile within them. At the best partition (see
    `worldorder.mechanisms.blocs`, sizes 1) it is the line index of balance, weighted. Missing
    (NaN) where there are no relations.
    """
    signed = relations - np.diag(np.diag(relations))
    together = bloc[:, None] == bloc[None, :]
    against = np.where(together, np.maximum(-signed, 0.0), np.maximum(signed, 0.0))
    weight = float(np.abs(signed).sum())
    return float(against.sum()) / weight if weight else float("nan")


def polarization_esteban_ray_1994(
    shares: Float[np.ndarray, " group"],
    positions: Float[np.ndarray, " group"],
    alpha: float = 1.3,
) -> float:
    r"""Polarization of groups on a line: identification within, alienation across.

    .. math:: P = \sum_{i,j} \pi_i^{1+\alpha} \pi_j |y_i - y_j|

    Esteban and Ray (1994, doi:10.2307/2951734). In units of the position; largest for two equal
    groups at the ends.

    Args:
        shares: :math:`\pi`, share of each group, summing to 1.
        positions: :math:`y`.
        alpha: weight of identification, above 0 and at most 1.6 by the authors' axioms.
    """
    distance = np.abs(positions[:, None] - positions[None, :])
    return float(shares ** (1.0 + alpha) @ distance @ shares)
