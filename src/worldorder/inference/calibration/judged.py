"""Calibrations beside the values before them, out of sample, by `calibration-criteria.yaml`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from worldorder.inference.calibration import compensation, position_score
from worldorder.inference.calibration.fit import SPREAD, Calibrated, Positions, calibrated
from worldorder.inference.calibration.page import markdown
from worldorder.inference.calibration.panel import observed
from worldorder.inference.calibration.position_score import verdict
from worldorder.inference.calibration.positions import Observed
from worldorder.inference.calibration.spread import Chance
from worldorder.inference.door.estimates import Estimates, Found, Sources, estimates_of
from worldorder.inference.hindcast.parameters_known import parameters_known
from worldorder.parameters.loader import Parameter

ORIGINS: Final = {"positions": (2004, 2009, 2014), "compensation": (2018, 2020)}
SPAN: Final = 24  # years of the panel before an origin
SPREAD_FORM: Final = "mean and spread, 1, 5 and 10 years ahead"
LOGS: Final = "log_"
Tell = Callable[[str], None]


def chance_before(to: int) -> dict[str, Parameter]:
    """Diffusion, hazard and size of realignments as estimated to a year."""
    held = parameters_known(to).parameters["alignment"]
    return {name: held[name] for name in ("diffusion", "shift_hazard", "shift_size")}


def spread_fitted(panel: Observed, to: int, tell: Tell) -> Calibrated:
    """Positions with mean and variance together, from the size of chance estimated to `to`."""
    chance = Chance(**{name: one.value for name, one in chance_before(to).items()})
    likelihood = Positions.with_spread(panel, chance).at(panel.position)

    def say(count: int, level: float) -> None:
        tell(f"{SPREAD_FORM}: {count} gradients, log L {level:.1f}")

    return calibrated(likelihood, SPREAD_FORM, SPREAD, say)


def position_estimates(found: Calibrated, sample: tuple[int, int]) -> Estimates:
    """Parameters of the alignment mechanism that runs can draw; the gain is none of its own.

    Diffusion and size of realignments share the error of the factor and keep their own.
    """
    source = (
        "Ideal points one, five and ten years ahead, mean and variance by gradients through time, "
        "worldorder.inference.calibration.spread; errors by state, weak priors."
    )
    before = chance_before(sample[1])
    sizes = ("diffusion", "shift_size")
    names = (*(name.removeprefix(LOGS) for name in found.names[:4]), *sizes)
    own = [float(before[name].standard_error or 0.0) for name in sizes]
    place = [0, 1, 2, 3, 4, 4]
    covariance = found.covariance[np.ix_(place, place)] + np.diag([0, 0, 0, 0, *np.square(own)])
    level = [*found.value[:3], np.exp(found.value[3])]
    level += [before[name].value * np.exp(found.value[4]) for name in sizes]
    error = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    made = {
        name: Found(float(v), float(e), sample, source)
        for name, v, e in zip(names, level, error, strict=True)
    }
    return estimates_of("alignment", made, 0, covariance, names)


def positions_scored(tell: Tell) -> pd.DataFrame:
    """CRPS by set, origin, horizon and state."""
    tables: list[pd.DataFrame] = []
    for origin in ORIGINS["positions"]:
        tell(f"positions from {origin}")
        panel = observed(Sources(origin), origin - SPAN)
        before = dict(parameters_known(origin).parameters["alignment"])
        found = spread_fitted(panel, origin, tell)
        new = position_estimates(found, (origin - SPAN, origin)).parameters
        sets: dict[str, dict[str, Parameter]] = {"before": before, "calibrated": before | dict(new)}
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
