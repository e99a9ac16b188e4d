"""How long disputes last, what wars cost, and what the record says about a concert of powers.

Run: `worldorder evidence war --raw DIR`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.inference.dispute_samples import FORCE, WAR, great_power_record
from worldorder.inference.state_record import StateRecord, read_state_record

FIRST_YEAR, LAST_YEAR = 1946, 2014
LAST_GROWTH = 2016
CONCERT, LATER = (1816, 1853), [(1854, 1871), (1872, 1913), (1914, 1945)]
LEVELS = {1: "without force", 2: "force", 3: "war"}


@dataclass(frozen=True)
class Effect:
    """An estimate and its standard error."""

    value: float
    standard_error: float
    number: int  # rows or events behind it


def levels(dyad_years: pd.DataFrame) -> pd.DataFrame:
    """Dispute, pair, year and level of every pair of opponents: 1 no force, 2 force, 3 war."""
    held = dyad_years[dyad_years["ccode1"] < dyad_years["ccode2"]]
    hostility = held[["hostlev1", "hostlev2"]]
    level = 1 + (hostility.max(axis=1) >= FORCE) + (hostility.min(axis=1) >= WAR)
    return held[["dispnum", "ccode1", "ccode2", "year"]].assign(level=level)


def continuation(dyad_years: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Share of disputes of a year that still go on in the next, by level, with its error."""
    rows = levels(dyad_years)
    key = ["dispnum", "ccode1", "ccode2", "year"]
    later = set(map(tuple, rows[key].assign(year=rows["year"] - 1).to_numpy().tolist()))
    goes_on = np.array([tuple(row) in later for row in rows[key].to_numpy().tolist()])
    rows = rows.assign(goes_on=goes_on)
    rows = rows[rows["year"].between(first, last - 1)]
    table = rows.groupby("level")["goes_on"].agg(["mean", "size"])
    error = np.sqrt(table["mean"] * (1 - table["mean"]) / table["size"])
    return table.assign(error=error).rename(index=LEVELS)


def _by_year(frame: pd.DataFrame, value: str, codes: NDArray[np.int64]) -> pd.DataFrame:
    return frame.pivot_table(index="year", columns="ccode", values=value).reindex(columns=codes)


def war_states(record: StateRecord, years: range, neighbours: bool) -> NDArray[np.bool_]:
    """(year, state) at war with a state of common land border, or with others only."""
    rows = levels(record.dispute_years())
    at_war = np.zeros((len(years), len(record.codes)), bool)
    for t, year in enumerate(years):
        pairs = record.matrix(rows[(rows["year"] == year) & (rows["level"] == 3)]) > 0
        near = (pairs & record.land_border(year)).any(axis=0)
        at_war[t] = near if neighbours else pairs.any(axis=0) & ~near
    return at_war


def growth_cost(record: StateRecord, last: int = LAST_GROWTH) -> dict[str, Effect]:
    """Change of real growth a year in a year of war, by place of the war, less state and year.

    Two-way fixed effects; errors clustered by state.
    """
    years = range(FIRST_YEAR, last + 1)
    frame = pd.read_csv(record.raw / "isard-gdppop" / "cow_gdppop_1816_2019.csv.gz")
    gdp = _by_year(frame, "pwtrgdp", record.codes).reindex(range(FIRST_YEAR - 1, last + 1))
    growth = np.diff(np.log(gdp.to_numpy(float)), axis=0)
    near, far = (war_states(record, years, kind) for kind in (True, False))
    i, t = np.meshgrid(np.arange(growth.shape[1]), np.arange(growth.shape[0]))
    known = np.isfinite(growth)
    columns = np.column_stack([near[known], far[known]]).astype(float)
    found, error = two_way(growth[known], columns, i[known], t[known], i[known])
    counts = columns.sum(axis=0).astype(int)
    names = ("against a neighbour", "elsewhere")
    return {n: Effect(*row) for n, *row in zip(names, found, error, counts, strict=True)}


def trade_cost(record: StateRecord) -> Effect:
    """Change of log trade of a pair in a year of war between its states, 1962-2014.

    Fixed effects of pair and year, and the logs of both states' total trade; pairs with trade in
    the year only, so a halt of trade is not counted. Errors clustered by pair.
    """
    rows = levels(record.dispute_years())
    rows = rows[(rows["level"] == 3) & (rows["year"] >= 1962)]
    parts: list[NDArray[np.float64]] = []
    for year in range(1962, LAST_YEAR + 1):
        flows = record.trade_flows(year)
        total = flows.sum(axis=1)
        war = record.matrix(rows[rows["year"] == year])
        a, b = np.nonzero(np.triu(flows, 1))
        pair = a * len(record.codes) + b
        logs = np.log(flows[a, b]), war[a, b], np.log(total[a]) + np.log(total[b])
        parts.append(np.column_stack([*logs, pair, np.full(len(a), year)]))
    held = np.concatenate(parts)
    pair, year = held[:, 3].astype(np.int64), held[:, 4].astype(np.int64) - 1962
    pair = np.unique(pair, return_inverse=True)[1]
    found, error = two_way(held[:, 0], held[:, 1:3], pair, year, pair)
    return Effect(float(found[0]), float(error[0]), int(held[:, 1].sum()))


def two_way(
    outcome: NDArray[np.float64],
    columns: NDArray[np.float64],
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    cluster: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Least squares with two sets of fixed effects; coefficients and clustered errors."""
    within = _demeaned(np.column_stack([outcome, columns]), one, other)
    y, x = within[:, 0], within[:, 1:]
    bread = np.linalg.inv(x.T @ x)
    found = bread @ x.T @ y
    score = np.zeros((int(cluster.max()) + 1, x.shape[1]))
    np.add.at(score, cluster, x * (y - x @ found)[:, None])
    return found, np.sqrt(np.diag(bread @ score.T @ score @ bread))


def _demeaned(
    values: NDArray[np.float64], one: NDArray[np.int64], other: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Values less their means by both groups, by turns until nothing moves."""
    for _ in range(200):
        before = values
        for group in (one, other):
            number = np.maximum(np.bincount(group), 1)
            mean = np.stack([np.bincount(group, column) / number for column in values.T], axis=1)
            values = values - mean[group]
        if np.abs(values - before).max() < 1e-9:
            break
    return values


def concert_contrast(record: StateRecord) -> dict[str, Effect]:
    """1816-53 against 1854-1945 among major powers, as log ratios.

    `onset`: onset rows a pair-year. `war`: odds that an onset row comes to war, with half an
    event added to every cell (Haldane and Anscombe), since the concert has none; the Crimean
    onsets of 1853 belong to the war that began when it ended and are left out of the concert.
    """
    found = great_power_record(record, [CONCERT, *LATER])
    concert, later = found.iloc[0], found.iloc[1:].sum()
    rate = np.log(concert["onset_rows"] / concert["pair_years"]) - np.log(
        later["onset_rows"] / later["pair_years"]
    )
    error = np.sqrt(1 / concert["onset_rows"] + 1 / later["onset_rows"])
    peaceful = concert["onset_rows_without_war"], later["onset_rows_without_war"]
    wars = 0.0, later["onset_rows"] - later["onset_rows_without_war"]
    cells = [n + 0.5 for n in (*peaceful, *wars)]
    odds = np.log(cells[2] / cells[0]) - np.log(cells[3] / cells[1])
    spread = float(np.sqrt(sum(1 / cell for cell in cells)))
    return {
        "onset": Effect(float(rate), float(error), int(concert["onset_rows"])),
        "war": Effect(float(odds), spread, int(peaceful[0])),
    }


def concert_by_period(record: StateRecord) -> dict[str, Effect]:
    """The same log ratios against each later period alone: their mean and their spread.

    The spread over three eras is the honest error of a contrast that one concert gives.
    """
    found = great_power_record(record, [CONCERT, *LATER])
    concert, later = found.iloc[0], found.iloc[1:]
    onset = np.log(concert["onset_rate"] / later["onset_rate"])
    peace = later["onset_rows_without_war"]
    war = np.log(0.5 / (concert["onset_rows_without_war"] + 0.5)) - np.log(
        (later["onset_rows"] - peace + 0.5) / (peace + 0.5)
    )
    rows = int(concert["onset_rows"]), int(concert["onset_rows_without_war"])
    return {
        name: Effect(float(ratio.mean()), float(ratio.std(ddof=1)), count)
        for name, ratio, count in (("onset", onset, rows[0]), ("war", war, rows[1]))
    }


def report(raw: Path) -> None:
    """Print durations, costs and the contrast of the concert."""
    record = read_state_record(raw)
    dyad_years = record.dispute_years()
    for first in (FIRST_YEAR, 1990):
        print(f"\n### still going on a year later, {first}-{LAST_YEAR}")
        print(continuation(dyad_years, first, LAST_YEAR).round(3).to_string())
    print("\n### growth in a year of war", growth_cost(record))
    print("\n### log trade of a pair at war", trade_cost(record))
    print("\n### concert against later", concert_contrast(record))
