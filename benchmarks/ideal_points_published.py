"""Our ideal points against the published ones: correlation by year, rank and spread of errors.

`python benchmarks/ideal_points_published.py RAW` prints the table in docs/votes.md. The settings
of the estimator were fixed on votes held out (`held_out_ideal_points.py`) before this was run.
"""

from __future__ import annotations

import sys

import pandas as pd

from worldorder.data.panel import table
from worldorder.data.polities import state_keys
from worldorder.data.sources import Raw

OURS, THEIRS = "ideal_point", "idealpointfp"  # final-passage votes, as ours


def matched(raw: Raw) -> pd.DataFrame:
    ours = table("ideal_points_by_origin")
    ours = ours[(ours["issue"] == "all") & (ours["origin"] == ours["origin"].max())]
    theirs = raw.table("un-ideal-points", "panel")
    theirs = theirs.assign(iso3=state_keys(theirs["ccode"], theirs["year"]))
    theirs = theirs.sort_values("nvotesfp").drop_duplicates(["iso3", "year"], keep="last")
    return ours.merge(theirs[["iso3", "year", THEIRS, "q5fp", "q95fp"]], on=["iso3", "year"])


def by_year(pairs: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {
            "year": year,
            "states": len(rows),
            "correlation": rows[OURS].corr(rows[THEIRS]),
            "rank": rows[OURS].corr(rows[THEIRS], method="spearman"),
        }
        for year, rows in pairs.groupby("year")
        if len(rows) > 2
    ]
    return pd.DataFrame(rows).set_index("year")


def main() -> None:
    pairs = matched(Raw.of(sys.argv[1])).dropna(subset=[OURS, THEIRS])
    years = by_year(pairs)
    print(years.round(3).to_string())
    print(f"pooled {pairs[OURS].corr(pairs[THEIRS]):.4f}, {len(pairs)} state-years")
    print(f"within states {_changes(pairs):.4f} (five-year changes)")
    print(f"years at .97 and up: {(years['correlation'] >= 0.97).sum()} of {len(years)}")
    low, high = years["correlation"].idxmin(), years["correlation"].idxmax()
    print(f"lowest {years.loc[low, 'correlation']:.3f} in {low}, highest in {high}")
    width = (pairs["q95fp"] - pairs["q5fp"]) / 3.29
    print(
        f"standard errors: ours {pairs['standard_error'].median():.3f}, theirs {width.median():.3f}"
    )


def _changes(pairs: pd.DataFrame) -> float:
    later = pairs.assign(year=pairs["year"] - 5)
    both = pairs.merge(later, on=["iso3", "year"], suffixes=("", "_later"))
    ours, theirs = both[f"{OURS}_later"] - both[OURS], both[f"{THEIRS}_later"] - both[THEIRS]
    return float(ours.corr(theirs))


if __name__ == "__main__":
    main()
