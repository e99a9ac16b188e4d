"""Hazard that another party comes to govern, from elections to the last year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from worldorder.inference.door.estimates import Estimates, Sources, estimates_of
from worldorder.inference.door.regressions import coefficients
from worldorder.inference.estimate_turnover import fit, governing_parties, turnovers

NAMES = {"constant": "turnover_constant", "democracy": "turnover_democracy"}


@dataclass(frozen=True)
class _Turnover:
    covariates: tuple[str, ...]
    coefficient: np.ndarray
    standard_error: np.ndarray
    covariance: np.ndarray
    sample: tuple[int, int]


def estimate(sources: Sources) -> Estimates:
    """The turnover part of the politics mechanism by maximum likelihood."""
    rows = turnovers(governing_parties(sources.folder("the record of parties in office")))
    rows = rows[rows["year"] <= sources.to]
    made = fit(rows, ["democracy"])
    held = _Turnover(
        ("democracy",),
        made.params.to_numpy(float),
        made.bse.to_numpy(float),
        np.asarray(made.cov_params(), float),
        (int(rows["year"].min()), int(rows["year"].max())),
    )
    source = (
        f"V-Party 1970-2019, worldorder.inference.estimate_turnover, {len(rows):,} elections in "
        f"{rows['country_text_id'].nunique()} states; errors by state."
    )
    block = coefficients(held, NAMES, source)
    return estimates_of("politics", block.found, len(rows), block.covariance, tuple(block.found))
