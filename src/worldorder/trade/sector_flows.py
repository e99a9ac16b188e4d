"""Flows, tariffs and costs by sector of a user's own, and the shipped ones of 2022."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from worldorder.errors import InputError, did_you_mean
from worldorder.trade.labels import check_labels, matrix_of, names_of

Cube: TypeAlias = NDArray[np.float64]  # sector, exporter, importer
FLOW = ("sector", "exporter", "importer")


def has_sectors(flows: Any) -> bool:
    """Whether flows have a dimension (or a column) of sectors."""
    if isinstance(flows, pd.DataFrame):
        return "sector" in flows.columns and {"exporter", "importer"} <= {*flows.columns}
    if isinstance(flows, xr.DataArray):
        return "sector" in flows.dims
    return isinstance(flows, np.ndarray) and flows.ndim == 3


def sectors_of(flows: Any) -> tuple[str, ...]:
    """Names of the sectors in the order of the flows; numbers where there are none."""
    if isinstance(flows, pd.DataFrame):
        check_labels(flows["sector"], "sector of line")
        return tuple(sorted(flows["sector"].astype(str).unique()))
    if isinstance(flows, xr.DataArray) and "sector" in flows.coords:
        return tuple(str(name) for name in flows["sector"].to_numpy())
    return tuple(str(number) for number in range(len(flows)))


def countries_of(flows: Any, names: Sequence[str] | None) -> tuple[str, ...]:
    """Names of the countries, in the order of the flows."""
    if isinstance(flows, np.ndarray):
        return names_of(flows[0], names)
    return names_of(flows, names)


def cube_of(
    given: Any, names: Sequence[str], sectors: Sequence[str], what: str, absent: float
) -> Cube:
    """`given` as (sector, exporter, importer): by sector, or one matrix that holds for all.

    A mapping is keyed by (importer, exporter) or (importer, exporter, sector).

    Raises:
        InputError: a sector or country is missing or unknown, or the shape is another.
    """
    if isinstance(given, Mapping):
        return _cube_of_pairs(given, names, sectors, what, absent)
    if not has_sectors(given):
        one = matrix_of(given, names, what, absent)
        return np.broadcast_to(one, (len(sectors), *one.shape)).copy()
    if isinstance(given, np.ndarray):
        if len(given) != len(sectors):
            raise InputError(f"{what} has {len(given)} sectors", f"It needs {len(sectors)}.")
        return np.stack([matrix_of(part, names, what, absent) for part in given])
    known = sectors_of(given)
    if missing := sorted(set(sectors) ^ set(known)):
        raise InputError(f"sectors not both in the flows and in {what}: {', '.join(missing[:10])}")
    if isinstance(given, xr.DataArray):
        given = given.assign_coords(sector=list(known))
        parts = [given.sel(sector=name) for name in sectors]
    else:
        by_sector = dict(iter(given.groupby(given["sector"].astype(str))))
        parts = [by_sector[name].drop(columns="sector") for name in sectors]
    return np.stack(
        [
            matrix_of(part, names, f"{what} of sector {name}", absent)
            for part, name in zip(parts, sectors, strict=True)
        ]
    )


def _cube_of_pairs(
    given: Mapping[Any, float],
    names: Sequence[str],
    sectors: Sequence[str],
    what: str,
    absent: float,
) -> Cube:
    """Pairs for all sectors first, then those of a single one."""
    found = np.empty((len(sectors), len(names), len(names)))
    single = {key: value for key, value in given.items() if _is_triple(key)}
    for_all = {key: value for key, value in given.items() if not _is_triple(key)}
    found[:] = matrix_of(for_all, names, what, absent)
    matrix_of(dict.fromkeys((key[:2] for key in single), 0.0), names, what, absent)  # names alone
    place = {name: number for number, name in enumerate(names)}
    at = {name: number for number, name in enumerate(sectors)}
    for (importer, exporter, sector), value in single.items():
        if sector not in at:
            raise InputError(f"{what}: unknown sector {sector!r}", did_you_mean(sector, sectors))
        found[at[sector], place[exporter], place[importer]] = value
    return found


def _is_triple(key: Any) -> bool:
    return isinstance(key, tuple) and len(cast("tuple[Any, ...]", key)) == 3


def world_2022_sectors() -> tuple[xr.DataArray, pd.Series]:
    """The shipped baseline by sector, 80 economies and 28 sectors in 2022, and its elasticities.

    Flows in bn USD: shares of suppliers times the sector's share times all that the economy
    uses, by input-output tables. Suppliers below a thousandth of a market and the rest of the
    world are left out and the others scaled up, by 3 percent on the mean. Elasticities are the
    median of eight published sets.
    """
    from worldorder.data.panel import panel, table

    supplies = table("sector_supply")
    used = panel("gross_trade", 2022).groupby("importer")["value"].sum() / 1000
    market = [supplies["sector"], supplies["importer"]]
    share = supplies["share"] / supplies["share"].groupby(market, observed=True).transform("sum")
    worth = share * supplies["spending_share"] * supplies["importer"].astype(str).map(used)
    frame = supplies.assign(flow=worth).astype(dict.fromkeys(FLOW, str))
    array = frame.set_index(list(FLOW))["flow"].to_xarray()
    names = sorted({*frame["exporter"], *frame["importer"]})
    found = array.reindex(exporter=names, importer=names).fillna(0.0)
    theta = frame.drop_duplicates("sector").set_index("sector")["elasticity"]
    return found, theta.sort_index()


def value_added_2022() -> pd.Series:
    """Share of value added in sales by economy: GDP of 2022 over sales of `world_2022_sectors`.

    Hong Kong, whose GDP is not in the panel, has the mean of the others.
    """
    from worldorder.data.panel import panel

    sales = world_2022_sectors()[0].sum(("sector", "importer")).to_series()
    gdp = panel("gdp", 2022).set_index("iso3")["value"].astype(float)
    share = (gdp.reindex(sales.index) / sales).clip(upper=1.0)
    return share.fillna(share.mean())
