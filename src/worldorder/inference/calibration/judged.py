"""Calibrations beside the values before them, out of sample, by `calibration-criteria.yaml`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from worldorder.inference.calibration import compensation, position_fit, position_score
from worldorder.inference.calibration.page import markdown
from worldorder.inference.calibration.panel import observed
from worldorder.inference.calibration.position_score import verdict
from worldorder.inference.door import alignment
from worldorder.inference.door.estimates import Sources
from worldorder.parameters.known import vintage
from worldorder.parameters.loader import load_parameters

ORIGINS: Final = {"positions": (2004, 2009, 2014), "compensation": (2018, 2020)}
Tell = Callable[[str], None]


def positions_scored(tell: Tell) -> pd.DataFrame:
    """CRPS by set, origin, horizon and state."""
    tables: list[pd.DataFrame] = []
    for origin in ORIGINS["positions"]:
        tell(f"positions from {origin}")
        first, yearly = position_fit.first_year(origin), alignment.yearly(Sources(origin))
        panel = observed(Sources(origin), first)
        rest = load_parameters()["alignment"] | vintage("prior")["alignment"]
        found = position_fit.fitted(panel, yearly.parameters, tell)
        new = position_fit.estimates(found, yearly, (first, origin)).parameters
        sets = {"before": rest | dict(yearly.parameters), "calibrated": rest | dict(new)}
        tables.append(position_score.scores(panel, sets))
    return pd.concat(tables, ignore_index=True)


def compensation_scored(tell: Tell) -> pd.DataFrame:
    """CRPS by set, origin, horizon, entity and year of the cut."""
    later, tables = compensation.rows_known(2024), list[pd.DataFrame]()
    for origin in ORIGINS["compensation"]:
        tell(f"compensation from {origin}")
        rows = compensation.rows_known(origin)
        found = compensation.fitted(rows)
        new = compensation.estimates(found, rows, origin).parameters
        sets = {
            "before": compensation.before(rows),
            "calibrated": compensation.of_parameters(new),
        }
        scale = float(np.exp(found.value[-1]))
        tables.append(compensation.scores(later, rows, sets, scale, origin))
    return pd.concat(tables, ignore_index=True)


def judged(tell: Tell) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Mean scores by calibration, origin and horizon; and the verdict on each calibration."""
    held = {
        "positions": (positions_scored(tell), "state"),
        "compensation": (compensation_scored(tell), "entity"),
    }
    means = [_means(table).assign(calibration=name) for name, (table, _) in held.items()]
    verdicts = [
        {"calibration": name, **verdict(table, "calibrated", "before", block)}
        for name, (table, block) in held.items()
    ]
    return pd.concat(means, ignore_index=True), pd.DataFrame(verdicts)


def _means(table: pd.DataFrame) -> pd.DataFrame:
    """Mean score, and share inside the band where there is one, by origin, horizon and set."""
    group = table.groupby(["origin", "horizon", "set"])
    parts = {"crps": group["crps"].mean().unstack("set")}
    if "inside" in table:
        parts["inside_80"] = group["inside"].mean().unstack("set")
    wide = pd.concat([part.add_prefix(f"{name}_") for name, part in parts.items()], axis=1)
    cells = table[table["set"] == "calibrated"].groupby(["origin", "horizon"]).size()
    return wide.assign(cells=cells).reset_index()


def judged_page(means: pd.DataFrame, verdicts: pd.DataFrame) -> str:
    """The page, in Markdown."""
    kept = ", ".join(verdicts.loc[verdicts["kept"], "calibration"]) or "none"
    shown = means[["calibration", *(c for c in means.columns if c != "calibration")]]
    return "\n".join(
        [
            "# Are calibrations through time better than the values before them?",
            "",
            "Written by `worldorder calibrate --score`. Each calibration knows the years to its "
            "origin and is scored on those after, with the criterion of "
            "[calibration-criteria.yaml](calibration-criteria.yaml), which was written before any "
            "score was seen: mean CRPS lower by 1 % or more, and the 90 % interval of the "
            "difference below zero.",
            "",
            f"**Kept: {kept}.**",
            "",
            markdown(verdicts, 4),
            "",
            "`change`, `low` and `high` are shares of the mean score before.",
            "",
            markdown(shown, 4),
            "",
        ]
    )
