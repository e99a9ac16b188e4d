"""Agreement of pairs of states in the Assembly, by year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from worldorder.data.voting.design import CODES
from worldorder.data.voting.records import Records, holders

STEPS = 200  # a score is kept in steps of half a percent


def year_agreement(votes: pd.DataFrame) -> pd.DataFrame:
    """Agreement of all pairs on one set of votes.

    One for the same vote, one half for an abstention against a yes or a no, zero for yes against
    no, averaged over the resolutions on which both voted: one less the S score's distance of
    Signorino and Ritter (1999, doi:10.1111/0020-8833.00113) halved, all votes weighing the same.

    Args:
        votes: `resolution`, `state`, `vote`; at most one vote a state and resolution.

    Returns:
        state_a, state_b (in order of their codes, each pair once), agreement, votes (counted).
    """
    wide = votes.assign(code=votes["vote"].map(CODES)).pivot(
        index="state", columns="resolution", values="code"
    )
    values = wide.to_numpy(float)
    cast = ~np.isnan(values)
    both = cast.astype(np.float64) @ cast.T
    # |x - y| for x, y in 0, 1, 2 is the number of steps 0|1 and 1|2 on which the two differ
    distance = np.zeros_like(both)
    for step in (0.5, 1.5):
        above, below = (values > step) & cast, (values < step) & cast
        crossing = above.astype(np.float64) @ below.T
        distance += crossing + crossing.T
    a, b = np.triu_indices(len(wide), 1)
    kept = both[a, b] > 0
    a, b = a[kept], b[kept]
    states = wide.index.to_numpy(str)
    return pd.DataFrame(
        {
            "state_a": states[a],
            "state_b": states[b],
            "agreement": 1 - distance[a, b] / both[a, b] / 2,
            "votes": both[a, b].astype(np.int16),
        }
    )


def agreement(records: Records) -> pd.DataFrame:
    """Agreement by pair and year, in steps of half a percent; pairs without a common vote miss."""
    years = pd.Series(records.resolutions["year"].reindex(records.votes["resolution"]).to_numpy())
    named = records.votes.assign(state=holders(records.votes["state"], years))
    parts = [
        year_agreement(votes).assign(year=np.int16(year)) for year, votes in named.groupby(years)
    ]
    frame = pd.concat(parts, ignore_index=True)
    coded = (frame["agreement"] * STEPS).round() / STEPS
    frame = frame.assign(agreement=coded.astype(np.float32))
    return frame[["year", "state_a", "state_b", "agreement", "votes"]]
