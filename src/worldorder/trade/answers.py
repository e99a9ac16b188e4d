"""What a solution is called: labels of results, and the error where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from worldorder.errors import ConvergenceError
from worldorder.trade.labels import Matrix, Vector

LABELS = {
    "wage": "wage, new over old; world income at old labour is the numeraire",
    "price": "consumer price, new over old",
    "employment": "labour, new over old",
    "real_income": "income and duties over consumer prices, new over old",
    "welfare": "real final expenditure less the toil that earned it, new over old",
    "income": "earned from sales, in the unit of the flows",
    "expenditure": "spending with duties, in the unit of the flows",
    "revenue": "duties collected, in the unit of the flows",
    "exports": "sales abroad before duties, in the unit of the flows",
    "imports": "purchases abroad before duties, in the unit of the flows",
    "exports_change": "sales abroad, new over old",
    "imports_change": "purchases abroad, new over old",
    "output": "sales by sector, in the unit of the flows",
    "sector_price": "consumer price of the sector, new over old",
    "flows": "trade before duties, home sales on the diagonal, in the unit of the flows",
}


def described(dataset: xr.Dataset) -> xr.Dataset:
    """The dataset with what its variables mean."""
    for name, variable in dataset.data_vars.items():
        variable.attrs["long_name"] = LABELS[str(name)]
    return dataset


def abroad(after: Matrix, before: Matrix) -> dict[str, Vector]:
    """Exports and imports by country, and their changes."""
    totals = {"exports": after.sum(1), "imports": after.sum(0)}
    held = {name: total - np.diagonal(after) for name, total in totals.items()}
    return held | trade_changes(held, before)


def trade_changes(held: Mapping[str, Vector], before: Matrix) -> dict[str, Vector]:
    """Exports and imports over those of the flows before."""
    home = np.diagonal(before)
    old = {"exports": before.sum(1) - home, "imports": before.sum(0) - home}
    with np.errstate(divide="ignore", invalid="ignore"):
        return {f"{name}_change": held[name] / total for name, total in old.items()}


def no_equilibrium(gap: ArrayLike, residual: float, names: Sequence[str]) -> ConvergenceError:
    """The error, naming the countries whose sales are farthest from their income.

    Args:
        gap: log of sales over income by country.
        residual: largest gap of all equations.
        names: of the countries.
    """
    excess = np.abs(np.nan_to_num(np.asarray(gap, dtype=float), nan=np.inf))
    worst = sorted(zip(-excess, names, strict=True))[:5]
    return ConvergenceError(
        f"no equilibrium found: residual {residual:.2g}, worst in {', '.join(n for _, n in worst)}",
        "Surplus countries that are cut off cannot keep a fixed surplus: imbalances='lending' has "
        "a solution for any trade cost.",
    )
