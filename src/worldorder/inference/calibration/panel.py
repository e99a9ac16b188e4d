"""The panel as arrays for calibration: positions, trade dependence and pacts by year."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.vintage import pacts_known, until
from worldorder.errors import InputError
from worldorder.inference.calibration.positions import Observed
from worldorder.inference.door.estimates import Sources
from worldorder.inference.door.points import points_known

MILLION_PER_BILLION = 1e3
LEAST_SEEN = 0.8  # share of the years in which a state must have voted
FEWEST_YEARS = 12


def enough_years(first: int, to: int) -> None:
    """Hold a panel to its least length.

    Raises:
        InputError: too few years.
    """
    if to - first + 1 < FEWEST_YEARS:
        raise InputError(
            f"{first} to {to} are too few years",
            f"Give {FEWEST_YEARS} or more with --first and --to.",
        )


def observed(sources: Sources, first: int) -> Observed:
    """Positions, trade and pacts from `first` to the last year, of states that vote mostly."""
    years = np.arange(first, sources.to + 1)
    points = points_known(sources).astype({"iso3": str})
    wide = points.pivot_table(index="year", columns="iso3", values="value").reindex(years)
    wide = wide.loc[:, wide.notna().mean() >= LEAST_SEEN]
    codes = list(wide.columns)
    centred = wide.sub(wide.mean(axis=1), axis=0)  # the Assembly's own drift is not a state's
    return Observed(
        year=years,
        country=tuple(codes),
        position=jnp.asarray(centred.ffill().bfill().to_numpy(float)),
        seen=jnp.asarray(centred.notna().to_numpy(bool)),
        dependence=jnp.asarray(_dependence(sources, years, codes)),
        pact=jnp.asarray(_pacts(sources, years, codes)),
    )


def _cube(
    years: NDArray[np.int64], codes: list[str], frame: pd.DataFrame, row: str, column: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Empty cube and the places (year, row, column) of a frame's known rows, as floats."""
    place, when = {c: i for i, c in enumerate(codes)}, {int(y): i for i, y in enumerate(years)}
    t, i, j = frame["year"].map(when), frame[row].map(place), frame[column].map(place)
    return np.zeros((len(years), len(codes), len(codes))), np.stack([t, i, j]).astype(float)


def _dependence(
    sources: Sources, years: NDArray[np.int64], codes: list[str]
) -> NDArray[np.float64]:
    """Trade of the row with the column over GDP of the row; 0 where either is not known."""
    trade = until(sources.read("trade"), sources.to)
    trade = trade[(trade["year"] >= years[0]) & (trade["flag"] == "observed")]
    trade = trade.astype({"exporter": str, "importer": str})
    cube, at = _cube(years, codes, trade, "exporter", "importer")
    known = np.isfinite(at).all(axis=0)
    t, i, j = at[:, known].astype(int)
    cube[t, i, j] = trade["value"].to_numpy(float)[known] / MILLION_PER_BILLION
    both = cube + cube.transpose(0, 2, 1)
    state = until(sources.read("state_year"), sources.to)
    gdp = state[state["variable"] == "gdp"].pivot_table(
        index="year", columns="iso3", values="value"
    )
    size = gdp.reindex(index=years, columns=codes).ffill().bfill().to_numpy(float)
    return np.nan_to_num(both / size[:, :, None])


def _pacts(sources: Sources, years: NDArray[np.int64], codes: list[str]) -> NDArray[np.float64]:
    frame = pacts_known(sources.to, sources.read).astype({"actor": str, "partner": str})
    cube, at = _cube(years, codes, frame, "actor", "partner")
    known = np.isfinite(at).all(axis=0)
    t, i, j = at[:, known].astype(int)
    cube[t, i, j] = 1.0
    return cube
