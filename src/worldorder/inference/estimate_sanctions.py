"""Hazards of sanctions that begin and end, and their scores out of sample.

Run: `worldorder evidence sanctions` (half a minute, on the panel).

Events are rare, so coefficients have a weak normal prior, and of the 1.4 million rows of states
without an event one in ten is kept, with the constant corrected for it (King and Zeng 2001,
doi:10.1093/oxfordjournals.pan.a004868). Covariates were chosen on 1975-1993 by scores on 1994-1999:
five sets for the leading state, four for the Union, seven for states. Ends are yearly rates: none
of four sets beat a constant for states; for the leading state one of four did and was left out;
the Union's three were compared on 2000-2023.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.builders.sanctions import parts
from worldorder.data.panel import table
from worldorder.inference.door.points import PUBLISHED_TO
from worldorder.inference.dyadic_regression import Regression, fit, scores
from worldorder.inference.sanction_samples import (
    BLOC,
    FIRST_YEAR,
    LAST_YEAR,
    REGIONAL,
    SanctionRecord,
    read_record,
    sanction_rows,
)

CUTOFF: Final = 1999
PRIOR: Final = 0.5  # spread of the prior of a coefficient, per two standard deviations
ONE_IN: Final = 10  # rows without an event that are kept where they are very many
MANY: Final = 200_000
ONSET: Final = {
    "leader onset": ("gap", "size_target", "regime_target", "rivalry", "received"),
    "bloc onset": ("gap", "regime_target", "received", "leader_holds", "leader_begins"),
    "state onset": (
        "gap", "gap_leader", "size_sender", "size_target", "regime_sender", "regime_target",
        "log_km", "rivalry", "ally", "dependence", "sent", "received", "leader_holds",
        "leader_begins", "bloc_holds", "bloc_begins", "in_bloc",
    ),
}  # fmt: skip
RATES: Final = ("leader end", "bloc end", "state end", "regional onset", "regional end")


def onset(rows: pd.DataFrame, covariates: tuple[str, ...]) -> Regression:
    """Logit of a beginning; where rows are many, of a part of those without one."""
    if len(rows) <= MANY:
        return fit(rows, "event", covariates, link="logit", prior_spread=PRIOR)
    kept = (rows["event"].to_numpy() > 0) | (np.arange(len(rows)) % ONE_IN == 0)
    found = fit(rows[kept], "event", covariates, link="logit", prior_spread=PRIOR)
    raised = np.eye(len(found.coefficient))[0] * np.log(ONE_IN)
    return replace(found, coefficient=found.coefficient - raised, rows=len(rows))


def intensities(record: SanctionRecord, last: int) -> NDArray[np.float64]:
    """Log of the share of an embargo at the beginning, by year, target and kind of actor."""
    rows = record.spells[record.spells["begin"].between(FIRST_YEAR, last)]
    rows = rows[rows["body"].isin(["", BLOC, *REGIONAL])]
    hard = parts(rows).sum(axis=1)
    new = [
        not record.held(year - 1)[record.codes.index(sender), record.codes.index(target)]
        for sender, target, year in rows[["sender", "target", "begin"]].itertuples(index=False)
    ]
    by_case = hard[new].groupby([rows["begin"][new], rows["target"][new], rows["body"][new]])
    return np.log(by_case.mean().to_numpy(float))


def out_of_sample(rows: Mapping[str, pd.DataFrame], cutoff: int = CUTOFF) -> pd.DataFrame:
    """Scores one year ahead after `cutoff` of a fit to the years before, and of the base rate."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for process, held in rows.items():
        early, late = held[held["year"] <= cutoff], held[held["year"] > cutoff]
        happened, base = late["event"].to_numpy(float), float(early["event"].mean())
        if process in ONSET:
            chance = onset(early, ONSET[process]).probability(late)
            found[process, "model"] = scores(happened, chance)
        found[process, "base rate"] = scores(happened, np.full(len(late), base))
        found[process, "persistence"] = scores(happened, np.zeros(len(late)))
    return pd.DataFrame(found).T


def known(to: int = LAST_YEAR) -> tuple[SanctionRecord, dict[str, pd.DataFrame]]:
    """Record and rows of the shipped panel to a year."""
    record = read_record(functools.cache(table), max(to, PUBLISHED_TO))
    return record, sanction_rows(record, range(FIRST_YEAR, to + 1))


def report() -> None:
    """Print coefficients, rates and scores."""
    record, rows = known()
    for process, covariates in ONSET.items():
        found = onset(rows[process], covariates)
        print(f"\n### {process}: {found.events} events in {found.rows:,} rows")
        print(found.table().round(3).to_string())
    for process in RATES:
        event = rows[process]["event"]
        print(f"\n### {process}: {event.sum():.0f} in {len(event):,}, {event.mean():.4f} a year")
    hard = intensities(record, LAST_YEAR)
    median = np.exp(hard.mean())
    print(f"\n### intensity: median {median:.3f}, spread {hard.std():.2f}, {len(hard)} cases")
    print(f"\n### from {CUTOFF + 1}\n{out_of_sample(rows).round(3).to_string()}")
