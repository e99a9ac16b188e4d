"""The panel as tables: loaded when asked for, by table or by variable."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from worldorder.data.files import CSV, PARQUET, built_folder, file_of
from worldorder.data.manifest import REBUILD, cells_of, panel_variables
from worldorder.errors import DataError, InputError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd


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


def panel(name: str, year: int | Iterable[int] | None = None) -> pd.DataFrame:
    """Cells of a variable, or a whole table, of the shipped panel in long form.

    Every row has its flag (observed, interpolated, imputed, estimated, forecast) and source. What
    holds from a first to a last year (pacts, rivalries, sanctions) is one row a spell, with
    `begin`, `end` and the last year that the source covers, or one row a year where years are
    asked for.

    Args:
        name: a variable such as "gdp" or "trade", or a table such as "memberships".
        year: one year or several; None is all.

    Raises:
        InputError: no such variable or table, or the table has no years.
    """
    variables = panel_variables()
    if name not in variables and name not in (*PARQUET, *CSV):
        known = (*variables, *PARQUET, *CSV)
        raise InputError(
            f"the panel has no variable {name!r}",
            fix=did_you_mean(name, known) or f"Known: {', '.join(variables)}.",
        )
    rows = cells_of(name, table(variables[name].table)) if name in variables else table(name)
    if year is not None:
        years = [year] if isinstance(year, int) else list(year)
        rows = _of_years(name, rows, years)
    return rows.reset_index(drop=True)
