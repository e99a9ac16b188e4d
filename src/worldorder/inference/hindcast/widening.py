"""Bands widened for what the model does not know of itself, by what other origins asked for.

The spread of an ensemble holds chance and the uncertainty of parameters, not the error of the
model's structure. At an origin the departures of the runs from their median are multiplied by the
factor at which the 80 % band would have held its share on the other origins, target by target and
horizon by horizon; where theirs held it, or held more, nothing is widened. No observation that
judges a band has a part in its widening.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from worldorder.inference import scoring
from worldorder.inference.hindcast.cells import MODEL, UNWIDENED, Cells

BAND = 0.8
LEAST = 1.0  # structural error adds spread and takes none away


def asked_by(parts: Sequence[Cells]) -> float:
    """Factor at which the 80 % band holds its share on some origins, their geometric mean.

    1 where the interval of the share (block bootstrap) reaches the nominal one.
    """
    if not parts or not sum(len(part.observed) for part in parts):
        return LEAST
    inside = np.concatenate(
        [scoring.inside_band(p.observed, p.forecasts[MODEL], BAND) for p in parts]
    )
    labels = np.concatenate([part.blocks for part in parts])
    blocks = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    if scoring.coverage(inside, blocks).high >= BAND:
        return LEAST
    each = [scoring.widening(p.observed, p.forecasts[MODEL], BAND) for p in parts]
    return max(float(np.exp(np.mean(np.log(np.maximum(each, LEAST))))), LEAST)


def widened(cells: Sequence[Cells]) -> list[Cells]:
    """Cells with the model's ensembles widened; those as simulated are kept beside them."""
    return [part if part.is_event else _widened(part, cells) for part in cells]


def _widened(part: Cells, cells: Sequence[Cells]) -> Cells:
    others = [
        other
        for other in cells
        if (other.target, other.horizon) == (part.target, part.horizon)
        and other.origin != part.origin
    ]
    factor = asked_by(others)
    raw = part.forecasts[MODEL]
    forecasts = {**part.forecasts, MODEL: scoring.widened(raw, factor), UNWIDENED: raw}
    return replace(part, forecasts=forecasts, widening=factor)


def factors_for_runs(cells: Sequence[Cells]) -> pd.DataFrame:
    """Factor by target and horizon that all origins together ask for: target, horizon, factor.

    For runs from a later start, which no origin here judges. `cells` are those as simulated.
    """
    keys = dict.fromkeys((part.target, part.horizon) for part in cells if not part.is_event)
    rows = [
        {
            "target": target, "horizon": horizon, "origins": len(parts),
            "factor": asked_by(parts),
        }
        for target, horizon in keys
        if (parts := [p for p in cells if (p.target, p.horizon) == (target, horizon)])
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["target", "horizon", "origins", "factor"])
