"""What do UN bodies live on, who pays what part of it, and do payments grow with GDP?

Run: `worldorder evidence budgets --raw DIR`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.countries import iso3_of_names
from worldorder.inference.funding_record import read_flows

Vector = NDArray[np.float64]
LEADER = "United States of America"
NEGLIGIBLE = 0.002  # a share below this is a token payment


def _moments(values: Vector) -> tuple[float, float, int]:
    """Mean, standard deviation and number."""
    return float(values.mean()), float(values.std(ddof=1)), len(values)


def log_budgets(raw: Path, year: int = 2024) -> dict[str, tuple[float, float, int]]:
    """Moments of the log of yearly revenue, mn USD, by class of body."""
    flows = read_flows(raw)
    agencies = flows[flows["year"] == year].groupby("entity")["amount"].sum()
    lines = pd.read_csv(raw / "un-system-funding" / "un_regular_budget_2025_2026_thousand_usd.csv")
    units = lines[lines["row_type"] == "entity_total"]["2025 approved"] * 1e-3
    return {
        "agency": _moments(np.log(agencies[agencies > 0].to_numpy(float))),
        "unit": _moments(np.log(units[units > 0].to_numpy(float))),
    }


def logit_shares(raw: Path, year: int = 2024) -> dict[str, tuple[float, float, int]]:
    """Moments of the log odds of the leading state's share, and of non-states' in the rest."""
    flows = read_flows(raw)
    flows = flows[flows["year"] == year]
    total = flows.groupby("entity")["amount"].sum()
    leader = flows[flows["donor"] == LEADER].groupby("entity")["amount"].sum().reindex(total.index)
    others = flows[flows["category"] != "Government"].groupby("entity")["amount"].sum()
    share = {
        "leading": leader.fillna(0.0) / total,
        "other": others.reindex(total.index) / (total - leader.fillna(0.0)),
    }
    kept = {k: v[(v > NEGLIGIBLE) & (v < 1)].to_numpy(float) for k, v in share.items()}
    return {name: _moments(np.log(v / (1 - v))) for name, v in kept.items()}


def income_elasticity(raw: Path, kind: str = "") -> tuple[float, float, int]:
    """Slope of the change of log payments on that of log GDP, 2013-15 to 2022-24, with its error.

    One row a government; entities that reported in all years; `kind` is the start of the type of
    revenue. Errors are robust to unequal variance (HC1).
    """
    flows = read_flows(raw)
    years = flows.groupby("entity")["year"].nunique()
    whole = years.index[years == flows["year"].nunique()]
    chosen = flows[
        flows["entity"].isin(whole)
        & (flows["category"] == "Government")
        & flows["type"].str.startswith(kind)
    ]
    states = sorted(chosen["donor"].unique())
    chosen = chosen.assign(
        state=chosen["donor"].map(dict(zip(states, iso3_of_names(states), strict=True)))
    )
    paid = chosen.pivot_table(index="state", columns="year", values="amount", aggfunc="sum")
    outlook = pd.read_csv(raw / "imf-weo-2025-10" / "weo_panel.csv.gz")
    gdp = outlook.pivot_table(index="ref_area", columns="year", values="NGDPD").reindex(paid.index)
    change = [_log_change(table) for table in (paid, gdp)]
    known = np.isfinite(change[0]) & np.isfinite(change[1])
    y, x = change[0][known], change[1][known] - change[1][known].mean()
    slope = float(x @ y / (x @ x))
    error = y - y.mean() - slope * x
    variance = np.sum((x * error) ** 2) / np.sum(x * x) ** 2 * len(y) / (len(y) - 2)
    return slope, float(np.sqrt(variance)), int(known.sum())


def _log_change(table: pd.DataFrame) -> Vector:
    first = table[[2013, 2014, 2015]].mean(axis=1).to_numpy(float)
    last = table[[2022, 2023, 2024]].mean(axis=1).to_numpy(float)
    positive = (first > 0) & (last > 0)
    return np.log(np.where(positive, last, np.nan)) - np.log(np.where(positive, first, np.nan))


def report(raw: Path) -> None:
    """Print budgets, shares and the elasticity of payments."""
    print("log budget, mn USD (mean, s.d., number):", log_budgets(raw))
    print("log odds of share (mean, s.d., number):", logit_shares(raw))
    for kind in ("", "Assessed", "Voluntary"):
        print(
            f"income elasticity {kind or 'all'} (value, s.e., number):",
            income_elasticity(raw, kind),
        )
