"""Growth that could be expected at a past date, from the record to that date alone.

No forecast of the time is in the panel, so the path is a regression to the mean: growth of the
next five years on that of the last ten, fitted on all windows that had ended by then. Growth
persists little from one decade to the next (Easterly, Kremer, Pritchett and Summers 1993,
doi:10.1016/0304-3932(93)90026-C).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

PAST = 10  # years of the mean that is regressed on
AHEAD = 5  # years of the mean that is explained
FEWEST = 5  # years of growth for a mean
FIRST_WINDOW = 1970  # last year of the earliest past


def past_growth(growth: pd.DataFrame, year: int) -> pd.Series:
    """Mean growth of the ten years to `year`, NaN with fewer than five, 1/year.

    Args:
        growth: states by years, 1/year.
        year: last year that counts.
    """
    window = growth.reindex(columns=range(year - PAST + 1, year + 1))
    return window.mean(axis=1).where(window.notna().sum(axis=1) >= FEWEST)


def persistence_of_growth(growth: pd.DataFrame, year: int) -> float:
    """Slope of the next five years' mean growth on that of the last ten, within years of start.

    Only windows that end by `year` enter. Both sides are cut to within a tenth of their mean, so
    that collapses and oil booms do not decide.
    """
    before: list[pd.Series] = []
    after: list[pd.Series] = []
    for at in range(FIRST_WINDOW, year - AHEAD + 1):
        past, coming = past_growth(growth, at), growth.loc[:, at + 1 : at + AHEAD].mean(axis=1)
        both = past.notna() & coming.notna()
        before.append((past[both] - past[both].mean()).clip(-0.1, 0.1))
        after.append((coming[both] - coming[both].mean()).clip(-0.1, 0.1))
    x, y = np.concatenate(before), np.concatenate(after)
    return float(x @ y / (x @ x))


def expected_growth(growth: pd.DataFrame, year: int) -> pd.Series:
    """Growth a year expected after `year`, by state, 1/year.

    The mean of all states' last ten years, and the part of a state's departure from it that
    persisted before. A state without a record is expected to grow as the mean.
    """
    past = past_growth(growth, year).clip(-0.1, 0.15)
    slope = persistence_of_growth(growth, year)
    return past.mean() + slope * (past - past.mean()).fillna(0.0)
