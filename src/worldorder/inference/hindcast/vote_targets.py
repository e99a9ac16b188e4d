"""Votes of states on resolutions that come back to the Assembly under the same title.

What a resolution asks for is known from the last time that it was voted on: its slope and cut
points are estimated on those votes with the ideal points known at the origin. How a state voted
then, beside what its position told, says how it sees the matter: part of that is still there the
next time (`memory`). The model's forecast is the mean over runs of the probability that the
simulated ideal point and this give; the naive ones know how each state voted then too.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import ndtr, ndtri

from worldorder.data.voting.design import CODES
from worldorder.data.voting.estimate import Priors
from worldorder.data.voting.ordinal import vote_slopes
from worldorder.data.voting.records import Records
from worldorder.inference import baselines
from worldorder.inference.hindcast.cells import MODEL, Case, Cells, no_cells
from worldorder.inference.hindcast.state_targets import wide

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

COLUMNS = ["title", "year", "state", "vote"]
REACH = 3  # years before the origin within which a resolution was last voted on
FEWEST_VOTERS = 60
NARROWEST = 1e-3  # between the two cut points
MOST_MEMORY = 0.99
_PLACES = (np.arange(9) + 0.5) / 9  # of a surprise, equally likely
NO_VOTES = pd.DataFrame(columns=COLUMNS).astype({"year": int})


def votes_by_title(records: Records) -> pd.DataFrame:
    """Votes on resolutions whose title is the only one of its kind in its year.

    Columns title, year, state and vote (Y, N or A).
    """
    alone = records.resolutions[~records.resolutions.duplicated(["title", "year"], keep=False)]
    rows = records.votes.merge(alone[["title", "year"]], left_on="resolution", right_index=True)
    return rows[COLUMNS].reset_index(drop=True)


def last_votes(votes: pd.DataFrame, year: int) -> pd.DataFrame:
    """Votes on each title the last time before the end of a year, at most three years back."""
    rows = votes[votes["year"].between(year - REACH + 1, year)]
    last = rows.groupby("title")["year"].transform("max")
    rows = rows[rows["year"] == last]
    return rows[rows.groupby("title")["state"].transform("size") >= FEWEST_VOTERS]


def resolution_parameters(position: Vector, vote: NDArray[np.int64]) -> Vector:
    """Slope and cut points (lower, upper) of a resolution: posterior mode, ordered probit.

    Args:
        position: ideal points of those who voted.
        vote: 0 no, 1 abstention, 2 yes.
    """
    priors = Priors()

    def loss(at: Vector) -> tuple[float, Vector]:
        slope, lower, gap = at[0], at[1], np.exp(at[2]) + NARROWEST
        upper = lower + gap
        here = np.ones_like(position)
        s = vote_slopes(vote, slope * position, lower * here, upper * here)
        value = -s.log_probability.sum() + 0.5 * (slope / priors.discrimination_sd) ** 2
        value += 0.5 * (lower**2 + upper**2) / priors.cut_sd**2 - np.log(gap)
        by_upper = -s.upper.sum() + upper / priors.cut_sd**2
        by_lower = -s.lower.sum() + lower / priors.cut_sd**2 + by_upper
        by_gap = (by_upper - 1 / gap) * (gap - NARROWEST)
        by_slope = -(s.position * position).sum() + slope / priors.discrimination_sd**2
        return float(value), np.array([by_slope, by_lower, by_gap])

    found = minimize(loss, np.array([0.0, -1.0, -1.0]), jac=True, method="L-BFGS-B").x
    return np.array([found[0], found[1], found[1] + np.exp(found[2]) + NARROWEST])


def _covariates(before: pd.DataFrame, rows: pd.DataFrame, place: pd.Series) -> Matrix:
    """Own vote last time, share of yes then, ideal point; one row a vote to be forecast."""
    yes = (before["vote"] == "Y").astype(float)
    share = yes.groupby(before["title"]).mean()
    own = yes.set_axis(pd.MultiIndex.from_frame(before[["title", "state"]]))
    keys = pd.MultiIndex.from_frame(rows[["title", "state"]])
    parts = (own.reindex(keys), share.reindex(rows["title"]), place.reindex(rows["state"]))
    return np.stack([np.asarray(part, np.float64) for part in parts], axis=1)


@cache
def _fitted(position: bytes, vote: bytes) -> tuple[float, float, float]:
    """Slope and cut points (lower, upper); the horizons of an origin share them."""
    found = resolution_parameters(np.frombuffer(position), np.frombuffer(vote, np.int64))
    return float(found[0]), float(found[1]), float(found[2])


def resolutions(before: pd.DataFrame, position: pd.DataFrame) -> pd.DataFrame:
    """Slope, lower and upper cut point by title, from its last votes; too few voters, no row."""
    found: dict[str, tuple[float, float, float]] = {}
    for title, votes in before.groupby("title"):
        then = position[int(votes["year"].iloc[0])].reindex(votes["state"]).to_numpy(float)
        known = np.isfinite(then)
        if known.sum() >= FEWEST_VOTERS:
            vote = votes["vote"].map(CODES).to_numpy(np.int64)
            found[str(title)] = _fitted(then[known].tobytes(), vote[known].tobytes())
    return pd.DataFrame.from_dict(found, orient="index", columns=["slope", "lower", "upper"])


def departures(
    before: pd.DataFrame, rows: pd.DataFrame, position: pd.DataFrame, asked: pd.DataFrame
) -> Matrix:
    """How far each state's last vote lay from what its position told, shape (row, place).

    Equally likely places of a standard normal surprise given the vote, of any where the position
    then is not known.
    """
    keys = ["title", "state"]
    last = before.drop_duplicates(keys).merge(asked, left_on="title", right_index=True)
    year = last["year"].to_numpy(int)
    columns, index = position.columns.to_numpy(int), position.index
    at = position.to_numpy(float)[
        index.get_indexer(pd.Index(last["state"])), np.searchsorted(columns, year)
    ]
    told = last["slope"].to_numpy(float) * at
    edges = np.stack(
        [np.full(len(last), -np.inf), last["lower"] - told, last["upper"] - told,
         np.full(len(last), np.inf)], axis=1,
    )  # fmt: skip
    code = last["vote"].map(CODES).to_numpy(int)
    low, high = (ndtr(edges[np.arange(len(last)), code + k]) for k in (0, 1))
    place = low[:, None] + (high - low)[:, None] * _PLACES
    found = pd.DataFrame(ndtri(np.clip(place, 1e-9, 1 - 1e-9)))
    found.index = pd.MultiIndex.from_frame(last[keys])
    held = found.reindex(pd.MultiIndex.from_frame(rows[keys])).to_numpy(float)
    return np.where(np.isfinite(held), held, ndtri(_PLACES))


def probability_of_yes(lead: Matrix, departed: Matrix, memory: float) -> Matrix:
    r"""Probability of a yes, shape (..., row).

    $$P = \overline{\Phi}\left(\frac{s x - u + \rho e}{\sqrt{1 - \rho^2}}\right)$$

    Args:
        lead: $s x - u$, slope times position less the upper cut point, shape (..., row).
        departed: $e$, places of the surprise of the last vote, shape (row, place).
        memory: $\rho$, correlation of surprises of two votes of a state on a resolution.
    """
    total = np.zeros(np.shape(lead))
    for place in departed.T:
        total += ndtr((lead + memory * place) / np.sqrt(1 - memory**2))
    return total / departed.shape[1]


def memory_of_votes(lead: Vector, departed: Matrix, yes: NDArray[np.bool_]) -> float:
    """Correlation of surprises, by maximum likelihood on votes that came back by the origin."""
    known = np.isfinite(lead)
    lead, departed, yes = lead[known], departed[known], yes[known]

    def loss(memory: float) -> float:
        chance = np.clip(probability_of_yes(lead, departed, memory), 1e-9, 1 - 1e-9)
        return -float(np.log(np.where(yes, chance, 1 - chance)).sum())

    found: Any = minimize_scalar(loss, bounds=(0.0, MOST_MEMORY), method="bounded")
    return float(found.x)


def _pairs(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Votes of a later year by those who voted on the same title before."""
    keys = before[["title", "state"]].drop_duplicates()
    return after.merge(keys, on=["title", "state"])


def un_vote(case: Case, horizon: int) -> Cells:
    """Whether a state that votes says yes, on resolutions last voted on before the origin."""
    known, came = case.known("votes"), case.outcome("votes")
    position = wide(case.known("state_year"), "ideal_point", case.states)
    before = last_votes(known, case.origin)
    before = before[before["state"].isin(case.states)]
    rows = _pairs(before, came[came["year"] == case.origin + horizon])
    earlier = last_votes(known, case.origin - horizon)
    then = _pairs(earlier, known[known["year"] == case.origin])
    if rows.empty or then.empty:
        return no_cells("un_vote", case, horizon)
    covariates = _covariates(before, rows, position[case.origin])
    learned = _covariates(earlier, then, position[case.origin - horizon])
    whole = np.isfinite(learned).all(axis=1)
    happened = (then["vote"] == "Y").to_numpy(bool)[whole]
    forecasts: dict[str, Matrix] = {
        "persistence": covariates[:, 0],
        "base_rate": baselines.base_rate(happened, len(rows)),
        "logit": baselines.logit(learned[whole], happened, np.nan_to_num(covariates)),
        MODEL: _forecast(case, horizon, (before, rows), (earlier, then), position),
    }
    unit = (rows["state"] + "/" + rows["title"]).to_numpy(str)
    observed = np.asarray(rows["vote"] == "Y", np.float64)
    return Cells("un_vote", case.origin, horizon, unit, observed, forecasts)


def _forecast(
    case: Case,
    horizon: int,
    asked: tuple[pd.DataFrame, pd.DataFrame],
    learned: tuple[pd.DataFrame, pd.DataFrame],
    position: pd.DataFrame,
) -> Vector:
    """Mean over runs of the probability of a yes; `learned` are votes that came back by then."""
    (before, rows), (earlier, then) = asked, learned
    known = resolutions(earlier, position)
    at = _lead(known, then, position[case.origin].reindex(then["state"]).to_numpy(float))
    memory = memory_of_votes(
        at, departures(earlier, then, position, known), (then["vote"] == "Y").to_numpy(bool)
    )
    place = pd.Series(range(len(case.states)), index=list(case.states))
    simulated = case.at("ideal_point", horizon).astype(float)[:, place[rows["state"]]]
    now = resolutions(before, position)
    lead = _lead(now, rows, simulated)
    departed = departures(before, rows, position, now)
    return probability_of_yes(lead, departed, memory).mean(axis=0)


def _lead(asked: pd.DataFrame, rows: pd.DataFrame, position: Matrix) -> Matrix:
    """Slope times position less the upper cut point, shape (..., row)."""
    held = asked.reindex(rows["title"])
    return held["slope"].to_numpy(float) * position - held["upper"].to_numpy(float)
