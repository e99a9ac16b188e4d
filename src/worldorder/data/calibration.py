"""Baseline of the trade model: flows among states with domestic sales, in double precision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from worldorder.data.own_tables import own_table

LEAST_DOMESTIC_SHARE = 0.10  # of expenditure


@dataclass(frozen=True)
class TradeBaseline:
    """Flows that clear: row sums are income, column sums are expenditure, bn USD/year."""

    share: np.ndarray  # exporter, importer; columns sum to one
    expenditure: np.ndarray
    floored: np.ndarray  # true where domestic sales were raised to the least share


def among_states(flows: pd.DataFrame, codes: list[str]) -> np.ndarray:
    """Goods trade among states in bn USD, a territory's counted with its sovereign's.

    Trade between a territory and its sovereign drops out, as trade inside the state.
    """
    territories = own_table("territories").set_index("territory")["sovereign"]
    exporter = flows["exporter"].replace(territories.to_dict())
    importer = flows["importer"].replace(territories.to_dict())
    wide = pd.crosstab(exporter, importer, values=flows["value"], aggfunc="sum")
    matrix = wide.reindex(index=codes, columns=codes).fillna(0.0).to_numpy() * 1e-6
    np.fill_diagonal(matrix, 0.0)
    return matrix


def baseline(flows: np.ndarray, gdp: np.ndarray) -> TradeBaseline:
    """Add domestic sales to trade flows.

    Expenditure is GDP plus imports less exports, so that domestic sales are GDP less exports.
    Gross exports of trading hubs come near or above their GDP; there domestic sales are raised to
    a tenth of expenditure, and income and expenditure are then the sums of rows and columns.
    After Ignatenko, Lashkaripour, Macedoni and Simonovska (2025), without their distribution
    margin and with this floor in place of zero.

    Args:
        flows: goods trade, bn USD/year, exporter in the row, no domestic sales.
        gdp: GDP of the same year, bn USD/year.
    """
    imports, exports = flows.sum(0), flows.sum(1)
    least = LEAST_DOMESTIC_SHARE / (1 - LEAST_DOMESTIC_SHARE) * imports
    domestic = np.maximum(gdp - exports, least).round(9)
    whole = flows + np.diag(domestic)
    return TradeBaseline(whole / whole.sum(0), whole.sum(0), gdp - exports < least)
