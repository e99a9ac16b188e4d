"""A whole study: screen all factors, swing and apportion those that matter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import pandas as pd

from worldorder.errors import InputError
from worldorder.inference.sensitivity.design import (
    Design,
    Vector,
    kept_factors,
    screen_design,
    screen_table,
    sobol_design,
    sobol_table,
    swing_design,
    swing_table,
)
from worldorder.results.unfinished import Unfinished

PIECE: Final = 64  # points that are run and kept together, whatever the number of processors
FEWEST_BLOCKS: Final = 4  # base samples or trajectories from which a stopped stage says anything

Evaluate: TypeAlias = Callable[[Design], Vector]  # outcome of every point, shape (row,)
Progress: TypeAlias = Callable[[str, int, int], None]  # stage, points done, points in all


@dataclass(frozen=True)
class Plan:
    """How much to run: see `worldorder sensitivity --help`.

    Raises:
        InputError: numbers that no design can be made of.
    """

    trajectories: int
    samples: int
    repeats: int
    most: int
    least: float
    seed: int

    def __post_init__(self) -> None:
        for name, least in (("trajectories", 2), ("repeats", 2), ("most", 1)):
            if getattr(self, name) < least:
                raise InputError(f"{name} is {getattr(self, name)}", f"Give {least} or more.")
        if self.samples < 8 or self.samples & (self.samples - 1):
            raise InputError(
                f"{self.samples} samples would break the Sobol sequence",
                "Give a power of two: 8, 16, 32, 64, 128, ...",
            )


@dataclass
class Found:
    """Tables of the stages that are finished; `partial` names one that was stopped under way."""

    screen: pd.DataFrame | None = None
    swings: pd.DataFrame | None = None
    sobol: pd.DataFrame | None = None
    kept: list[str] = field(default_factory=list[str])
    partial: str = ""


class Stopped(KeyboardInterrupt):
    """Ctrl-C with what was found until then."""

    def __init__(self, found: Found) -> None:
        super().__init__()
        self.found = found


def study(
    names: Sequence[str],
    plan: Plan,
    evaluate: Evaluate,
    question: str,
    folder: Path | None,
    progress: Progress,
) -> Found:
    """Run the three stages one after the other.

    Args:
        names: of the factors.
        plan: how much to run.
        evaluate: gives the outcomes of some points.
        question: all that decides outcomes besides the points; finished pieces are found by it.
        folder: where finished pieces are kept; a study that was stopped goes on from them.
        progress: told of every piece.

    Raises:
        InputError: the outcome cannot be read, or nothing moves it.
        Stopped: on Ctrl-C, with what was found until then.
    """
    found = Found()

    def run(stage: str, design: Design) -> Vector:
        store = Unfinished(folder / stage, f"{question}-{design.digest}") if folder else None
        return _outcomes(stage, design, evaluate, store, progress)

    first = screen_design(names, plan.trajectories, plan.seed)
    try:
        found.screen = screen_table(first, run("screen", first), plan.seed)
        found.kept = kept_factors(found.screen, plan.most, plan.least)
        swings = swing_design(found.kept, plan.repeats)
        found.swings = swing_table(swings, run("swings", swings))
        last = sobol_design(found.kept, plan.samples, plan.seed)
        found.sobol = sobol_table(last, run("sobol", last), plan.seed)
    except _Broken as stop:
        _add_partial(found, stop, plan.seed)
        raise Stopped(found) from None
    return found


class _Broken(KeyboardInterrupt):
    """Ctrl-C within a stage: its points and the outcomes of the first of them."""

    def __init__(self, stage: str, design: Design, outcome: Vector) -> None:
        super().__init__()
        self.stage, self.design, self.outcome = stage, design, outcome


def _outcomes(
    stage: str, design: Design, evaluate: Evaluate, store: Unfinished | None, progress: Progress
) -> Vector:
    parts: list[Vector] = [np.zeros(0)]
    try:
        for first in range(0, design.rows, PIECE):
            part = design.between(first, min(first + PIECE, design.rows))
            parts.append(_piece(stage, part, first, evaluate, store))
            progress(stage, first + part.rows, design.rows)
    except KeyboardInterrupt:
        raise _Broken(stage, design, np.concatenate(parts)) from None
    return np.concatenate(parts)


def _piece(
    stage: str, part: Design, first: int, evaluate: Evaluate, store: Unfinished | None
) -> Vector:
    held = store and store.load(stage, first, part.rows)
    if held:
        return held["outcome"].astype(np.float64)
    outcome = np.asarray(evaluate(part), np.float32)  # as it is kept, so that both are the same
    if not np.isfinite(outcome).all():
        raise InputError("the outcome has no value in some run", "Ask for another outcome or year.")
    if store:
        store.keep(stage, first, {"outcome": outcome})
    return outcome.astype(np.float64)


def _add_partial(found: Found, stop: _Broken, seed: int) -> None:
    """Tables of the stage that was stopped, from what was finished of it."""
    design = stop.design.whole_blocks(len(stop.outcome))
    outcome = stop.outcome[: design.rows]
    if design.rows < FEWEST_BLOCKS * design.block or np.ptp(outcome) == 0:
        return
    found.partial = stop.stage
    if stop.stage == "screen":
        found.screen = screen_table(design, outcome, seed)
    elif stop.stage == "swings":
        found.swings = swing_table(design, outcome)
    else:
        found.sobol = sobol_table(design, outcome, seed)
