"""How far do politics, sanctions, agreements, distance and borders cut trade?

Gravity by Poisson pseudo-maximum likelihood (Santos Silva and Tenreyro 2006,
doi:10.1162/rest.88.4.641) with effects of exporter and year, importer and year, and pair (Yotov,
Piermartini, Monteiro and Larch 2016), by the package pyfixest, which
`pip install worldorder[estimation]` brings.

Run: `worldorder evidence gravity --raw DIR`.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.stats.meta_analysis import combine_effects

from worldorder.errors import DataError
from worldorder.inference.gravity_panel import RECORDS, WITH_HOME, gravity_rows

CHANGING = ("agreement", "political_distance", "intensity", "war")
LASTING = ("log_distance", "contiguity", "language", "colony")
SIDES = "exporter^year + importer^year"
BORDERS = " + border^year"  # what home sales lose or gain against trade, year by year
BY_KIND = ("agreement", "political_distance", "complete", "partial", "finance", "other", "war")


def ppml(rows: pd.DataFrame, covariates: tuple[str, ...], effects: str) -> pd.DataFrame:
    """Coefficients with standard errors clustered by exporter and by importer, both at once.

    Args:
        rows: of `gravity_panel.gravity_rows`; rows with a covariate unknown are left out.
        covariates: columns; a coefficient is the rise of log trade with one unit.
        effects: fixed effects in the notation of pyfixest.

    Returns:
        By covariate: value, standard error, and standard error clustered by pair alone; `attrs`
        has the number of rows.

    Raises:
        DataError: pyfixest is not installed.
    """
    known = rows.dropna(subset=list(covariates))
    fit: Any = _pyfixest().fepois(
        f"trade ~ {' + '.join(covariates)} | {effects}", known, vcov={"CRV1": "exporter+importer"}
    )
    wide = fit.se()
    found = pd.DataFrame({"value": fit.coef(), "s.e.": wide})
    found["s.e. by pair"] = fit.vcov({"CRV1": "pair"}).se()
    found.attrs["rows"] = int(fit._N)
    return found


def _pyfixest() -> Any:
    try:
        return importlib.import_module("pyfixest")
    except ImportError as error:
        raise DataError(
            "gravity is estimated with the package pyfixest, which is not installed",
            fix="pip install 'worldorder[estimation]'",
        ) from error


def specifications(record: str) -> dict[str, tuple[tuple[str, ...], str]]:
    """Covariates and fixed effects by name of the specification. The first feeds the model."""
    borders = BORDERS if record in WITH_HOME else ""
    within = f"{SIDES} + pair{borders}"
    before = tuple(
        "political_distance_before" if name == "political_distance" else name for name in CHANGING
    )
    return {
        "within pairs": (CHANGING, within),
        "by kind of sanction": (BY_KIND, within),
        "politics of the year before": (before, within),
        "between pairs": (CHANGING + LASTING, SIDES + borders),
    }


def pooled(estimates: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Mean of the estimates of several records, weighted by precision.

    With the variance between records of DerSimonian and Laird (1986,
    doi:10.1016/0197-2456(86)90046-2) where they differ by more than their errors explain. The
    records share years and pairs, so the error is somewhat too small.

    Args:
        estimates: of `ppml`, the same covariates in each.
    """
    rows: dict[str, tuple[float, float]] = {}
    for name in estimates[0].index:
        value = np.array([float(found["value"][name]) for found in estimates])
        variance = np.square([float(found["s.e."][name]) for found in estimates])
        whole: Any = combine_effects(value, variance, method_re="dl")
        random = whole.tau2 > 0
        mean = whole.mean_effect_re if random else whole.mean_effect_fe
        rows[str(name)] = mean, whole.sd_eff_w_re if random else whole.sd_eff_w_fe
    return pd.DataFrame.from_dict(rows, orient="index", columns=["value", "s.e."])


def report(raw: Path) -> None:
    """Print every specification on every record, and the means of the first that feed the model."""
    first: list[pd.DataFrame] = []
    for record in RECORDS:
        rows = gravity_rows(raw, record)
        found = {name: ppml(rows, *asked) for name, asked in specifications(record).items()}
        for name, table in found.items():
            print(f"\n{record}, {name}: {table.attrs['rows']:,} rows")
            print(table.round(4).to_string(), flush=True)
        first.append(found["within pairs"])
    print(f"\npooled\n{pooled(first).round(4).to_string()}")
