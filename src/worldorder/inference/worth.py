"""What is a body worth to a member? Read off what states give without being bound to.

Un-earmarked voluntary gifts reveal what a body is worth to states of some size, income and place:
a state's share in them is regressed on those (Poisson, effects of bodies, errors clustered by
state). The leading state is left out, so that its own conduct does not decide what it "should" pay.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.panel import panel, table
from worldorder.inference.influence import influence

Array = NDArray[np.float64]

YEARS: Final = range(2015, 2025)
MEMBERS_OF: Final = 2020
LEAST: Final = 5.0  # mn USD in the years: below it nobody gives to the body freely
LEFT_OUT: Final = ("USA",)
COVARIATES: Final = ("log_gdp", "log_income")
CONTROLS: Final = (*COVARIATES, "host")
FREE: Final = "voluntary un-earmarked"
EVERYBODY: Final = "UN"  # members where a body's own are not known


@dataclass(frozen=True)
class Worth:
    """Elasticities of what a body is worth to a member, with their covariance."""

    coefficients: pd.Series
    covariance: pd.DataFrame
    seat: float  # share of gifts that a host gives beyond its size and income
    seat_error: float
    distance: float  # of the rival with distance from the body's position, log points a unit
    distance_error: float
    distance_with_leader: float  # the same with the leading state in the sample
    distance_with_leader_error: float
    rows: int
    bodies: int


def state_means(variable: str, years: range = YEARS) -> pd.Series:
    """Mean of a variable of the panel by state."""
    return panel(variable, year=years).groupby("iso3")["value"].mean()


def body_position(members: pd.DataFrame, ideal_point: pd.Series) -> pd.Series:
    """Where each body stands: ideal points of its members weighted by their votes, by body.

    Args:
        members: iso3, institution, vote_share (NaN: equal votes are taken).
        ideal_point: by state.
    """
    place = members["iso3"].map(ideal_point)
    equal = 1.0 / members.groupby("institution")["iso3"].transform("size")
    weight = members["vote_share"].fillna(equal).where(place.notna())
    total = (weight * place).groupby(members["institution"]).sum()
    return total / weight.groupby(members["institution"]).sum()


def given_freely() -> pd.DataFrame:
    """Members by body with their share in its free gifts and what may explain it."""
    money = table("funding").astype({"donor": str, "institution": str, "type": str})
    free = money[
        (money["donor_kind"] == "state") & (money["type"] == FREE) & money["year"].isin(YEARS)
    ]
    paid = free.groupby(["institution", "donor"])["value"].sum()
    total = paid.groupby("institution").sum()
    say = influence(MEMBERS_OF)
    own = say[say["institution"].isin(total.index[total > LEAST])]
    missing = [b for b in total.index[total > LEAST] if b not in set(own["institution"])]
    united = say[say["institution"] == EVERYBODY]
    members = pd.concat([own, *(united.assign(institution=b, host=False) for b in missing)])
    gdp, people, place = (state_means(v) for v in ("gdp", "population", "ideal_point"))
    position = members["institution"].map(body_position(members, place))
    key = pd.MultiIndex.from_frame(members[["institution", "iso3"]])
    rows = members.assign(
        share=paid.reindex(key).fillna(0.0).to_numpy() / members["institution"].map(total),
        log_gdp=np.log(members["iso3"].map(gdp)),
        log_income=np.log(members["iso3"].map(gdp / people)),
        distance=(members["iso3"].map(place) - position).abs(),
        host=members["host"].astype(float),
    )
    return rows.dropna(subset=["log_gdp", "log_income", "distance"])


@functools.cache
def worth() -> Worth:
    """Estimate the elasticities, and whether distance from a body lowers what is given to it."""
    rows = given_freely()
    others = rows[~rows["iso3"].isin(LEFT_OUT)]
    value, cover = _poisson(others, CONTROLS)
    seat, seat_error = seat_premium(others, value)
    rival, rival_cover = _poisson(others, (*CONTROLS, "distance"))
    whole, whole_cover = _poisson(rows, (*CONTROLS, "distance"))
    return Worth(
        value[list(COVARIATES)],
        cover.loc[list(COVARIATES), list(COVARIATES)],
        seat,
        seat_error,
        float(rival["distance"]),
        _error(rival_cover, "distance"),
        float(whole["distance"]),
        _error(whole_cover, "distance"),
        len(others),
        others["institution"].nunique(),
    )


def seat_premium(rows: pd.DataFrame, value: pd.Series) -> tuple[float, float]:
    """Mean excess of hosts' share in free gifts over that of their size and income, and its error.

    As a sum and not as a factor: hosts in the sample are small states, and a factor would give a
    large one nearly all.
    """
    size = np.exp(rows[["log_gdp", "log_income"]].to_numpy(float) @ value.iloc[:2].to_numpy(float))
    expected = size / pd.Series(size).groupby(rows["institution"].to_numpy()).transform("sum")
    hosts = rows["host"].to_numpy(float) > 0
    excess = (rows["share"].to_numpy(float) - expected.to_numpy(float))[hosts]
    return float(excess.mean()), float(excess.std(ddof=1) / np.sqrt(hosts.sum()))


def _poisson(rows: pd.DataFrame, names: tuple[str, ...]) -> tuple[pd.Series, pd.DataFrame]:
    """Coefficients and covariance of a Poisson regression with effects of bodies."""
    import statsmodels.api as sm

    effects = pd.get_dummies(rows["institution"]).astype(float)
    design = pd.concat([rows[list(names)], effects], axis=1)
    groups = pd.factorize(rows["iso3"])[0]
    model = sm.GLM(rows["share"], design, family=sm.families.Poisson())
    fitted = model.fit(cov_type="cluster", cov_kwds={"groups": groups})
    kept = list(names)
    return fitted.params[kept], fitted.cov_params().loc[kept, kept]


def _error(cover: pd.DataFrame, name: str) -> float:
    place = cover.index.tolist().index(name)
    return float(np.sqrt(cover.to_numpy(float)[place, place]))
