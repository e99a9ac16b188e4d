"""Do pacts end when a promise was not kept? And can the founding of new bodies be forecast?

A promise is open where a state that is owed defence is the target of a dispute with force, and kept
where the one who owes it is in the same dispute against the attacker. Run:
`worldorder evidence credibility --raw DIR`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.inference.alliance_samples import Samples, samples
from worldorder.inference.dispute_samples import FORCE
from worldorder.inference.dyadic_regression import Regression, fit, scores
from worldorder.inference.estimate_alliances import (
    COVARIATES,
    CUTOFF,
    FIRST_YEAR,
    LAST_YEAR,
    onset_probability,
)
from worldorder.inference.state_record import StateRecord, read_state_record

MEMORY = 5  # years in which a promise that was not kept is remembered
LAST_DISPUTES = 2014
Array = NDArray[np.float64]


def promises(record: StateRecord, year: int) -> tuple[Array, Array]:
    """Promises of the row to the column that were open and that were not kept in a year."""
    frame = record.dispute_years()
    rows = frame[(frame["year"] == year) & (frame["hostlev1"] >= FORCE) & (frame["sidea1"] == 1)]
    ties = record.ties("defence", year)
    opened, failed = np.zeros(ties.shape), np.zeros(ties.shape)
    place = {code: i for i, code in enumerate(record.codes.tolist())}
    for attacker, target in rows[["ccode1", "ccode2"]].drop_duplicates().to_numpy().tolist():
        if attacker not in place or target not in place:
            continue
        a, t = place[attacker], place[target]
        helpers = frame[(frame["year"] == year) & (frame["ccode2"] == attacker)]["ccode1"]
        helping = np.isin(record.codes, helpers)
        owing = ties[:, t] & ~ties[:, a]  # who owes both is bound to neither
        opened[owing, t] = 1.0
        failed[owing & ~helping, t] = 1.0
    return opened, failed


def with_failures(record: StateRecord, ties: pd.DataFrame) -> pd.DataFrame:
    """Rows of pacts with promises not kept in the years before: to the partner, and to others.

    `let_down` is 1 where one of the two did not keep its promise to the other; `failed_others` the
    root of the number of others whom one of the two let down; `put_to_test` and `others_tested`
    count promises that were open in the same way.
    """
    whole: list[pd.DataFrame] = []
    memory: list[tuple[Array, Array]] = []
    ties = ties[ties["year"] <= LAST_DISPUTES + 1]
    first = int(ties["year"].min())
    for year in range(first - MEMORY, int(ties["year"].max()) + 1):
        rows = ties[ties["year"] == year]
        if len(rows):
            opened, failed = (np.maximum.reduce(m) for m in zip(*memory[-MEMORY:], strict=True))
            whole.append(_remembered(rows, opened, failed))
        memory.append(promises(record, year))
    return pd.concat(whole, ignore_index=True)


def _remembered(rows: pd.DataFrame, opened: Array, failed: Array) -> pd.DataFrame:
    a, b = rows["a"].to_numpy(), rows["b"].to_numpy()
    found: dict[str, Array] = {}
    for own, others, held in (
        ("put_to_test", "others_tested", opened),
        ("let_down", "failed_others", failed),
    ):
        between = np.maximum(held[a, b], held[b, a])
        count = held.sum(axis=1)
        total = np.maximum(count[a], count[b])
        found |= {own: between, others: np.sqrt(np.maximum(total - between, 0.0))}
        found[f"{others}_roots"] = np.sqrt(count[a]) + np.sqrt(count[b])
    return rows.assign(**found)


BY_PAIR = ("put_to_test", "let_down", "others_tested", "failed_others")
BY_STATE = ("others_tested_roots", "failed_others_roots")  # `mechanisms.credibility`


def credibility(rows: pd.DataFrame, extra: tuple[str, ...] = BY_PAIR) -> Regression:
    """Hazard that a bilateral pact ends, with promises not kept beside what the model has.

    Args:
        rows: from `with_failures`.
        extra: how promises count, by pair or as the sum over the two states.
    """
    names = [n for n in COVARIATES["bilateral loss"] if n not in ("joint_threat", "common_allies")]
    return fit(rows, "loss", (*names, *extra))


def kept_share(record: StateRecord, years: range) -> tuple[int, int]:
    """Promises that were open in the years, and how many of them were kept."""
    found = [promises(record, year) for year in years]
    opened = int(sum(o.sum() for o, _ in found))
    return opened, opened - int(sum(f.sum() for _, f in found))


def founding_scores(held: Samples, cutoff: int = CUTOFF) -> pd.DataFrame:
    """Scores of forecasts that a pair founds a body together in a year, after `cutoff`."""
    early = held.pairs[held.pairs["year"] <= cutoff]
    late = held.pairs[held.pairs["year"] > cutoff]
    model = {"founding onset": fit(early, "founding", COVARIATES["founding onset"])}
    ours = onset_probability(held, model, cutoff + 1)
    happened = late["founding"].to_numpy(float)
    forecasts = {
        "model": ours[late.index].to_numpy(),
        "base rate": np.full(len(late), early["founding"].mean()),
        "persistence": np.zeros(len(late)),
        "common neighbours": fit(early, "founding", ("common_allies",), link="logit").probability(
            late
        ),
        "plain logit": fit(
            early, "founding", ("log_distance", "land_border", "log_power_ratio"), link="logit"
        ).probability(late),
    }
    return pd.DataFrame({name: scores(happened, chance) for name, chance in forecasts.items()}).T


def report(raw: Path) -> None:
    """Print the hazard with promises not kept, and the scores of foundings."""
    record = read_state_record(raw)
    held = samples(record, "defence", range(FIRST_YEAR, LAST_YEAR + 1))
    rows = with_failures(record, held.ties[held.ties["in_body"] == 0])
    for extra in (BY_PAIR, BY_STATE):
        found = credibility(rows, extra)
        print(f"end of a bilateral pact, {found.events} in {found.rows:,}, {found.sample}")
        print(found.table().round(3).to_string())
        print(np.round(found.covariance[-2:, -2:], 4))
    print("means over the two:", (rows[list(BY_STATE)].mean() / 2).round(3).to_dict())
    print("promises open, kept:", kept_share(record, range(FIRST_YEAR, LAST_DISPUTES + 1)))
    late = held.pairs[held.pairs["year"] > CUTOFF]
    print(
        f"\nfoundings by year: {held.pairs.groupby('year')['founding'].sum().loc[lambda n: n > 0]}"
    )
    print(f"\nfounding after {CUTOFF}: {int(late['founding'].sum())} pairs")
    print(founding_scores(held).round(4).to_string())
