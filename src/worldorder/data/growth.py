"""Growth after the forecasts end: assumed, simple, and in one place."""

from __future__ import annotations

import numpy as np

FIRST_YEAR = 2025
LAST_FORECAST = 2030
CONVERGED = 2045
YEARS = 30
FRONTIER_GROWTH = 0.015  # assumed, 1/year; range 0.01 to 0.02
CONVERGENCE_RATE = 0.02  # published, 1/year: Barro (2015), doi:10.1111/ecoj.12247
GROWTH_BOUNDS = (0.0, 0.05)  # assumed
POPULATION_STEADY = 2100  # assumed: population growth falls to zero by then


def long_run_growth(income: np.ndarray, leader_income: float) -> np.ndarray:
    r"""Growth of GDP that convergence to the leading state's income implies, 1/year.

    $g = 0.015 + 0.02 \log(y_{leader} / y)$, bounded. The rate of two percent a year is that of
    Barro (2015), Convergence and modernisation, Economic Journal 125, doi:10.1111/ecoj.12247,
    found given the steady states; without them the bounds do the work for the poorest states.

    Args:
        income: PPP GDP per head, any unit.
        leader_income: the same of the leading state.
    """
    growth = FRONTIER_GROWTH + CONVERGENCE_RATE * np.log(leader_income / income)
    return np.clip(growth, *GROWTH_BOUNDS)


def growth_path(forecast: np.ndarray, long_run: np.ndarray) -> np.ndarray:
    """Growth a year from 2025: forecasts to 2030, a straight line to 2045, then the long run.

    Args:
        forecast: growth 2025 to 2030, year by state.
        long_run: growth from 2045 on, by state.
    """
    after = np.arange(LAST_FORECAST + 1, FIRST_YEAR + YEARS)
    weight = np.clip((after - LAST_FORECAST) / (CONVERGED - LAST_FORECAST), 0, 1)[:, None]
    return np.concatenate([forecast, (1 - weight) * forecast[-1] + weight * long_run])


def population_growth_path(forecast: np.ndarray) -> np.ndarray:
    """Population growth a year from 2025: forecasts to 2030, then a straight line to zero."""
    after = np.arange(LAST_FORECAST + 1, FIRST_YEAR + YEARS)
    left = np.clip((POPULATION_STEADY - after) / (POPULATION_STEADY - LAST_FORECAST), 0, 1)
    return np.concatenate([forecast, left[:, None] * forecast[-1]])
