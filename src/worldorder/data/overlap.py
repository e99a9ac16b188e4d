"""How far sources of a dyadic variable agree where both have a cell."""

from __future__ import annotations

import numpy as np
import pandas as pd

LEAST_FLOW = 1e3  # thousand USD: smaller flows are noise in all sources
DIGITS = 4
EVERY = 5  # years between two counts of pairs
COLUMNS = ["variable", "first", "second", "year", "measure", "value"]


def flows_agree(
    first: pd.DataFrame,
    second: pd.DataFrame,
    variable: str,
    names: tuple[str, str],
    least: float = LEAST_FLOW,
) -> pd.DataFrame:
    """Agreement of two tables of flows by year.

    Args:
        first: exporter, importer, year, value.
        second: the same, in the same unit.
        variable: name of the variable.
        names: ids of the two sources.
        least: flows up to this are left out, in the unit of the tables.

    Returns:
        Rows variable, first, second, year, measure, value. Measures: pairs above `least` in
        both, median of second over first, interquartile range of the log ratio, ratio of the sums
        and correlation of the logs.
    """
    both = first.merge(second, on=["exporter", "importer", "year"], suffixes=("", "_other"))
    both = both[(both["value"] > least) & (both["value_other"] > least)]
    rows: list[tuple[object, ...]] = []
    for year, pairs in both.groupby("year"):
        ratio = np.log(pairs["value_other"].to_numpy(float) / pairs["value"].to_numpy(float))
        logs = np.log(pairs[["value", "value_other"]].to_numpy(float))
        measures = {
            "pairs": len(pairs),
            "median ratio": np.exp(np.median(ratio)),
            "interquartile range of log ratio": np.subtract(*np.quantile(ratio, [0.75, 0.25])),
            "ratio of sums": pairs["value_other"].sum() / pairs["value"].sum(),
            "correlation of logs": np.corrcoef(logs.T)[0, 1],
        }
        rows += [(variable, *names, year, what, float(v)) for what, v in measures.items()]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.round({"value": DIGITS})


def pairs_agree(
    first: pd.DataFrame, second: pd.DataFrame, variable: str, names: tuple[str, str]
) -> pd.DataFrame:
    """Pairs of states (state_a, state_b, year) that both tables have, and only one, by five years.

    Years are counted where both tables have any pair.
    """
    key = ["state_a", "state_b", "year"]
    both = (
        first[key]
        .drop_duplicates()
        .merge(second[key].drop_duplicates(), on=key, how="outer", indicator=True)
    )
    shared = set(first["year"]) & set(second["year"])
    both = both[both["year"].isin(shared) & (both["year"] % EVERY == 0)]
    counted = both.groupby(["year", "_merge"], observed=False).size().rename("value").reset_index()
    said = {"both": "pairs in both", "left_only": "first only", "right_only": "second only"}
    frame = counted.assign(
        variable=variable,
        first=names[0],
        second=names[1],
        measure=counted["_merge"].astype(str).map(said),
        value=counted["value"].astype(float),
    )
    return frame[COLUMNS]
