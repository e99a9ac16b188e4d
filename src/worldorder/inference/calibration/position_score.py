"""Is a calibration of positions better than the values before it, after the years it knows?

Runs of the alignment mechanism alone, with chance and with parameters drawn from value and errors;
pacts are held at the origin, the same draws serve both sets. Criterion: `criteria.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jax import Array
from numpy.typing import NDArray

from worldorder.data.panel import table
from worldorder.inference.calibration.positions import Observed, year_later
from worldorder.inference.calibration.sensitivity import surprise
from worldorder.inference.scoring import crps, inside_band
from worldorder.mechanisms.alignment import AlignmentParameters, start_anchor
from worldorder.parameters.loader import Parameter, draw_parameters

Vector = NDArray[np.float64]
HORIZONS: Final = (1, 5, 10)
RUNS: Final = 500
BAND: Final = 0.8


def came(observed: Observed) -> pd.DataFrame:
    """Published positions, states by years, on the scale of the panel's own."""
    frame = table("state_year")
    rows = frame[(frame["variable"] == "ideal_point") & (frame["flag"] == "observed")]
    wide = rows.astype({"iso3": str}).pivot(index="iso3", columns="year", values="value")
    wide = wide.reindex(observed.country)
    wide = wide - wide.mean()
    known = [int(y) for y in observed.year if y in wide.columns]
    own = np.asarray(observed.position, float).T[:, [int(y - observed.year[0]) for y in known]]
    both = wide[known].to_numpy(float)
    kept = np.isfinite(both)
    slope, level = np.polyfit(both[kept], own[kept], 1)
    return level + slope * wide


def runs(
    observed: Observed, parameters: Mapping[str, Parameter], years: int, count: int = RUNS
) -> Vector:
    """Positions after the last year of the panel, (run, year, country)."""
    drawn = draw_parameters({"alignment": parameters}, 1, count)["alignment"]
    record = AlignmentParameters(**{n: jnp.asarray(v, jnp.float32) for n, v in drawn.items()})
    start, pact = observed.position[-1], observed.pact[-1]
    nobody = jnp.zeros_like(pact)

    def one(params: AlignmentParameters, key: Array) -> Array:
        def step(held: tuple[Array, Array], number: Array) -> tuple[tuple[Array, Array], Array]:
            position, anchor = year_later(*held, nobody, pact, params)
            position = position + surprise(jax.random.fold_in(key, number), position, params)
            return (position, anchor), position

        anchor = start_anchor(observed.position, params.anchor_drift_rate)
        return jax.lax.scan(step, (start, anchor), jnp.arange(years))[1]

    keys = jax.random.split(jax.random.key(0), count)
    return np.asarray(jax.jit(jax.vmap(one))(record, keys), np.float64)


def scores(
    observed: Observed,
    sets: Mapping[str, Mapping[str, Parameter]],
    horizons: Sequence[int] = HORIZONS,
) -> pd.DataFrame:
    """One row a set, horizon and state: CRPS and whether the 80 % band held it."""
    truth, last = came(observed), int(observed.year[-1])
    rows: list[pd.DataFrame] = []
    for name, parameters in sets.items():
        made = runs(observed, parameters, max(horizons))
        for h in horizons:
            seen = truth[last + h].to_numpy(float)
            known = np.isfinite(seen) & np.asarray(observed.seen[-1])
            cells = made[:, h - 1, known].T
            rows.append(
                pd.DataFrame(
                    {
                        "set": name, "origin": last, "horizon": h,
                        "state": np.array(observed.country)[known],
                        "crps": crps(seen[known], cells),
                        "inside": inside_band(seen[known], cells, BAND),
                    }
                )
            )  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def verdict(
    table: pd.DataFrame, new: str, old: str, block: str, seed: int = 0
) -> dict[str, float | bool]:
    """Mean scores, their relative difference with a 90 % interval, and whether it is kept."""
    wide = table.pivot_table(
        index=[block, "origin", "horizon", *(["case"] if "case" in table else [])],
        columns="set", values="crps",
    )  # fmt: skip
    change = (wide[new] - wide[old]).groupby(level=0).agg(["sum", "size"]).to_numpy(float)
    draw = np.random.default_rng(seed).multinomial(
        len(change), np.full(len(change), 1 / len(change)), 2000
    )
    total = draw @ change
    low, high = np.quantile(total[:, 0] / total[:, 1], [0.05, 0.95])
    before, after = float(wide[old].mean()), float(wide[new].mean())
    return {
        "before": before, "after": after, "change": after / before - 1,
        "low": float(low / before), "high": float(high / before),
        "kept": bool(high < 0 and after < 0.99 * before), "cells": len(wide),
    }  # fmt: skip
