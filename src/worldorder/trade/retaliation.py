"""Who answers tariffs, and how: not, in kind, as serves them best, or both sides at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import xarray as xr
from scipy.optimize import minimize_scalar

from worldorder.errors import ConvergenceError, InputError, did_you_mean
from worldorder.trade.labels import Vector, matrix_of
from worldorder.trade.sector_flows import cube_of
from worldorder.trade.sectors import SectorBaseline
from worldorder.trade.solving import Baseline, solve

Retaliation: TypeAlias = Literal["none", "reciprocal", "optimal", "nash"]
World: TypeAlias = Baseline | SectorBaseline
Tariffs: TypeAlias = dict[tuple[str, ...], float]  # by importer, exporter and, if any, sector
Rates: TypeAlias = Mapping[Any, float]
Players: TypeAlias = Mapping[str, Sequence[str]]  # name of a player -> countries that act as one

HIGHEST = 3.0  # ad valorem; best answers lie far below
PRECISION = 1e-4


def reciprocal(tariffs: Rates, base: World, unions: Players | None = None) -> Tariffs:
    """`tariffs` and what those hit put on the imposers' goods: the same rise, pair by pair.

    Those who are themselves among the imposers do not answer. Members of a customs union answer as
    one, with the mean rise that they meet, weighted by what they sold to the imposer; so those
    whom the tariff spares answer too. With sectors, sector by sector.
    """
    if isinstance(base, SectorBaseline):
        found: Tariffs = {}
        for sector, one, rates in _by_sector(base, tariffs):
            answered = reciprocal(rates, one, unions)
            found |= {(*pair, sector): rate for pair, rate in answered.items()}
        return found
    place = {name: number for number, name in enumerate(base.names)}
    imposers = {importer for importer, _ in tariffs}
    found = dict(tariffs)
    for (importer, exporter), rate in tariffs.items():
        rise = rate - base.tariffs[place[exporter], place[importer]]
        if exporter not in imposers and rise > 0:
            old = float(base.tariffs[place[importer], place[exporter]])
            found[exporter, importer] = max(found.get((exporter, importer), old), float(old + rise))
    for members in (unions or {}).values():
        found |= _answer_of_union([m for m in members if m in place], imposers, tariffs, base)
    return found


def _by_sector(base: SectorBaseline, tariffs: Rates) -> Iterator[tuple[str, Baseline, Tariffs]]:
    """Each sector as a world of its own, with the tariffs on its goods."""
    for number, sector in enumerate(base.sectors):
        one = Baseline(base.names, base.flows[number], base.tariffs[number])
        for_all = {key: rate for key, rate in tariffs.items() if len(key) == 2}
        own = {key[:2]: rate for key, rate in tariffs.items() if key[2:] == (sector,)}
        yield sector, one, for_all | own


def _answer_of_union(
    members: Sequence[str],
    imposers: set[str],
    tariffs: Rates,
    base: Baseline,
) -> Tariffs:
    """One rate of all members on each imposer that hit any of them."""
    place = {name: number for number, name in enumerate(base.names)}
    own, found = [place[name] for name in members], Tariffs()
    for imposer in sorted(imposers - set(members)):
        at = place[imposer]
        new = np.array([tariffs.get((imposer, m), base.tariffs[place[m], at]) for m in members])
        rise = np.maximum(new - base.tariffs[own, at], 0.0)
        sold = base.flows[own, at]
        if rise.any() and sold.any() and not imposers & set(members):
            mean = float(rise @ sold / sold.sum())
            found |= {(m, imposer): float(base.tariffs[at, place[m]]) + mean for m in members}
    return found


def joint_welfare(
    found: xr.Dataset, members: Sequence[str], base: World, measure: str = "welfare"
) -> float:
    """Mean change of welfare (or another measure) of the members, weighted by past spending."""
    bought = base.flows.reshape(-1, len(base.names)).sum(0)
    spent = xr.DataArray(bought, dims="country", coords={"country": list(base.names)})
    weight = spent.sel(country=list(members))
    return float((found[measure].sel(country=list(members)) * weight).sum() / weight.sum())


def _with_rate(
    tariffs: Rates,
    members: Sequence[str],
    partners: Sequence[str],
    rate: float,
    sectors: Sequence[str] | None = None,
) -> Tariffs:
    """The rate of the members on the partners' goods, of the sectors that are named or of all."""
    pairs = [(m, partner) for m in members for partner in partners if partner not in members]
    if sectors is None:
        left = {key: old for key, old in tariffs.items() if key[:2] not in set(pairs)}
        return {**left, **dict.fromkeys(pairs, rate)}
    return {**tariffs, **{(*pair, sector): rate for pair in pairs for sector in sectors}}


def best_tariff(
    base: World,
    members: Sequence[str],
    partners: Sequence[str],
    tariffs: Rates | None = None,
    sectors: Sequence[str] | None = None,
    **options: Any,
) -> float:
    """The one rate on the goods of `partners` that serves the joint welfare of `members` best.

    All other tariffs stay as in `tariffs`. Searched between 0 and 300 percent.

    Args:
        base: world before; over sectors the rate is the same in all, or in `sectors`.
        members: who set it, as one.
        partners: whose goods it falls on.
        tariffs: of all others.
        sectors: on which it falls; None is all.
        **options: of `solve`.
    """
    others = dict(tariffs or {})

    def loss(rate: float) -> float:
        trial = _with_rate(others, members, partners, float(rate), sectors)
        return -joint_welfare(solve(base, trial, **options), members, base)

    search: Callable[..., Any] = minimize_scalar
    return float(search(loss, bounds=(0, HIGHEST), method="bounded", options={"xatol": 1e-5}).x)


def retaliated(
    base: World,
    tariffs: Rates,
    retaliation: Retaliation = "none",
    unions: Players | None = None,
    sectors: Sequence[str] | None = None,
    **options: Any,
) -> Tariffs:
    """Tariffs after those hit have answered.

    Args:
        base: world before, of one sector or of several.
        tariffs: by (importer, exporter), and sector where there are several.
        retaliation: "none"; "reciprocal", the same rise pair by pair; "optimal", the one rate on
            the imposers' goods that serves all those hit together best; "nash", where the imposers
            choose anew too: one rate of each side at which neither gains by another. Where all
            those hit impose as well, each imposer (a union as one) is a side of its own.
        unions: customs unions, whose members act as one: hit in one, all answer.
        sectors: in which a chosen rate falls; None is all.
        **options: of `solve`.
    """
    if retaliation not in get_args(Retaliation):
        near = did_you_mean(retaliation, get_args(Retaliation))
        raise InputError(f"unknown retaliation {retaliation!r}", near)
    _check_named(tariffs, base)
    if retaliation == "reciprocal":
        return reciprocal(tariffs, base, unions)
    if retaliation == "none":
        return dict(tariffs)
    imposers = sorted({key[0] for key in tariffs})
    hit = sorted(_with_their_unions({key[1] for key in tariffs}, unions) - set(imposers))
    if retaliation == "nash":
        sides = {"imposers": imposers, "those hit": hit} if hit else _each(imposers, unions)
        rates = nash_tariffs(base, sides, tariffs, sectors=sectors, **options)
        return tariffs_of(sides, rates, sectors, tariffs)
    if not hit:
        return dict(tariffs)
    rate = best_tariff(base, hit, imposers, tariffs, sectors, **options)
    return _with_rate(tariffs, hit, imposers, rate, sectors)


def _check_named(tariffs: Rates, base: World) -> None:
    """Names what is unknown."""
    if isinstance(base, SectorBaseline):
        cube_of(tariffs, base.names, base.sectors, "tariffs", 0.0)
    else:
        matrix_of(tariffs, base.names, "tariffs", 0.0)


def _each(names: Sequence[str], unions: Players | None) -> dict[str, list[str]]:
    """Every country as a player of its own, but members of a union as one."""
    union_of = {member: union for union, members in (unions or {}).items() for member in members}
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(union_of.get(name, name), []).append(name)
    return found


def _with_their_unions(names: set[str], unions: Players | None) -> set[str]:
    joined = [set(members) for members in (unions or {}).values() if names & set(members)]
    return names.union(*joined)


def nash_tariffs(
    base: World,
    players: Players,
    tariffs: Rates | None = None,
    most_rounds: int = 50,
    sectors: Sequence[str] | None = None,
    **options: Any,
) -> dict[str, float]:
    """Rates at which no player gains by changing its own, given those of the others.

    Each player sets one rate on the goods of all the other players, in the sectors that are named
    or in all; countries of a player act as one and have no tariffs between them.

    Raises:
        ConvergenceError: best answers do not settle.
    """
    rates: Vector = np.zeros(len(players))
    for _ in range(most_rounds):
        before = rates.copy()
        for number, name in enumerate(players):
            set_now = dict(zip(players, rates.tolist(), strict=True))
            now = tariffs_of(players, set_now, sectors, tariffs)
            rivals = _rivals(players, name)
            rates[number] = best_tariff(base, players[name], rivals, now, sectors, **options)
        if np.abs(rates - before).max() < PRECISION:
            return {name: float(rate) for name, rate in zip(players, rates, strict=True)}
    raise ConvergenceError(
        f"best answers of {', '.join(players)} do not settle in {most_rounds} rounds",
        "Allow more rounds or fewer players.",
    )


def _rivals(players: Players, name: str) -> list[str]:
    return [member for other in players if other != name for member in players[other]]


def tariffs_of(
    players: Players,
    rates: Mapping[str, float],
    sectors: Sequence[str] | None = None,
    tariffs: Rates | None = None,
) -> Tariffs:
    """Tariffs by pair of players who each set one rate on the goods of all the others.

    Args:
        players: countries of each.
        rates: of each player.
        sectors: on which they fall; None is all.
        tariffs: others, which stay.
    """
    found: Tariffs = dict(tariffs or {})
    for name, rate in rates.items():
        found = _with_rate(found, players[name], _rivals(players, name), rate, sectors)
    return found
