"""Would the funding mechanism have foreseen what bodies lived on after the US cuts of 2017-2021?

From what each donor paid in 2016 the mechanism's own kernels pay on to 2020, the United States as
it did and everyone else by growth and compensation. Donor data begin in 2013, so the elasticity
cannot be estimated on the years before 2016; it is estimated without the entity that is scored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from worldorder.data.expected_growth import expected_growth
from worldorder.data.panel import panel
from worldorder.inference.estimate_funding import Response, compensation
from worldorder.inference.funding_record import Money, panel_money, responses
from worldorder.mechanisms.funding import growth_factor, relaxation_rate
from worldorder.parameters.loader import load_parameters

Array = NDArray[np.float64]
Vector = jax.Array

ORIGIN: Final = 2016
YEARS: Final = (2017, 2018, 2019, 2020)
LAST_CUT: Final = 2021
LEADER: Final = "USA"
BETWEEN_DONORS: Final = 0.45  # spread of elasticities between donors, as in parameters/funding.yaml
QUARTER: Final = 0.25
FLOOR: Final = 0.05  # log points, least spread of a forecast
FORECASTERS: Final = {
    "persistence": "revenue of 2016 goes on",
    "cut, nobody answers": "the United States pays what it paid, all others what they paid in 2016",
    "cut, growth": "the same, and the others grow with their expected GDP",
    "cut, growth, compensation": "the mechanism",
    "cut, all replaced": "the others make up for the whole cut",
}
MECHANISM: Final = "cut, growth, compensation"


@dataclass(frozen=True)
class Case:
    """An entity at the origin, in prices of the origin."""

    paid: Array  # mn USD, by donor
    leader_paid: tuple[float, ...]  # mn USD, by year after the origin
    leader: int  # place of the leading state among the donors
    growth: Array  # 1/year, by donor, as it could be expected


@dataclass(frozen=True)
class Replay:
    """Scores by entity, year and forecaster, the cuts of the record, and what was estimated."""

    scores: pd.DataFrame
    cuts: pd.DataFrame
    elasticities: dict[str, Response]  # estimated without the entity


@dataclass(frozen=True)
class Drawn:
    """Draws of what the mechanism does not know, each of shape (draws,)."""

    elasticity: Array
    rate: Array  # 1/year
    income: Array


def leading_elasticity(rows: pd.DataFrame) -> Response:
    """Elasticity where the United States cuts, drawn toward that of the other cuts.

    The ten cuts are few; the other donors' elasticity with its spread between donors is the prior,
    as in the shipped parameter.
    """
    led = rows["cutters"].str.contains(LEADER)
    own = compensation(rows[led | (rows["lost_share"] == 0)])
    others = compensation(rows[~led])
    weights = np.array([own.standard_error**-2, BETWEEN_DONORS**-2])
    mean = float(weights @ [own.elasticity, others.elasticity] / weights.sum())
    return Response(mean, float(weights.sum() ** -0.5), own.cases, own.rows)


def deflator() -> pd.Series:
    """Prices of the United States by year, 1 at the origin."""
    frames = (panel("gdp"), panel("real_growth"))
    nominal, growth = (f[f["iso3"] == LEADER].set_index("year")["value"] for f in frames)
    change = (nominal / nominal.shift(1)) / (1.0 + growth)
    level = change.loc[: max(YEARS)].cumprod()
    return level / level[ORIGIN]


def growth_of(donors: list[str]) -> Array:
    """Growth a year of each donor that could be expected at the origin; the mean where unknown."""
    record = panel("real_growth").pivot(index="iso3", columns="year", values="value")
    rate = expected_growth(record.loc[:, :ORIGIN], ORIGIN)
    return rate.reindex(donors).fillna(rate.mean()).to_numpy(float)


def draws_of(found: Response, draws: int, seed: list[int]) -> Drawn:
    """Elasticity as estimated without the case; rate and income elasticity as shipped."""
    draw, held = np.random.default_rng(seed), load_parameters()["funding"]
    low, high = held["leading_compensation_elasticity"].range or (0.0, 1.2)
    income, rate = held["income_elasticity"], held["compensation_rate"]
    return Drawn(
        np.clip(draw.normal(found.elasticity, found.standard_error, draws), low, high),
        np.clip(
            rate.value * np.exp((rate.standard_error or 0.0) * draw.normal(size=draws)), 0.5, 6
        ),
        np.clip(draw.normal(income.value, income.standard_error or 0.0, draws), 0.0, 1.2),
    )


def revenue_path(case: Case, drawn: Drawn, answers: bool, grows: bool) -> Array:
    """Revenue by draw and year (mn USD of the origin), from the mechanism's kernels in quarters.

    Args:
        case: what was paid at the origin and what the leading state paid after.
        drawn: what is not known.
        answers: others compensate.
        grows: payments grow with expected GDP.
    """
    years = jnp.arange(1, len(YEARS) + 1)[:, None]
    gdp = jnp.exp(grows * years * case.growth)
    now, elasticity = jnp.asarray(case.leader_paid), jnp.asarray(drawn.elasticity * answers)
    paths = jax.vmap(_path, in_axes=(None, None, None, None, 0, 0, 0))(
        jnp.asarray(case.paid), case.leader, gdp, now, elasticity, jnp.asarray(drawn.rate),
        jnp.asarray(drawn.income),
    )  # fmt: skip
    return np.asarray(paths, float)


def _path(
    paid: Vector, leader: int, gdp: Vector, now: Vector, elasticity: Vector, rate: Vector,
    income: Vector,
) -> Vector:  # fmt: skip
    """Revenue by year in one draw."""
    step = QUARTER * relaxation_rate(rate, jnp.asarray(QUARTER))
    raised, found = jnp.zeros(()), []
    for year in range(len(YEARS)):
        wanted = paid * growth_factor(gdp[year], jnp.ones_like(paid), income)
        lost = jnp.maximum(wanted[leader] - now[year], 0.0) / wanted.sum()
        within: list[Vector] = []
        for _ in range(round(1 / QUARTER)):
            raised = raised + step * (elasticity * lost - raised)
            within.append(raised)
        others = wanted.sum() - wanted[leader]
        found.append(now[year] + others * (1.0 + jnp.mean(jnp.stack(within))))
    return jnp.stack(found)


def forecasts(case: Case, drawn: Drawn) -> dict[str, Array]:
    """Revenue by draw and year from each forecaster, before the noise that all of them share."""
    before = np.full((len(drawn.rate), len(YEARS)), case.paid.sum())
    gone = case.paid[case.leader] - np.asarray(case.leader_paid)
    return {
        "persistence": before,
        "cut, nobody answers": before - gone,
        "cut, growth": revenue_path(case, drawn, answers=False, grows=True),
        MECHANISM: revenue_path(case, drawn, answers=True, grows=True),
        "cut, all replaced": np.maximum(before, before - gone),
    }


def spread_of_changes(total: Array, cut: NDArray[np.bool_], years: int) -> float:
    """Spread of the log of revenue so many years on, in entity-years without a large cut.

    Args:
        total: entity by year, prices of one year.
        cut: the same shape, true in the year of a large cut.
        years: ahead.
    """
    change = np.log(total[:, years:] / total[:, :-years])
    touched = np.stack(
        [cut[:, t + 1 : t + 1 + years].any(axis=1) for t in range(change.shape[1])], axis=1
    )
    quiet = change[np.isfinite(change) & ~touched]
    return max(float(quiet.std()), FLOOR)


def large_cuts(rows: pd.DataFrame) -> pd.DataFrame:
    """Every large cut of the record: entity, year, revenue, who cut, share lost, rise after."""
    cases = rows[rows["lost_share"] > 0]
    key = ["entity", "year", "revenue", "cutters", "lost_share"]
    wide = cases[cases["horizon"] <= 1].pivot(index=key, columns="horizon", values="rise")
    names = {0: "rise", 1: "rise_next_year"}
    return wide.rename(columns=names).reset_index().rename_axis(columns=None)


@dataclass(frozen=True)
class Record:
    """Revenue in prices of the origin, and where it was cut."""

    money: Money
    prices: Array  # by year
    total: Array  # entity by year, mn USD of the origin; NaN where not reported
    cut: NDArray[np.bool_]  # entity by year, true in the year of a large cut
    growth: Array  # by donor, 1/year

    @property
    def leader(self) -> int:
        """Place of the leading state among the donors."""
        return self.money.donors.index(LEADER)

    def place(self, year: int) -> int:
        """Place of a year."""
        return self.money.years.index(year)

    def case(self, entity: int) -> Case:
        """An entity at the origin, with what the leading state paid it after."""
        paid = self.money.paid[entity] / self.prices
        after = tuple(float(paid[self.leader, self.place(year)]) for year in YEARS)
        return Case(paid[:, self.place(ORIGIN)], after, self.leader, self.growth)


def read_record(cuts: pd.DataFrame, money: Money) -> Record:
    """The panel's money in prices of the origin."""
    prices = deflator().reindex(money.years).ffill().to_numpy(float)
    found = set(zip(cuts["entity"], cuts["year"], strict=True))
    cut = np.array([[(e, y) in found for y in money.years] for e in money.entities])
    return Record(money, prices, money.paid.sum(axis=1) / prices, cut, growth_of(money.donors))


def replay(draws: int = 2000, seed: int = 1) -> Replay:
    """Forecast and score every entity that reported throughout; those with a US cut are marked."""
    money = panel_money()
    rows = responses(money)
    cuts, first = large_cuts(rows), rows[rows["horizon"] <= 1]
    record = read_record(cuts, money)
    at = [record.place(year) for year in (ORIGIN, *YEARS)]
    found: list[pd.DataFrame] = []
    elasticities: dict[str, Response] = {}
    for e in np.flatnonzero(np.isfinite(record.total[:, at]).all(axis=1)):
        entity, others = money.entities[e], np.arange(len(record.total)) != e
        elasticities[entity] = leading_elasticity(first[first["entity"] != entity])
        drawn = draws_of(elasticities[entity], draws, [seed, int(e)])
        spread = [
            spread_of_changes(record.total[others], record.cut[others], y - ORIGIN) for y in YEARS
        ]
        scores = scored(record.case(int(e)), drawn, np.array(spread), record.total[e, at[1:]])
        found.append(scores.assign(entity=entity))
    led = cuts["cutters"].str.contains(LEADER) & cuts["year"].between(YEARS[0], LAST_CUT)
    scores = pd.concat(found, ignore_index=True)
    marked = scores["entity"].isin(cuts[led]["entity"])
    return Replay(scores.assign(us_cut=marked), cuts, elasticities)


def scored(case: Case, drawn: Drawn, spread: Array, observed: Array) -> pd.DataFrame:
    """CRPS (log points x 100) by year and forecaster; all carry the same noise."""
    import scoringrules as rules

    noise = spread * norm.ppf((np.arange(len(drawn.rate)) + 0.5) / len(drawn.rate))[:, None]
    noise = np.random.default_rng(1).permuted(noise, axis=0)
    rows: list[pd.DataFrame] = []
    for name, path in forecasts(case, drawn).items():
        forecast = np.log(np.maximum(path, 1e-6)) + noise
        crps = 100 * np.asarray(rules.crps_ensemble(np.log(observed), forecast.T))
        middle = np.median(path, axis=0)
        low, high = np.exp(np.quantile(forecast, [0.1, 0.9], axis=0))
        found = {"observed": observed, "median": middle, "low_80": low, "high_80": high}
        rows.append(pd.DataFrame(found | {"crps": crps, "year": YEARS, "forecaster": name}))
    return pd.concat(rows, ignore_index=True)
