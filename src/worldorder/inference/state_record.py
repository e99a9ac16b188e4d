"""The record of states and pairs of states, 1816 to 2022, as arrays by year.

States have Correlates of War numbers and are in the order of `StateRecord.codes`. Nothing is
imputed except the regime score where V-Dem is silent (a fit on extended UDS). Missing is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.builders.democracy import polyarchy_from_euds
from worldorder.data.builders.geography import great_circle

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

FIRST_YEAR = 1816
LAST_YEAR = 2022
LAND_BORDER = 1
ALLIANCE_TYPES = ("defence", "consultation", "neutrality", "nonaggression")
ATOP_COLUMN = {
    "defence": "atop_defense",
    "consultation": "atop_consul",
    "neutrality": "atop_neutral",
    "nonaggression": "atop_nonagg",
}
SUCCESSORS = {260: 255, 678: 679}  # Federal Republic of Germany, North Yemen
OEC_CODES = {"SUN": 365, "RUS": 365, "YUG": 345, "SRB": 345, "SCG": 345, "CSK": 315, "ROU": 360}


@dataclass
class StateRecord:
    """Arrays by year (from `FIRST_YEAR`), state and pair."""

    codes: NDArray[np.int64]
    present: Flags  # (year, state) in the system on the last day of the year
    power: Array  # (year, state) share of world capability, CINC
    regime: Array  # (year, state) electoral democracy, 0 to 1
    ideal_point: Array  # (year, state)
    major: Flags  # (year, state) major power on some day
    distance: Array  # (state, state) km between capitals
    raw: Path
    last: int = LAST_YEAR  # rows of later years are not read
    _pairs: dict[str, pd.DataFrame] = field(default_factory=dict)

    def year(self, year: int) -> int:
        """Position of a year."""
        return year - FIRST_YEAR

    def matrix(self, frame: pd.DataFrame, value: str | None = None) -> Array:
        """Symmetric matrix with 1, or the value, where the frame has the pair (ccode1, ccode2)."""
        place = {code: i for i, code in enumerate(self.codes.tolist())}
        rows = frame["ccode1"].map(place).to_numpy(float)
        columns = frame["ccode2"].map(place).to_numpy(float)
        known = ~np.isnan(rows) & ~np.isnan(columns)
        filled = np.zeros((len(self.codes), len(self.codes)))
        i, j = rows[known].astype(int), columns[known].astype(int)
        found = np.ones(len(i)) if value is None else frame[value].to_numpy(float)[known]
        np.maximum.at(filled, (i, j), found)
        return np.maximum(filled, filled.T)

    def ties(self, kind: str, year: int) -> Flags:
        """Pairs of which one owes the other the obligation in some part of the year."""
        frame = self._table("atop-alliances/atop_5_1_directed_dyad_year.csv.gz")
        rows = frame[(frame["year"] == year) & (frame[ATOP_COLUMN[kind]] == 1)]
        return self.matrix(rows).astype(bool)

    def rivalry(self, year: int) -> Flags:
        """Strategic rivals (Thompson, Sakuwa and Suhas 2021; its years run to 2020)."""
        frame = self._table("rivalries/tss_rivalries.csv")
        year = min(year, 2020)
        return self.matrix(frame[(frame["start"] <= year) & (frame["end"] >= year)]).astype(bool)

    def land_border(self, year: int) -> Flags:
        """Pairs with a land border at mid-year; after 2016 those of 2016."""
        frame = self._table("cow-geography/direct_contiguity_3_2.csv.gz")
        day = f"{min(year, 2016)}-07-01"
        near = frame[frame["conttype"] == LAND_BORDER]
        return self.matrix(near[(near["stdate"] <= day) & (near["enddate"] >= day)]).astype(bool)

    def trade_share(self, year: int) -> Array:
        """Goods trade of the row with the column over all goods trade of the row, share.

        NaN for states without trade on record; the table runs from 1962 to 2014, and later years
        have the values of 2014.
        """
        total = self.trade_flows(min(year, 2014))
        whole = total.sum(axis=1, keepdims=True)
        return np.divide(total, whole, out=np.full_like(total, np.nan), where=whole > 0)

    def trade_flows(self, year: int) -> Array:
        """Goods trade of each pair, both ways together, thousand USD/year, 1962 to 2014."""
        frame = self._trade()
        flows = frame[frame["year"] == year]
        total = np.zeros((len(self.codes), len(self.codes)))
        np.add.at(total, (flows["i"].to_numpy(), flows["j"].to_numpy()), flows["value"].to_numpy())
        return total + total.T

    def disputes(self) -> pd.DataFrame:
        """Onsets of militarized disputes between states that began them, one row a direction."""
        frame = self.dispute_years()
        return frame[frame["disponset"] == 1]

    def dispute_years(self) -> pd.DataFrame:
        """Years of militarized disputes (MID 5.0), one row a direction."""
        return self._table("cow-conflict/mid_5_directed_dyad_year.csv.gz")

    def _table(self, name: str) -> pd.DataFrame:
        if name not in self._pairs:
            self._pairs[name] = _read(self.raw / name, self.last)
        return self._pairs[name]

    def _trade(self) -> pd.DataFrame:
        if "trade" not in self._pairs:
            frame = self._table("oec-sitc-trade-1962-2014/bilateral_trade_sitc.csv.gz")
            place = _oec_places(self.raw, self.codes)
            i, j = frame["exporter"].map(place), frame["importer"].map(place)
            known = frame.assign(i=i, j=j, value=frame["value_kusd"]).dropna(subset=["i", "j"])
            self._pairs["trade"] = known[known["i"] != known["j"]].astype({"i": int, "j": int})
        return self._pairs["trade"]


def read_state_record(raw: Path, last: int = LAST_YEAR) -> StateRecord:
    """Read the record from a folder of publishers' files; years after `last` are missing."""
    states = _read(raw / "cow-states" / "states_2016.csv")
    codes = np.sort(states["ccode"].unique())
    democracy = _read(raw / "democracy" / "cw_democracy.csv.gz", last)
    fitted = polyarchy_from_euds(democracy)
    democracy["regime"] = democracy["v2x_polyarchy"].fillna(fitted)
    nmc = _read(raw / "cow-capabilities" / "nmc_7_0.csv.gz", last)
    points = _read(raw / "un-ideal-points" / "ideal_points_july2025.csv.gz", last)
    return StateRecord(
        codes=codes,
        present=_spells(states, codes, at_year_end=True),
        power=_by_year(nmc, "cinc", codes),
        regime=_by_year(democracy, "regime", codes),
        ideal_point=_by_year(points, "idealpointfp", codes),
        major=_spells(_read(raw / "cow-states" / "majors_2016.csv"), codes),
        distance=_capital_distance(raw, codes),
        raw=raw,
        last=last,
    )


def _read(path: Path, last: int = LAST_YEAR) -> pd.DataFrame:
    """A table to a year, with states that changed their number in a union under that of it."""
    frame = pd.read_csv(path)
    frame = frame[frame["year"] <= last] if "year" in frame else frame
    codes = [column for column in ("ccode", "ccode1", "ccode2") if column in frame]
    return frame.assign(**{column: frame[column].replace(SUCCESSORS) for column in codes})


def _years() -> NDArray[np.int64]:
    return np.arange(FIRST_YEAR, LAST_YEAR + 1)


def _by_year(frame: pd.DataFrame, value: str, codes: NDArray[np.int64]) -> Array:
    table = frame.pivot_table(index="year", columns="ccode", values=value, aggfunc="first")
    return table.reindex(index=_years(), columns=codes).to_numpy(float)


def _spells(frame: pd.DataFrame, codes: NDArray[np.int64], at_year_end: bool = False) -> Flags:
    """Years in which a spell of the state lasts, on some day or on the last one.

    Lists that end in 2016 go on.
    """
    years = _years()
    held = np.zeros((len(years), len(codes)), bool)
    for row in frame.to_dict("records"):
        last = LAST_YEAR if row["endyear"] == 2016 else int(row["endyear"])
        ends_early = at_year_end and (row["endmonth"], row["endday"]) != (12, 31)
        within = (years >= row["styear"]) & (years <= last - ends_early)
        held[:, np.searchsorted(codes, row["ccode"])] |= within
    return held


def _capital_distance(raw: Path, codes: NDArray[np.int64]) -> Array:
    capitals = _read(raw / "cow-geography" / "capitals.csv").sort_values("enddate")
    last = capitals.drop_duplicates("ccode", keep="last").set_index("ccode").reindex(codes)
    return great_circle(last["lat"].to_numpy(float), last["lng"].to_numpy(float))


def _oec_places(raw: Path, codes: NDArray[np.int64]) -> dict[str, int]:
    points = _read(raw / "un-ideal-points" / "ideal_points_july2025.csv.gz")
    codes_of = points.dropna(subset=["iso3c"]).groupby("iso3c")["ccode"].last().to_dict()
    codes_of |= {"DEU": 255, "TWN": 713, "CHE": 225} | OEC_CODES
    known = set(codes.tolist())
    return {
        str(iso3): int(np.searchsorted(codes, code))
        for iso3, code in codes_of.items()
        if code in known
    }
