"""Simulation-based calibration: is a known parameter recovered as often as the errors say?

A parameter is drawn, a world is made with it, the estimator sees the world. Where the truth falls
in what the estimator says (0 to 1) must be uniform over worlds (Talts and others 2018,
arXiv:1804.06788). A chi-square test over ten bins with Holm's correction over all quantities; below
`LEAST_P` a quantity counts as not recovered. Worlds are kept one by one, so a check can be stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chisquare, norm
from statsmodels.stats.multitest import multipletests

from worldorder.results.files import write_whole

Vector = NDArray[np.float64]
BINS: Final = 10
LEAST_P: Final = 0.01
TOGETHER: Final = 20  # worlds that are made, and kept, together
FEWEST: Final = 50  # worlds for a verdict
WITHIN: Final = (0.8, 0.95)


@dataclass(frozen=True)
class Case:
    """An estimator under test. `places` makes worlds by number and says where each truth fell.

    Shape (world, quantity); NaN where the estimator refused.
    """

    name: str
    kind: str  # what the estimator is
    quantities: tuple[str, ...]
    places: Callable[[Sequence[int]], Vector]


def one_by_one(place: Callable[[int], Vector]) -> Callable[[Sequence[int]], Vector]:
    """Places of several worlds from those of one."""
    return lambda worlds: np.stack([place(world) for world in worlds])


def place_of(truth: Vector, value: Vector, error: Vector) -> Vector:
    """Share of a normal estimate below the truth."""
    return np.asarray(norm.cdf((truth - value) / error), float)


def rank_of(truth: Vector, draws: Vector) -> Vector:
    """Share of independent draws, (draw, quantity), below the truth; ties are split."""
    below = (draws < truth).sum(axis=0)
    return (below + 0.5) / (len(draws) + 1)


def kept(file: Path) -> pd.DataFrame:
    """Worlds that are finished: case, world, quantity, place."""
    columns = ["case", "world", "quantity", "place"]
    return pd.read_csv(file) if file.exists() else pd.DataFrame(columns=columns)


def checked(
    cases: Sequence[Case],
    worlds: int,
    file: Path,
    progress: Callable[[str, int], None] | None = None,
) -> pd.DataFrame:
    """All places; worlds that the file has are not made again.

    Args:
        cases: estimators.
        worlds: how many of each.
        file: CSV to which each finished world is added.
        progress: told the case and how many worlds it has got further.
    """
    table = kept(file)
    for case in cases:
        done = set(table.loc[table["case"] == case.name, "world"].astype(int))
        if progress and done:
            progress(case.name, len([n for n in done if n < worlds]))
        for first in range(0, worlds, TOGETHER):
            batch = range(first, min(first + TOGETHER, worlds))
            if done.issuperset(batch):
                continue
            found = _rows(case, batch)
            table = found if table.empty else pd.concat([table, found], ignore_index=True)
            table = table.drop_duplicates(["case", "world", "quantity"])
            write_whole(file, lambda path, held=table: held.to_csv(path, index=False) and None)
            if progress:
                progress(case.name, len([n for n in batch if n not in done]))
    return table


def _rows(case: Case, worlds: Sequence[int]) -> pd.DataFrame:
    """Places of a batch as rows."""
    place = case.places(worlds).round(5)
    count = len(case.quantities)
    return pd.DataFrame(
        {
            "case": case.name, "world": np.repeat(list(worlds), count),
            "quantity": list(case.quantities) * len(worlds), "place": place.ravel(),
        }
    )  # fmt: skip


def verdicts(table: pd.DataFrame, cases: Sequence[Case]) -> pd.DataFrame:
    """By quantity: worlds, coverage of central bands, chi-square, p after Holm, verdict."""
    rows: list[dict[str, object]] = []
    for case in cases:
        for quantity in case.quantities:
            mine = (table["case"] == case.name) & (table["quantity"] == quantity)
            place = table.loc[mine, "place"].astype(float)
            known = np.asarray(place.dropna(), np.float64)
            inside = {f"within_{int(100 * w)}": share_within(known, w) for w in WITHIN}
            statistic, p = chisquare(counts(known)) if len(known) else (np.nan, np.nan)
            rows.append(
                {
                    "case": case.name, "kind": case.kind, "quantity": quantity,
                    "worlds": len(known), "refused": int(place.isna().sum()), **inside,
                    "chi_square": float(statistic), "p": float(p),
                }
            )  # fmt: skip
    found = pd.DataFrame(rows)
    told = found["worlds"] >= FEWEST
    found["p_holm"] = np.nan
    if told.any():
        found.loc[told, "p_holm"] = multipletests(found.loc[told, "p"], method="holm")[1]
    found["verdict"] = np.where(
        ~told, "too few worlds", np.where(found["p_holm"] < LEAST_P, "not recovered", "recovered")
    )
    return found


def share_within(place: Vector, width: float) -> float:
    """Share of worlds in which a central band held the truth; NaN without worlds."""
    return float((np.abs(place - 0.5) <= width / 2).mean()) if len(place) else float("nan")


def counts(place: Vector) -> NDArray[np.int64]:
    """Worlds by bin."""
    return np.histogram(place, bins=BINS, range=(0.0, 1.0))[0]
