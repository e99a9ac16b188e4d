"""What the growth path already contains: real income at the tariffs that forecasters knew.

The IMF's path of October 2025 rests on the tariffs of 2025. Their cost is taken out of it month
by month, so that keeping them does not count twice and taking them back raises income.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from worldorder.mechanisms.trade import reference_income
from worldorder.parameters.loader import load_parameters
from worldorder.state import Setting

if TYPE_CHECKING:
    import pandas as pd

KNOWN_UNTIL: Final = "2025-10-01"  # tariffs in force then; WEO of 14 October 2025
START: Final = datetime.date(2025, 1, 1)
MONTHS_A_YEAR: Final = 12
TRADE_YEAR: Final = 2023  # of the trade that the shipped world starts from


def duties_by_month(changes: pd.DataFrame, codes: list[str], months: int) -> NDArray[np.float64]:
    """Duties known to forecasters by month and partner, averaged by days, ad valorem.

    Args:
        changes: date (ISO), iso3, tariff.
        codes: states in order.
        months: how many, from January 2025; after the last known change duties stay.
    """
    import pandas as pd  # building only: a run starts without it

    known = changes[changes["date"] <= KNOWN_UNTIL]
    wide = known.pivot(index="date", columns="iso3", values="tariff").reindex(columns=codes)
    days = pd.date_range(START, KNOWN_UNTIL, freq="D")
    wide.index = pd.DatetimeIndex(wide.index)
    daily = wide.reindex(days).ffill().fillna(0.0)
    monthly = daily.groupby(days.to_period("M")).mean().to_numpy()
    path = np.repeat(daily.to_numpy()[-1:], months, axis=0)
    path[: len(monthly)] = monthly
    return path


def monthly_income(
    setting: Setting, changes: pd.DataFrame, codes: list[str], imposer: str
) -> NDArray[np.float64]:
    """Real income by month and state at the duties known, over income without them."""
    months = MONTHS_A_YEAR * setting.growth_rate.shape[0]
    duties = duties_by_month(changes, codes, months)
    path = np.zeros((months, len(codes), len(codes)))
    path[:, codes.index(imposer), :] = duties
    elasticity = load_parameters()["trade"]["elasticity"].value
    return reference_income(setting, path, 1 / MONTHS_A_YEAR, elasticity)


def by_step(monthly: NDArray[np.floating], steps_per_year: int, steps: int) -> NDArray[np.float32]:
    """Mean over the months of each step, shape (steps, country)."""
    length = MONTHS_A_YEAR // steps_per_year
    whole = monthly.reshape(-1, length, monthly.shape[1]).mean(1)
    return whole[:steps].astype(np.float32)
