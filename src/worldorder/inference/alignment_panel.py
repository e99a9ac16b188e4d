"""Panel for the alignment estimate: ideal points with the mean positions of partners and allies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.errors import DataError
from worldorder.inference.drift_filter import DriftData, Matrix

SOUTH_YEMEN = 680  # COW code; the release gives both Yemens one ISO code
SUCCESSOR = {"SUN": "RUS"}
CALM_SINCE = 1990
VOLATILITY_YEARS = 5  # either side


def _read(path: Path) -> pd.DataFrame:
    if not path.exists():
        raise DataError("this file is missing", "Give the folder of the raw sources.", path)
    return pd.read_csv(path)


def read_ideal_points(raw: Path) -> pd.DataFrame:
    """Published ideal points: country, year, ideal_point, and COW code."""
    frame = _read(raw / "un-ideal-points" / "ideal_points_july2025.csv.gz")
    frame = frame.dropna(subset=["iso3c", "idealpointfp"])
    frame.loc[frame["ccode"] == SOUTH_YEMEN, "iso3c"] = "YMD"
    names = {"iso3c": "country", "idealpointfp": "ideal_point"}
    return frame.rename(columns=names)[["country", "ccode", "year", "ideal_point"]]


def read_trade(raw: Path) -> pd.DataFrame:
    """Goods trade by exporter, importer and year, in units that differ between the sources."""
    sitc = _read(raw / "oec-sitc-trade-1962-2014" / "bilateral_trade_sitc.csv.gz")
    itpde = _read(raw / "usitc-itpde-2000-2016" / "itpde_total_bilateral.csv.gz")
    baci = _read(raw / "ilms2025-trade-tariffs" / "bilateral_trade_2023.csv.gz")
    parts = [
        sitc.rename(columns={"value_kusd": "value"}),
        itpde[itpde["year"] > sitc["year"].max()].rename(columns={"value_musd2010": "value"}),
        baci.rename(columns={"value_kusd": "value"}).assign(year=2023),
    ]
    trade = pd.concat(parts, ignore_index=True)
    trade = trade.replace({"exporter": SUCCESSOR, "importer": SUCCESSOR})
    return trade[trade["exporter"] != trade["importer"]]


def read_pacts(raw: Path, ideal_points: pd.DataFrame) -> pd.DataFrame:
    """Defence pacts by country, partner and year: the country owes the partner defence."""
    atop = _read(raw / "atop-alliances" / "atop_5_1_directed_dyad_year.csv.gz")
    code = ideal_points.drop_duplicates("ccode").set_index("ccode")["country"]
    atop = atop[atop["atop_defense"] == 1]
    pacts = pd.DataFrame(
        {
            "country": atop["ccode1"].map(code),
            "partner": atop["ccode2"].map(code),
            "year": atop["year"],
        }
    )
    return pacts.dropna()


def _weights(frame: pd.DataFrame, row: str, column: str, country: pd.Index) -> Matrix:
    wide = frame.pivot_table(index=row, columns=column, values="value", aggfunc="sum")
    return wide.reindex(index=country, columns=country).fillna(0.0).to_numpy(float)


def _weighted_mean(weight: Matrix, position: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weighted mean position of the others that vote; NaN for a state with no weight."""
    voting = ~np.isnan(position)
    weight = weight * voting[None, :]
    np.fill_diagonal(weight, 0.0)
    total = weight.sum(axis=1)
    mean = weight @ np.where(voting, position, 0.0) / np.where(total > 0, total, 1.0)
    return np.where(total > 0, mean, np.nan)


def _nearest(years: NDArray[np.int64], year: int) -> int:
    return int(years[np.abs(years - year).argmin()])


def _volatility(position: Matrix, year: NDArray[np.int64]) -> NDArray[np.float64]:
    """Squared median absolute change in a window around each year, 1 on average since 1990."""
    change = np.diff(position, axis=0, prepend=np.nan)
    half = VOLATILITY_YEARS
    spread = np.array(
        [
            np.nanmedian(np.abs(change[max(1, t - half + 1) : t + half + 1]))
            for t in range(len(change))
        ]
    )
    return (spread / spread[year >= CALM_SINCE].mean()) ** 2


def alignment_panel(
    ideal_points: pd.DataFrame, trade: pd.DataFrame, pacts: pd.DataFrame, until: int
) -> DriftData:
    """Yearly panel to the year `until`; no later vote, flow or pact enters it.

    Args:
        ideal_points: country, year, ideal_point.
        trade: exporter, importer, year, value; for a year without trade the nearest year stands.
        pacts: country, partner, year; after the last year that year's pacts stand.
        until: last year, both of the sample and of what it may know.
    """
    ideal_points = ideal_points[ideal_points["year"] <= until]
    trade, pacts = trade[trade["year"] <= until], pacts[pacts["year"] <= until]
    wide = ideal_points.pivot(index="year", columns="country", values="ideal_point")
    wide = wide.reindex(range(int(wide.index.min()), until + 1))
    wide = wide.interpolate(limit=2, limit_area="inside")
    year, country = wide.index.to_numpy(np.int64), wide.columns
    position = wide.to_numpy(float)
    position = position - np.nanmean(position, axis=1, keepdims=True)
    flow = {t: _weights(f, "exporter", "importer", country) for t, f in trade.groupby("year")}
    held = {
        t: _weights(f.assign(value=1.0), "country", "partner", country)
        for t, f in pacts.groupby("year")
    }
    traded, allied = np.unique(trade["year"]), np.unique(pacts["year"])
    partner, ally = np.full_like(position, np.nan), np.full_like(position, np.nan)
    for t, y in enumerate(year.tolist()):
        if y >= traded[0]:
            both = flow[_nearest(traded, y)]
            partner[t] = _weighted_mean(both + both.T, position[t])
        ally[t] = _weighted_mean(held[_nearest(allied, y)], position[t])
    return DriftData(year, tuple(country), position, partner, ally, _volatility(position, year))


def read_alignment_panel(raw: Path, until: int) -> DriftData:
    """The panel from a folder of raw sources."""
    ideal_points = read_ideal_points(raw)
    return alignment_panel(ideal_points, read_trade(raw), read_pacts(raw, ideal_points), until)
