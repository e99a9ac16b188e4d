"""The long form that every builder of state-years returns."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from worldorder.data.polities import number_in_being, state_keys

COLUMNS = ["iso3", "year", "variable", "value", "flag", "source"]
Variables = Mapping[str, tuple[str, float]]  # column: variable, factor to the panel's unit


def cells(
    iso3: pd.Series, year: pd.Series, value: pd.Series, variable: str, flag: str, source: str
) -> pd.DataFrame:
    """Cells of one variable; where the source is silent there is no row."""
    frame = pd.DataFrame({"iso3": iso3, "year": year.astype("int16"), "value": value})
    frame = frame.dropna(subset=["value", "iso3"])
    return frame.assign(variable=variable, flag=flag, source=source)[COLUMNS]


def by_number(panel: pd.DataFrame, variables: Variables, flag: str, source: str) -> pd.DataFrame:
    """Cells of a source with Correlates of War numbers (`ccode`) and years.

    Where two numbers of one state have a value for a year (Germany in 1990), that in use at
    mid-year counts.
    """
    keyed = panel.assign(iso3=state_keys(panel["ccode"], panel["year"])).dropna(subset=["iso3"])
    shared = keyed.duplicated(["iso3", "year"], keep=False)
    rows = zip(shared, keyed["ccode"], keyed["year"], strict=True)
    late = [bool(two) and not number_in_being(int(code), int(year)) for two, code, year in rows]
    keyed = keyed.assign(late=late).sort_values(["iso3", "year", "late"], kind="stable")
    parts = [
        cells(keyed["iso3"], keyed["year"], keyed[column] * factor, variable, flag, source)
        for column, (variable, factor) in variables.items()
    ]
    return pd.concat(parts, ignore_index=True).drop_duplicates(["variable", "iso3", "year"])
