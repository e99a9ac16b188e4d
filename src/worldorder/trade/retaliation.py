"""Who answers tariffs, and how: not, in kind, as serves them best, or both sides at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import xarray as xr
from scipy.optimize import minimize_scalar

from worldorder.errors import ConvergenceError, InputError, did_you_mean
from worldorder.trade.labels import Vector, matrix_of
from worldorder.trade.solving import Baseline, solve

Retaliation: TypeAlias = Literal["none", "reciprocal", "optimal", "nash"]
Tariffs: TypeAlias = dict[tuple[str, str], float]
Players: TypeAlias = Mapping[str, Sequence[str]]  # name of a player -> countries that act as one

HIGHEST = 3.0  # ad valorem; best answers lie far below
PRECISION = 1e-4


def reciprocal(
    tariffs: Mapping[tuple[str, str], float], base: Baseline, unions: Players | None = None
) -> Tariffs:
    """`tariffs` and what those hit put on the imposers' goods: the same rise, pair by pair.

    Those who are themselves among the imposers do not answer. Members of a customs union answer as
    one, with the mean rise that they meet, weighted by what they sold to the imposer; so those
    whom the tariff spares answer too.
    """
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


def _answer_of_union(
    members: Sequence[str],
    imposers: set[str],
    tariffs: Mapping[tuple[str, str], float],
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
    found: xr.Dataset, members: Sequence[str], base: Baseline, measure: str = "welfare"
) -> float:
    """Mean change of welfare (or another measure) of the members, weighted by past spending."""
    spent = xr.DataArray(base.flows.sum(0), dims="country", coords={"country": list(base.names)})
    weight = spent.sel(country=list(members))
    return float((found[measure].sel(country=list(members)) * weight).sum() / weight.sum())


def _with_rate(
    tariffs: Mapping[tuple[str, str], float],
    members: Sequence[str],
    partners: Sequence[str],
    rate: float,
) -> Tariffs:
    pairs = [(member, partner) for member in members for partner in partners]
    return {**tariffs, **{pair: rate for pair in pairs if pair[1] not in members}}


def best_tariff(
    base: Baseline,
    members: Sequence[str],
    partners: Sequence[str],
    tariffs: Mapping[tuple[str, str], float] | None = None,
    **options: Any,
) -> float:
    """The one rate on the goods of `partners` that serves the joint welfare of `members` best.

    All other tariffs stay as in `tariffs`. Searched between 0 and 300 percent.
    """
    others = dict(tariffs or {})

    def loss(rate: float) -> float:
        trial = _with_rate(others, members, partners, float(rate))
        return -joint_welfare(solve(base, trial, **options), members, base)

    search: Callable[..., Any] = minimize_scalar
    return float(search(loss, bounds=(0, HIGHEST), method="bounded", options={"xatol": 1e-5}).x)


def retaliated(
    base: Baseline,
    tariffs: Mapping[tuple[str, str], float],
    retaliation: Retaliation = "none",
    unions: Players | None = None,
    **options: Any,
) -> Tariffs:
    """Tariffs after those hit have answered.

    Args:
        base: world before.
        tariffs: by (importer, exporter).
        retaliation: "none"; "reciprocal", the same rise pair by pair; "optimal", the one rate on
            the imposers' goods that serves all those hit together best; "nash", where the imposers
            choose anew too: one rate of each side at which neither gains by another. Where all
            those hit impose as well, each imposer (a union as one) is a side of its own.
        unions: customs unions, whose members act as one: hit in one, all answer.
        **options: of `solve`.
    """
    if retaliation not in get_args(Retaliation):
        near = did_you_mean(retaliation, get_args(Retaliation))
        raise InputError(f"unknown retaliation {retaliation!r}", near)
    matrix_of(tariffs, base.names, "tariffs", 0.0)  # names what is unknown
    if retaliation == "reciprocal":
        return reciprocal(tariffs, base, unions)
    if retaliation == "none":
        return dict(tariffs)
    imposers = sorted({importer for importer, _ in tariffs})
    hit = sorted(_with_their_unions({name for _, name in tariffs}, unions) - set(imposers))
    if retaliation == "nash":
        sides = {"imposers": imposers, "those hit": hit} if hit else _each(imposers, unions)
        rates = nash_tariffs(base, sides, tariffs, **options)
        return {**tariffs, **tariffs_of(sides, rates)}
    if not hit:
        return dict(tariffs)
    rate = best_tariff(base, hit, imposers, tariffs, **options)
    return _with_rate(tariffs, hit, imposers, rate)


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
    base: Baseline,
    players: Players,
    tariffs: Mapping[tuple[str, str], float] | None = None,
    most_rounds: int = 50,
    **options: Any,
) -> dict[str, float]:
    """Rates at which no player gains by changing its own, given those of the others.

    Each player sets one rate on the goods of all the other players; countries of a player act as
    one and have no tariffs between them.

    Raises:
        ConvergenceError: best answers do not settle.
    """
    rates: Vector = np.zeros(len(players))
    for _ in range(most_rounds):
        before = rates.copy()
        for number, name in enumerate(players):
            now = {**(tariffs or {}), **tariffs_of(players, dict(zip(players, rates, strict=True)))}
            rates[number] = best_tariff(base, players[name], _rivals(players, name), now, **options)
        if np.abs(rates - before).max() < PRECISION:
            return {name: float(rate) for name, rate in zip(players, rates, strict=True)}
    raise ConvergenceError(
        f"best answers of {', '.join(players)} do not settle in {most_rounds} rounds",
        "Allow more rounds or fewer players.",
    )


def _rivals(players: Players, name: str) -> list[str]:
    return [member for other in players if other != name for member in players[other]]


def tariffs_of(players: Players, rates: Mapping[str, float]) -> Tariffs:
    """Tariffs by pair of players who each set one rate on the goods of all the others."""
    found: Tariffs = {}
    for name, rate in rates.items():
        found = _with_rate(found, players[name], _rivals(players, name), rate)
    return found
