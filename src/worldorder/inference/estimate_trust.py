"""Estimate the trust mechanism on surveys and score its forecasts against persistence."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd

from worldorder.inference.alignment_panel import read_ideal_points, read_pacts
from worldorder.inference.likelihood import maximum_likelihood
from worldorder.inference.opinion_process import OpinionProcess, Views, regression, split

SPRING = 0.3  # surveys are in the field from March to May
SEARCH: tuple[tuple[str, float, tuple[float, float]], ...] = (
    ("slow_common_spread", 0.1, (0.01, 2.0)),
    ("slow_spread", 0.65, (0.05, 2.0)),
    ("leader_spread", 0.3, (0.02, 2.0)),
    ("leader_spread_of_dyad", 0.3, (0.02, 2.0)),
    ("error", 0.2, (0.02, 1.0)),
    ("slow_rate", 0.03, (0.002, 1.0)),
    ("fast_rate", 0.4, (0.01, 4.0)),
)


@dataclass(frozen=True)
class TrustFit:
    """The process, standard errors of its logarithms, and the coefficients by name."""

    process: OpinionProcess
    standard_error: dict[str, float]  # of logarithms; of carry_over itself
    coefficient: dict[str, tuple[float, float]]  # value and standard error, logit
    sample: tuple[int, int]
    surveys: int
    log_likelihood: float


def read_favourability(raw: Path) -> pd.DataFrame:
    """Surveys: truster, about, year, share that is favourable."""
    path = raw / "pew-global-attitudes" / "favorability_country_year.csv.gz"
    frame = pd.read_csv(path)
    names = {"respondent_iso3": "truster", "fav_pct": "favourable"}
    frame = frame.rename(columns=names)[["truster", "about", "year", "favourable"]]
    frame["favourable"] /= 100.0
    return frame[(frame["truster"] != frame["about"]) & (frame["favourable"] > 0)]


def leaders() -> pd.DataFrame:
    """Leaders of the states on which there are long series: state, since (year), leader."""
    with resources.files("worldorder.inference").joinpath("leaders.csv").open() as file:
        frame = pd.read_csv(file, parse_dates=["since"])
    frame["since"] = frame["since"].dt.year + (frame["since"].dt.day_of_year - 1) / 365.25
    return frame[["state", "since", "leader"]]


def _office(state: str, time: np.ndarray, table: pd.DataFrame) -> dict[str, np.ndarray]:
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
        **_office(about, time, leaders()),
    )
    return _rows(made, ~np.isnan(made.regressors).any(axis=1))


def _rows(views: Views, kept: np.ndarray) -> Views:
    return replace(views, **{name: getattr(views, name)[kept] for name in vars(views)})


def surveys(frame: pd.DataFrame, affinity: Affinity, until: int) -> dict[str, Views]:
    """Surveys to the year `until`, by the state viewed, of the states with known leaders."""
    states = sorted(leaders()["state"].unique())
    frame = frame[frame["year"] <= until]
    by_state = {s: frame[frame["about"] == s] for s in states}
    return {
        s: views_of(s, f, states, affinity, f["year"].to_numpy(float) + SPRING)
        for s, f in by_state.items()
        if len(f)
    }


def fit_trust(views: dict[str, Views]) -> TrustFit:
    """Maximum likelihood of the process; regressors by generalised least squares."""
    seen = list(views.values())

    def process(z: np.ndarray) -> OpinionProcess:
        named = {s[0]: float(np.exp(v)) for s, v in zip(SEARCH, z[:-1], strict=True)}
        return OpinionProcess(carry_over=float(z[-1]), **named)

    fit = maximum_likelihood(
        lambda z: np.array([regression(seen, process(z)).log_likelihood]),
        [*(np.log(s[1]) for s in SEARCH), 0.1],
        [*((np.log(s[2][0]), np.log(s[2][1])) for s in SEARCH), (0.0, 0.95)],
    )
    found = process(fit.value)
    by = regression(seen, found)
    names = [f"image of {s}" for s in sorted(leaders()["state"].unique())]
    names += ["distance_slope", "pact_effect"]
    years = np.concatenate([v.time for v in seen])
    return TrustFit(
        found,
        dict(zip([s[0] for s in SEARCH] + ["carry_over"], fit.standard_error, strict=True)),
        {
            n: (float(c), float(e))
            for n, c, e in zip(names, by.coefficient, by.standard_error, strict=True)
        },
        (int(years.min()), int(years.max())),
        len(years),
        fit.log_likelihood,
    )


def _coefficient(fit: TrustFit) -> np.ndarray:
    return np.array([value for value, _ in fit.coefficient.values()])


def split_at(frame: pd.DataFrame, affinity: Affinity, fit: TrustFit, time: float) -> pd.DataFrame:
    """Slow and fast parts of every surveyed view at a date: truster, about, last, slow, fast."""
    states = sorted(leaders()["state"].unique())
    parts: list[pd.DataFrame] = []
    for state, seen in surveys(frame, affinity, int(time)).items():
        last = pd.Series(seen.time).groupby(pd.Series(seen.truster)).max()
        at = pd.DataFrame({"truster": last.index, "favourable": np.nan})
        views = views_of(state, at, states, affinity, np.full(len(at), time))
        parted = split(seen, views, _coefficient(fit), fit.process)
        made = {"truster": views.truster, "about": state, "slow": parted.slow, "fast": parted.fast}
        made["last"] = last.loc[list(views.truster)].astype(int).to_numpy()
        parts.append(pd.DataFrame(made))
    return pd.concat(parts, ignore_index=True)


@dataclass(frozen=True)
class Score:
    """Root mean square error of the favourable share at one horizon, share."""

    horizon: int
    model: float
    persistence: float
    forecasts: int


def score_forecasts(
    frame: pd.DataFrame, affinity: Affinity, origins: Sequence[int], most: int = 5
) -> list[Score]:
    """Errors of forecasts by years since the origin; nothing after an origin is used for it.

    Persistence is the last survey of the same truster about the same state.
    """
    rows: list[tuple[int, float, float]] = []
    states = sorted(leaders()["state"].unique())
    for origin in origins:
        known = surveys(frame, affinity, origin)
        fit = fit_trust(known)
        later = frame[(frame["year"] > origin) & (frame["year"] <= origin + most)]
        for state, seen in known.items():
            coming = later[later["about"] == state]
            coming = coming[coming["truster"].isin(set(seen.truster))]
            at = views_of(state, coming, states, affinity, coming["year"].to_numpy(float) + SPRING)
            parted = split(seen, at, _coefficient(fit), fit.process)
            guess = 1.0 / (1.0 + np.exp(-parted.slow - parted.fast))
            truth = 1.0 / (1.0 + np.exp(-at.log_odds))
            for i, truster in enumerate(at.truster):
                last = seen.log_odds[seen.truster == truster][
                    seen.time[seen.truster == truster].argmax()
                ]
                horizon = int(at.time[i] - SPRING + 0.5) - origin
                rows.append((horizon, truth[i] - guess[i], truth[i] - 1 / (1 + np.exp(-last))))
    errors = pd.DataFrame(rows, columns=["horizon", "model", "persistence"])
    root = errors.groupby("horizon").agg(lambda e: float(np.sqrt((e**2).mean())))
    number = errors.groupby("horizon").size()
    return [Score(int(h), r.model, r.persistence, int(number[h])) for h, r in root.iterrows()]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print estimates and scores: `python -m worldorder.inference.estimate_trust --raw DIR`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, required=True, help="folder of the raw sources")
    parser.add_argument("--until", type=int, default=2023, help="last year that may be known")
    chosen = parser.parse_args(arguments)
    ideal_points = read_ideal_points(chosen.raw)
    affinity = Affinity.of(ideal_points, read_pacts(chosen.raw, ideal_points))
    frame = read_favourability(chosen.raw)
    fit = fit_trust(surveys(frame, affinity, chosen.until))
    print(f"sample {fit.sample}, {fit.surveys} surveys, log L {fit.log_likelihood:.1f}")
    for name, error in fit.standard_error.items():
        value = getattr(fit.process, name)
        print(f"{name:22} {value:8.3f}  s.e. of the logarithm {error:.3f}")
    for name, (value, error) in fit.coefficient.items():
        print(f"{name:22} {value:8.3f}  s.e. {error:.3f}")
    for s in score_forecasts(frame, affinity, range(2008, chosen.until, 4)):
        print(
            f"{s.horizon} years: RMSE {s.model:.3f}, persistence {s.persistence:.3f} (n {s.forecasts})"
        )


if __name__ == "__main__":
    main()
