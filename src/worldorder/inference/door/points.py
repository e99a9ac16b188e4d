"""Ideal points that know no vote after a year."""

from __future__ import annotations

from typing import Final

import pandas as pd

from worldorder.data.vintage import position_years, positions_known
from worldorder.errors import InputError
from worldorder.inference.door.estimates import Sources

PUBLISHED_TO: Final = 2024  # votes in the published ideal points, which smooth backwards


def last_origin(sources: Sources) -> int:
    """Last year by `to` on votes to which ideal points were estimated.

    Raises:
        InputError: there is none.
    """
    origins = [year for year in position_years(sources.read) if year <= sources.to]
    if not origins:
        raise InputError(
            f"no ideal points were estimated on votes to {sources.to} or before",
            f"Give --to {position_years(sources.read)[0]} or later.",
        )
    return origins[-1]


def points_known(sources: Sources) -> pd.DataFrame:
    """State-years of the ideal point: published to 2024, else ours of the last origin by then.

    Years since that origin are missing.
    """
    if sources.to < PUBLISHED_TO:
        return positions_known(last_origin(sources), sources.read)
    frame = sources.read("state_year")
    return frame[(frame["variable"] == "ideal_point") & (frame["flag"] == "observed")]
