"""Does trade make allies? Dependence in the hazard that two states conclude a bilateral pact.

Trade is on record from 1962 and most pacts are older, so the coefficient is estimated with those of
the whole record held, and the reference at which the hazard is as without it keeps the mean. Run:
`worldorder evidence alliance-dependence --raw DIR`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.inference.alliance_samples import samples
from worldorder.inference.dyadic_regression import Regression, fit, scores
from worldorder.inference.estimate_alliances import (
    CUTOFF,
    FIRST_YEAR,
    LAST_YEAR,
    model_hazards,
    pair_rows,
)
from worldorder.inference.state_record import StateRecord, read_state_record

FIRST_TRADE = 1962
CUTOFFS = (CUTOFF, 1979)  # no bilateral pact with trade on record follows the first
PROCESS = "bilateral onset"
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Dependence:
    """Coefficient of the root of the larger trade share, the others held."""

    fitted: Regression  # the constant is the level of the years with trade against all years
    reference: float  # root of the trade share at which the hazard is as without it

    @property
    def coefficient(self) -> float:
        """Rise of the log hazard per root of the trade share."""
        return float(self.fitted.coefficient[1])

    @property
    def standard_error(self) -> float:
        """Clustered by both states; errors of the coefficients that are held are not in it."""
        return float(self.fitted.standard_error[1])


def log_hazard(whole: Regression, rows: pd.DataFrame) -> Vector:
    """Log hazard of pairs by the regression on the whole record."""
    return np.log(-np.log1p(-whole.probability(rows)))


def conditional(trading: pd.DataFrame, whole: Regression) -> Dependence:
    """Dependence with the coefficients of the whole record held.

    The mean hazard of the rows is kept: the reference is the log of the mean of exp(b d), weighted
    by the hazard without, over b.

    Args:
        trading: rows of pairs with `dependence`, covariates less their reference.
        whole: hazard without dependence.
    """
    known = log_hazard(whole, trading)
    fitted = fit(trading, "bilateral", ("dependence",), offset=known)
    slope, share = float(fitted.coefficient[1]), trading["dependence"].to_numpy(float)
    mean = np.average(np.exp(slope * share), weights=np.exp(known))
    return Dependence(fitted, float(np.log(mean) / slope))


def trading_rows(record: StateRecord, to: int) -> pd.DataFrame:
    """Pairs at risk in the years with trade on record, covariates less their reference."""
    held = samples(record, "defence", range(FIRST_TRADE, to + 1), trade=True)
    return pair_rows(held, PROCESS)[0]


def forecasts(trading: pd.DataFrame, early: Dependence, whole: Regression) -> pd.DataFrame:
    """Scores of forecasts of bilateral pacts one year ahead, without and with dependence.

    Both at the level of the whole record, so that they differ in who is told to ally alone.
    """
    index = log_hazard(whole, trading)
    share = trading["dependence"].to_numpy(float) - early.reference
    happened = trading["bilateral"].to_numpy(float)
    told = {"without": index, "with dependence": index + early.coefficient * share}
    return pd.DataFrame(
        {name: scores(happened, -np.expm1(-np.exp(x))) for name, x in told.items()}
    ).T


def report(raw: Path) -> None:
    """Print the coefficient held and joint, and the scores of forecasts after the cut-off."""
    record = read_state_record(raw)
    held = samples(record, "defence", range(FIRST_YEAR, LAST_YEAR + 1))
    trading = trading_rows(record, LAST_YEAR)
    whole = model_hazards(held)[PROCESS]
    found = conditional(trading, whole)
    joint = fit(trading, "bilateral", (*whole.covariates, "dependence"))
    print(f"{found.fitted.events} onsets in {found.fitted.rows:,} rows, {found.fitted.sample}")
    print(f"others held: {found.coefficient:.3f} (s.e. {found.standard_error:.3f}), ", end="")
    print(f"reference {found.reference:.4f}")
    print(f"together: {joint.coefficient[-1]:.3f} (s.e. {joint.standard_error[-1]:.3f})")
    for cutoff in CUTOFFS:
        known, late = (trading[trading["year"] <= cutoff], trading[trading["year"] > cutoff])
        earlier = model_hazards(held, cutoff)[PROCESS]
        early = conditional(known, earlier)
        print(f"\nto {cutoff}: {early.coefficient:.3f} (s.e. {early.standard_error:.3f}), ", end="")
        print(f"{early.fitted.events} onsets, reference {early.reference:.4f}")
        print(forecasts(late, early, earlier).round(4).to_string())
