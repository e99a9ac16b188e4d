"""How many bodies are founded a year, by whom, and is the leading state among them?

Run: `worldorder evidence foundings`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from worldorder.data.panel import table
from worldorder.data.vintage import Read
from worldorder.inference.founding_record import (
    FIRST,
    LAST,
    LEADER,
    founders,
    founding_pairs,
    seed_choices,
)
from worldorder.inference.hazard_regression import Hazard, fit_hazard

JOIN: Final = ("log_distance", "divergence", "log_gdp_share", "leader", "aloof")
COUNTED_TO: Final = 2009  # the Correlates of War know one body founded after
# Written down before it was run: fit on bodies founded to 1999, scored on whether the leading
# state is among the founders of later ones; passed where the log score beats the base rate.
LAST_TAUGHT: Final = 1999


@dataclass(frozen=True)
class Count:
    """Foundings a year, negative binomial; errors are those of the maximum."""

    yearly: float
    log_error: float
    dispersion: float
    dispersion_error: float
    trend: float  # of the log a year
    trend_error: float
    years: tuple[int, int]


def yearly_count(read: Read = table, to: int = LAST) -> Count:
    """Number of foundings with two known founders or more, a year."""
    import statsmodels.api as sm

    last = min(to, COUNTED_TO)
    held = founders(read, last)
    size = held.groupby("institution")["iso3"].size()
    year = held.drop_duplicates("institution").set_index("institution")["year"]
    count = year[size >= 2].value_counts().reindex(range(FIRST, last + 1), fill_value=0)
    count = count.sort_index()
    flat = sm.NegativeBinomial(count.to_numpy(), np.ones(len(count))).fit(disp=0)
    since = np.column_stack([np.ones(len(count)), np.arange(len(count)) - len(count) / 2])
    sloped = sm.NegativeBinomial(count.to_numpy(), since).fit(disp=0)
    return Count(
        float(np.exp(flat.params[0])),
        float(flat.bse[0]),
        float(flat.params[1]),
        float(flat.bse[1]),
        float(sloped.params[1]),
        float(sloped.bse[1]),
        (FIRST, last),
    )


def seed_elasticity(read: Read = table, to: int = LAST) -> tuple[float, float]:
    """Elasticity of the odds to begin a body to GDP, with its error over bodies.

    Any founder may have begun it, each with the same chance: the likelihood is that of a choice
    among all states, weighed over the founders.
    """
    from scipy.optimize import minimize_scalar

    rows = seed_choices(read, to)
    body, share = pd.factorize(rows["body"])[0], rows["share"].to_numpy()
    size = rows["log_gdp_share"].to_numpy()

    def moments(elasticity: float) -> tuple[np.ndarray, np.ndarray]:
        weight = np.exp(elasticity * size)
        chance = weight / np.bincount(body, weight)[body]
        return np.bincount(body, (share - chance) * size), chance

    def loss(elasticity: float) -> float:
        return -float(share @ np.log(moments(elasticity)[1]))

    best: Any = minimize_scalar(loss, bounds=(-1.0, 3.0), method="bounded")
    found = float(best.x)
    score, chance = moments(found)
    mean = np.bincount(body, chance * size)
    information = float(chance @ (size - mean[body]) ** 2)
    return found, float(np.sqrt((score**2).sum()) / information)


def joining(pairs: pd.DataFrame) -> Hazard:
    """Who joins a body that another begins; errors by body."""
    return fit_hazard(pairs, JOIN)


def led(pairs: pd.DataFrame, fitted: Hazard) -> pd.DataFrame:
    """Whether the leading state is among the founders of each body, and the chance of it.

    The chance is the mean over founders other than the leading state that may have begun it: what
    the fit says once one knows the others.
    """
    rows = pairs[pairs["state"] == LEADER]
    chance = -np.expm1(-fitted.rate(rows))
    bodies = rows.assign(chance=chance).groupby("body")
    return bodies.agg(year=("year", "first"), led=("event", "first"), chance=("chance", "mean"))


def score_later(pairs: pd.DataFrame, last: int = LAST_TAUGHT) -> dict[str, float]:
    """Scores of the leading state's part in later bodies, from a fit to earlier ones."""
    fitted = joining(pairs[pairs["year"] <= last])
    rows = led(pairs, fitted)
    late, base = rows[rows["year"] > last], float(rows[rows["year"] <= last]["led"].mean())

    def log_score(chance: np.ndarray | float) -> float:
        happened = late["led"].to_numpy()
        return float(np.mean(happened * np.log(chance) + (1 - happened) * np.log1p(-chance)))

    chance = late["chance"].to_numpy()
    return {
        "bodies": float(len(late)),
        "with the leading state": float(late["led"].sum()),
        "expected": float(chance.sum()),
        "expected at base rate": base * len(late),
        "log score": log_score(chance),
        "log score of base rate": log_score(base),
        "Brier": float(np.mean((chance - late["led"]) ** 2)),
        "Brier of base rate": float(np.mean((base - late["led"]) ** 2)),
    }


def report() -> None:
    """Print the tables of the docs."""
    print(yearly_count())
    print("seed", seed_elasticity())
    pairs = founding_pairs()
    print(pairs["body"].nunique(), "bodies")
    print(joining(pairs).table().round(3).to_string())
    print({name: round(value, 4) for name, value in score_later(pairs).items()})
    rows = led(pairs, joining(pairs))
    print(rows.groupby(rows["year"] // 10 * 10)[["led", "chance"]].mean().round(2).to_string())
