"""Rows for gravity: trade with home sales by pair and year, and what may make it dear.

Three records of trade, each with what it is best for. "industries" (ITPD-E of the USITC, sales at
home, 2000-2014: its source says that home sales are thinner after that) is the main one.
"input-output" (OECD, goods, sales at home, 80 economies, 2011-2022) sees the sanctions of 2014 and
2022. "long" (goods, 1962-2023, no sales at home) sees the cold war. A pair that trades in some year
of a record counts as zero in a year in which both sides trade and it does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.builders import sanctions
from worldorder.data.builders.geography import OLD_CODES
from worldorder.data.own_tables import cow_to_iso3, state_codes
from worldorder.data.panel import panel
from worldorder.data.spells import by_year

Array = NDArray[np.float64]

KINDS = ("complete", "partial", "finance", "other", "intensity")
# Preferences among developing states, notified as agreements: no free trade between 48 states.
PREFERENCES = (461, 647)  # Global System of Trade Preferences, Protocol on Trade Negotiations
INTERSTATE = "interstate"


@dataclass(frozen=True)
class Axes:
    """Years and economies of the rows, in order."""

    years: tuple[int, ...]
    codes: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Years by exporters by importers."""
        return len(self.years), len(self.codes), len(self.codes)

    def filled(self, frame: pd.DataFrame, value: str | None = None) -> Array:
        """Cube with `value` (or 1) where the frame has year, exporter and importer; 0 elsewhere."""
        place = {code: i for i, code in enumerate(self.codes)}
        when = {year: i for i, year in enumerate(self.years)}
        t, i, j = (
            frame[name].map(known).to_numpy(float)
            for name, known in (("year", when), ("exporter", place), ("importer", place))
        )
        known = ~(np.isnan(t) | np.isnan(i) | np.isnan(j))
        found = np.ones(len(frame)) if value is None else frame[value].to_numpy(float)
        cube = np.zeros(self.shape)
        at = (t[known].astype(int), i[known].astype(int), j[known].astype(int))
        np.maximum.at(cube, at, found[known])
        return cube


def home(variable: str, last: int | None = None) -> pd.DataFrame:
    """A record of the panel with sales at home; years after `last` left out."""
    rows = panel(variable)
    kept = rows if last is None else rows[rows["year"] <= last]
    return kept.rename(columns={"value": "trade"})[["year", "exporter", "importer", "trade"]]


def abroad() -> pd.DataFrame:
    """Goods trade of the panel, 1962-2023, as observed; no sales at home."""
    rows = panel("trade").query("flag == 'observed'")
    return rows.rename(columns={"value": "trade"})[["year", "exporter", "importer", "trade"]]


RECORDS: dict[str, Callable[[], pd.DataFrame]] = {
    "industries": lambda: home("industry_trade", last=2014),
    "input-output": lambda: home("gross_goods_trade"),
    "long": abroad,
}
WITH_HOME = ("industries", "input-output")


def agreements(years: tuple[int, ...]) -> pd.DataFrame:
    """Pairs with a trade agreement in force, by year, both ways; depth is not told apart."""
    spells = panel("trade_agreements")
    held = by_year(spells[~spells["treaty"].isin(PREFERENCES)], years)
    return both_ways(held["year"], held["state_a"], held["state_b"])


def both_ways(year: pd.Series, one: pd.Series, other: pd.Series) -> pd.DataFrame:
    """Rows of unordered pairs as flows in both directions."""
    pairs = pd.DataFrame({"year": year, "exporter": one, "importer": other}).dropna()
    back = pairs.rename(columns={"exporter": "importer", "importer": "exporter"})
    return pd.concat([pairs, back]).drop_duplicates()


def wars(raw: Path) -> pd.DataFrame:
    """Pairs of states at war with each other by year, both ways (UCDP, interstate conflict)."""
    frame = pd.read_csv(raw / "cow-conflict" / "ucdp_acd_25_1.csv.gz")
    frame = frame[frame["type_of_conflict"] == INTERSTATE].astype({"year": int})
    iso3 = {**cow_to_iso3(), 678: "YEM", 345: "SRB"}
    one, other = frame["gwno_a"].map(iso3), frame["gwno_b"].map(iso3)
    return both_ways(frame["year"], one, other)


def sanction_parts(years: tuple[int, ...]) -> pd.DataFrame:
    """Sanctions in force by year on each flow, in either direction of the pair.

    `complete` and `partial` are trade sanctions on that flow (a ban on exports of the exporter's
    government, or on imports of the importer's); `finance` and `other` are those of either side.
    `intensity` is that of `data.builders.sanctions`, the higher of the two sides'.
    """
    frame = panel("sanctions")
    found = [_parts_of_year(frame, year) for year in years]
    return pd.concat(found, ignore_index=True)


def _parts_of_year(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    open_then = frame[(frame["begin"] <= year) & (frame["end"] >= year)]
    of_states = open_then[~open_then["persons"]]  # else persons of many states are listed
    kinds = ["exports", "imports", "financial", "arms", "military", "travel", "other"]
    hardest = of_states.groupby(["sender", "target"])[kinds].max().reset_index()
    hardest = hardest.merge(sanctions.in_force(frame, year), how="outer").fillna(0)
    sent = hardest.rename(columns={"sender": "exporter", "target": "importer"})
    met = hardest.rename(columns={"target": "exporter", "sender": "importer"})
    both = pd.concat([sent.assign(ban=sent["exports"]), met.assign(ban=met["imports"])])
    both["complete"] = (both["ban"] == sanctions.DEGREES["compl"]).astype(float)
    both["partial"] = (both["ban"] == sanctions.DEGREES["part"]).astype(float)
    both["finance"] = both["financial"]
    both["other"] = both[["arms", "military", "travel", "other"]].max(axis=1)
    worst = both.groupby(["exporter", "importer"])[list(KINDS)].max()
    return worst.reset_index().assign(year=year)


def political_distance(axes: Axes, points: pd.DataFrame, lag: int = 0) -> Array:
    """Absolute difference of ideal points by year and pair; NaN where one is unknown."""
    wide = points.pivot(index="year", columns="iso3", values="value")
    held = wide.reindex(index=[year - lag for year in axes.years], columns=list(axes.codes))
    at = held.to_numpy(float)
    return np.abs(at[:, :, None] - at[:, None, :])


def geography(raw: Path, axes: Axes) -> dict[str, Array]:
    """Log distance, land border, common language and colonial tie by pair (CEPII); NaN unknown."""
    table = pd.read_csv(raw / "cepii-geodist" / "dist_cepii.csv.gz")
    km = pd.to_numeric(table["distw"], errors="coerce").fillna(table["dist"])
    table = table.assign(log_distance=np.log(km), language=table["comlang_off"])
    older = [OLD_CODES.get(code, code) for code in axes.codes]
    columns = {
        "log_distance": "log_distance",
        "contiguity": "contig",
        "language": "language",
        "colony": "colony",
    }
    return {
        name: table.pivot(index="iso_o", columns="iso_d", values=column)
        .reindex(index=older, columns=older)
        .to_numpy(float)
        for name, column in columns.items()
    }


def gravity_rows(
    raw: Path,
    record: str = "industries",
    last: int | None = None,
    points: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row a year, exporter and importer of a record of trade, home sales where it has them.

    Args:
        raw: folder of the publishers' files.
        record: of `RECORDS`.
        last: years after it are left out.
        points: ideal points (iso3, year, value); by default the published ones.
    """
    trade = RECORDS[record]()
    trade = trade if last is None else trade[trade["year"] <= last]
    states = set(state_codes())
    trade = trade[trade["exporter"].isin(states) & trade["importer"].isin(states)]
    years = tuple(sorted(int(year) for year in trade["year"].unique()))
    axes = Axes(years, tuple(sorted(set(trade["exporter"]) & set(trade["importer"]))))
    points = panel("ideal_point") if points is None else points
    cubes = covariates(raw, axes, points) | {"trade": axes.filled(trade, "trade")}
    t, i, j = np.indices(axes.shape)
    kept = _kept(cubes["trade"])
    code = np.array(axes.codes)
    rows = pd.DataFrame({name: cube[kept] for name, cube in cubes.items()})
    return rows.assign(
        year=np.array(years)[t[kept]],
        exporter=code[i[kept]],
        importer=code[j[kept]],
        pair=np.char.add(code[i[kept]], code[j[kept]]),
        border=(i != j)[kept].astype(int),
    )


def _kept(trade: Array) -> NDArray[np.bool_]:
    """Years in which exporter and importer trade, of pairs that ever do."""
    alive = trade.sum(2)[:, :, None] * trade.sum(1)[:, None, :] > 0
    return alive & (trade.sum(0) > 0)[None]


def covariates(raw: Path, axes: Axes, points: pd.DataFrame) -> dict[str, Array]:
    """What may make trade dear or cheap, by year, exporter and importer."""
    sanctioned = sanction_parts(axes.years)
    cubes: dict[str, Array] = {
        "agreement": axes.filled(agreements(axes.years)),
        "war": axes.filled(wars(raw)),
        "political_distance": political_distance(axes, points),
        "political_distance_before": political_distance(axes, points, lag=1),
    }
    cubes |= {kind: axes.filled(sanctioned, kind) for kind in KINDS}
    places = geography(raw, axes)
    return cubes | {name: np.broadcast_to(x, axes.shape) for name, x in places.items()}
