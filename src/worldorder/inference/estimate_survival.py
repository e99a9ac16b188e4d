"""How long do intergovernmental bodies live, and do their members' exits shorten it?

Run: `worldorder bodies survival --raw DIR`; for the tables of the docs
`worldorder evidence survival --raw DIR`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.inference.hazard_regression import Hazard, fit_hazard, scored
from worldorder.inference.survival_record import (
    LAST,
    MEMBERS_FROM,
    MEMORY,
    WAR_YEARS,
    survival_rows,
)

COVARIATES: Final = ("log_age", "log_size", "war")
SIMULATED: Final = ("log_age", "log_size")  # those of the mechanism; world wars are past
EXIT_SETS: Final = (("log_exits",), ("log_founder_exits", "log_power_exits", "log_other_exits"))
# Written down before any test was run: bodies founded to 1959 teach, those founded later are
# scored; passed where the log-rank statistic stays within 1.96 and the record within the 90 %
# band of simulated survival at 80 % of ages or more.
LAST_TAUGHT: Final = 1959
LARGEST_Z: Final = 1.96
LEAST_COVERED: Final = 0.8
COHORTS: Final = ((1815, 1913), (1914, 1944), (1945, 1959), (1960, 1979), (1980, 2005))
DRAWS: Final = 400

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """Kaplan-Meier survival of the record and of simulated copies of it, by age."""

    bodies: int
    deaths: int
    expected: float
    z: float  # one-sample log-rank statistic: deaths against those expected
    rank: float  # share of simulated copies with fewer deaths, half of those with as many
    age: Vector  # years
    record: Vector
    low: Vector  # 5 % of the simulated
    median: Vector
    high: Vector  # 95 %

    @property
    def covered(self) -> float:
        """Share of ages at which the record lies within the simulated band."""
        return float(np.mean((self.record >= self.low) & (self.record <= self.high)))


def of_cause(rows: pd.DataFrame, cause: str) -> pd.DataFrame:
    """Rows whose events are ends of one kind: `dissolved`, `replaced` or `any`."""
    if cause == "any":
        return rows
    kept = rows["replaced"] == (cause == "replaced")
    return rows.assign(event=rows["event"] * kept)


def kaplan_meier(last_age: Vector, died: NDArray[np.bool_], ages: Vector) -> Vector:
    """Share of bodies that survive each age (statsmodels' estimator)."""
    from statsmodels.duration.survfunc import SurvfuncRight

    found = SurvfuncRight(last_age, died.astype(int))
    place = np.searchsorted(np.asarray(found.surv_times), ages, side="right")
    return np.concatenate([[1.0], np.asarray(found.surv_prob)])[place]


def to_the_end(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of each body to the last year of the record as if it had not ended: size stays."""
    final = rows.groupby("body").tail(1)
    missing = (LAST - final["year"]).clip(lower=0).to_numpy()
    more = final.loc[final.index.repeat(missing)].reset_index(drop=True)
    step = np.arange(1, len(more) + 1) - np.repeat(missing.cumsum() - missing, missing)
    more = more.assign(age=more["age"] + step, year=more["year"] + step, event=0)
    whole = pd.concat([rows, more.assign(log_age=np.log(more["age"]))])
    whole["war"] = whole["year"].isin(WAR_YEARS).astype(float)
    return whole.sort_values(["body", "year"]).reset_index(drop=True)


def simulated_lives(
    hazard: Hazard, rows: pd.DataFrame, draws: int = DRAWS, seed: int = 1
) -> tuple[Vector, NDArray[np.bool_]]:
    """Age at the end or at the last year, and whether it ended, draw x body.

    Coefficients are drawn from their covariance, so the band has their uncertainty.
    """
    generator = np.random.default_rng(seed)
    whole = to_the_end(rows)
    design = np.column_stack([np.ones(len(whole)), whole[list(hazard.covariates)]])
    first = np.flatnonzero(~whole["body"].duplicated().to_numpy())
    last = np.append(first[1:], len(whole)) - 1
    drawn = generator.multivariate_normal(hazard.coefficient, hazard.covariance, draws)
    number, far = np.arange(len(whole)), len(whole)
    age, died = np.zeros((draws, len(first))), np.zeros((draws, len(first)), bool)
    for draw, coefficient in enumerate(drawn):
        chance = -np.expm1(-np.exp(design @ coefficient))
        ends = np.where(generator.random(len(whole)) < chance, number, far)
        end = np.minimum.reduceat(ends, first)
        died[draw] = end < far
        age[draw] = whole["age"].to_numpy()[np.minimum(end, last)]
    return age, died


def curve(hazard: Hazard, rows: pd.DataFrame, draws: int = DRAWS, seed: int = 1) -> Curve:
    """The record of some bodies against lives simulated from a hazard.

    Args:
        hazard: fitted on the same bodies or on others.
        rows: body-years, as of `survival_rows`.
        draws: simulated copies.
        seed: of the draws.
    """
    final = rows.groupby("body").tail(1)
    ages = np.arange(1.0, final["age"].max() + 1)
    died = final["event"].to_numpy() == 1
    age, ended = simulated_lives(hazard, rows, draws, seed)
    copies = np.stack([kaplan_meier(a, e, ages) for a, e in zip(age, ended, strict=True)])
    low, median, high = np.quantile(copies, [0.05, 0.5, 0.95], axis=0)
    deaths, expected, total = int(died.sum()), float(hazard.rate(rows).sum()), ended.sum(1)
    return Curve(
        bodies=len(final),
        deaths=deaths,
        expected=expected,
        z=(deaths - expected) / np.sqrt(expected),
        rank=float(np.mean(total < deaths) + np.mean(total == deaths) / 2),
        age=ages,
        record=kaplan_meier(final["age"].to_numpy(float), died, ages),
        low=low,
        median=median,
        high=high,
    )


def cohort(rows: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Rows of the bodies founded in the years from `first` to `last`."""
    return rows[rows["begin"].between(first, last)]


def later_by_earlier(rows: pd.DataFrame, draws: int = DRAWS) -> Curve:
    """Bodies founded after `LAST_TAUGHT` against lives simulated from those founded before."""
    taught = fit_hazard(cohort(rows, 0, LAST_TAUGHT), COVARIATES)
    return curve(taught, cohort(rows, LAST_TAUGHT + 1, LAST), draws)


def later_years(rows: pd.DataFrame, last: int = 1989) -> dict[str, float]:
    """Scores of a fit to years before on the years after, with the base rate beside it."""
    return scored(rows, COVARIATES, last)


def curves(rows: pd.DataFrame, draws: int = DRAWS) -> dict[str, Curve]:
    """All bodies, each cohort by the hazard of all, and the test on later cohorts by earlier."""
    hazard = fit_hazard(rows, COVARIATES)
    found = {"all since 1815": curve(hazard, rows, draws)}
    for first, last in COHORTS:
        found[f"founded {first}-{last}"] = curve(hazard, cohort(rows, first, last), draws)
    found[f"test: founded after {LAST_TAUGHT}"] = later_by_earlier(rows, draws)
    return found


def summary(found: dict[str, Curve]) -> pd.DataFrame:
    """Curves as a table: bodies, deaths, expected deaths, statistics."""
    return pd.DataFrame(
        {
            name: {
                "bodies": one.bodies, "deaths": one.deaths, "expected": one.expected,
                "log_rank_z": one.z, "simulated_rank": one.rank, "covered": one.covered,
            }
            for name, one in found.items()
        }
    ).T  # fmt: skip


def passed(test: Curve) -> bool:
    """Whether the test holds that was written down before it was run."""
    return abs(test.z) <= LARGEST_Z and test.covered >= LEAST_COVERED


def exit_effects(rows: pd.DataFrame, sets: Sequence[Sequence[str]] = EXIT_SETS) -> pd.DataFrame:
    """Effects of remembered exits on the hazard since members are recorded, by kind of end."""
    recent = rows[rows["year"] > MEMBERS_FROM + MEMORY]  # exits before are forgotten
    tables: list[pd.DataFrame] = []
    for cause in ("any", "dissolved", "replaced"):
        for names in sets:
            fitted = fit_hazard(of_cause(recent, cause), (*SIMULATED, *names)).table()
            tables.append(fitted.loc[list(names)].assign(cause=cause))
    return pd.concat(tables)


def report(raw: Path) -> None:
    """Print the tables of the docs."""
    rows = survival_rows(raw)
    for cause in ("any", "dissolved", "replaced"):
        hazard = fit_hazard(of_cause(rows, cause), COVARIATES)
        print(f"\n{cause}: {hazard.events} ends in {hazard.at_risk} years, {hazard.sample}")
        print(hazard.table().round(3).to_string())
    print(exit_effects(rows).round(2).to_string())
    found = curves(rows)
    print(summary(found).round(3).to_string())
    print({name: round(value, 5) for name, value in later_years(rows).items()})
    test = found[f"test: founded after {LAST_TAUGHT}"]
    print("test of later cohorts:", "passed" if passed(test) else "lost")
