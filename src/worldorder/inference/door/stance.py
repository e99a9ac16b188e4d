"""How states align with and oppose great powers, from stances to the last year."""

from __future__ import annotations

from typing import Final

import numpy as np

from worldorder.inference.door.estimates import Estimates, Found, Sources, estimates_of
from worldorder.inference.door.record import record_known
from worldorder.inference.estimate_stance import (
    COVARIATES,
    FIRST_YEAR,
    LAST_YEAR,
    Response,
    fit_response,
    with_last,
)
from worldorder.inference.stance_samples import stance_samples

NAMES: Final = {
    "constant": "constant",
    "was_aligned": "was_aligned",
    "was_opposed": "was_opposed",
    "affinity_gap": "affinity_gap",
    "regime_gap": "regime_gap",
    "log_distance": "distance",
    "dependence": "dependence",
    "aligned_neighbours": "aligned_neighbours",
    "opposed_neighbours": "opposed_neighbours",
}


def of_response(fitted: Response, sample: tuple[int, int]) -> Estimates:
    """Parameters of both answers with their joint covariance."""
    source = f"{fitted.rows:,} state-power-years, worldorder.inference.estimate_stance; by pair."
    columns = ("constant", *COVARIATES)
    found: dict[str, Found] = {}
    place: list[int] = []
    for k, answer in enumerate(("align", "oppose")):
        for column, name in NAMES.items():
            i = columns.index(column)
            value, error = float(fitted.coefficient[k, i]), float(fitted.standard_error[k, i])
            found[f"{answer}_{name}"] = Found(value, error, sample, source)
            place.append(k * len(columns) + i)
    covariance = fitted.covariance[np.ix_(place, place)]
    return estimates_of("stance", found, fitted.rows, covariance, tuple(found))


def estimate(sources: Sources) -> Estimates:
    """The stance mechanism by maximum likelihood."""
    to = min(sources.to, LAST_YEAR)
    years = range(FIRST_YEAR, to + 1)
    rows = with_last(stance_samples(record_known(sources), years, trade=True))
    return of_response(fit_response(rows), (FIRST_YEAR, to))
