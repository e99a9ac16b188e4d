"""One value per state, year and variable, by a written order of preference."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.cells import COLUMNS
from worldorder.data.flags import ESTIMATED, FORECAST

# First source first. An observed value goes before a forecast, except for growth, where the IMF's
# path is kept in one piece.
PREFERENCE: dict[str, tuple[str, ...]] = {
    "gdp": ("imf-weo-2025-10", "worldbank-wdi"),
    "gdp_ppp": ("imf-weo-2025-10", "worldbank-wdi", "isard-gdppop"),
    "real_growth": ("imf-weo-2025-10", "worldbank-wdi"),
    "population": ("worldbank-wdi", "imf-weo-2025-10"),
    "military_burden": ("worldbank-wdi", "cow-capabilities"),
    "military_spending": ("worldbank-wdi", "cow-capabilities"),
    "capability_cinc": ("cow-capabilities",),
    "ideal_point": ("un-ideal-points",),
    "ideal_point_low": ("un-ideal-points",),
    "ideal_point_high": ("un-ideal-points",),
    "regime": ("democracy",),
}
ONE_PIECE = {"real_growth"}
KEY = ["variable", "iso3", "year"]


def preferred(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Cells of all sources with one left per variable, state and year."""
    frame = pd.concat(parts, ignore_index=True)
    rank = [
        PREFERENCE[variable].index(source)
        for variable, source in zip(frame["variable"], frame["source"], strict=True)
    ]
    late = (frame["flag"] == FORECAST) & ~frame["variable"].isin(ONE_PIECE)
    frame = frame.assign(late=late, rank=rank).sort_values([*KEY, "late", "rank"])
    return frame.drop_duplicates(KEY)[COLUMNS].reset_index(drop=True)


def spliced(ahead: pd.DataFrame, observed: pd.DataFrame, variable: str) -> pd.DataFrame:
    """Rows of `ahead` moved to the level of the last year of `observed`, keeping their growth.

    The levels of two sources differ by up to a third in small states; joined as they are, the
    difference would read as growth.
    """
    theirs = ahead[ahead["variable"] == variable]
    ours = observed[observed["variable"] == variable]
    last = ours.sort_values("year").groupby("iso3").tail(1)
    both = last.merge(theirs, on=["iso3", "year"], suffixes=("", "_ahead"))
    ratio = (both["value"] / both["value_ahead"]).set_axis(both["iso3"])
    after = last.set_index("iso3")["year"]
    late = (ahead["variable"] == variable) & (ahead["year"] > ahead["iso3"].map(after))
    factor = ahead["iso3"].map(ratio).fillna(1.0).where(late, 1.0)
    return ahead.assign(value=ahead["value"] * factor)


def burden_from_spending(frame: pd.DataFrame) -> pd.DataFrame:
    """Military spending of COW over GDP, where no source has the share itself."""
    wide = frame[frame["variable"].isin(["gdp", "military_spending", "military_burden"])]
    wide = wide.pivot(index=["iso3", "year"], columns="variable", values="value")
    share = (wide["military_spending"] / wide["gdp"])[wide["military_burden"].isna()].dropna()
    rows = share.rename("value").reset_index()
    rows = rows.assign(variable="military_burden", flag=ESTIMATED, source="cow-capabilities")
    return pd.concat([frame, rows[COLUMNS]], ignore_index=True)


def disagreement(parts: list[pd.DataFrame], variable: str, years: range) -> pd.Series:
    """Relative difference between the first two sources of a variable where both have a cell."""
    first, second = PREFERENCE[variable][:2]
    frame = pd.concat(parts)
    frame = frame[(frame["variable"] == variable) & frame["year"].isin(years)]
    frame = frame[frame["flag"] != FORECAST]
    wide = frame.pivot(index=["iso3", "year"], columns="source", values="value").dropna()
    return (wide[second] / wide[first] - 1).rename(f"{second} over {first}")
