"""What will a group settle on, when its members want different things, have power and care?

Three rival forms on one line of positions. The *weighted mean* of positions by capability and
salience is the default: it forecasts best on record. The *challenge model* is Bueno de Mesquita's
expected utility model as restated by Scholz, Calbert and Smith (2011, Journal of Theoretical
Politics 23: 510-531, doi:10.1177/0951629811418142). The *Nash bargaining solution* (Nash 1950,
doi:10.2307/1907266) maximises the weighted product of gains over disagreement.

N actors. All kernels are for the host and in double precision.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.optimize import minimize_scalar

ByActor = Float[np.ndarray, " actor"]
ByPair = Float[np.ndarray, "challenger rival"]
ByView = Float[np.ndarray, "viewer challenger rival"]


class Actors(NamedTuple):
    """Who bargains."""

    position: ByActor  # what each wants, in units of the issue
    capability: ByActor  # power on the issue, any unit, at least 0
    salience: ByActor  # how much each cares, 0 to 1


class ChallengeRules(NamedTuple):
    """Choices that the published description leaves open or that its authors' figures fix.

    The defaults give the published rounds of the emissions example.
    """

    status_quo_probability: float = 1.0  # that nothing changes where nobody challenges
    all_pairs: bool = True  # success is counted over the votes of all contests, else of its own
    lowest_centre: bool = True  # of compromises the one with the lowest centre, else the nearest


class Round(NamedTuple):
    """One round of the challenge model."""

    start: ByActor  # positions before the round
    risk_exponent: ByActor
    success_probability: ByPair
    expected_utility: ByView  # of the challenger's challenge to the rival, as the viewer sees it
    yields_to: tuple[int | None, ...]  # to whom each actor moves
    how: tuple[str, ...]  # "stays", "confrontation", "compromise" or "capitulation"
    end: ByActor  # positions after it


def weighted_mean(actors: Actors) -> float:
    r"""Mean position by capability and salience, :math:`\sum c s x / \sum c s`."""
    return float(np.average(actors.position, weights=actors.capability * actors.salience))


def weighted_median(actors: Actors) -> float:
    """Position that no other beats in a contest by capability, salience and distance.

    The lower one where two are equal: by the theorem of Black the position at which half of
    capability times salience is reached.
    """
    order = np.argsort(actors.position, kind="stable")
    weight = (actors.capability * actors.salience)[order].cumsum()
    return float(actors.position[order][np.searchsorted(weight, weight[-1] / 2)])


def votes(
    actors: Actors, exponent: ByActor, scale: float
) -> Float[np.ndarray, "voter challenger rival"]:
    r"""Votes of each actor for one actor's position against another's.

    .. math:: v_k(i, j) = c_k s_k \left( d_{kj}^{r_k} - d_{ki}^{r_k} \right), \quad
        d_{ki} = |x_k - x_i| / D

    Args:
        actors: who bargains.
        exponent: :math:`r`, risk exponent of each; 1 is neutral.
        scale: :math:`D`, width of the issue.
    """
    disliked = (_distance(actors, scale)) ** exponent[:, None]
    weight = actors.capability * actors.salience
    return weight[:, None, None] * (disliked[:, None, :] - disliked[:, :, None])


def success_probability(
    actors: Actors, exponent: ByActor, scale: float, all_pairs: bool = True
) -> ByPair:
    r"""Probability that the row prevails over the column, in a contest decided by votes.

    .. math:: P_{ij} = \sum_k \max(0, v_k(i, j)) \Big/ \sum_k \sum_{a,b} |v_k(a, b)|

    Over the votes of all contests, which gives the published rounds; it keeps probabilities small
    and they do not sum to 1 over the two sides. Or, with `all_pairs` off, over those of the one
    contest, as the text of the model has it. Zero between actors with one position.
    """
    cast = votes(actors, exponent, scale)
    won = np.maximum(cast, 0.0).sum(axis=0)
    total = np.abs(cast).sum() if all_pairs else np.abs(cast).sum(axis=0)
    return np.divide(
        won, total, out=np.zeros_like(won), where=np.broadcast_to(total, won.shape) > 0
    )


def expected_utility(
    actors: Actors, exponent: ByActor, scale: float, probability: ByPair, status_quo: float = 1.0
) -> ByView:
    r"""Gain that the challenger expects from challenging the rival, as the viewer sees it.

    .. math:: E = s_j \left( P_{ij} U_s + (1 - P_{ij}) U_f \right) + (1 - s_j) U_s
        - Q U_q - (1 - Q) \left( T U_b + (1 - T) U_w \right)

    With :math:`U(z) = 2 - 4 (1/2 - z/2)^r`: success :math:`U(d_{ij})`, failure
    :math:`U(-d_{ij})`, status quo :math:`U(0)`, and where the rival moves unchallenged the better
    or worse outcome :math:`U(\pm (d_{i\mu} + d_{ij}) / 2)`. The rival resists in proportion to its
    salience :math:`s_j` and, unchallenged, stays with probability :math:`Q`. A move of its own is
    for the better (:math:`T = 1`) where the median :math:`\mu` is nearer to the challenger than
    the rival is. The viewer lends its own risk exponent *r* to both sides.
    """
    distance = _distance(actors, scale)
    to_median = np.abs(actors.position - weighted_median(actors))[:, None]
    to_median = np.broadcast_to(to_median / scale if scale > 0 else to_median, distance.shape)
    moved = np.where(to_median < distance, 1.0, -1.0) * (to_median + distance) / 2.0
    resists = actors.salience[None, None, :]
    succeeds = _utility(distance, exponent)
    fought = probability * succeeds + (1.0 - probability) * _utility(-distance, exponent)
    stays = _utility(np.zeros_like(distance), exponent)
    unchallenged = status_quo * stays + (1.0 - status_quo) * _utility(moved, exponent)
    return resists * fought + (1.0 - resists) * succeeds - unchallenged


def _utility(gain: ByPair, exponent: ByActor) -> ByView:
    """Utility of a gain in position between -1 and 1, -2 to 2, to each viewer."""
    return 2.0 - 4.0 * (0.5 - 0.5 * gain[None, :, :]) ** exponent[:, None, None]


def risk_exponent(challenge: ByPair) -> ByActor:
    r"""Risk exponent of each actor, 1/2 (takes risks) to 2 (avoids them).

    .. math:: R_i = \frac{2 e_i - \max e - \min e}{\max e - \min e}, \quad
        r_i = \frac{1 - R_i / 3}{1 + R_i / 3}

    Args:
        challenge: expected utility of the row's challenge to the column, with exponents of 1;
            :math:`e_i` is the sum over the challenges to *i*.
    """
    danger = challenge.sum(axis=0) - challenge.diagonal()
    low, high = danger.min(), danger.max()
    if high == low:
        return np.ones_like(danger)
    relative = (2.0 * danger - high - low) / (high - low)
    return (1.0 - relative / 3.0) / (1.0 + relative / 3.0)


def challenge_round(actors: Actors, scale: float, rules: ChallengeRules) -> Round:
    """One round: risk exponents, then challenges, then every actor yields to one or stays.

    An actor yields in a confrontation that both expect to gain from and the other more; failing
    that in a compromise, part of the way; failing that by capitulation. Among confrontations and
    among capitulations it moves the least that it can.
    """
    neutral = np.ones_like(actors.position)
    plain = success_probability(actors, neutral, scale, rules.all_pairs)
    first = expected_utility(actors, neutral, scale, plain, rules.status_quo_probability)
    exponent = risk_exponent(first[0])
    success = success_probability(actors, exponent, scale, rules.all_pairs)
    expected = expected_utility(actors, exponent, scale, success, rules.status_quo_probability)
    moves = [_move(i, actors.position, expected[i], rules) for i in range(len(neutral))]
    how, yields_to, end = zip(*moves, strict=True)
    return Round(actors.position, exponent, success, expected, yields_to, how, np.array(end))


def challenge_rounds(
    actors: Actors, rounds: int, rules: ChallengeRules | None = None
) -> list[Round]:
    """Rounds of the challenge model; the width of the issue is that of the first positions.

    It need not settle: in the published example it does not.
    """
    scale = float(np.ptp(actors.position))
    played: list[Round] = []
    for _ in range(rounds):
        played.append(challenge_round(actors, scale, rules or ChallengeRules()))
        actors = actors._replace(position=played[-1].end)
    return played


def _distance(actors: Actors, scale: float) -> ByPair:
    apart = np.abs(actors.position[:, None] - actors.position[None, :])
    return apart / scale if scale > 0 else apart


def _move(
    actor: int, position: ByActor, seen: ByPair, rules: ChallengeRules
) -> tuple[str, int | None, float]:
    """How, to whom and where an actor moves, by what it sees of the challenges."""
    gain, threat = seen[actor], seen[:, actor]
    other = position != position[actor]
    loses = other & (threat > gain) & (gain > 0)
    bargains = other & (threat > 0) & (gain < 0) & (threat > -gain)
    gives_up = other & (threat > 0) & (gain < 0) & (threat <= -gain)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(bargains, np.abs(gain / threat), 1.0)
        centre = (np.abs(gain) * position[actor] + threat * position) / (np.abs(gain) + threat)
    offer = position[actor] + part * (position - position[actor])
    moved = np.abs(offer - position[actor])
    ranks = {
        "confrontation": (loses, moved),
        "compromise": (bargains, centre if rules.lowest_centre else moved),
        "capitulation": (gives_up, moved),
    }
    for how, (open_to, rank) in ranks.items():
        if open_to.any():
            rival = int(np.where(open_to, rank, np.inf).argmin())
            return how, rival, float(offer[rival])
    return "stays", None, float(position[actor])


def nash_position(actors: Actors, disagreement: float | None = None) -> float:
    r"""Position that maximises the weighted product of gains over disagreement.

    .. math:: \max_x \sum_i c_i s_i \log\left( u_i(x) - u_i^0 \right), \quad
        u_i(x) = 1 - |x - x_i| / D

    Args:
        actors: who bargains; :math:`D` is the width of their positions.
        disagreement: position that stands without agreement; where no other is better for every
            actor with weight, it stays. Not given: disagreement is worth nothing to anyone, as a
            position a whole width away would be.
    """
    low, high = float(actors.position.min()), float(actors.position.max())
    weight = actors.capability * actors.salience
    heard = weight > 0
    width = max(high - low, np.finfo(float).tiny)
    place, weight = actors.position[heard], weight[heard]
    reach = np.full_like(place, width)
    if disagreement is not None:
        reach = np.abs(place - disagreement)
        low, high = max(low, (place - reach).max()), min(high, (place + reach).min())
        if low >= high:
            return float(disagreement)
    if low == high:
        return low

    def loss(position: float) -> float:
        gain = np.maximum(reach - np.abs(position - place), 1e-300) / width
        return -float(weight @ np.log(gain))

    kinks = [x for x in place.tolist() if low <= x <= high]
    smooth: Any = minimize_scalar(
        loss, bounds=(low, high), method="bounded", options={"xatol": 1e-10}
    )
    return min([float(smooth.x), *kinks], key=loss)
