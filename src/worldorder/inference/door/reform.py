"""Lag of say behind weight; the quotas of one date tell it, so no earlier year can."""

from __future__ import annotations

import math
from typing import Final

from worldorder.inference.door.estimates import Estimates, Found, Sources, TooThin, estimates_of
from worldorder.inference.estimate_reform import FIRST, adoption, quota_lag, quota_rows

YEAR: Final = 2022  # of the quotas
FIRST_REVIEW: Final = 1951
LEAST_ERRORS: Final = (0.4, 0.04)  # measures of GDP differ by more than each one's error


def estimate(sources: Sources) -> Estimates:
    """The reform mechanism by nonlinear least squares.

    Raises:
        TooThin: quotas are recorded later.
    """
    if sources.to < YEAR:
        raise TooThin(f"quotas are recorded for {YEAR} alone")
    lag = quota_lag(*quota_rows(sources.read))
    source = f"worldorder.inference.estimate_reform, quotas of {lag.states} members and past GDP."
    sample = (FIRST, YEAR)
    chance, error, _ = adoption(sources.to)
    reviews = "worldorder.inference.estimate_reform, general reviews of quotas to the last year."
    found = {
        "rate": Found(
            math.exp(lag.log_rate), lag.log_rate_error, sample, source, LEAST_ERRORS[0]
        ),
        "compression": Found(
            lag.compression, lag.compression_error, sample, source, LEAST_ERRORS[1]
        ),
        "adoption": Found(chance, error, (FIRST_REVIEW, sources.to), reviews),
    }  # fmt: skip
    return estimates_of("reform", found, lag.states)
