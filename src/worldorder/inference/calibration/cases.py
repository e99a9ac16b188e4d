"""Estimators under test on synthetic worlds of the size of the record.

Likelihood estimators are tested with truths drawn around the shipped values by their errors, so
that worlds look like the record; posteriors with truths from their own priors.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.errors import DataError
from worldorder.inference.calibration.recovery import Case, one_by_one, place_of, rank_of
from worldorder.inference.dyadic_regression import fit
from worldorder.inference.estimate_reserves import adjustment
from worldorder.inference.posterior import Posterior, sampled_many
from worldorder.inference.reserve_posterior import NAMES as RESERVES
from worldorder.inference.reserve_posterior import reserve_model
from worldorder.inference.war_posterior import NAMES as WARS
from worldorder.inference.war_posterior import war_model

Vector = NDArray[np.float64]
DRAWS: Final = 300  # of each of four chains
RANKED: Final = 63  # draws that a truth is ranked among, thinned so that they are near independent
LOSS: Final = ("constant", "rivalry", "affinity_gap", "log_distance", "land_border")
LOSS_TRUTH: Final = np.array([-3.0, 0.2, 0.03, -0.5, -0.75])
LOSS_SPREAD: Final = np.array([0.4, 0.45, 0.16, 0.16, 0.31])
FORCE: Final = ("constant", "land_border", "least_democracy")
FORCE_TRUTH, FORCE_SPREAD = np.array([0.5, 0.4, -1.36]), np.array([0.25, 0.13, 0.63])
PACT_YEARS, DISPUTES, STATES = 1714, 1432, 150
RESERVE_YEARS: Final = 25
LEVEL: Final = 1  # place of the level among the coefficients of `adjustment`


def _generator(case: str, world: int) -> np.random.Generator:
    return np.random.default_rng([sum(case.encode()), world])


def _pairs(draw: np.random.Generator, rows: int) -> pd.DataFrame:
    """Pairs of states with covariates spread as in the record."""
    a = draw.integers(0, STATES, rows)
    return pd.DataFrame(
        {
            "year": draw.integers(1947, 2019, rows), "a": a,
            "b": (a + draw.integers(1, STATES, rows)) % STATES,
            "rivalry": draw.random(rows) < 0.15, "affinity_gap": draw.exponential(0.9, rows) - 1.0,
            "log_distance": draw.normal(0.7, 0.9, rows), "land_border": draw.random(rows) < 0.3,
            "least_democracy": draw.beta(1.2, 3.0, rows) - 0.2,
        }
    ).astype({"rivalry": float, "land_border": float})  # fmt: skip


def _regression(
    case: str, names: tuple[str, ...], truth: Vector, spread: Vector, rows: int, link: Any,
    world: int,
) -> Vector:  # fmt: skip
    """Place of the truth for `dyadic_regression.fit` on one world."""
    draw = _generator(case, world)
    at = truth + spread * draw.standard_normal(len(truth))
    frame = _pairs(draw, rows)
    index = np.column_stack([np.ones(rows), frame[list(names[1:])].to_numpy(float)]) @ at
    chance = -np.expm1(-np.exp(index)) if link == "hazard" else 1 / (1 + np.exp(-index))
    frame["event"] = (draw.random(rows) < chance).astype(float)
    try:
        found = fit(frame, "event", names[1:], link=link)
    except DataError:
        return np.full(len(truth), np.nan)
    return place_of(at, found.coefficient, found.standard_error)


def _ranked(
    model: Callable[..., None],
    names: tuple[str, ...],
    make: Callable[[int], tuple[Vector, dict[str, Any]]],
    worlds: Sequence[int],
) -> Vector:
    """Places of the truths of several worlds among their posterior draws."""
    made = [make(world) for world in worlds]
    data = {name: np.stack([one[name] for _, one in made]) for name in made[0][1]}
    found = sampled_many(model, names, list(worlds), DRAWS, **data)
    return np.stack([_rank(truth, one) for (truth, _), one in zip(made, found, strict=True)])


def _rank(truth: Vector, found: Posterior) -> Vector:
    if found.faults_of_few():
        return np.full(len(truth), np.nan)
    every = len(found.draws) // RANKED
    return rank_of(truth, found.draws[::every][:RANKED])


def _war(world: int) -> tuple[Vector, dict[str, Any]]:
    """Truth from the prior of `war_posterior`, and disputes made with it."""
    draw = _generator("war", world)
    truth = np.array([-4.0, 0, 0, 0]) + np.array([2.0, 2.5, 2.5, 2.5]) * draw.standard_normal(4)
    rows = DISPUTES
    covariates = np.column_stack(
        [draw.random(rows) < 0.35, draw.exponential(1.5, rows) - 1.5, draw.beta(1.2, 3, rows) - 0.2]
    ).astype(float)
    chance = 1 / (1 + np.exp(-(truth[0] + covariates @ truth[1:])))
    war = (draw.random(rows) < chance).astype(float)
    return truth, {"covariates": covariates, "war": war}


def _world_of_reserves(draw: np.random.Generator, truth: Vector, base: float) -> dict[str, Any]:
    """Four named currencies and the others, through the years of the record."""
    rate, size, drift = -np.expm1(-np.exp(truth[0])), truth[1], truth[2]
    common, own = np.exp(truth[3:])
    area = np.array([-0.2, -1.3, -1.8, -0.6]) + 0.02 * np.arange(RESERVE_YEARS + 1)[:, None]
    level = np.array([-1.4, -2.4, -3.2, -3.5, -3.7])
    levels = [level]
    for year in range(RESERVE_YEARS):
        pull = rate * (base + size * area[year] - level[:4])
        shock = common * draw.standard_normal() + own * draw.standard_normal(5)
        level = level + np.append(pull, drift) + shock
        levels.append(level)
    path = np.array(levels)
    return {
        "change": np.diff(path, axis=0), "level": path[:-1],
        "size": np.column_stack([area[:-1], np.zeros(RESERVE_YEARS)]),
        "named": np.array([True, True, True, True, False]),
    }  # fmt: skip


def _reserve_truth(draw: np.random.Generator) -> tuple[Vector, float]:
    """From the prior of `reserve_posterior`."""
    size = -1.0
    while size < 0.0:
        size = draw.normal(0.75, 0.5)
    logs = np.log([0.1, 0.07, 0.07]) + np.log(2.0) * draw.standard_normal(3)
    return np.array([logs[0], size, draw.normal(0.0, 0.1), *logs[1:]]), draw.normal(-1.5, 1.5)


def _reserves(world: int) -> tuple[Vector, dict[str, Any]]:
    draw = _generator("reserves", world)
    truth, base = _reserve_truth(draw)
    return truth, _world_of_reserves(draw, truth, base)


def _reserves_by_least_squares(world: int) -> Vector:
    """What the record's 25 years were estimated by before: the rate by pooled least squares."""
    draw = _generator("reserves", world)
    truth, base = _reserve_truth(draw)
    made = _world_of_reserves(draw, truth, base)
    named = made["named"]
    rows = pd.DataFrame(
        {k: made[k][:, named].ravel() for k in ("level", "change", "size")}
        | {"year": np.repeat(np.arange(RESERVE_YEARS), named.sum())}
    )
    found = adjustment(rows)
    value, error = (np.asarray(held, np.float64)[LEVEL] for held in (found.params, found.bse))
    rate = -np.expm1(-np.exp(truth[0]))
    return place_of(np.array([rate]), np.array([-value]), np.array([error]))


def cases() -> tuple[Case, ...]:
    """All estimators under test but that of positions, which needs the panel."""
    loss = functools.partial(
        _regression, "loss", LOSS, LOSS_TRUTH, LOSS_SPREAD, PACT_YEARS, "hazard"
    )
    force = functools.partial(
        _regression, "force", FORCE, FORCE_TRUTH, FORCE_SPREAD, DISPUTES, "logit"
    )
    return (
        Case("ends of pacts", "maximum likelihood", LOSS, one_by_one(loss)),
        Case("force in disputes", "maximum likelihood", FORCE, one_by_one(force)),
        Case(
            "reserves, rate alone",
            "least squares",
            ("rate",),
            one_by_one(_reserves_by_least_squares),
        ),
        Case("war", "posterior", WARS, functools.partial(_ranked, war_model, WARS, _war)),
        Case(
            "reserves",
            "posterior",
            RESERVES,
            functools.partial(_ranked, reserve_model, RESERVES, _reserves),
        ),
    )
