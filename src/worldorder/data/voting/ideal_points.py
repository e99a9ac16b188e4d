"""Ideal points of states by year from records of votes, on the published scale."""

from __future__ import annotations

import numpy as np
import pandas as pd

from worldorder.data.voting.design import design
from worldorder.data.voting.estimate import Priors, Progress, fit
from worldorder.data.voting.records import Records, holders
from worldorder.data.voting.uncertainty import standard_errors

SHARE_OF_FIT = 0.8  # of the way that progress counts before standard errors


def ideal_points(
    records: Records, priors: Priors | None = None, progress: Progress = lambda _: None
) -> pd.DataFrame:
    """Estimate the dynamic ordinal model on all of the records given.

    Cut them first (`Records.until`, `issue_records`) for an origin or an issue.

    Args:
        records: votes.
        priors: settings; None is those chosen by votes held out.
        progress: told which share of the work is done, 0 to 1.

    Returns:
        iso3, year, ideal_point (mean 0, standard deviation 1 over state-years, the United States
        on the positive side), standard_error, votes (cast); a row for each state-year with a vote.

    Raises:
        InputError: the United States casts no vote.
        ConvergenceError: no maximum is found.
    """
    data = design(records.resolutions, records.votes)
    at = fit(data, priors, progress=lambda share: progress(SHARE_OF_FIT * share))
    errors = standard_errors(data, at, priors)
    progress(1.0)
    theta = at.theta[data.voted]
    state, year = np.nonzero(data.voted)
    cast = np.bincount(data.state_year, minlength=data.voted.size).reshape(data.shape)
    years = pd.Series(data.years[year].astype(np.int16))
    return pd.DataFrame(
        {
            "iso3": holders(pd.Series(data.states[state]), years),
            "year": years,
            "ideal_point": (theta - theta.mean()) / theta.std(),
            "standard_error": errors[data.voted],
            "votes": cast[data.voted].astype(np.int16),
        }
    )
