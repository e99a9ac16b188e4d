"""What each mechanism adds to skill: the same hindcast without it, or in a rival form.

All variants share their draws with the whole model, so that scores differ by the mechanism alone.
What it adds is the share by which it lowers the mean score of the model without it, on ensembles as
simulated; below 0 forecasts are better without.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.vintage import Read
from worldorder.errors import InputError, did_you_mean
from worldorder.inference import scoring
from worldorder.inference.hindcast.cells import MODEL, Unscored
from worldorder.inference.hindcast.forecast import Setout, horizons_until, job_from, simulated
from worldorder.inference.hindcast.judge import Pool, scores_of
from worldorder.inference.hindcast.run import (
    LAST,
    Asked,
    case_of,
    known_at,
    reading,
    setout,
)
from worldorder.inference.hindcast.targets import cells_of
from worldorder.parameters.loader import override
from worldorder.results.files import write_whole
from worldorder.results.job import Job

UNFINISHED: Final = ".unfinished-variants"
BLOCK: Final = "block"
COLUMNS: Final = [
    "variant", "target", "horizon", "score", "added", "standard_error", "low", "high", "cells",
    "moved",
]  # fmt: skip
Scores = dict[str, NDArray[Any]]  # `target/horizon/what` -> one element a cell
Progress = Callable[[int], None]  # how many variants of an origin are done


@dataclass(frozen=True)
class Variant:
    """A change of the model: mechanisms off or on, or parameters fixed at a rival form's values."""

    meaning: str
    off: tuple[str, ...] = ()
    fixed: tuple[tuple[str, float], ...] = ()
    on: tuple[str, ...] = ()  # of those that a scenario must turn on


def _weights(gdp: float, population: float, military: float, efficiency: float) -> Any:
    values = {
        "gdp_weight": gdp, "population_weight": population, "military_weight": military,
        "efficiency_weight": efficiency,
    }  # fmt: skip
    return tuple((f"capability.{name}", value) for name, value in values.items())


VARIANTS: Final[dict[str, Variant]] = {
    **{
        f"no-{name.replace('_', '-')}": Variant(meaning, (name,))
        for name, meaning in {
            "trade": "trade does not answer to size, distance or policy",
            "growth": "economies and populations stand still",
            "alignment": "ideal points stand still",
            "trust": "trust does not move",
            "threat": "no balance of threat: conduct changes no fear",
            "alliances": "defence pacts are neither made nor ended",
            "pact_foundings": "no defence pacts of many are founded",
            "disputes": "no militarised disputes begin",
            "concert": "great powers do not consult or recognise spheres",
            "membership": "nobody enters or leaves a body",
            "funding": "nobody changes what bodies are paid",
            "survival": "no body ends or is taken over",
            "foundings": "no new bodies are founded",
            "reform": "votes in bodies do not follow weight",
            "sanctions": "sanctions neither begin nor end by themselves",
            "campaigns": "nobody joins or leaves the sanctions of others",
            "stance": "states neither align with nor oppose great powers",
            "politics": "approval and orientation at home do not move",
            "reserve_currency": "reserves stay in the currencies they are in",
        }.items()
    },
    "with-arming": Variant("states arm in answer to threat and allies", on=("arming",)),
    "with-credibility": Variant("promises not kept end pacts", on=("credibility",)),
    "power-by-gdp": Variant("power is the share of GDP", fixed=_weights(1.0, 0.0, 0.0, 0.0)),
    "power-by-efficiency": Variant(
        "power is GDP times GDP a head (Beckley 2018)", fixed=_weights(0.0, 0.0, 0.0, 1.0)
    ),
    "power-near-cinc": Variant(
        "power is GDP and population, nearest to CINC", fixed=_weights(0.65, 0.38, 0.0, 0.0)
    ),
}


def chosen_variants(names: Sequence[str] | None) -> dict[str, Variant]:
    """Variants asked for; None is all.

    Raises:
        InputError: there is no such variant.
    """
    for name in names or ():
        if name not in VARIANTS:
            fix = did_you_mean(name, VARIANTS) or f"Known: {', '.join(VARIANTS)}."
            raise InputError(f"no variant {name!r}", fix)
    return {name: VARIANTS[name] for name in names or VARIANTS}


def changed(ready: Setout, variant: Variant) -> Setout:
    """A past origin with the variant's change."""
    turned = dict.fromkeys(variant.off, False) | dict.fromkeys(variant.on, True)
    switches = {**ready.switches, **turned}
    parameters = override(ready.parameters, dict(variant.fixed))
    return replace(ready, parameters=parameters, switches=switches)


def contributions(
    asked: Asked,
    variants: Mapping[str, Variant],
    folder: Path | None = None,
    progress: Progress = lambda done: None,
    votes: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What each variant's mechanism adds, by target and horizon, all origins together.

    A variant that switches off what an origin has to do without anyway is not run there.

    Args:
        asked: from `asked_for`.
        variants: from `chosen_variants`.
        folder: where finished parts are kept; a study that was stopped goes on from them.
        progress: told of every variant of every origin.
        votes: as for `hindcast`.
    """
    kept: dict[str, list[tuple[Scores, Scores]]] = {name: [] for name in variants}
    for origin in asked.origins:
        ready, refused = setout(origin - 1, asked.without)
        read = reading(votes)
        known = known_at(origin - 1, read)
        asked_here = _Origin(asked, refused, ready.switches, folder, read, known, votes is None)
        whole = asked_here.scores(ready)
        for name, variant in variants.items():
            if not variant.off or any(ready.switches.get(one, True) for one in variant.off):
                other = asked_here.scores(changed(ready, variant))
                kept[name].append((other, whole) if variant.on else (whole, other))
            progress(1)
    rows = [row for name, pairs in kept.items() for row in _rows(name, pairs)]
    return pd.DataFrame(rows, columns=COLUMNS)


@dataclass(frozen=True)
class _Origin:
    """One origin: what the whole model cannot score there is not scored for a variant either."""

    asked: Asked
    refused: Mapping[str, str]
    switches: Mapping[str, bool]
    folder: Path | None
    read: Read
    known: Read
    no_votes: bool

    def scores(self, ready: Setout) -> Scores:
        """Scores of the model's forecasts, cell by cell, with the blocks of the cells."""
        job = job_from(ready, LAST, self.asked.runs, self.asked.seed)
        file = self._file(job)
        held = _loaded(file) if file else None
        if held is None:
            held = self._scored(ready, job)
            if file:
                _keep(file, held)
        return held

    def _file(self, job: Job) -> Path | None:
        decides = json.dumps([job.digest, self.asked.runs, self.asked.targets, self.no_votes])
        digest = hashlib.sha256(decides.encode()).hexdigest()[:16]
        return self.folder / UNFINISHED / f"{digest}.npz" if self.folder else None

    def _scored(self, ready: Setout, job: Job) -> Scores:
        forecast = simulated(job, horizons_until(ready.year, LAST))
        case = case_of(ready, forecast, self.read, known=self.known)
        found: Scores = {}
        for target in self.asked.targets:
            parts = cells_of(target, case, self.switches, self.refused)
            if isinstance(parts, Unscored):
                continue
            for part in parts:
                pool = Pool(target, str(part.origin), part.horizon, (part,))
                score = scores_of(pool)[0]
                found[f"{target}/{part.horizon}/{score}"] = pool.scores(score, MODEL)
                found[f"{target}/{part.horizon}/{BLOCK}"] = part.blocks
        return found


def _loaded(file: Path) -> Scores | None:
    try:
        with np.load(file) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError, zipfile.BadZipFile):
        return None


def _keep(file: Path, found: Scores) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)

    def write(path: Path) -> None:
        with path.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **found)

    write_whole(file, write)


def _rows(name: str, pairs: Sequence[tuple[Scores, Scores]]) -> list[dict[str, Any]]:
    """One row for each target and horizon that some origin scored."""
    keys = dict.fromkeys(key for whole, _ in pairs for key in whole if not key.endswith(BLOCK))
    return [_row(name, key, [(w, o) for w, o in pairs if key in w]) for key in keys]


def _row(name: str, key: str, pairs: Sequence[tuple[Scores, Scores]]) -> dict[str, Any]:
    target, horizon, score = key.split("/")
    ours = np.concatenate([whole[key] for whole, _ in pairs])
    theirs = np.concatenate([other[key] for _, other in pairs])
    labels = np.concatenate([whole[f"{target}/{horizon}/{BLOCK}"] for whole, _ in pairs])
    blocks = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    found = scoring.skill(ours, theirs, blocks)
    return {
        "variant": name, "target": target, "horizon": int(horizon), "score": score,
        "added": found.value, "standard_error": found.standard_error, "low": found.low,
        "high": found.high, "cells": len(ours), "moved": bool((ours != theirs).any()),
    }  # fmt: skip
