"""How states vote on condemning resolutions, from roll calls to the year."""

from __future__ import annotations

import pandas as pd

from worldorder.inference.campaign_samples import read_evidence
from worldorder.inference.door.estimates import Estimates, Found, Sources, estimates_of
from worldorder.inference.door.regressions import Block, alone, of_logit, together
from worldorder.inference.estimate_campaigns import FIRST_VOTES, LAST, fit
from worldorder.inference.estimate_votes import (
    COVARIATES,
    occasions,
    of_no,
    of_yes,
    roll_calls,
    voting_rows,
)


def voting(side: str, rows: pd.DataFrame, sample: tuple[int, int]) -> Block:
    """One of the two logits."""
    fitted = fit(rows, COVARIATES)
    source = (
        f"Roll calls of the Assembly, worldorder.inference.estimate_votes, "
        f"{rows['campaign'].nunique()} resolutions, {len(rows):,} states by resolution; "
        f"errors by resolution."
    )
    return of_logit(
        fitted, lambda name: f"{side}_{name.replace('const', 'constant')}", sample, source
    )


def occasion(rows: pd.DataFrame, sample: tuple[int, int]) -> Found:
    """Zero, and the spread of levels over resolutions as its error."""
    shifts = occasions(rows)
    source = (
        f"Roll calls of the Assembly, worldorder.inference.estimate_votes, spread over "
        f"{len(shifts)} resolutions of the shift to the recorded level."
    )
    return Found(0.0, float(shifts.std()), sample, source)


def of_rows(rows: pd.DataFrame, last: int) -> Estimates:
    """The votes mechanism from rows to a year; pressure is on no record and stays assumed."""
    rows, sample = rows[rows["year"] <= last], (FIRST_VOTES, last)
    sides = {"yes": of_yes(rows), "no": of_no(rows)}
    levels = {f"{side}_occasion": occasion(one, sample) for side, one in sides.items()}
    fits = [voting(side, one, sample) for side, one in sides.items()]
    whole = together([*fits, alone(levels)])
    return estimates_of("votes", whole.found, len(rows), whole.covariance, tuple(whole.found))


def estimate(sources: Sources) -> Estimates:
    """The votes mechanism by maximum likelihood."""
    raw = sources.folder("the record of votes in the Assembly")
    last = min(LAST, sources.to)
    rows = voting_rows(read_evidence(raw), roll_calls(raw), FIRST_VOTES, last)
    return of_rows(rows, last)
