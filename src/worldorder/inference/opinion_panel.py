"""Panel for the trust estimate: surveys with leaders in office, distance and defence pacts."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd

from worldorder.inference.opinion_process import Views

SPRING = 0.3  # surveys are in the field from March to May


def read_favourability(raw: Path) -> pd.DataFrame:
    """Surveys: truster, about, year, share that is favourable."""
    path = raw / "pew-global-attitudes" / "favorability_country_year.csv.gz"
    frame = pd.read_csv(path)
    names = {"respondent_iso3": "truster", "fav_pct": "favourable"}
    frame = frame.rename(columns=names)[["truster", "about", "year", "favourable"]]
    frame["favourable"] /= 100.0
    return frame[(frame["truster"] != frame["about"]) & (frame["favourable"] > 0)]


@functools.cache
def leaders() -> pd.DataFrame:
    """Leaders of the states on which there are long series: state, since (year), leader."""
    with resources.files("worldorder.inference").joinpath("leaders.csv").open() as file:
        frame = pd.read_csv(file, parse_dates=["since"])
    frame["since"] = frame["since"].dt.year + (frame["since"].dt.day_of_year - 1) / 365.25
    return frame[["state", "since", "leader"]]


def office(state: str, time: np.ndarray, table: pd.DataFrame) -> dict[str, np.ndarray]:
    """Leader, number of changes and years in office (over all terms) at each time."""
    terms = table[table["state"] == state].sort_values("since")
    since = terms["since"].to_numpy()
    names, number = np.unique(terms["leader"].to_numpy(), return_inverse=True)
    term = np.searchsorted(since, time, side="right") - 1
    served = np.zeros(len(since))  # before this term, by the same leader
    for i in range(1, len(since)):
        earlier = [j for j in range(i) if number[j] == number[i]]
        served[i] = sum(since[j + 1] - since[j] for j in earlier)
    held = np.maximum(term, 0)
    return {
        "leader": np.where(term >= 0, number[held], len(names)),
        "term": term,
        "in_office": np.where(term >= 0, served[held] + time - since[held], time),
    }


@dataclass(frozen=True)
class Affinity:
    """What the regressors are made of."""

    ideal_point: pd.Series  # by country and year
    pacts: frozenset[tuple[str, str, int]]  # truster owes the other defence in the year
    last_year: int

    @classmethod
    def of(cls, ideal_points: pd.DataFrame, pacts: pd.DataFrame) -> Affinity:
        """From frames of ideal points (country, year) and pacts (country, partner, year)."""
        held = zip(pacts["country"], pacts["partner"], pacts["year"], strict=True)
        return cls(
            ideal_points.set_index(["country", "year"])["ideal_point"],
            frozenset(held),
            int(pacts["year"].max()),
        )

    def regressors(self, about: str, truster: Sequence[str], year: Sequence[int]) -> np.ndarray:
        """Distance of ideal points and defence pact, shape (survey, 2)."""
        rows = [
            [
                abs(self._position(i, t) - self._position(about, t)),
                float((i, about, min(t, self.last_year)) in self.pacts),
            ]
            for i, t in zip(truster, year, strict=True)
        ]
        return np.array(rows).reshape(-1, 2)

    def _position(self, country: str, year: int) -> float:
        """Ideal point of the year, else of the nearest year that is known."""
        if country not in self.ideal_point.index.get_level_values(0):
            return float("nan")
        known = self.ideal_point[country]
        return float(known.iloc[np.abs(known.index.to_numpy() - year).argmin()])


def views_of(
    about: str, frame: pd.DataFrame, states: Sequence[str], affinity: Affinity, time: np.ndarray
) -> Views:
    """Surveys of one state; regressors are an image for each of `states`, distance and pact."""
    image = np.tile([float(about == s) for s in states], (len(frame), 1))
    years = [int(t) for t in time]
    share = frame["favourable"].to_numpy(float)
    made = Views(
        truster=frame["truster"].to_numpy(object),
        time=time,
        regressors=np.hstack([image, affinity.regressors(about, list(frame["truster"]), years)]),
        log_odds=np.log(share / (1.0 - share)),
        **office(about, time, leaders()),
    )
    return _rows(made, ~np.isnan(made.regressors.sum(axis=1)))


def _rows(views: Views, kept: np.ndarray) -> Views:
    return replace(views, **{name: getattr(views, name)[kept] for name in vars(views)})


def surveys(frame: pd.DataFrame, affinity: Affinity, until: int) -> dict[str, Views]:
    """Surveys to the year `until`, by the state viewed, of the states with known leaders."""
    frame = frame[frame["year"] <= until]
    states = sorted(set(leaders()["state"]) & set(frame["about"]))
    by_state = {s: frame[frame["about"] == s] for s in states}
    return {
        s: views_of(s, f, states, affinity, f["year"].to_numpy(float) + SPRING)
        for s, f in by_state.items()
        if len(f)
    }
