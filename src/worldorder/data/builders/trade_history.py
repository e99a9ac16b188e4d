"""Goods trade between economies, 1962-2023, directed from exporter to importer.

Rule, by pair and year. What a source reports stands: the matrix of 2023; the Observatory's
1962-2014 where the importer reported in that year and the table has the exporter; the UNCTAD
matrix in 1995, 2005 and 2015. Between two years that are reported, at most ten apart, the
exporter's share in the importer's goods imports goes in a straight line in logs and is multiplied
by the importer's goods imports of the year (WDI), or goes without them where WDI has none. Where
the input-output tables have the pair, their departure from their own straight line is put on top.
A pair with a zero at either end, or without two ends, is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.builders import trade, trade_fill, wdi
from worldorder.data.flags import ESTIMATED, IMPUTED, INTERPOLATED, OBSERVED
from worldorder.data.sources import Raw, expect

OEC = "oec-sitc-trade-1962-2014"
UNCTAD = trade_fill.UNCTAD
ICIO = trade_fill.ICIO
FIRST, LAST = 1962, trade.YEAR
LAST_OEC = 2014
ICIO_YEARS = (2011, 2022)
LONGEST_GAP = 10  # years between two reported ones
NOWHERE = ("NAA", "PCI", "ATA", "ATF", "BVT", "HMD", "IOT", "SGS", "UMI")  # areas, no economies
WORLD = {1962: 127e6, 1980: 1_870e6, 2000: 5_584e6, 2014: 16_043e6}  # thousand USD
CHINA_TO_US_2014 = 465e6
UNCTAD_WORLD = {1995: 5.07e9, 2005: 10.41e9, 2015: 16.36e9}
REPORTED, STRAIGHT, GUIDED = 1, 2, 3  # how a cell came about
KEY = ["exporter", "importer", "year"]

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Cube:
    """Flows by (year, exporter, importer), thousand USD; NaN where nothing is reported.

    `source` is the place in `SOURCES` of a reported cell; `imputed` marks filled flows of 2023.
    """

    codes: list[str]
    value: Array
    source: NDArray[np.int8]
    imputed: NDArray[np.bool_]

    @classmethod
    def of(cls, codes: list[str]) -> Cube:
        """Nothing reported."""
        shape = (LAST - FIRST + 1, len(codes), len(codes))
        return cls(codes, np.full(shape, np.nan), np.zeros(shape, np.int8), np.zeros(shape, bool))

    def place(self, flows: pd.DataFrame) -> tuple[Whole, Whole, Whole]:
        """Positions of the rows of a table."""
        index = pd.Index(self.codes)
        return (
            (flows["year"] - FIRST).to_numpy(np.int64),
            index.get_indexer(pd.Index(flows["exporter"])).astype(np.int64),
            index.get_indexer(pd.Index(flows["importer"])).astype(np.int64),
        )


SOURCES = (OEC, UNCTAD, trade.SOURCE, ICIO)


def observatory(raw: Raw) -> pd.DataFrame:
    """Flows 1962-2014 as the importers reported them, thousand USD."""
    flows = raw.table(OEC, "flows")
    world = flows.groupby("year")["value_kusd"].sum()
    for year, total in WORLD.items():
        expect(OEC, f"world trade in {year}, thousand USD", world[year], total, 5e-3)
    pair = flows[(flows["exporter"] == "CHN") & (flows["importer"] == "USA")]
    at_2014 = pair[pair["year"] == LAST_OEC]["value_kusd"].sum()
    expect(OEC, "exports of China to the United States in 2014", at_2014, CHINA_TO_US_2014, 2e-3)
    kept = ~flows["exporter"].isin(NOWHERE) & ~flows["importer"].isin(NOWHERE)
    return flows[kept].rename(columns={"value_kusd": "value"})


def unctad(raw: Raw) -> pd.DataFrame:
    """Flows of 1995, 2005 and 2015, thousand USD."""
    flows = raw.table(UNCTAD, "flows")
    world = flows.groupby("year")["value_kusd"].sum()
    for year, total in UNCTAD_WORLD.items():
        expect(UNCTAD, f"world trade in {year}, thousand USD", world[year], total, 1e-3)
    return trade_fill.unctad_flows(flows)


def _laid(cube: Cube, flows: pd.DataFrame, source: str, over: bool = True) -> None:
    """Put the flows of a source on the cube, and zeros where it is silent on a pair it covers."""
    number = SOURCES.index(source)
    for _, rows in flows.groupby("year"):
        t, i, j = cube.place(rows)
        seen = np.zeros(cube.value.shape[1:])
        np.add.at(seen, (i, j), rows["value"].to_numpy(float))
        exporters, importers = np.zeros(len(seen), bool), np.zeros(len(seen), bool)
        exporters[i], importers[j] = True, True
        reported = np.outer(exporters, importers) & ~np.eye(len(seen), dtype=bool)
        at = int(t[0])
        fresh = reported if over else reported & np.isnan(cube.value[at])
        cube.value[at][fresh] = seen[fresh]
        cube.source[at][fresh] = number
        if "flag" in rows:
            made = (rows["flag"] == IMPUTED).to_numpy()
            cube.imputed[at][i[made], j[made]] = True
            cube.source[at][i, j] = [SOURCES.index(name) for name in rows["source"]]


def _neighbours(known: NDArray[np.bool_]) -> tuple[Whole, Whole]:
    """Position of the last known year before and the first after, -1 where there is none."""
    years = np.arange(len(known))[:, None, None]
    before = np.maximum.accumulate(np.where(known, years, -1), axis=0)
    after = np.where(known, years, len(known))
    after = np.minimum.accumulate(after[::-1], axis=0)[::-1]
    return before, np.where(after == len(known), -1, after)


def _line(log_values: Array, a: Whole, b: Whole, t: Whole, i: Whole, j: Whole) -> Array:
    """Straight line through the values of years `a` and `b`, at `t`."""
    weight = (t - a) / np.maximum(b - a, 1)
    return log_values[a, i, j] * (1 - weight) + log_values[b, i, j] * weight


def departure(tables: Array, a: Whole, b: Whole, t: Whole, i: Whole, j: Whole) -> Array:
    """Log departure of the input-output share of a pair from its own line; NaN where unknown."""
    first, last = (year - FIRST for year in ICIO_YEARS)
    within = (t >= first) & (t <= last)
    off = np.full(len(t), np.nan)
    if within.any():
        a, b, t, i, j = (part[within] for part in (a, b, t, i, j))
        total = np.nansum(tables, axis=1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.log(tables / np.where(total > 0, total, np.nan))
        share[~np.isfinite(share)] = np.nan
        ends = np.maximum(a, first), np.minimum(b, last)
        off[within] = share[t, i, j] - _line(share, *ends, t, i, j)
    return off


def completed(value: Array, imports: Array, tables: Array) -> tuple[Array, NDArray[np.int8], Whole]:
    """Fill gaps between reported years.

    Args:
        value: reported flows (year, exporter, importer), zero where reported as none, else NaN.
        imports: all goods imports by (year, importer) in any unit, NaN where not known.
        tables: input-output flows like `value`, NaN where they have none.

    Returns:
        Flows, how each came about (0 not at all), and the years before and after that a filled
        one rests on.
    """
    known = np.isfinite(value)
    before, after = _neighbours(known)
    able = ~known & (before >= 0) & (after >= 0) & (after - before <= LONGEST_GAP)
    t, i, j = (part.astype(np.int64) for part in np.nonzero(able))
    a, b = before[t, i, j], after[t, i, j]
    positive = (value[a, i, j] > 0) & (value[b, i, j] > 0)
    t, i, j, a, b = (part[positive] for part in (t, i, j, a, b))
    size = np.log(imports[:, None, :]) + np.zeros(value.shape)
    whole = np.isfinite(size[t, i, j] + size[a, i, j] + size[b, i, j])
    with np.errstate(divide="ignore"):
        log_value = np.log(value)
    plain = _line(log_value, a, b, t, i, j)
    scaled = plain + size[t, i, j] - _line(size, a, b, t, i, j)
    off = departure(tables, a, b, t, i, j)
    filled, how, base = value.copy(), known.astype(np.int8), np.full(value.shape, -1)
    filled[t, i, j] = np.exp(np.where(whole, scaled, plain) + np.nan_to_num(off))
    how[t, i, j] = np.where(np.isnan(off), STRAIGHT, GUIDED)
    base[t, i, j] = a
    ends = np.full(value.shape, -1)
    ends[t, i, j] = b
    return filled, how, np.stack([base, ends])


def goods_imports(raw: Raw, codes: list[str]) -> Array:
    """Merchandise imports (WDI) by year and importer, USD; NaN where there are none."""
    rows = raw.table(wdi.SOURCE, "panel")[["iso3", "year", "TM.VAL.MRCH.CD.WT"]]
    wide = rows.pivot(index="year", columns="iso3", values="TM.VAL.MRCH.CD.WT")
    return wide.reindex(index=range(FIRST, LAST + 1), columns=codes).to_numpy(float)


def _tables_of(raw: Raw, cube: Cube) -> Array:
    rows = trade_fill.icio_goods(raw.table(ICIO, "flows"))
    flows = np.full(cube.value.shape, np.nan)
    flows[cube.place(rows)] = rows["value"].to_numpy(float)
    return flows


def _rows(cube: Cube, filled: Array, how: NDArray[np.int8], base: Whole) -> pd.DataFrame:
    t, i, j = np.nonzero((how > 0) & (filled > 0))
    kind, a, b = how[t, i, j], base[0][t, i, j], base[1][t, i, j]
    resting = np.where(kind == REPORTED, t, a)
    source = np.where(kind == GUIDED, SOURCES.index(ICIO), cube.source[resting, i, j])
    made = cube.imputed[resting, i, j] | ((kind != REPORTED) & cube.imputed[b, i, j])
    flag = np.choose(kind - 1, [0, 1, 2])
    flags = np.array([OBSERVED, INTERPOLATED, ESTIMATED])[flag]
    codes = np.array(cube.codes)
    return pd.DataFrame(
        {
            "exporter": codes[i],
            "importer": codes[j],
            "year": (t + FIRST).astype("int16"),
            "value": filled[t, i, j],
            "flag": np.where(made, IMPUTED, flags),
            "source": np.array(SOURCES)[source],
        }
    )


def reporters(cube: Cube) -> pd.DataFrame:
    """Importers by year for whom a source reports; for them a pair without a row is a zero."""
    bought = (cube.value > 0) & ~cube.imputed
    t, j = np.nonzero(bought.any(axis=1))
    first = bought.argmax(axis=1)[t, j]
    frame = pd.DataFrame({"importer": np.array(cube.codes)[j], "year": (t + FIRST).astype("int16")})
    return frame.assign(
        exporters=bought.sum(axis=1)[t, j].astype("int16"),
        flag=OBSERVED,
        source=np.array(SOURCES)[cube.source[t, first, j]],
    )


def build(raw: Raw, matrix: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Goods trade 1962-2023 and who reported.

    Args:
        raw: the raw folder.
        matrix: flows of 2023 with absent states filled.
    """
    older, three = observatory(raw), unctad(raw)
    columns = ["exporter", "importer"]
    codes = sorted(set(pd.concat([older, three, matrix])[columns].to_numpy().ravel()))
    cube = Cube.of([str(code) for code in codes])
    _laid(cube, older, OEC)
    _laid(cube, three, UNCTAD, over=False)
    _laid(cube, matrix.astype({"year": "int16"}), trade.SOURCE)
    filled, how, base = completed(cube.value, goods_imports(raw, cube.codes), _tables_of(raw, cube))
    frame = _rows(cube, filled, how, base)
    return frame.sort_values(["year", "exporter", "importer"], ignore_index=True), reporters(cube)
