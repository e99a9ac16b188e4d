"""Score cells, pool them over origins, and say which gates are passed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.inference import scoring
from worldorder.inference.hindcast.cells import MODEL, UNWIDENED, Cells
from worldorder.inference.hindcast.gates import CoverageGate, Gate, Gates

ALL = "all"
BANDS = (0.8, 0.95)
PIT_BINS = 10
Verdict = Literal["passed", "lost", "not judged"]
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Pool:
    """Cells of one target, horizon and origin (or all origins), with scores by forecaster."""

    target: str
    origin: str
    horizon: int
    parts: tuple[Cells, ...]

    @property
    def is_event(self) -> bool:
        """Whether the target is an event with a probability."""
        return self.parts[0].is_event

    @property
    def cells(self) -> int:
        """Number of observations."""
        return sum(len(part.observed) for part in self.parts)

    @property
    def blocks(self) -> NDArray[np.int64]:
        """Number of the block of each cell."""
        labels = np.concatenate([part.blocks for part in self.parts])
        return np.unique(labels, return_inverse=True)[1].astype(np.int64)

    @property
    def forecasters(self) -> list[str]:
        """Forecasters that every part has, the model first."""
        shared = [b for b in self.parts[0].baselines if all(b in p.forecasts for p in self.parts)]
        return [MODEL, *shared]

    def scores(self, score: str, forecaster: str) -> Vector:
        """Score of each cell."""
        return np.concatenate([_scored(part, score, forecaster) for part in self.parts])

    @property
    def as_simulated(self) -> str:
        """The model before widening; the model itself where nothing was widened."""
        return UNWIDENED if all(UNWIDENED in part.forecasts for part in self.parts) else MODEL

    def inside(self, band: float, forecaster: str = MODEL) -> NDArray[np.bool_]:
        """Whether each observation lies in the central band of a forecaster's ensemble."""
        return np.concatenate(
            [scoring.inside_band(p.observed, p.forecasts[forecaster], band) for p in self.parts]
        )


def _scored(part: Cells, score: str, forecaster: str) -> Vector:
    forecast = part.forecasts[forecaster]
    if score == "crps":
        return scoring.crps(part.observed, forecast)
    happened = part.observed > 0.5
    return {"log": scoring.log_score, "brier": scoring.brier}[score](happened, forecast)


def pools(cells: Sequence[Cells]) -> list[Pool]:
    """Cells by target and horizon: each origin alone, and all origins together."""
    found: dict[tuple[str, str, int], list[Cells]] = {}
    for part in cells:
        if len(part.observed):
            for origin in (str(part.origin), ALL):
                found.setdefault((part.target, origin, part.horizon), []).append(part)
    return [Pool(*key, tuple(parts)) for key, parts in sorted(found.items())]


def scores_of(pool: Pool) -> list[str]:
    """Scores that suit a target."""
    return ["log", "brier"] if pool.is_event else ["crps"]


def score_table(found: Iterable[Pool]) -> pd.DataFrame:
    """Mean score by target, origin, horizon and forecaster."""
    rows = [
        {
            "target": pool.target, "origin": pool.origin, "horizon": pool.horizon, "score": score,
            "forecaster": name, "value": float(pool.scores(score, name).mean()),
            "cells": pool.cells,
        }
        for pool in found for score in scores_of(pool)
        for name in dict.fromkeys([*pool.forecasters, pool.as_simulated])
    ]  # fmt: skip
    return pd.DataFrame(rows)


def best_baseline(pool: Pool, score: str) -> str:
    """The baseline with the lowest mean score on the pool's cells."""
    means = {name: pool.scores(score, name).mean() for name in pool.forecasters[1:]}
    return min(means, key=lambda name: means[name])


def skill_table(found: Iterable[Pool]) -> pd.DataFrame:
    """Skill of the model over the best baseline, with its bootstrap interval."""
    rows: list[dict[str, Any]] = []
    for pool in found:
        for score in scores_of(pool):
            best = best_baseline(pool, score)
            naive = pool.scores(score, best)
            over = scoring.skill(pool.scores(score, MODEL), naive, pool.blocks)
            plain = scoring.skill(pool.scores(score, pool.as_simulated), naive, pool.blocks).value
            rows.append(
                {
                    "target": pool.target, "origin": pool.origin, "horizon": pool.horizon,
                    "score": score, "best_baseline": best, "skill": over.value,
                    "low": over.low, "high": over.high,
                    "skill_as_simulated": plain, "cells": pool.cells,
                    "events": _events(pool),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _events(pool: Pool) -> int | None:
    return int(sum(part.observed.sum() for part in pool.parts)) if pool.is_event else None


def coverage_table(found: Iterable[Pool]) -> pd.DataFrame:
    """Share of observations inside the model's bands as simulated, and as widened.

    `widening` is the mean factor over origins; see `worldorder.inference.hindcast.widening`.
    """
    rows: list[dict[str, Any]] = []
    for pool in found:
        if pool.is_event:
            continue
        for band in BANDS:
            held = scoring.coverage(pool.inside(band, pool.as_simulated), pool.blocks)
            after = scoring.coverage(pool.inside(band), pool.blocks)
            rows.append(
                {
                    "target": pool.target, "origin": pool.origin, "horizon": pool.horizon,
                    "band": band, "share": held.value, "low": held.low, "high": held.high,
                    "widening": float(np.mean([part.widening for part in pool.parts])),
                    "share_widened": after.value, "low_widened": after.low,
                    "high_widened": after.high, "cells": pool.cells,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def pit_table(found: Iterable[Pool]) -> pd.DataFrame:
    """Counts of observations by tenth of the probability integral transform."""
    rows: list[dict[str, Any]] = []
    for pool in found:
        if pool.is_event or pool.origin != ALL:
            continue
        places = np.concatenate(
            [
                scoring.probability_integral_transform(p.observed, p.forecasts[MODEL])
                for p in pool.parts
            ]
        )
        counts = np.histogram(places, PIT_BINS, (0, 1))[0]
        rows += [
            {"target": pool.target, "horizon": pool.horizon, "bin": k, "cells": int(count)}
            for k, count in enumerate(counts)
        ]
    return pd.DataFrame(rows, columns=["target", "horizon", "bin", "cells"])


def reliability_table(found: Iterable[Pool]) -> pd.DataFrame:
    """Forecast probability and observed frequency of events by bin of probability."""
    rows: list[dict[str, Any]] = []
    for pool in found:
        if not pool.is_event or pool.origin != ALL:
            continue
        happened = np.concatenate([part.observed > 0.5 for part in pool.parts])
        said = np.concatenate([part.forecasts[MODEL] for part in pool.parts])
        held = scoring.reliability(happened, said)
        rows += [
            {
                "target": pool.target, "horizon": pool.horizon, "bin": k,
                "forecast": float(f), "observed": float(o), "cells": int(n),
            }
            for k, (f, o, n) in enumerate(zip(*vars(held).values(), strict=True))
        ]  # fmt: skip
    columns = ["target", "horizon", "bin", "forecast", "observed", "cells"]
    return pd.DataFrame(rows, columns=columns)


def _verdict_of_gate(gate: Gate, skill: pd.DataFrame) -> dict[str, Any]:
    rows = skill[
        (skill["target"] == gate.target)
        & (skill["horizon"] == gate.horizon)
        & (skill["score"] == gate.score)
        & (skill["origin"] == ALL)
    ]
    base = {
        "gate": gate.id, "target": gate.target, "horizon": str(gate.horizon),
        "score": gate.score, "threshold": gate.threshold,
    }  # fmt: skip
    if not len(rows):
        return base | {"verdict": "not judged"}
    row = rows.iloc[0]
    passed = row["skill"] >= gate.threshold
    return base | {
        "value": row["skill"], "low": row["low"], "high": row["high"],
        "best_baseline": row["best_baseline"], "cells": row["cells"],
        "verdict": _word(passed), "value_as_simulated": row["skill_as_simulated"],
        "verdict_as_simulated": _word(row["skill_as_simulated"] >= gate.threshold),
    }  # fmt: skip


def _verdict_of_coverage(gate: CoverageGate, found: Sequence[Pool]) -> dict[str, Any]:
    parts = [
        part
        for pool in found
        if pool.target == gate.target and pool.origin == ALL and pool.horizon in gate.horizons
        for part in pool.parts
    ]
    base = {
        "gate": gate.id, "target": gate.target, "score": "coverage",
        "horizon": " and ".join(str(h) for h in gate.horizons), "threshold": gate.band,
    }  # fmt: skip
    if not parts:
        return base | {"verdict": "not judged"}
    pool = Pool(gate.target, ALL, 0, tuple(parts))
    held, plain = (
        scoring.coverage(pool.inside(gate.band, forecaster), pool.blocks)
        for forecaster in (MODEL, pool.as_simulated)
    )
    return base | {
        "value": held.value, "low": held.low, "high": held.high, "cells": pool.cells,
        "verdict": _word(held.low <= gate.band <= held.high),
        "value_as_simulated": plain.value,
        "verdict_as_simulated": _word(plain.low <= gate.band <= plain.high),
    }  # fmt: skip


def _word(passed: bool) -> str:
    return "passed" if passed else "lost"


def verdicts(gates: Gates, skill: pd.DataFrame, found: Sequence[Pool]) -> pd.DataFrame:
    """What became of every gate, in the order of the file."""
    rows = [_verdict_of_gate(gate, skill) for gate in gates.gates]
    rows += [_verdict_of_coverage(gate, found) for gate in gates.coverage]
    columns = [
        "gate", "target", "horizon", "score", "threshold", "value", "low", "high",
        "best_baseline", "cells", "verdict", "value_as_simulated", "verdict_as_simulated",
    ]  # fmt: skip
    return pd.DataFrame(rows).reindex(columns=columns)
