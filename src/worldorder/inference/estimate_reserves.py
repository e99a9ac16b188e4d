"""How sticky are currencies' shares in reserves, and does the mechanism forecast the dollar's?

Run: `worldorder evidence reserves --raw DIR`.

The forecast from an origin uses estimates on 1999 up to it and holds the sizes of economies at the
origin, since no forecast of that day is staged; the alliance and sanctions channels are then still.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data import spells
from worldorder.data.builders.reserves import ISSUERS, build
from worldorder.data.panel import table
from worldorder.data.sources import Raw
from worldorder.mechanisms.reserve_currency import (
    ReserveCurrencyParameters,
    adjusted,
    year_shock,
)
from worldorder.mechanisms.reserve_currency import log_odds as log_odds_of
from worldorder.parameters.loader import load_parameters
from worldorder.random import Stream
from worldorder.typing import ByHolder

if TYPE_CHECKING:
    pass

Array = NDArray[np.float64]
Flags = Key = Flows = jax.Array

FIRST = 1999
LAST = 2024
NAMED = ("EUR", "JPY", "GBP", "CNY")
WIDEST = 0.08  # spread of the drift of currencies without an issuer where few years are known
DRAWS = 4000


@dataclass(frozen=True)
class Estimates:
    """What the sample up to a year says."""

    rate: float  # 1/year
    rate_error: float
    size: float  # long-run elasticity
    drift: float  # logit/year, other currencies
    drift_error: float
    common: float  # logit, spread of what moves all currencies
    own: Array  # logit, by currency


def world_shares(raw: Path) -> pd.DataFrame:
    """World shares by year (rows) and currency."""
    frame = build(Raw.of(raw))
    rows = frame[(frame["holder"] == "world") & (frame["year"] >= FIRST)]
    return rows.pivot(index="year", columns="currency", values="value")


def log_odds(shares: pd.DataFrame) -> pd.DataFrame:
    """Log odds against the dollar, without it."""
    odds = pd.DataFrame(np.log(shares)).sub(np.log(shares["USD"]), axis=0)
    return odds.drop(columns="USD")


def relative_size(years: pd.Index) -> pd.DataFrame:
    """Log GDP of the areas of currencies over that of the United States."""
    from worldorder.data.panel import panel

    gdp = panel("gdp", year=years).pivot(index="year", columns="iso3", values="value")
    members = panel("memberships")
    euro = members[(members["institution"] == "EMU") & (members["status"] == "full")]["iso3"]
    size = {c: gdp[ISSUERS[c]] for c in NAMED} | {"EUR": gdp[list(euro)].sum(axis=1)}
    return pd.DataFrame(np.log(pd.DataFrame(size))).sub(np.log(gdp["USA"]), axis=0)


def swap_coverage(years: pd.Index) -> pd.DataFrame:
    """Share of world GDP with an open swap line from a currency's issuer, less that of the dollar.

    Lines of the European Central Bank count for each of its partners; currencies without a line
    in the panel have none.
    """
    from worldorder.data.panel import panel

    lines = spells.by_year(table("swap_lines"), years)
    gdp = panel("gdp", year=years).set_index(["year", "iso3"])["value"]
    world = gdp.groupby("year").sum()
    lines = lines.drop_duplicates(["currency", "partner", "year"]).astype({"partner": str})
    key = pd.MultiIndex.from_arrays([lines["year"], lines["partner"]])
    size = pd.Series(gdp.reindex(key).fillna(0.0).to_numpy())
    covered = size.groupby([lines["year"].to_numpy(), lines["currency"].astype(str).to_numpy()])
    share = covered.sum().unstack(fill_value=0).reindex(years, fill_value=0.0).div(world, axis=0)
    share = share.reindex(columns=[*NAMED, "USD"], fill_value=0.0)
    return share.sub(share["USD"], axis=0).drop(columns="USD")


def swap_effect(odds: pd.DataFrame, size: pd.DataFrame, by_currency: bool) -> tuple[float, float]:
    """Change of log odds a year per share of world GDP that swap lines cover, and its error."""
    import statsmodels.api as sm

    rows = pairs(odds, size, LAST)
    lines = pd.DataFrame({"lines": swap_coverage(odds.index).stack()})
    rows = rows.join(lines, on=["year", "currency"]).dropna()
    effects = pd.get_dummies(rows["currency"]).astype(float)
    design = rows[["level", "size", "lines"]]
    design = pd.concat([design, effects], axis=1) if by_currency else sm.add_constant(design)
    fitted = sm.OLS(rows["change"], design).fit(
        cov_type="cluster", cov_kwds={"groups": rows["year"]}
    )
    return float(fitted.params["lines"]), float(fitted.bse["lines"])


def pairs(odds: pd.DataFrame, size: pd.DataFrame, last: int) -> pd.DataFrame:
    """One row a named currency and year: level, change to the next year, relative size."""
    known = odds.loc[:last]
    change = known.shift(-1) - known
    parts = {"level": known, "change": change, "size": size.reindex(known.index)}
    long = pd.concat({name: part.stack() for name, part in parts.items()}, axis=1)
    return long.dropna().reset_index(names=["year", "currency"])


def adjustment(rows: pd.DataFrame, by_currency: bool = False) -> Any:
    """Change on level and size, errors clustered by year; with effects of currencies or without."""
    import statsmodels.api as sm

    design = rows[["level", "size"]]
    effects = pd.get_dummies(rows["currency"]).astype(float) if by_currency else None
    design = sm.add_constant(design) if effects is None else pd.concat([design, effects], axis=1)
    model = sm.OLS(rows["change"], design)
    return model.fit(cov_type="cluster", cov_kwds={"groups": rows["year"]})


def estimates(odds: pd.DataFrame, size: pd.DataFrame, last: int) -> Estimates:
    """Estimates on the years from 1999 to `last`."""
    fitted = adjustment(pairs(odds, size, last))
    changes = odds.loc[:last].diff().dropna(how="all")
    cover = changes.drop(columns="CNY").cov().to_numpy()
    common = np.sqrt(max(cover[np.triu_indices(len(cover), 1)].mean(), 0.0))
    spread = changes.std().fillna(changes.stack().std())
    other = changes["other"]
    return Estimates(
        rate=float(np.clip(-fitted.params["level"], 0.0, 0.2)),
        rate_error=float(fitted.bse["level"]),
        size=float(fitted.params["size"]),
        drift=float(other.mean()),
        drift_error=min(float(other.std() / np.sqrt(len(other))), WIDEST),
        common=float(common),
        own=np.sqrt(np.maximum(spread.to_numpy() ** 2 - common**2, 1e-4)),
    )


def drawn_parameters(found: Estimates, draws: int, seed: int) -> dict[str, Flows]:
    """Parameters of the mechanism, each by draw: estimates to the origin, shipped spreads."""
    draw, shipped = np.random.default_rng(seed), load_parameters()["reserve_currency"]
    one = np.ones(draws)

    def around(value: float, name: str) -> Array:
        return value * np.exp((shipped[name].standard_error or 0.0) * draw.standard_normal(draws))

    fade = shipped["diversification_fade"].range or (0.02, 0.3)
    known = {
        "adjustment_rate": np.clip(draw.normal(found.rate, found.rate_error, draws), 0.0, 0.12),
        "diversification": np.maximum(draw.normal(found.drift, found.drift_error, draws), 0.0),
        "diversification_fade": draw.uniform(*fade, draws),
        "common_spread": around(found.common, "common_spread"),
        "own_spread": around(float(found.own.mean()), "own_spread"),
    }
    values = {name: known.get(name, parameter.value * one) for name, parameter in shipped.items()}
    return {name: jnp.asarray(value, jnp.float32) for name, value in values.items()}


def forecast(
    odds: pd.DataFrame, found: Estimates, origin: int, years: int, seed: int = 1
) -> tuple[Array, list[str]]:
    """Draws of the shares, shape (draws, years, currencies), the dollar first.

    The mechanism's own kernels move the shares; sizes, alliances and sanctions stand still.
    """
    start = odds.loc[origin].dropna()
    share = np.exp(np.append(0.0, start.to_numpy(float)))
    params = drawn_parameters(found, DRAWS, seed)
    keys = jnp.stack(
        [jnp.full(DRAWS, seed, jnp.uint32), jnp.arange(DRAWS, dtype=jnp.uint32)], axis=1
    )
    paths = jax.vmap(_path, in_axes=(None, None, 0, 0, None))(
        jnp.asarray(share / share.sum(), jnp.float32)[None],
        jnp.asarray(np.append(False, start.index == "other")),
        params,
        keys,
        years,
    )
    return np.asarray(paths, float), ["USD", *start.index]


def _path(share: ByHolder, other: Flags, drawn: dict[str, Flows], key: Key, years: int) -> Flows:
    """Shares by year in one draw, by the kernels of `mechanisms.reserve_currency`."""
    params = ReserveCurrencyParameters(**drawn)
    target, found = log_odds_of(share), []
    for year in range(years):
        stream = Stream(key, jnp.asarray(year, jnp.uint32))
        shock = year_shock(other.shape[0], jnp.asarray(float(year)), other, params, stream)
        share = adjusted(
            share, target, jnp.broadcast_to(shock, target.shape), params.adjustment_rate
        )
        found.append(share[0])
    return jnp.stack(found)


def autoregression(dollar: pd.Series, origin: int, years: int, seed: int = 1) -> Array:
    """Draws of an AR(1) of the dollar share fitted up to the origin, shape (draws, years)."""
    import statsmodels.api as sm

    known = dollar.loc[:origin]
    design = sm.add_constant(known.shift(1).dropna())
    fitted = sm.OLS(known.iloc[1:], design).fit()
    draw = np.random.default_rng(seed)
    level, path = np.full(DRAWS, known.iloc[-1]), []
    for _ in range(years):
        noise = np.sqrt(fitted.mse_resid) * draw.standard_normal(DRAWS)
        level = fitted.params.iloc[0] + fitted.params.iloc[1] * level + noise
        path.append(level)
    return np.stack(path, axis=1)


def hindcast(
    shares: pd.DataFrame, odds: pd.DataFrame, size: pd.DataFrame, origin: int
) -> pd.DataFrame:
    """Dollar share after the origin: band, truth and scores (CRPS, percentage points)."""
    import scoringrules as rules

    years = list(range(origin + 1, LAST + 1))
    found = estimates(odds, size, origin)
    draws, _ = forecast(odds, found, origin, len(years))
    dollar, truth = draws[:, :, 0], shares["USD"].loc[years].to_numpy()
    low, high = np.quantile(dollar, [0.1, 0.9], axis=0)
    rival = autoregression(shares["USD"], origin, len(years))
    return pd.DataFrame(
        {
            "observed": truth,
            "low": low,
            "high": high,
            "inside": (low <= truth) & (truth <= high),
            "crps": 100 * np.asarray(rules.crps_ensemble(truth, dollar.T)),
            "persistence": 100 * np.abs(truth - shares["USD"].loc[origin]),
            "ar1": 100 * np.asarray(rules.crps_ensemble(truth, rival.T)),
        },
        index=years,
    )


def overtakes(odds: pd.DataFrame, size: pd.DataFrame, origin: int, until: int) -> float:
    """Share of forecasts from the origin in which the euro passes the dollar by a year."""
    draws, names = forecast(odds, estimates(odds, size, origin), origin, until - origin)
    return float((draws[:, :, names.index("EUR")] > draws[:, :, 0]).any(axis=1).mean())


def rolling(shares: pd.DataFrame, odds: pd.DataFrame, size: pd.DataFrame) -> pd.DataFrame:
    """Mean scores by years ahead, over the origins 2008 to 2023."""
    found = [
        hindcast(shares, odds, size, origin).reset_index(drop=True) for origin in range(2008, LAST)
    ]
    table = pd.concat(found)
    columns = ["inside", "crps", "persistence", "ar1"]
    return (
        table.groupby(table.index + 1)[columns]
        .agg("mean")
        .assign(origins=table.groupby(table.index + 1).size())
    )


def report(raw: Path) -> None:
    """Print estimates and the hindcast."""
    shares = world_shares(raw)
    odds, size = log_odds(shares), relative_size(shares.index)
    rows = pairs(odds, size, LAST)
    for label, by_currency in (("pooled", False), ("effects of currencies", True)):
        fitted = adjustment(rows, by_currency)
        print(f"\nChange of log odds, {len(rows)} currency-years, {label}")
        print(pd.DataFrame({"value": fitted.params, "s.e.": fitted.bse}).round(3).to_string())
    print(f"\n{estimates(odds, size, LAST)}")
    print("\nDollar share from 2009, estimates to 2009")
    print(hindcast(shares, odds, size, 2009).round(3).to_string())
    for label, by_currency in (("pooled", False), ("effects of currencies", True)):
        value, error = swap_effect(odds, size, by_currency)
        print(
            f"\nSwap lines, {label}: {value:.3f} a year per share of world GDP (s.e. {error:.3f})"
        )
    chance = {until: overtakes(odds, size, 2008, until) for until in (2015, 2024)}
    print(
        f"\nEuro above the dollar from 2008: by 2015 {chance[2015]:.4f}, by 2024 {chance[2024]:.4f}"
    )
    print("\nOrigins 2008-2023, by years ahead")
    print(rolling(shares, odds, size).round(3).to_string())
