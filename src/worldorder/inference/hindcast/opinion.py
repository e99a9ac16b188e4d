"""Surveyed trust split into its parts with what was known at the end of a past year."""

from __future__ import annotations

import pandas as pd

from worldorder.data.panel import table
from worldorder.data.vintage import (
    TRUST_COLUMNS,
    Read,
    pacts_known,
    positions_known,
    until,
)
from worldorder.inference.estimate_trust import fit_trust, start_table
from worldorder.inference.opinion_panel import Affinity, surveys

FIRST_SURVEYS = 2002
FEWEST_SURVEYS = 60  # views of the states with known leaders; fewer do not tell slow from fast


def views_known(year: int, read: Read = table) -> pd.DataFrame:
    """Surveys to the end of a year: truster, about, year, favourable."""
    frame = until(read("favourability"), year).rename(columns={"respondent": "truster"})
    frame = frame[["truster", "about", "year", "favourable"]].astype({"truster": str, "about": str})
    return frame[
        (frame["truster"] != frame["about"]) & frame["favourable"].between(0, 1, "neither")
    ]


def affinity_known(year: int, read: Read = table, points: pd.DataFrame | None = None) -> Affinity:
    """Ideal points and defence pacts to the end of a year; `points` else those of the origin."""
    points = positions_known(year, read) if points is None else points
    points = points.rename(columns={"iso3": "country", "value": "ideal_point"})
    pacts = pacts_known(year, read).rename(columns={"actor": "country"})
    return Affinity.of(
        points[["country", "year", "ideal_point"]].astype({"country": str}),
        pacts[["country", "partner", "year"]].astype({"country": str, "partner": str}),
    )


def trust_parts(year: int, read: Read = table, points: pd.DataFrame | None = None) -> pd.DataFrame:
    """Slow and fast parts of surveyed views on 1 January after `year`; empty where too few."""
    views = views_known(year, read)
    if year < FIRST_SURVEYS or len(views) < FEWEST_SURVEYS:
        return pd.DataFrame(columns=TRUST_COLUMNS).astype({"slow": float, "fast": float})
    affinity = affinity_known(year, read, points)
    fit = fit_trust(surveys(views, affinity, year))
    return start_table(views, affinity, fit, year + 1.0)[TRUST_COLUMNS]
