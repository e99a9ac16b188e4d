"""Lag of say behind weight, told by the quotas of one date alone, and how often reviews move it."""

from __future__ import annotations

import math
from typing import Final

from worldorder.inference.door.estimates import Estimates, Found, Sources, estimates_of
from worldorder.inference.estimate_reform import FIRST, adoption, quota_lag, quota_rows

YEAR: Final = 2022  # of the quotas
FIRST_REVIEW: Final = 1951
LEAST_ERRORS: Final = (0.4, 0.04)  # measures of GDP differ by more than each one's error


def _lag(sources: Sources) -> dict[str, Found]:
    lag = quota_lag(*quota_rows(sources.read))
    source = f"worldorder.inference.estimate_reform, quotas of {lag.states} members and past GDP."
    sample = (FIRST, YEAR)
    return {
        "rate": Found(math.exp(lag.log_rate), lag.log_rate_error, sample, source, LEAST_ERRORS[0]),
        "compression": Found(
            lag.compression, lag.compression_error, sample, source, LEAST_ERRORS[1]
        ),
    }


def estimate(sources: Sources) -> Estimates:
    """How often reviews move shares; the lag by nonlinear least squares once quotas are known."""
    chance, error, reviews = adoption(sources.to)
    source = f"worldorder.inference.estimate_reform, {reviews} general reviews of quotas."
    found = {"adoption": Found(chance, error, (FIRST_REVIEW, sources.to), source)}
    if sources.to >= YEAR:
        found = _lag(sources) | found
    return estimates_of("reform", found, reviews)
