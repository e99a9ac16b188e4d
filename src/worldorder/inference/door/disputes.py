"""Onset, escalation, duration and cost of disputes, from the record to the last year."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from worldorder.inference.dispute_samples import DisputeSamples, dispute_samples
from worldorder.inference.door.estimates import Estimates, Found, Sources, estimates_of
from worldorder.inference.door.measures import raised_by, start_after
from worldorder.inference.door.record import record_known
from worldorder.inference.door.regressions import Block, alone, coefficients, together
from worldorder.inference.dyadic_regression import Regression
from worldorder.inference.estimate_disputes import at_reference, onset_and_force
from worldorder.inference.estimate_war import (
    LAST_GROWTH,
    concert_by_period,
    continuation,
    growth_cost,
)
from worldorder.inference.posterior import Posterior
from worldorder.inference.state_record import StateRecord
from worldorder.inference.war_posterior import war_posterior

FIRST_YEAR, LAST_YEAR, FIRST_DURATION = 1963, 2014, 1946
CONCERT_SAMPLE: Final = (1816, 1945)
NAMES: Final = {
    "onset": {
        "constant": "onset_constant",
        "land_border": "onset_land_border",
        "log_distance": "onset_distance",
        "rivalry": "onset_rivalry",
        "major_power": "onset_great_power",
        "log_power": "onset_power",
        "log_power_ratio": "onset_power_ratio",
        "least_democracy": "onset_democracy",
        "regime_gap": "onset_regime_gap",
        "defence_tie": "onset_pact",
        "log_peace": "onset_peace",
        "affinity_gap": "onset_affinity_gap",
        "dependence": "onset_dependence",
    },
    "force": {
        "constant": "force_constant",
        "land_border": "force_land_border",
        "least_democracy": "force_democracy",
    },
}
WAR: Final = {"constant": "war_constant", "rivalry": "war_rivalry",
              "least_democracy": "war_democracy"}  # fmt: skip
GOES_ON: Final = {"without force": "dispute_goes_on", "force": "force_goes_on",
                  "war": "war_goes_on"}  # fmt: skip


def _regressions(held: DisputeSamples, sources: Sources) -> list[Block]:
    fitted = onset_and_force(held)
    onset, rise = _for_the_model(fitted["onset"], held.onset, sources)
    block = coefficients(onset, NAMES["onset"], f"{_source('onset', onset)}.")
    raised = f"{_source('onset', onset)}, raised by {rise:.2f} for the model's measures."
    constant = replace(block.found["onset_constant"], source=raised)
    block = replace(block, found={**block.found, "onset_constant": constant})
    force = fitted["force"]
    return [block, coefficients(force, NAMES["force"], f"{_source('force', force)}.")]


def _source(process: str, fitted: Regression) -> str:
    return (
        f"MID 5.0, worldorder.inference.estimate_disputes, {fitted.events:,} events in "
        f"{fitted.rows:,} rows ({process})"
    )


def _for_the_model(
    fitted: Regression, rows: pd.DataFrame, sources: Sources
) -> tuple[Regression, float]:
    """The hazard of onset with its constant raised for the model's measures, and by how much."""
    last = rows[rows["year"] == rows["year"].max()]
    expected = float(fitted.probability(at_reference(last)).sum())
    held = ["constant", *fitted.covariates]
    found = {name: float(fitted.coefficient[held.index(c)]) for c, name in NAMES["onset"].items()}
    rise = raised_by(*start_after(sources), found, expected)
    return replace(fitted, coefficient=fitted.coefficient + rise * np.eye(len(held))[0]), rise


def wars(found: Posterior, disputes: pd.DataFrame) -> Block:
    """Log odds of war from the posterior."""
    source = (
        f"MID 5.0, worldorder.inference.war_posterior, {int(disputes['war'].sum())} wars in "
        f"{len(disputes):,} disputes (No-U-Turn sampler, R-hat at most {found.r_hat.max():.3f})."
    )
    sample = (int(disputes["year"].min()), int(disputes["year"].max()))
    place = [found.names.index(name) for name in WAR]
    error = np.sqrt(np.diag(found.covariance))
    made = {
        WAR[found.names[i]]: Found(float(found.mean[i]), float(error[i]), sample, source)
        for i in place
    }
    return Block(made, found.covariance[np.ix_(place, place)])


def _durations(record: StateRecord, to: int) -> dict[str, Found]:
    table = continuation(record.dispute_years(), FIRST_DURATION, to)
    source = "MID 5.0, worldorder.inference.estimate_war, {} dispute-years."
    return {
        GOES_ON[str(level)]: Found(
            float(table["mean"][level]), float(table["error"][level]), (FIRST_DURATION, to),
            source.format(int(table["size"][level])),
        )
        for level in table.index
    }  # fmt: skip


def durations_and_costs(record: StateRecord, to: int, growth_to: int) -> dict[str, Found]:
    """How long disputes go on, what war costs, and the contrast of the concert."""
    cost = growth_cost(record, growth_to)["against a neighbour"]
    source = f"MID 5.0, worldorder.inference.estimate_war, {cost.number} state-years of war."
    found = _durations(record, to)
    found["war_growth_cost"] = Found(
        -float(cost.value), float(cost.standard_error), (FIRST_DURATION, to), source
    )
    for name, effect in concert_by_period(record).items():
        source = f"worldorder.inference.estimate_war, {effect.number} onset rows; over three eras."
        found[f"concert_{name}"] = Found(
            effect.value, effect.standard_error, CONCERT_SAMPLE, source
        )
    return found


def estimate(sources: Sources) -> Estimates:
    """The disputes mechanism: maximum likelihood, and a posterior for the few wars."""
    to = min(sources.to, LAST_YEAR)
    record = record_known(sources)
    held = dispute_samples(record, range(FIRST_YEAR, to + 1), trade=True)
    disputes = at_reference(held.disputes)
    single = durations_and_costs(record, to, min(sources.to, LAST_GROWTH))
    whole = together(
        [
            *_regressions(held, sources),
            wars(war_posterior(disputes, sources.seed), disputes),
            alone(single),
        ]
    )
    return estimates_of(
        "disputes", whole.found, len(held.onset), whole.covariance, tuple(whole.found)
    )
