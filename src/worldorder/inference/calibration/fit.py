"""Maximum likelihood by gradients through the expected path, stopped and taken up again."""

from __future__ import annotations

import functools
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

from worldorder.inference.calibration.positions import Observed, log_likelihood
from worldorder.results.files import write_whole

Vector = NDArray[np.float64]
START: Final = (0.003, 0.01, 0.01, 0.07, float(np.log(0.04)), 1.0, float(np.log(0.15)))
BOUNDS: Final = ((-0.1, 0.3),) * 3 + ((-0.1, 0.6), (-7.6, 0.4), (-4.0, 6.0), (-5.0, 1.0))
SCALE: Final = np.array([0.003, 0.005, 0.005, 0.015, 0.4, 0.3, 0.04])  # so that slopes are alike
MOST_STEPS: Final = 200
Progress = Callable[[int, float], None]  # evaluations so far, log likelihood


@dataclass(frozen=True)
class Calibrated:
    """Values, covariance (clustered by state) and the log likelihood reached."""

    horizon: int
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
    """Compiled value and gradient by reverse mode, scores by state, and curvature."""

    value_and_gradient: Callable[[Array], tuple[Array, Array]]
    by_state: Callable[[Array], Array]
    curvature: Callable[[Array], Array]

    @classmethod
    def of(cls, observed: Observed, horizon: int) -> Likelihood:
        """For the positions of a panel `horizon` years ahead."""
        return Positions.over(observed, horizon).at(observed.position)


@dataclass(frozen=True)
class Positions:
    """The same for any positions of the panel's states: compiled once for many worlds."""

    functions: tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]

    @classmethod
    def over(cls, observed: Observed, horizon: int) -> Positions:
        """With the panel's trade and pacts."""

        def states(search: Array, position: Array) -> Array:
            return log_likelihood(replace(observed, position=position), search, horizon)

        def total(search: Array, position: Array) -> Array:
            return states(search, position).sum()

        slope = jax.value_and_grad(total)
        return cls(
            (jax.jit(slope), jax.jit(jax.jacfwd(states)), jax.jit(jax.jacfwd(jax.grad(total))))
        )

    def at(self, position: Array) -> Likelihood:
        """Of these positions."""
        return Likelihood(*(functools.partial(f, position=position) for f in self.functions))


def calibrated(
    likelihood: Likelihood,
    horizon: int,
    start: Sequence[float] = START,
    progress: Progress | None = None,
    kept: Path | None = None,
) -> Calibrated:
    """The most likely parameters; `kept` is where a stopped search goes on from."""
    start, done = _taken_up(kept, horizon, start)
    count = done

    def target(scaled: Vector) -> tuple[float, Vector]:
        nonlocal count
        value, slope = likelihood.value_and_gradient(jnp.asarray(scaled * SCALE, jnp.float32))
        count += 1
        if progress:
            progress(count, float(value))
        return -float(value), -np.asarray(slope, np.float64) * SCALE

    def keep(scaled: Vector) -> None:
        if kept:
            _write(kept, horizon, scaled * SCALE, count)

    found = minimize(
        target, np.array(start) / SCALE, jac=True, method="L-BFGS-B", callback=keep,
        bounds=[(low / s, high / s) for (low, high), s in zip(BOUNDS, SCALE, strict=True)],
        options={"maxiter": MOST_STEPS, "ftol": 1e-7, "gtol": 1e-2},
    )  # fmt: skip
    value = found.x * SCALE
    at = jnp.asarray(value, jnp.float32)
    covariance = _sandwich(
        np.asarray(likelihood.by_state(at), np.float64),
        np.asarray(likelihood.curvature(at), np.float64),
    )
    return Calibrated(horizon, value, covariance, -float(found.fun), count)


def _sandwich(scores: Vector, curvature: Vector) -> Vector:
    """Covariance with states as clusters (White 1982), of overlapping windows too."""
    bread = np.linalg.pinv(-(curvature + curvature.T) / 2)
    many = len(scores) / (len(scores) - 1)
    return many * bread @ scores.T @ scores @ bread


def _taken_up(
    kept: Path | None, horizon: int, start: Sequence[float]
) -> tuple[Sequence[float], int]:
    if kept is None or not kept.exists():
        return start, 0
    held = json.loads(kept.read_text("utf-8")).get(str(horizon))
    return (held["search"], held["evaluations"]) if held else (start, 0)


def _write(kept: Path, horizon: int, search: Vector, count: int) -> None:
    held = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    held[str(horizon)] = {"search": [float(x) for x in search], "evaluations": count}

    def write(file: Path) -> None:
        file.write_text(json.dumps(held), "utf-8")

    write_whole(kept, write)
