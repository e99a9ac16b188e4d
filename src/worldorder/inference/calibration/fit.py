"""Maximum likelihood by gradients through the expected path, stopped and taken up again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray
from scipy.optimize import minimize

from worldorder.inference.calibration.positions import SEARCHED, Observed, log_likelihood
from worldorder.inference.calibration.search import FLAT, Search
from worldorder.inference.calibration.spread import NAMES as SPREAD_NAMES
from worldorder.inference.calibration.spread import Chance, by_state
from worldorder.results.files import write_whole

Vector = NDArray[np.float64]
MOST_STEPS: Final = 200
CURVED: Final = 0.2  # step of the second derivatives, in steps of the search
Progress = Callable[[int, float], None]  # evaluations so far, log likelihood


DRIFT: Final = (float(np.log(0.03)), 1.0)  # of the anchor: the record tells it in one world of two
START: Final = (0.003, 0.01, 0.01, 0.07, float(np.log(0.04)), 1.0, float(np.log(0.15)))
BOUNDS: Final = ((-0.1, 0.3),) * 3 + ((-0.1, 0.6), (-7.6, 0.4), (-4.0, 6.0), (-5.0, 1.0))
SCALE: Final = (0.003, 0.005, 0.005, 0.015, 0.4, 0.3, 0.04)
POSITIONS: Final = Search(SEARCHED, START, BOUNDS, SCALE, (*(FLAT,) * 4, DRIFT, FLAT, FLAT))
SPREAD: Final = Search(
    SPREAD_NAMES,
    (0.01, 0.01, 0.05, float(np.log(0.04)), 0.0, 1.0),
    ((0.0, 0.3), (0.0, 0.3), (0.0, 0.6), (-7.6, 0.4), (-3.0, 3.0), (-3.0, 5.0)),
    (0.005, 0.005, 0.015, 0.4, 0.1, 0.3),
    (
        (0.02, 0.02),
        (0.02, 0.02),
        (0.05, 0.05),
        DRIFT,
        (0.0, 0.5),
        (1.0, 1.0),
    ),
)


@dataclass(frozen=True)
class Calibrated:
    """Values, covariance (clustered by state) and the log likelihood reached."""

    form: str  # what was calibrated
    names: tuple[str, ...]
    value: Vector
    covariance: Vector
    log_likelihood: float
    evaluations: int

    @property
    def standard_error(self) -> Vector:
        """Square roots of the diagonal; NaN where the likelihood does not tell."""
        variance = np.diag(self.covariance)
        return np.sqrt(np.where(variance > 0, variance, np.nan))


@dataclass(frozen=True)
class Likelihood:
    """Compiled value and gradient by reverse mode, and scores by cluster."""

    value_and_gradient: Callable[[Array], tuple[Array, Array]]
    by_state: Callable[[Array], Array]

    def curvature(self, at: Vector, step: Vector) -> Vector:
        """Second derivatives, by central differences of the gradient."""
        rows = [
            np.asarray(self.value_and_gradient(jnp.asarray(at + move, jnp.float32))[1], np.float64)
            - np.asarray(self.value_and_gradient(jnp.asarray(at - move, jnp.float32))[1])
            for move in np.diag(step)
        ]
        return np.array(rows) / (2 * step[:, None])

    @classmethod
    def by(cls, states: Callable[[Array], Array]) -> Likelihood:
        """Of a log likelihood by cluster, (searched,) to (cluster,)."""
        slope = jax.value_and_grad(lambda search: states(search).sum())
        return cls(jax.jit(slope), jax.jit(jax.jacfwd(states)))

    @classmethod
    def of(cls, observed: Observed, horizon: int) -> Likelihood:
        """For the positions of a panel `horizon` years ahead."""
        return Positions.over(observed, horizon).at(observed.position)


@dataclass(frozen=True)
class Positions:
    """The same for any positions of the panel's states: compiled once for many worlds."""

    functions: tuple[Callable[..., Any], Callable[..., Any]]

    @classmethod
    def over(cls, observed: Observed, horizon: int) -> Positions:
        """With the panel's trade and pacts."""

        def states(search: Array, position: Array) -> Array:
            return log_likelihood(replace(observed, position=position), search, horizon)

        return cls.by(states)

    @classmethod
    def with_spread(cls, observed: Observed, chance: Chance) -> Positions:
        """Mean and variance together, at all horizons; see `spread`."""
        return cls.by(by_state(observed, chance))

    @classmethod
    def by(cls, states: Callable[[Array, Array], Array]) -> Positions:
        """Of a log likelihood by state."""

        def total(search: Array, position: Array) -> Array:
            return states(search, position).sum()

        return cls((jax.jit(jax.value_and_grad(total)), jax.jit(jax.jacfwd(states))))

    def at(self, position: Array) -> Likelihood:
        """Of these positions."""
        slope, scores = self.functions
        return Likelihood(lambda search: slope(search, position), lambda z: scores(z, position))


def calibrated(
    likelihood: Likelihood,
    form: str,
    search: Search = POSITIONS,
    progress: Progress | None = None,
    kept: Path | None = None,
) -> Calibrated:
    """The most likely parameters; `kept` is where a stopped search goes on from."""
    start, done = _taken_up(kept, form, search.start)
    count, scale = done, np.array(search.scale)

    def target(scaled: Vector) -> tuple[float, Vector]:
        nonlocal count
        value, slope = likelihood.value_and_gradient(jnp.asarray(scaled * scale, jnp.float32))
        count += 1
        if progress:
            progress(count, float(value))
        at = scaled * scale
        slope = np.asarray(slope, np.float64) + search.pull(at)
        return -float(value) - search.log_prior(at), -slope * scale

    def keep(scaled: Vector) -> None:
        if kept:
            _write(kept, form, scaled * scale, count)

    found = minimize(
        target, np.array(start) / scale, jac=True, method="L-BFGS-B", callback=keep,
        bounds=[(low / s, high / s) for (low, high), s in zip(search.bounds, scale, strict=True)],
        options={"maxiter": MOST_STEPS, "ftol": 1e-7, "gtol": 1e-2},
    )  # fmt: skip
    value = found.x * scale
    at = jnp.asarray(value, jnp.float32)
    covariance = _sandwich(
        np.asarray(likelihood.by_state(at), np.float64),
        likelihood.curvature(value, CURVED * scale),
        search.precision,
    )
    return Calibrated(form, search.names, value, covariance, -float(found.fun), count)


def _sandwich(scores: Vector, curvature: Vector, prior: Vector) -> Vector:
    """Covariance with states as clusters (White 1982), of overlapping windows too.

    The prior counts as one more source of information, independent of the record.
    """
    bread = np.linalg.pinv(np.diag(prior) - (curvature + curvature.T) / 2)
    many = len(scores) / (len(scores) - 1)
    return bread @ (many * scores.T @ scores + np.diag(prior)) @ bread


def _taken_up(kept: Path | None, form: str, start: Sequence[float]) -> tuple[Sequence[float], int]:
    if kept is None or not kept.exists():
        return start, 0
    held = json.loads(kept.read_text("utf-8")).get(form)
    return (held["search"], held["evaluations"]) if held else (start, 0)


def _write(kept: Path, form: str, search: Vector, count: int) -> None:
    held = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    held[form] = {"search": [float(x) for x in search], "evaluations": count}

    def write(file: Path) -> None:
        file.write_text(json.dumps(held), "utf-8")

    write_whole(kept, write)
