"""Votes of states on resolutions that come back to the Assembly under the same title.

What a resolution asks for is known from the last time that it was voted on: its slope and cut
points are estimated on those votes with the ideal points known at the origin. The model's forecast
is the mean over runs of the probability that the simulated ideal point gives; the naive ones know
how each state voted then.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import norm

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
def _fitted(position: bytes, vote: bytes) -> tuple[float, float]:
    """Slope and upper cut point; the horizons of an origin share them."""
    found = resolution_parameters(np.frombuffer(position), np.frombuffer(vote, np.int64))
    return float(found[0]), float(found[2])


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
        MODEL: _probability_of_yes(case, horizon, before, rows, position),
    }
    unit = (rows["state"] + "/" + rows["title"]).to_numpy(str)
    observed = np.asarray(rows["vote"] == "Y", np.float64)
    return Cells("un_vote", case.origin, horizon, unit, observed, forecasts)


def _probability_of_yes(
    case: Case, horizon: int, before: pd.DataFrame, rows: pd.DataFrame, position: pd.DataFrame
) -> Vector:
    """Mean over runs of the probability of a yes at the simulated ideal points."""
    place = {code: i for i, code in enumerate(case.states)}
    simulated = case.at("ideal_point", horizon).astype(float)
    found = np.full(len(rows), np.nan)
    titles = rows["title"].to_numpy(str)
    for title, votes in before.groupby("title"):
        wanted = np.flatnonzero(titles == title)
        then = position[int(votes["year"].iloc[0])].reindex(votes["state"]).to_numpy(float)
        known = np.isfinite(then)
        if not len(wanted) or known.sum() < FEWEST_VOTERS:
            continue
        vote = votes["vote"].map(CODES).to_numpy(np.int64)
        slope, upper = _fitted(then[known].tobytes(), vote[known].tobytes())
        states = [place[code] for code in rows["state"].iloc[wanted]]
        found[wanted] = norm.cdf(slope * simulated[:, states] - upper).mean(axis=0)
    return found
