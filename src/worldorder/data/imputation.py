"""Cells of the start year that no source has, filled by written rules and flagged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from worldorder.data.builders.cells import COLUMNS
from worldorder.data.flags import ESTIMATED, IMPUTED
from worldorder.data.own_tables import own_table, state_codes

OWN = "worldorder"
SIMILAR = 10  # states nearest in income
NEIGHBOURS = 5  # nearest states, where there is no land border
YEARS = (2023, 2024)  # of the trade matrix and of the start
BURDEN_YEARS = 10  # an older military burden is not carried forward
VOTES_YEARS = 4  # nor an older ideal point or regime score


def _wide(frame: pd.DataFrame, variable: str) -> pd.DataFrame:
    """States by years; all states of the panel are there."""
    rows = frame[frame["variable"] == variable]
    return rows.pivot(index="iso3", columns="year", values="value").reindex(state_codes())


def _rows(values: pd.Series, variable: str, year: int, flag: str = IMPUTED) -> pd.DataFrame:
    values = values.dropna()
    frame = pd.DataFrame({"iso3": values.index, "value": values.to_numpy()})
    return frame.assign(year=year, variable=variable, flag=flag, source=OWN)[COLUMNS]


def grown_since_last(wide: pd.DataFrame, year: int) -> pd.Series:
    """Last value of states without one in `year`, grown as the sum of all that have both."""
    filled = pd.Series(np.nan, index=wide.index)
    for iso3 in wide.index[wide[year].isna()]:
        before = wide.loc[iso3, :year].dropna()
        if len(before):
            both = wide[[before.index[-1], year]].dropna()
            filled[iso3] = before.iloc[-1] * both[year].sum() / both.iloc[:, 0].sum()
    return filled


def carried(wide: pd.DataFrame, year: int, since: int) -> pd.Series:
    """Last value at or after `since` of states without one in `year`."""
    span = wide.loc[:, since:year]
    last = span.ffill(axis=1).iloc[:, -1]
    return last[span[year].isna()] if year in span else last


def like_similar(ratio: pd.Series, income: pd.Series) -> pd.Series:
    """Median ratio of the states nearest in log income, for states without a ratio."""
    known = ratio.dropna().index.intersection(income.dropna().index)
    filled = pd.Series(np.nan, index=ratio.index)
    for iso3 in ratio.index[ratio.isna() & income.notna()]:
        gap = (np.log(income[known]) - np.log(income[iso3])).abs().sort_values(kind="stable")
        filled[iso3] = ratio[gap.index[:SIMILAR]].median()
    return filled


def region_median(values: pd.Series) -> pd.Series:
    """Median of the UN subregion, or of the world where it has none, for missing states."""
    region = own_table("states").set_index("iso3")["region"].reindex(values.index)
    median = values.groupby(region).transform("median").fillna(values.median())
    return median[values.isna()]


def economy(frame: pd.DataFrame, years: Sequence[int] = YEARS) -> pd.DataFrame:
    """GDP, PPP GDP and military burden of the start years."""
    parts = [frame]
    for year in years:
        gdp, ppp = _wide(frame, "gdp"), _wide(frame, "gdp_ppp")
        people = _wide(frame, "population")[year]
        now, ppp_now = gdp[year], ppp[year]
        ppp_now = ppp_now.fillna(grown_since_last(ppp, year))
        now = now.fillna(grown_since_last(gdp, year))
        now = now.fillna(ppp_now * like_similar(now / ppp_now, ppp_now / people))
        ppp_now = ppp_now.fillna(now * like_similar(ppp_now / now, now / people))
        parts.append(_rows(now[gdp[year].isna()], "gdp", year))
        parts.append(_rows(ppp_now[ppp[year].isna()], "gdp_ppp", year))
        burden = _wide(frame, "military_burden")
        held = carried(burden, year, year - BURDEN_YEARS)
        known = burden[year].fillna(held)
        parts.append(_rows(held, "military_burden", year))
        parts.append(_rows(region_median(known), "military_burden", year))
    return pd.concat(parts, ignore_index=True)


def regime(frame: pd.DataFrame, year: int = YEARS[-1]) -> pd.DataFrame:
    """Regime score of the start year, the subregion's median where no source has one."""
    wide = _wide(frame, "regime")
    held = carried(wide, year, year - VOTES_YEARS)
    missing = region_median(wide[year].fillna(held))
    added = [_rows(held, "regime", year), _rows(missing, "regime", year)]
    return pd.concat([frame, *added], ignore_index=True)


def neighbour_mean(values: pd.Series, pairs: pd.DataFrame) -> pd.Series:
    """Mean of `values` over land neighbours with a value, or the nearest five states."""
    back = pairs.rename(columns={"state_a": "state_b", "state_b": "state_a"})
    both = pd.concat([pairs, back])
    both = both[both["state_a"] != both["state_b"]].drop_duplicates(["state_a", "state_b"])
    both = both.assign(value=both["state_b"].map(values)).dropna(subset=["value"])
    near = both.sort_values("km", kind="stable").groupby("state_a").head(NEIGHBOURS)
    nearest = near.groupby("state_a")["value"].mean()
    land = both[both["land_border"]].groupby("state_a")["value"].mean()
    return land.reindex(values.index).fillna(nearest.reindex(values.index))


def ideal_points(frame: pd.DataFrame, pairs: pd.DataFrame, year: int = YEARS[-1]) -> pd.DataFrame:
    """Ideal points of the start year: carried forward, or fitted for those that never vote.

    The fit is a regression over states on regime, log PPP GDP per head and the neighbours' mean.
    """
    wide = _wide(frame, "ideal_point")
    held = carried(wide, year, year - VOTES_YEARS)
    known = wide[year].fillna(held)
    income = _wide(frame, "gdp_ppp")[year] / _wide(frame, "population")[year]
    predictors = pd.DataFrame(
        {
            "constant": 1.0,
            "regime": _wide(frame, "regime")[year],
            "log_income": np.log(income),
            "neighbours": neighbour_mean(known, pairs),
        }
    )
    sample = predictors.assign(y=known).dropna()
    weights = np.linalg.lstsq(sample[predictors.columns], sample["y"], rcond=None)[0]
    fitted = predictors.mul(weights).sum(axis=1, skipna=False)[known.isna()]
    added = [
        _rows(held, "ideal_point", year),
        _rows(fitted, "ideal_point", year, ESTIMATED),
    ]
    return pd.concat([frame, *added], ignore_index=True)


def growth_path(frame: pd.DataFrame, years: range) -> pd.DataFrame:
    """Growth of states without an IMF forecast: the subregion's median of the year."""
    wide = _wide(frame, "real_growth")
    added = [_rows(region_median(wide[year]), "real_growth", year) for year in years]
    return pd.concat([frame, *added], ignore_index=True)


def complete(frame: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """The panel of state-years with every cell that the start of a run needs."""
    frame = regime(economy(frame))
    return growth_path(ideal_points(frame, pairs), range(2025, 2031))
