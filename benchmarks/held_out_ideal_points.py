"""Settings of the ideal-point estimator by the log score of a tenth of the votes, held out.

`python benchmarks/held_out_ideal_points.py VOTES` prints a line a setting (docs/votes.md). It does
not read the published estimates.
"""

from __future__ import annotations

import sys

import numpy as np

from worldorder.data.voting.design import design
from worldorder.data.voting.estimate import Priors, fit, slopes_at
from worldorder.data.voting.records import read_votes

SEED = 20260101
SHARE = 0.1
GRID = (
    [(1, Priors(innovation_variance=x)) for x in (0.005, 0.01, 0.02, 0.04, 0.08)]
    + [(1, Priors(cut_sd=x)) for x in (1.0, 2.0, 3.0, 6.0)]
    + [(1, Priors(discrimination_sd=x)) for x in (1.0, 4.0)]
    + [(1, Priors(first_variance=4.0))]
    + [(years, Priors()) for years in (0, 2, 3, 5)]
)


def main() -> None:
    records = read_votes(sys.argv[1])
    out = np.random.default_rng(SEED).random(len(records.votes)) < SHARE
    for within, priors in GRID:
        data = design(records.resolutions, records.votes, within)
        at = fit(data, priors, ~out, tolerance=2e-3)
        score = slopes_at(data, at).log_probability
        print(f"{within} {priors}: held out {score[out].mean():.5f}, rest {score[~out].mean():.5f}")


if __name__ == "__main__":
    main()
