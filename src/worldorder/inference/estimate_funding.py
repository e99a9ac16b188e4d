"""When a donor cuts, how much do the others put in, how fast, and who?

Run: `worldorder evidence funding --raw DIR`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from worldorder.data.countries import iso3_of_names
from worldorder.inference.funding_record import Money, cut_by, read_money, responses

Vector = NDArray[np.float64]
FLOOR = 0.05  # log points: no entity's payments are steadier than this


@dataclass(frozen=True)
class Response:
    """Elasticity of the other payers to the share of revenue lost."""

    elasticity: float
    standard_error: float  # clustered by entity
    cases: int
    rows: int


def compensation(rows: pd.DataFrame, outcome: str = "rise") -> Response:
    """Weighted least squares of the others' rise on the share lost, with year effects.

    Entity-years without a cut are the comparison; rows weigh by the inverse variance of their
    entity. Rows of one horizon, or of several stacked, with effects for each year and horizon.
    """
    rows = rows[np.isfinite(rows[outcome])]
    spread = rows.groupby("entity")[outcome].transform("std").fillna(0.3).clip(lower=FLOOR)
    weight = spread.to_numpy(float) ** -2
    effect = pd.get_dummies(rows["year"].astype(str) + "/" + rows["horizon"].astype(str)).to_numpy(
        float
    )
    outcome_left = _residual(rows[outcome].to_numpy(float), effect, weight)
    lost_left = _residual(rows["lost_share"].to_numpy(float), effect, weight)
    information = np.sum(weight * lost_left**2)
    elasticity = np.sum(weight * lost_left * outcome_left) / information
    error = weight * lost_left * (outcome_left - elasticity * lost_left)
    by_entity = pd.Series(error).groupby(rows["entity"].to_numpy()).sum().to_numpy()
    many = len(by_entity) / (len(by_entity) - 1)
    standard_error = np.sqrt(many * np.sum(by_entity**2)) / information
    cases = rows[rows["lost_share"] > 0].groupby(["entity", "year"]).ngroups
    return Response(float(elasticity), float(standard_error), cases, len(rows))


def _residual(values: Vector, effects: Vector, weight: Vector) -> Vector:
    """What weighted group means leave over; the columns of `effects` are disjoint groups."""
    mean = (effects.T @ (weight * values)) / (effects.T @ weight)
    return values - effects @ mean


def without_each_case(rows: pd.DataFrame) -> pd.DataFrame:
    """Elasticity estimated without each case in turn."""
    cases = rows[rows["lost_share"] > 0].groupby(["entity", "year"]).first().reset_index()
    values = [
        compensation(rows[(rows["entity"] != e) | (rows["year"] != y)]).elasticity
        for e, y in zip(cases["entity"], cases["year"], strict=True)
    ]
    return cases[["entity", "year", "lost_share", "cutters"]].assign(elasticity=values)


def lag_profile(rows: pd.DataFrame, rates: Vector) -> pd.DataFrame:
    """Fit of the relaxation 1 - exp(-k (h + 1/2)) for rates k (1/year), all horizons stacked."""
    found: list[dict[str, float]] = []
    for rate in rates:
        scale = 1 - np.exp(-rate * (rows["horizon"] + 0.5))
        scaled = rows.assign(lost_share=rows["lost_share"] * scale)
        fit = compensation(scaled)
        found.append(
            {"rate": rate, "elasticity": fit.elasticity, "t": fit.elasticity / fit.standard_error}
        )
    return pd.DataFrame(found)


def normal_crps(error: Vector, spread: float) -> Vector:
    """Continuous ranked probability score of a normal forecast that misses by `error`.

    Gneiting and Raftery 2007, doi:10.1198/016214506000001437, equation 21.
    """
    z = error / spread
    return spread * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))


def scored(rows: pd.DataFrame) -> pd.DataFrame:
    """Mean CRPS (log points) over cases left out one entity at a time.

    Forecasts of the others' payments: `persistence` (no change), `drift` (mean growth of the
    entity-years without a cut), `compensation` (drift and the elasticity times the share lost).
    """
    rows = rows[np.isfinite(rows["rise"])]
    out: list[dict[str, object]] = []
    for entity, test in rows[rows["lost_share"] > 0].groupby("entity"):
        train = rows[rows["entity"] != entity]
        quiet = train[train["lost_share"] == 0]["rise"]
        elasticity = compensation(train).elasticity
        actual = test["rise"].to_numpy(float)
        mean = float(quiet.mean())
        forecast = mean + elasticity * test["lost_share"].to_numpy(float)
        spread, raw_spread = float(quiet.std()), float(np.sqrt(np.mean(quiet**2)))
        scores = {
            "persistence": normal_crps(actual, raw_spread),
            "drift": normal_crps(actual - mean, spread),
            "compensation": normal_crps(actual - forecast, spread),
        }
        for i, year in enumerate(test["year"]):
            out.append({"entity": entity, "year": year} | {k: v[i] for k, v in scores.items()})
    return pd.DataFrame(out)


def split_errors(money: Money, weights: dict[str, Vector]) -> pd.Series:
    """How far rules for who compensates are from who did: mean share misplaced, 0 to 1.

    In each case the rise of the governments that raised is split by what they paid the entity
    before (`payments`) and by the given weights by donor.
    """
    missed: dict[str, list[float]] = {name: [] for name in ("payments", *weights)}
    for e in range(len(money.entities)):
        for t in range(2, len(money.years)):
            window = money.paid[e][:, t - 2 : t + 2]
            cut = cut_by(money, e, t)
            others = ~cut & money.government
            base, after = window[:, :2].mean(axis=1), window[:, 2:].mean(axis=1)
            rise = np.where(others, np.maximum(after - base, 0.0), 0.0)
            if not (np.isfinite(window).all() and cut.any() and rise.sum() > 0):
                continue
            for name, by in {"payments": np.maximum(base, 0.0), **weights}.items():
                rule = np.where(others, by, 0.0)
                wrong = np.abs(rule / rule.sum() - rise / rise.sum()).sum() / 2
                missed[name].append(float(wrong))
    return pd.Series({name: np.mean(values) for name, values in missed.items()})


def donor_weights(money: Money, raw: Path, leader: str = "USA") -> dict[str, Vector]:
    """Rival rules for who compensates: GDP of 2019, and GDP weighed by closeness to the leader."""
    states = [d for d, state in zip(money.donors, money.government, strict=True) if state]
    code = dict(zip(states, iso3_of_names(states), strict=True))
    outlook = pd.read_csv(raw / "imf-weo-2025-10" / "weo_panel.csv.gz")
    gdp = outlook[outlook["year"] == 2019].set_index("ref_area")["NGDPD"]
    votes = pd.read_csv(raw / "un-ideal-points" / "ideal_points_july2025.csv.gz")
    point = votes[votes["year"] == 2019].set_index("iso3c")["idealpointfp"]
    codes = [code.get(donor) for donor in money.donors]
    size = np.nan_to_num(gdp.reindex(codes).to_numpy(float))
    apart = np.abs(point.reindex(codes).to_numpy(float) - point[leader])
    return {"capability": size, "affinity": size * np.nan_to_num(np.exp(-apart))}


def report(raw: Path) -> None:
    """Print the cuts, the elasticities, their spread, the lag and the scores."""
    money = read_money(raw)
    rows = responses(money)
    first = rows[rows["horizon"] <= 1]
    cuts = first[(first["lost_share"] > 0)].pivot_table(
        index=["entity", "year", "cutters", "lost_share"], columns="horizon", values="rise"
    )
    print(cuts.round(3).to_string())
    american = first["cutters"].str.contains("United States of America")
    for name, sample in {
        "all": first,
        "cuts by the leading state": first[american | (first["lost_share"] == 0)],
        "cuts by others": first[~american],
        "revenue under 100 mn": first[first["revenue"] < 100],
        "revenue 100 to 1,000 mn": first[first["revenue"].between(100, 1000)],
        "revenue over 1,000 mn": first[first["revenue"] > 1000],
    }.items():
        print(f"{name}: {compensation(sample)}")
        print(f"  of governments: {compensation(sample, 'rise_of_states')}")
    print("placebo, the year before:", compensation(rows[rows["horizon"] == 0], "before"))
    print(without_each_case(first)["elasticity"].describe().round(3).to_string())
    print(lag_profile(rows, np.asarray([0.25, 0.5, 1.0, 2.0, 4.0, 8.0])).round(2).to_string())
    for horizon in range(3):
        scores = scored(rows[rows["horizon"] == horizon]).drop(columns=["entity", "year"])
        print(f"CRPS after {horizon} years:", scores.mean().round(4).to_dict())
    print("share misplaced:", split_errors(money, donor_weights(money, raw)).round(3).to_dict())
