"""Which pairs of states fall into a militarized dispute, and which disputes become wars?

Run: `worldorder evidence disputes --raw DIR`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from worldorder.inference.dispute_samples import (
    DisputeSamples,
    dispute_samples,
    great_power_record,
)
from worldorder.inference.dyadic_regression import Regression, fit, scores
from worldorder.inference.state_record import read_state_record

FIRST_YEAR, LAST_YEAR, CUTOFF = 1946, 2014, 1999
ONSET = (
    "land_border", "log_distance", "rivalry", "major_power", "log_power", "log_power_ratio",
    "least_democracy", "regime_gap", "defence_tie", "log_peace",
)  # fmt: skip
STANDARD = (
    "land_border", "log_distance", "major_power", "log_power_ratio", "least_democracy",
    "defence_tie",
)  # fmt: skip
TRADING = (*ONSET, "affinity_gap", "affinity_unknown", "dependence")  # known from 1963
# Values at which the constants of the shipped hazards hold, those of a pair that often fights.
REFERENCE = {
    "log_power": -4.0, "log_power_ratio": 1.5, "least_democracy": 0.2, "regime_gap": 0.3,
    "log_peace": 2.0, "affinity_gap": 1.0, "dependence": 0.2,
}  # fmt: skip
FORCE = ("land_border", "rivalry", "log_power_ratio", "least_democracy", "defence_tie")
WAR = ("rivalry", "log_power_ratio", "least_democracy")
PERIODS = [(1816, 1853), (1854, 1871), (1872, 1913), (1914, 1945), (1946, 1989), (1990, 2014)]


def dispute_hazards(held: DisputeSamples, last_year: int = LAST_YEAR) -> dict[str, Regression]:
    """Hazard of onset, and log odds that a dispute comes to force and to war."""
    onset = held.onset[held.onset["year"] <= last_year]
    disputes = held.disputes[held.disputes["year"] <= last_year]
    return {
        "onset": fit(onset, "onset", ONSET),
        "force": fit(disputes, "force", FORCE, link="logit"),
        "war": fit(disputes, "war", WAR, link="logit"),
    }


def at_reference(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows with covariates less their reference values.

    Far from the data the error of a constant is that of the slopes; at a usual pair it is small.
    """
    return frame.assign(**{n: frame[n] - at for n, at in REFERENCE.items()})


def onset_and_force(held: DisputeSamples) -> dict[str, Regression]:
    """Hazards of the parameter file: with affinity and trade, constants at `REFERENCE`."""
    return {
        "onset": fit(at_reference(held.onset), "onset", TRADING),
        "force": fit(at_reference(held.disputes), "force", FORCE, link="logit"),
    }


def shipped_hazards(held: DisputeSamples) -> dict[str, Regression]:
    """The same with war by maximum likelihood; `war_posterior` has what is drawn at origins."""
    war = fit(at_reference(held.disputes), "war", WAR, link="logit")
    return onset_and_force(held) | {"war": war}


def forecast_scores(held: DisputeSamples, cutoff: int = CUTOFF) -> pd.DataFrame:
    """Scores of forecasts of onsets one year ahead after `cutoff`, by forecaster.

    Persistence is the rate of onset after a year with and after one without an onset.
    """
    early, late = (
        held.onset[held.onset["year"] <= cutoff],
        held.onset[held.onset["year"] > cutoff],
    )
    base = early["onset"].mean()
    by_last = early.groupby("last_year")["onset"].mean()
    forecasts = {
        "model": fit(early, "onset", ONSET).probability(late),
        "base rate": np.full(len(late), base),
        "persistence": late["last_year"].map(by_last).to_numpy(float),
        "plain logit": fit(early, "onset", STANDARD, link="logit").probability(late),
        "plain logit with rivalry and peace": fit(
            early, "onset", (*STANDARD, "rivalry", "log_peace"), link="logit"
        ).probability(late),
    }
    happened = late["onset"].to_numpy(float)
    return pd.DataFrame({name: scores(happened, chance) for name, chance in forecasts.items()}).T


def escalation_scores(held: DisputeSamples, cutoff: int = CUTOFF) -> dict[str, pd.DataFrame]:
    """Scores of forecasts of which disputes come to force and to war, against the base rate."""
    early = held.disputes[held.disputes["year"] <= cutoff]
    late = held.disputes[held.disputes["year"] > cutoff]
    found: dict[str, pd.DataFrame] = {}
    for event, covariates in (("force", FORCE), ("war", WAR)):
        happened = late[event].to_numpy(float)
        model = fit(early, event, covariates, link="logit").probability(late)
        base = np.full(len(late), float(early[event].mean()))
        rows = {"model": scores(happened, model), "base rate": scores(happened, base)}
        found[event] = pd.DataFrame(rows).T
    return found


def durations(raw: Path) -> pd.DataFrame:
    """Length of disputes in days and share settled by negotiation, by highest hostility."""
    frame = pd.read_csv(raw / "cow-conflict" / "mid_5_disputes.csv.gz")
    frame = frame[frame["styear"] >= FIRST_YEAR]
    level = frame["hostlev"].map({2: "threat", 3: "display", 4: "force", 5: "war"})
    known = frame[frame["settle"] > 0]
    return pd.DataFrame(
        {
            "disputes": frame.groupby(level).size(),
            "median_days": frame.groupby(level)["maxdur"].median(),
            "mean_days": frame.groupby(level)["maxdur"].mean(),
            "negotiated": (known["settle"] == 1).groupby(level[known.index]).mean(),
            "imposed": (known["settle"] == 2).groupby(level[known.index]).mean(),
        }
    )


def report(raw: Path) -> None:
    """Print hazards, scores, durations and the record of the great powers."""
    record = read_state_record(raw)
    held = dispute_samples(record, range(FIRST_YEAR, LAST_YEAR + 1))
    _print(dispute_hazards(held), held)
    print("\n### forecasts of onset from", CUTOFF + 1)
    print(forecast_scores(held).round(4).to_string())
    for event, table in escalation_scores(held).items():
        print(f"\n### forecasts of {event} from {CUTOFF + 1}\n{table.round(4).to_string()}")
    trading = dispute_samples(record, range(1963, LAST_YEAR + 1), trade=True)
    print("\n### as shipped, with affinity and trade, constants at", REFERENCE)
    _print(shipped_hazards(trading), trading)
    print("\n### great powers\n", great_power_record(record, PERIODS).round(3).to_string())
    print("\n### durations\n", durations(raw).round(2).to_string())


def _print(fitted: dict[str, Regression], held: DisputeSamples) -> None:
    for name, found in fitted.items():
        left_out = held.onset.attrs.get("rows_left_out", 0)
        print(f"\n### {name}: {found.events} events in {found.rows:,} rows, {left_out:,} left out")
        print(found.table().round(3).to_string())
