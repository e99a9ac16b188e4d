"""The scale of assessments at the start, what it is made from, and which dues it divides."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pandas as pd

from worldorder.data.own_tables import own_table, state_codes
from worldorder.mechanisms.assessment import (
    INTERVAL,
    RECORD,
    AssessmentParameters,
    scale_of_assessments,
)
from worldorder.parameters.loader import Parameters

# A body's dues follow the scale where the logarithms of its members' dues and of their dues to the
# United Nations correlate so closely. In 2024 seventeen bodies lie at .967 and above, ten at .929
# and below; set after that was seen.
FOLLOWS = 0.95
SCALE_DIGITS = 7  # kept, so that machines agree on bytes


def least_developed(year: int) -> np.ndarray:
    """States that were least developed at the end of a year."""
    rows = own_table("least_developed")
    until = pd.to_numeric(rows["until"], errors="coerce").fillna(np.inf)
    return np.isin(state_codes(), rows["iso3"][until > year])


def yearly(state_year: pd.DataFrame, variable: str, years: list[int]) -> np.ndarray:
    """A variable by year and state; years without a figure take that of the nearest with one."""
    rows = state_year[state_year["variable"] == variable]
    wide = rows.pivot(index="iso3", columns="year", values="value").reindex(state_codes())
    wide = wide.loc[:, : max(years)].ffill(axis=1).bfill(axis=1)
    return wide.reindex(columns=years, method="nearest").to_numpy(float).T


def scale_by_rule(
    state_year: pd.DataFrame, member: np.ndarray, first: int, parameters: Parameters
) -> np.ndarray:
    """Scale that the rule gives for the three years from `first`, by state, sum one.

    Args:
        state_year: the panel's table.
        member: states that are assessed.
        first: first year of the scale.
        parameters: all numbers by mechanism.
    """
    rule = AssessmentParameters(
        **{name: jnp.asarray(p.value) for name, p in parameters["assessment"].items()}
    )
    years = [first - 1 - back for back in range(RECORD)]
    income, people = (yearly(state_year, name, years) for name in ("gdp", "population"))
    made = scale_of_assessments(
        jnp.asarray(np.nan_to_num(income)),
        jnp.asarray(np.nan_to_num(people)),
        jnp.asarray(member),
        jnp.asarray(least_developed(first - 1)),
        rule,
    )
    return np.asarray(made, float).round(SCALE_DIGITS)


def follows_scale(dues: pd.DataFrame, common: pd.Series) -> list[str]:
    """Bodies whose members' dues are shared as common dues are.

    Args:
        dues: assessed, by state and body, mn USD/year.
        common: assessed by the United Nations, by state, mn USD/year.
    """
    logs = dues.where(dues > 0.0).apply(np.log)
    alike = logs.corrwith(common.where(common > 0.0).apply(np.log))
    return alike.index[alike >= FOLLOWS].tolist()


def assessments(
    state_year: pd.DataFrame,
    member: np.ndarray,
    dues: pd.DataFrame,
    paid: np.ndarray,
    year: int,
    parameters: Parameters,
) -> dict[str, np.ndarray]:
    """Arrays of the scale: part of payments that it divides, scale of the year, incomes before it.

    Args:
        state_year: the panel's table.
        member: members of the United Nations.
        dues: assessed dues that follow the scale, by state and body, mn USD/year; NaN elsewhere.
        paid: all that states pay, mn USD/year; NaN where unknown.
        year: last year that is known.
        parameters: all numbers by mechanism.
    """
    part = np.where(paid > 0.0, dues.to_numpy(float) / np.where(paid > 0.0, paid, 1.0), 0.0)
    back = [year - k for k in range(RECORD)]
    return {
        "assessed": np.clip(np.nan_to_num(part), 0.0, 1.0),
        "start_scale": scale_by_rule(state_year, member, year - year % INTERVAL, parameters),
        "least_developed": least_developed(year),
        "income_record": np.nan_to_num(yearly(state_year, "gdp", back)),
        "people_record": np.nan_to_num(yearly(state_year, "population", back)),
    }
