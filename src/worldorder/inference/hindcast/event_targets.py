"""Targets that happen or not: defence pacts, memberships, disputes, sanctions."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.vintage import Read, pacts_known
from worldorder.inference import baselines
from worldorder.inference.hindcast.cells import MODEL, Case, Cells, no_cells

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
YEARLY = "cow-igo"  # the record of memberships by year
LAST_YEARLY = 2014  # of memberships and of militarised disputes


def event_probability(share: Vector, runs: int) -> Vector:
    """Probability of an event from the share of runs in which it happened.

    Shares of few runs are drawn toward their mean over cells as far as they differ by chance of
    sampling alone (empirical Bayes, beta-binomial by moments); the mean is kept.
    """
    mean = float(np.clip(share.mean(), 1e-9, 1 - 1e-9))
    binomial = mean * (1 - mean)
    between = max(float(share.var()) - binomial / runs, 1e-12) / (1 - 1 / runs)
    weight = max(binomial / between - 1.0, 1e-3)
    return (runs * share + weight * mean) / (runs + weight)


@dataclass(frozen=True)
class Status:
    """A tie or membership by year, with plain covariates for the naive logit.

    Matrices have shape (row, column); `open` marks the cells that count.
    """

    held: Callable[[int], Mask]
    covariates: Callable[[int], list[Matrix]]
    open: Mask


def event_cells(
    case: Case,
    target: str,
    horizon: int,
    known: Status,
    came: Callable[[int], Mask],
    simulated: Mask,
    begins: bool,
) -> Cells:
    """Cells of a tie that begins (or ends) between the origin and the horizon.

    Args:
        case: the origin.
        target: its name.
        horizon: years ahead.
        known: the record to the origin.
        came: the record as it came out, by year.
        simulated: status at the horizon, shape (run, row, column).
        begins: whether the event is a beginning or an end.
    """
    now, before = known.held(case.origin), known.held(case.origin - horizon)
    risk = known.open & (now != begins)
    risk_before = known.open & (before != begins)
    happened_before = (now == begins)[risk_before]
    covariates = np.column_stack([c[risk] for c in known.covariates(case.origin)])
    earlier = np.column_stack([c[risk_before] for c in known.covariates(case.origin - horizon)])
    share = (simulated == begins).mean(axis=0)[risk]
    forecasts: dict[str, Matrix] = {
        "persistence": np.zeros(int(risk.sum())),
        "base_rate": baselines.base_rate(happened_before, int(risk.sum())),
        "logit": baselines.logit(earlier, happened_before, covariates),
        MODEL: event_probability(share, len(simulated)),
    }
    observed = (came(case.origin + horizon) == begins)[risk].astype(float)
    return Cells(target, case.origin, horizon, _units(case, risk), observed, forecasts)


def _units(case: Case, risk: Mask) -> NDArray[np.str_]:
    columns = case.states if risk.shape[1] == len(case.states) else case.bodies
    row, column = np.nonzero(risk)
    return np.array([f"{case.states[i]}/{columns[j]}" for i, j in zip(row, column, strict=True)])


def upper(states: int) -> Mask:
    """Each pair of states once."""
    return np.triu(np.ones((states, states), bool), k=1)


def pair_matrix(case: Case, frame: pd.DataFrame, one: str, other: str) -> Mask:
    """Symmetric matrix of the pairs in a table."""
    place = {code: i for i, code in enumerate(case.states)}
    a, b = frame[one].map(place), frame[other].map(place)
    known = a.notna() & b.notna()
    matrix = np.zeros((len(place), len(place)), bool)
    rows, columns = a[known].to_numpy(int), b[known].to_numpy(int)
    matrix[rows, columns] = matrix[columns, rows] = True
    return matrix


def pair_covariates(case: Case, extra: Callable[[int], Matrix]) -> Callable[[int], list[Matrix]]:
    """Log distance, log of the smaller GDP of the pair at the origin, and one more by year."""
    distance = np.log(np.maximum(case.arrays["distance"].astype(float), 1.0))
    size = np.log(case.arrays["gdp"].astype(float))
    smaller = np.minimum(size[:, None], size[None, :])
    return lambda year: [distance, smaller, extra(year)]


def _pacts_held(case: Case, frame: pd.DataFrame) -> Callable[[int], Mask]:
    return lambda year: pair_matrix(case, frame[frame["year"] == year], "actor", "partner")


@functools.lru_cache(maxsize=16)
def _pacts_to(year: int, read: Read) -> pd.DataFrame:
    return pacts_known(year, read)


def _pact(case: Case, horizon: int, begins: bool) -> Cells:
    """Pairs with a defence pact in either direction."""
    known = _pacts_to(case.origin, case.known)
    size = len(case.states)
    held = _pacts_held(case, known)
    affinity = case.arrays["ideal_point"].astype(float)
    gap = np.abs(affinity[:, None] - affinity[None, :])
    status = Status(held, pair_covariates(case, lambda year: gap), upper(size))
    simulated = case.at("defence_pact", horizon)
    either = simulated | np.swapaxes(simulated, 1, 2)
    came = _pacts_held(case, _pacts_to(case.origin + horizon, case.outcome))
    name = "pact_onset" if begins else "pact_exit"
    return event_cells(case, name, horizon, status, came, either, begins)


def pact_onset(case: Case, horizon: int) -> Cells:
    """Pairs without a pact at the origin that have one at the horizon."""
    return _pact(case, horizon, True)


def pact_exit(case: Case, horizon: int) -> Cells:
    """Pairs with a pact at the origin that have none at the horizon."""
    return _pact(case, horizon, False)


def full_spells(case: Case, read: Read) -> pd.DataFrame:
    """Spells of full membership in the yearly record, ended by withdrawal or going on.

    A spell that stops because the body or the state ended, an agreement lapsed or a list was
    recoded is no exit: such spells count as going on, as in the estimate of the hazards.
    """
    spells = read("membership_spells")
    spells = spells[(spells["source"] == YEARLY) & (spells["status"] == "full")]
    spells = spells.astype({"iso3": str, "institution": str})
    events = read("membership_events").astype({"iso3": str, "institution": str, "event": str})
    left = events[(events["event"] == "exit") & events["verdict"].isin(("certain", "likely"))]
    exits = set(zip(left["institution"], left["iso3"], left["year"].astype(int), strict=True))
    ended = [
        (body, state, int(end)) in exits or (body, state, int(end) + 1) in exits
        for body, state, end in zip(
            spells["institution"], spells["iso3"], spells["end"].fillna(9998), strict=True
        )
    ]
    spells = spells.assign(last=np.where(ended, spells["end"].fillna(9999), 9999).astype(int))
    place = {code: i for i, code in enumerate(case.states)}
    column = {body: j for j, body in enumerate(case.bodies)}
    spells = spells.assign(a=spells["iso3"].map(place), b=spells["institution"].map(column))
    return spells.dropna(subset=["a", "b"])


def _members(case: Case, spells: pd.DataFrame) -> Callable[[int], Mask]:
    """Full members by year, state by body."""

    def held(year: int) -> Mask:
        now = spells[(spells["begin"] <= year) & (spells["last"] >= year)]
        matrix = np.zeros((len(case.states), len(case.bodies)), bool)
        matrix[now["a"].to_numpy(int), now["b"].to_numpy(int)] = True
        return matrix

    return held


def of_living(simulated: Mask, at_origin: Mask) -> Mask:
    """Simulated members, those of the origin where a body has ended in a run: an end is no exit.

    Args:
        simulated: shape (run, state, body).
        at_origin: shape (state, body).
    """
    ended = ~simulated.any(axis=1, keepdims=True)
    return np.where(ended, at_origin, simulated)


def _membership(case: Case, horizon: int, begins: bool) -> Cells:
    """Memberships of bodies in the yearly record that were alive at the origin."""
    spells = full_spells(case, case.outcome)
    if case.origin + horizon > LAST_YEARLY:
        spells = spells.iloc[:0]
    held = _members(case, spells[spells["begin"] <= case.origin])
    alive = held(case.origin).sum(0) >= 2
    alive &= held(case.origin - horizon).sum(0) >= 2
    if not alive.any():
        return no_cells("io_entry" if begins else "io_exit", case, horizon)
    near = case.arrays["neighbour_share"].astype(float)
    size = np.log(case.arrays["gdp"].astype(float))

    def covariates(year: int) -> list[Matrix]:
        members = np.log(np.maximum(held(year).sum(0), 1.0))
        return [
            np.broadcast_to(members[None, :], near.shape),
            np.broadcast_to(size[:, None], near.shape),
            np.sqrt(near),
        ]

    agreed = held(case.origin) == case.arrays["membership"].astype(bool)
    opened = np.broadcast_to(alive[None, :], near.shape) & agreed
    status = Status(held, covariates, opened)
    name = "io_entry" if begins else "io_exit"
    came = _members(case, spells)
    simulated = of_living(case.at("membership", horizon).astype(bool), held(case.origin))
    return event_cells(case, name, horizon, status, came, simulated, begins)


def io_exit(case: Case, horizon: int) -> Cells:
    """Members at the origin that are none at the horizon."""
    return _membership(case, horizon, False)


def io_entry(case: Case, horizon: int) -> Cells:
    """States outside a living body at the origin that are members at the horizon."""
    return _membership(case, horizon, True)


def dispute(case: Case, horizon: int) -> Cells:
    """Pairs with a militarised dispute or conflict in any of the years after the origin."""

    def ever(frame: pd.DataFrame) -> Callable[[int], Mask]:
        def held(year: int) -> Mask:
            rows = frame[frame["year"].between(year - horizon + 1, year)]
            return pair_matrix(case, rows, "state_a", "state_b")

        return held

    before = ever(case.known("disputes"))
    contiguous = case.arrays["contiguity"].astype(float)
    covariates = pair_covariates(case, lambda year: contiguous)
    open_pairs = upper(len(case.states))
    happened_before = before(case.origin)[open_pairs]
    design = np.column_stack([c[open_pairs] for c in covariates(case.origin)])
    simulated = case.at("dispute", horizon).mean(axis=0)[open_pairs]
    runs = len(case.at("dispute", horizon))
    forecasts: dict[str, Matrix] = {
        "persistence": happened_before.astype(float),
        "base_rate": baselines.base_rate(happened_before, int(open_pairs.sum())),
        "logit": baselines.logit(design, happened_before, design),
        MODEL: event_probability(simulated, runs),
    }
    observed = ever(case.outcome("disputes"))(case.origin + horizon)[open_pairs].astype(float)
    if case.origin + horizon > LAST_YEARLY:
        observed = np.full_like(observed, np.nan)  # what is on record then is of another kind
    return Cells("dispute", case.origin, horizon, _units(case, open_pairs), observed, forecasts)


EVENT_TARGETS: dict[str, Callable[[Case, int], Cells]] = {
    "pact_onset": pact_onset,
    "pact_exit": pact_exit,
    "io_exit": io_exit,
    "io_entry": io_entry,
    "dispute": dispute,
}
