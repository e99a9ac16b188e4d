"""One value per state, year and variable, by a written order of preference."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders.cells import COLUMNS
from worldorder.data.flags import ESTIMATED, FORECAST
from worldorder.data.manifest import panel_variables
from worldorder.data.overlap import COLUMNS as OVERLAP_COLUMNS
from worldorder.data.overlap import DIGITS
from worldorder.errors import DataError

# An observed value goes before a forecast, except for growth and prices, where the IMF's path is
# kept in one piece.
ONE_PIECE = {"real_growth", "inflation"}
KEY = ["variable", "iso3", "year"]
RATE = "1/year"
FAR = 0.05  # a difference that counts as large
FEW = 5  # states; a correlation of fewer says nothing


def preference(variable: str) -> tuple[str, ...]:
    """Sources of a state-year variable, first choice first (`panel.yaml`)."""
    return panel_variables()[variable].prefer


def preferred(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Cells of all sources with one left per variable, state and year."""
    frame = pd.concat(parts, ignore_index=True)
    rank = [
        preference(variable).index(source)
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


def differences(parts: list[pd.DataFrame], variable: str, second: str) -> pd.DataFrame:
    """Cells that a later source and the first both observe: iso3, year, first, second, gap.

    The gap is relative to the first, or absolute where the variable is a rate a year.
    """
    first = preference(variable)[0]
    frame = pd.concat([part[part["variable"] == variable] for part in parts])
    frame = frame[(frame["flag"] != FORECAST) & frame["source"].isin([first, second])]
    wide = frame.pivot(index=["iso3", "year"], columns="source", values="value").dropna()
    wide = wide.rename(columns={first: "first", second: "second"}).reset_index()
    if "first" not in wide or "second" not in wide:
        return pd.DataFrame(columns=["iso3", "year", "first", "second", "gap"])
    gap = wide["second"] - wide["first"]
    relative = panel_variables()[variable].unit != RATE
    return wide.assign(gap=(gap / wide["first"].abs() if relative else gap).abs())


def agreement(both: pd.DataFrame, variable: str, second: str) -> pd.DataFrame:
    """How far a later source agrees with the first by year, from their `differences`.

    Measures: states in both, median difference, share of states above 5 %, correlation.
    """
    rows: list[tuple[object, ...]] = []
    for year, cells in both.groupby("year"):
        measures = {
            "states": len(cells),
            "median difference": cells["gap"].median(),
            "share above 5 %": (cells["gap"] > FAR).mean(),
            "correlation": cells["first"].corr(cells["second"]) if len(cells) > FEW else None,
        }
        names = variable, preference(variable)[0], second
        rows += [(*names, year, what, value) for what, value in measures.items()]
    return pd.DataFrame(rows, columns=OVERLAP_COLUMNS).astype({"value": float}).dropna()


def _hold(both: pd.DataFrame, variable: str, second: str) -> None:
    limit, median = panel_variables()[variable].agree, both["gap"].median()
    if limit is not None and median > limit:
        raise DataError(
            f"{variable}: {preference(variable)[0]} and {second} differ by {median:.3g} "
            f"in the median of {len(both)} cells, more than {limit:g}",
            fix="Nothing was built. One of the two files has other units or another vintage.",
        )


def overlaps(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Agreement of every later source of a state-year variable with the first, by year.

    Raises:
        DataError: a median difference is beyond the limit of `panel.yaml`.
    """
    tables: list[pd.DataFrame] = []
    for name, variable in panel_variables().items():
        for second in variable.prefer[1:]:
            both = differences(parts, name, second)
            if len(both):
                _hold(both, name, second)
                tables.append(agreement(both, name, second))
    return pd.concat(tables, ignore_index=True).round({"value": DIGITS})
