"""The long form that every builder of state-years returns."""

from __future__ import annotations

import pandas as pd

COLUMNS = ["iso3", "year", "variable", "value", "flag", "source"]


def cells(
    iso3: pd.Series, year: pd.Series, value: pd.Series, variable: str, flag: str, source: str
) -> pd.DataFrame:
    """Cells of one variable; where the source is silent there is no row."""
    frame = pd.DataFrame({"iso3": iso3, "year": year.astype("int16"), "value": value})
    frame = frame.dropna(subset=["value", "iso3"])
    return frame.assign(variable=variable, flag=flag, source=source)[COLUMNS]
