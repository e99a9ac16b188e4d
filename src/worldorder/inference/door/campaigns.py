"""Who joins sanctions and who leaves them, from campaigns whose joiners were known by the year."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import pandas as pd

from worldorder.inference.campaign_samples import read_evidence, sanction_campaigns
from worldorder.inference.door.estimates import Estimates, Found, Sources, estimates_of
from worldorder.inference.door.regressions import Block, alone, of_logit, together
from worldorder.inference.estimate_campaigns import (
    FIRST_SANCTIONS,
    LAST,
    SANCTIONS,
    fit,
    lapses,
    multilateral,
)

RENAMED: Final = {"const": "constant", "log_gdp": "size", "log_km": "nearness", "in_bloc": "bloc"}
LEAST_LAPSE_ERROR: Final = 0.3  # members of one body leave together, so counts tell less
FIRST_CASE: Final = 1950


def known(sanctions: pd.DataFrame, to: int) -> pd.DataFrame:
    """Cases begun by the end of a year, those that went on open; nothing later."""
    held = sanctions[sanctions["begin"] <= to]
    return held.assign(
        observed_until=held["observed_until"].clip(upper=to),
        end=held["end"].where(held["end"] <= to),
    )


def joining(rows: pd.DataFrame, sample: tuple[int, int]) -> Block:
    """The logit of joining."""
    fitted = fit(rows, SANCTIONS)
    source = (
        f"Global Sanctions Database 4, worldorder.inference.estimate_campaigns, "
        f"{rows['campaign'].nunique()} campaigns, {len(rows):,} states by campaign; by campaign."
    )
    return of_logit(fitted, lambda name: RENAMED.get(name, name), sample, source)


def lapse(sanctions: pd.DataFrame, sample: tuple[int, int]) -> Found:
    """Rate of leaving."""
    held = lapses(sanctions)
    source = (
        f"Global Sanctions Database 4, worldorder.inference.estimate_campaigns, "
        f"{held['ended']:,} of {held['joiners']:,} joiners in {held['years']:,.0f} years."
    )
    error = 1 / math.sqrt(held["ended"])
    return Found(held["ended"] / held["years"], error, sample, source, LEAST_LAPSE_ERROR)


def estimate(sources: Sources) -> Estimates:
    """The campaigns mechanism by maximum likelihood; joiners have two years to join."""
    evidence = read_evidence(sources.folder("the record of votes in the Assembly"))
    evidence = replace(evidence, sanctions=known(evidence.sanctions, sources.to))
    last = min(LAST, sources.to - 1)
    rows = multilateral(sanction_campaigns(evidence, FIRST_SANCTIONS, last))
    ends = (FIRST_CASE, int(evidence.sanctions["observed_until"].max()))
    whole = together(
        [
            joining(rows, (FIRST_SANCTIONS, last + 1 if last < LAST else last)),
            alone({"lapse_rate": lapse(evidence.sanctions, ends)}),
        ]
    )
    return estimates_of("campaigns", whole.found, len(rows), whole.covariance, tuple(whole.found))
