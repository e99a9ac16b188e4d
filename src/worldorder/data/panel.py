"""The panel as tables: loaded when asked for, by table or by variable."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, overload

from worldorder.data.files import CSV, PARQUET, built_folder, file_of
from worldorder.data.manifest import REBUILD, cells_of, panel_variables
from worldorder.errors import DataError, InputError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


@functools.cache
def table(name: str) -> pd.DataFrame:
    """A whole table of the shipped panel. Do not change it in place: it is read once.

    Raises:
        InputError: there is no such table.
        DataError: its file is missing or damaged.
    """
    import pandas as pd

    if name not in (*PARQUET, *CSV):
        raise InputError(
            f"the panel has no table {name!r}", fix=did_you_mean(name, (*PARQUET, *CSV))
        )
    path = built_folder() / file_of(name)
    try:
        return pd.read_csv(path) if name in CSV else pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise DataError("this file of the panel cannot be read", fix=REBUILD, file=path) from error


def _of_years(name: str, rows: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    from worldorder.data import spells

    if set(spells.ENDS) <= set(rows.columns):
        return spells.by_year(rows, years)
    if "year" not in rows:
        raise InputError(f"{name!r} has no years", fix="Leave the year out.")
    return rows[rows["year"].isin(years)]


@functools.cache
def _cells(name: str) -> pd.DataFrame:
    """Cells of a variable; of a table with several variables only its own rows are read."""
    import pandas as pd

    variable = panel_variables()[name]
    if variable.column is not None:
        return cells_of(name, table(variable.table))
    path = built_folder() / file_of(variable.table)
    try:
        return pd.read_parquet(path, filters=[("variable", "==", name)])
    except (OSError, ValueError) as error:
        raise DataError("this file of the panel cannot be read", fix=REBUILD, file=path) from error


@overload
def panel(
    name: str, year: int | Iterable[int] | None = None, form: Literal["pandas"] = "pandas"
) -> pd.DataFrame: ...


@overload
def panel(
    name: str, year: int | Iterable[int] | None = None, *, form: Literal["xarray"]
) -> xr.Dataset: ...


def panel(
    name: str,
    year: int | Iterable[int] | None = None,
    form: Literal["pandas", "xarray"] = "pandas",
) -> pd.DataFrame | xr.Dataset:
    """Cells of a variable, or a whole table, of the shipped panel.

    Every row has its flag (observed, interpolated, imputed, estimated, forecast) and source. What
    holds from a first to a last year (pacts, rivalries, sanctions) is one row a spell, with
    `begin`, `end` and the last year that the source covers, or one row a year where years are
    asked for.

    Args:
        name: a variable such as "gdp" or "trade", or a table such as "memberships".
        year: one year or several, such as range(2010, 2024); None is all.
        form: "pandas" for a table in long form, "xarray" for arrays over states, partners and
            years with the flag of every cell (variables only).

    Raises:
        InputError: no such variable or table, the table has no years, or it is no array.
    """
    variables = panel_variables()
    if name not in variables and name not in (*PARQUET, *CSV):
        known = (*variables, *PARQUET, *CSV)
        raise InputError(
            f"the panel has no variable {name!r}",
            fix=did_you_mean(name, known) or f"Known: {', '.join(variables)}.",
        )
    rows = _cells(name) if name in variables else table(name)
    if year is not None:
        years = [year] if isinstance(year, int) else list(year)
        rows = _of_years(name, rows, years)
    rows = rows.reset_index(drop=True)
    if form == "pandas":
        return rows
    if name not in variables:
        raise InputError(f"{name!r} is a table", fix="Ask for one of its variables as arrays.")
    from worldorder.data.arrays import as_arrays

    return as_arrays(name, rows)
