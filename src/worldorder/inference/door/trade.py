"""How far politics, sanctions and war cut trade, from the records of trade to the last year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from worldorder.inference.door.estimates import Estimates, Found, Sources, estimates_of
from worldorder.inference.door.points import points_known
from worldorder.inference.estimate_gravity import pooled, ppml, specifications
from worldorder.inference.gravity_panel import RECORDS, gravity_rows

FIRST_YEARS: Final = {"industries": 2000, "input-output": 2011, "long": 1962}
LAST_TRADE: Final = 2023
FEWEST_YEARS: Final = 8  # of a record: effects of pairs need time to be told from costs
NAMES: Final = {
    "political_distance": "political_distance",
    "intensity": "sanction",
    "war": "war",
}


def records(to: int) -> list[str]:
    """Records of trade with years enough by then."""
    return [name for name in RECORDS if to - FIRST_YEARS[name] + 1 >= FEWEST_YEARS]


def _pooled(tables: Iterable[pd.DataFrame], column: str) -> tuple[float, float] | None:
    """Mean over the records that tell, and its error; None where none does."""
    told = [t.loc[[column]] for t in tables if np.isfinite(t.loc[column, ["value", "s.e."]]).all()]
    if not told:
        return None
    mean = pooled(told) if len(told) > 1 else told[0]
    return float(mean["value"][column]), float(mean["s.e."][column])


def of_tables(tables: Mapping[str, pd.DataFrame], to: int) -> Estimates:
    """Parameters from the coefficients on each record: falls, so with the sign turned.

    A coefficient without an error in any record (too few pairs at war) is left out.
    """
    sample = (min(FIRST_YEARS[name] for name in tables), min(to, LAST_TRADE))
    source = "Poisson gravity, worldorder.inference.estimate_gravity: " + ", ".join(
        f"{name} {table.attrs['rows']:,} rows" for name, table in tables.items()
    )
    found: dict[str, Found] = {}
    for column, name in NAMES.items():
        mean = _pooled(tables.values(), column)
        if mean:
            found[name] = Found(-mean[0], mean[1], sample, f"{source}.")
    return estimates_of("trade", found, sum(t.attrs["rows"] for t in tables.values()))


def estimate(sources: Sources) -> Estimates:
    """What cuts trade, by Poisson gravity on every record that reaches far enough by the year."""
    raw = sources.folder("the record of distances, languages and wars")
    points = points_known(sources)
    tables = {
        name: ppml(
            gravity_rows(raw, name, sources.to, points), *specifications(name)["within pairs"]
        )
        for name in records(sources.to)
    }
    return of_tables(tables, sources.to)
