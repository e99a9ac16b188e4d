"""Hazards of defence pacts, their ends and exits from bodies, from ties to the last year."""

from __future__ import annotations

import math
from typing import Final

import pandas as pd

from worldorder.inference.alliance_dependence import PROCESS, conditional, trading_rows
from worldorder.inference.alliance_samples import Samples, samples
from worldorder.inference.door.contrast import era
from worldorder.inference.door.estimates import Estimates, Found, Sources, estimates_of
from worldorder.inference.door.record import record_known
from worldorder.inference.door.regressions import Block, alone, coefficients, together
from worldorder.inference.dyadic_regression import Regression
from worldorder.inference.estimate_alliances import FIRST_YEAR, LAST_YEAR, model_hazards
from worldorder.parameters.loader import Parameter, load_parameters

NAMES: Final = {
    "bilateral onset": {
        "constant": "onset_constant",
        "joint_threat": "onset_joint_threat",
        "rivalry": "onset_rivalry",
        "affinity_gap": "onset_affinity_gap",
        "regime_gap": "onset_regime_gap",
        "least_democracy": "onset_democracy",
        "log_distance": "onset_distance",
        "land_border": "onset_land_border",
        "log_power": "onset_power",
        "log_power_ratio": "onset_power_ratio",
    },
    "bilateral loss": {
        "constant": "loss_constant",
        "rivalry": "loss_rivalry",
        "affinity_gap": "loss_affinity_gap",
        "regime_gap": "loss_regime_gap",
        "log_distance": "loss_distance",
        "land_border": "loss_land_border",
    },
}
ONSET_ERA, LOSS_ERA = 1990, 1996  # first years of the eras told apart, as in the shipped file


def exits(members: pd.DataFrame, sample: tuple[int, int]) -> Found:
    """Hazard of exit from a body, with the error of a count; half an event where there is none."""
    count, years = int(members["leaves"].sum()), len(members)
    source = f"ATOP 5.1, {count} exits in {years:,} member-years, worldorder.inference.door."
    return Found((count or 0.5) / years, 1 / math.sqrt(count or 0.5), sample, source)


def dependence(trading: pd.DataFrame, whole: Regression) -> tuple[Block, dict[str, Parameter]]:
    """Coefficient of trade, those of the whole record held, and the reference that goes with it."""
    found = conditional(trading, whole)
    source = (
        f"ATOP 5.1 and goods trade, worldorder.inference.alliance_dependence, "
        f"{found.fitted.events} onsets in {found.fitted.rows:,} pair-years with trade on record, "
        "the other coefficients held; errors allow for pairs that share a state."
    )
    slope = Found(found.coefficient, found.standard_error, found.fitted.sample, source)
    at = load_parameters()["alliances"]["onset_dependence_reference"].model_copy(
        update={"value": found.reference, "sample": found.fitted.sample, "source": source}
    )
    return alone({"onset_dependence": slope}), {"onset_dependence_reference": at}


def of_samples(held: Samples, trading: pd.DataFrame, to: int) -> Estimates:
    """Every estimated parameter of the mechanism; `trading` are pairs in years with trade."""
    hazards = model_hazards(held)
    parts, at = [], {}
    if PROCESS in hazards:
        with_trade, at = dependence(trading, hazards[PROCESS])
        parts.append(with_trade)
    for process, fitted in hazards.items():
        source = (
            f"ATOP 5.1, worldorder.inference.estimate_alliances, {fitted.events} events in "
            f"{fitted.rows:,} rows ({process}); errors allow for pairs that share a state."
        )
        parts.append(coefficients(fitted, NAMES[process], source))
    sample = (FIRST_YEAR, to)
    parts.append(alone({"exit_hazard": exits(held.members, sample)}))
    ties = held.ties[held.ties["in_body"] == 0]
    ranges = at | {
        "onset_era": era(held.pairs, "bilateral", ONSET_ERA, "alliances", "onset_era", sample),
        "loss_era": era(ties, "loss", LOSS_ERA, "alliances", "loss_era", sample),
    }
    whole = together(parts)
    return estimates_of(
        "alliances", whole.found, len(held.pairs), whole.covariance, tuple(whole.found), ranges
    )


def estimate(sources: Sources) -> Estimates:
    """The alliances mechanism by maximum likelihood."""
    to = min(sources.to, LAST_YEAR)
    record = record_known(sources)
    held = samples(record, "defence", range(FIRST_YEAR, to + 1))
    return of_samples(held, trading_rows(record, to), to)
