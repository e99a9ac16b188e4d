"""How sticky currencies' shares in reserves are, from shares to the last year: a posterior."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from worldorder.data.vintage import until
from worldorder.inference.door.estimates import Estimates, Found, Sources, TooThin, estimates_of
from worldorder.inference.estimate_reserves import FIRST, LAST, log_odds, relative_size
from worldorder.inference.posterior import Posterior
from worldorder.inference.reserve_posterior import FEWEST_YEARS, reserve_posterior

PARAMETERS = (
    "adjustment_rate", "size_elasticity", "diversification", "common_spread", "own_spread",
)  # fmt: skip
LOGNORMAL = ("common_spread", "own_spread")


def odds_known(sources: Sources) -> pd.DataFrame:
    """Log odds of world shares against the dollar by year, to the last year."""
    frame = until(sources.read("reserve_shares"), sources.to).astype({"currency": str})
    rows = frame[(frame["holder"] == "world") & (frame["year"] >= FIRST)]
    return log_odds(rows.pivot(index="year", columns="currency", values="value"))


def of_posterior(found: Posterior, sample: tuple[int, int], years: int) -> Estimates:
    """Parameters from draws: means, errors and covariance on the scale on which runs draw."""
    draws = found.draws.copy()
    draws[:, 0] = np.exp(draws[:, 0])  # the rate is normal in the file, in the model its log is
    source = (
        f"COFER world shares, {years} yearly changes, worldorder.inference.reserve_posterior "
        f"(No-U-Turn sampler, R-hat at most {found.r_hat.max():.3f}, {found.effective.min():.0f} "
        "effective draws or more)."
    )
    mean, error = draws.mean(axis=0), draws.std(axis=0, ddof=1)
    made = {
        name: Found(
            math.exp(mean[i]) if name in LOGNORMAL else float(mean[i]),
            float(error[i]), sample, source,
        )
        for i, name in enumerate(PARAMETERS)
    }  # fmt: skip
    return estimates_of("reserve_currency", made, years, np.cov(draws.T), PARAMETERS)


def estimate(sources: Sources) -> Estimates:
    """The reserve currency mechanism by its posterior.

    The euro area is that of today in all years; members since 1999 add .01 at most to its log size.

    Raises:
        TooThin: too few years of shares are on record by then.
    """
    if sources.to < FIRST + FEWEST_YEARS:
        raise TooThin(f"shares are on record from {FIRST} and {FEWEST_YEARS} changes are needed")
    odds = odds_known(sources)
    last = min(sources.to, LAST)
    found = reserve_posterior(odds, relative_size(odds.index), last, sources.seed)
    return of_posterior(found, (FIRST, last), last - FIRST)
