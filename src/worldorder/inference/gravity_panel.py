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


def agreements(raw: Path, years: tuple[int, ...], notified: bool = True) -> pd.DataFrame:
    """Pairs with a trade agreement in force, by year, both ways (DESTA).

    Base treaties and accessions count from the year they enter into force; an accession without
    one from the year after it is signed. A treaty's pairs end with a withdrawal of one of them.
    Depth is not told apart. `notified` keeps treaties on the list of the World Trade Organization
    that are more than preferences; otherwise any treaty counts.
    """
    folder = raw / "desta-pta"
    treaties = pd.read_csv(folder / "treaties.csv")
    members = pd.read_csv(folder / "treaty_members.csv.gz", keep_default_na=False)
    listed = members.groupby("number")["iso3"].agg(frozenset)
    treaties = treaties[treaties["number"].isin(listed.index)]
    begun = treaties["entryforceyear"].where(
        treaties["entryforceyear"].notna() | (treaties["entry_type"] != "accession"),
        treaties["year"] + 1,
    )
    made = treaties.assign(begun=begun, members=treaties["number"].map(listed))
    rows: list[tuple[int, str, str]] = []
    for number, treaty in made.groupby("base_treaty"):
        listed_at_wto = (treaty["wto_listed"] == 1).any() and number not in PREFERENCES
        if notified and not listed_at_wto:
            continue
        rows += _pairs_of_treaty(treaty, years)
    return pd.DataFrame(rows, columns=["year", "exporter", "importer"]).drop_duplicates()


def _pairs_of_treaty(treaty: pd.DataFrame, years: tuple[int, ...]) -> list[tuple[int, str, str]]:
    ties = treaty[treaty["entry_type"].isin(["base_treaty", "accession"])].dropna(subset="begun")
    stops = treaty[treaty["entry_type"] == "withdrawal"]
    first: dict[tuple[str, str], float] = {}
    for members, begun in zip(ties["members"], ties["begun"], strict=True):
        for a in members:
            for b in members:
                if a != b:
                    first[a, b] = min(begun, first.get((a, b), np.inf))
    found = []
    for year in years:
        gone = stops[stops["year"] <= year]
        stay = frozenset.intersection(*gone["members"]) if len(gone) else None
        found += [
            (year, a, b)
            for (a, b), begun in first.items()
            if begun <= year and (stay is None or begun > gone["year"].min() or {a, b} <= stay)
        ]
    return found


def wars(raw: Path) -> pd.DataFrame:
    """Pairs of states at war with each other by year, both ways (UCDP, interstate conflict)."""
    frame = pd.read_csv(raw / "cow-conflict" / "ucdp_acd_25_1.csv.gz")
    frame = frame[frame["type_of_conflict"] == INTERSTATE].astype({"year": int})
    iso3 = {**cow_to_iso3(), 678: "YEM", 345: "SRB"}
    one, other = frame["gwno_a"].map(iso3), frame["gwno_b"].map(iso3)
    pairs = pd.DataFrame({"year": frame["year"], "exporter": one, "importer": other}).dropna()
    back = pairs.rename(columns={"exporter": "importer", "importer": "exporter"})
    return pd.concat([pairs, back])


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
    open_then = (frame["begin"] <= year) & (frame["end"] >= year)
    kinds = list(sanctions.PARTS)
    hardest = frame[open_then].groupby(["sender", "target"])[kinds].max().reset_index()
    hardest["intensity"] = hardest[kinds].sum(axis=1)
    sent = hardest.rename(columns={"sender": "exporter", "target": "importer"})
    met = hardest.rename(columns={"target": "exporter", "sender": "importer"})
    both = pd.concat([sent.assign(ban=sent["exp"]), met.assign(ban=met["imp"])])
    complete = sanctions.TRADE_WEIGHTS["compl"]
    both["complete"] = (both["ban"] >= complete).astype(float)
    both["partial"] = ((both["ban"] > 0) & (both["ban"] < complete)).astype(float)
    both["finance"] = (both["financial"] > 0).astype(float)
    both["other"] = (both[["arms", "military", "travel", "other"]].sum(axis=1) > 0).astype(float)
    worst = both.groupby(["exporter", "importer"])[list(KINDS)].max()
    return worst.reset_index().assign(year=year)


def political_distance(axes: Axes, lag: int = 0) -> Array:
    """Absolute difference of ideal points by year and pair; NaN where one is unknown."""
    points = panel("ideal_point")
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


def gravity_rows(raw: Path, record: str = "industries") -> pd.DataFrame:
    """One row a year, exporter and importer of a record of trade, home sales where it has them."""
    trade = RECORDS[record]()
    states = set(state_codes())
    trade = trade[trade["exporter"].isin(states) & trade["importer"].isin(states)]
    years = tuple(sorted(int(year) for year in trade["year"].unique()))
    axes = Axes(years, tuple(sorted(set(trade["exporter"]) & set(trade["importer"]))))
    cubes = covariates(raw, axes) | {"trade": axes.filled(trade, "trade")}
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


def covariates(raw: Path, axes: Axes) -> dict[str, Array]:
    """What may make trade dear or cheap, by year, exporter and importer."""
    sanctioned = sanction_parts(axes.years)
    cubes: dict[str, Array] = {
        "agreement": axes.filled(agreements(raw, axes.years)),
        "any_agreement": axes.filled(agreements(raw, axes.years, notified=False)),
        "war": axes.filled(wars(raw)),
        "political_distance": political_distance(axes),
        "political_distance_before": political_distance(axes, lag=1),
    }
    cubes |= {kind: axes.filled(sanctioned, kind) for kind in KINDS}
    places = geography(raw, axes)
    return cubes | {name: np.broadcast_to(x, axes.shape) for name, x in places.items()}
