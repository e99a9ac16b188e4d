"""The uncertain parameters of a scenario, and their values at places in their distributions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from worldorder.errors import InputError
from worldorder.inference.sensitivity.design import Design, Vector
from worldorder.mechanisms.catalogue import CATALOGUE, is_on
from worldorder.parameters.loader import Draws, Parameter, Parameters, load_parameters, override
from worldorder.scenarios.schema import Scenario


def quantile(parameter: Parameter, place: Vector) -> Vector:
    """Value at a place from 0 to 1 in the distribution that runs draw from, cut to the range."""
    low, high = parameter.range
    if parameter.distribution == "fixed":
        return np.full(place.shape, parameter.value)
    if parameter.distribution == "uniform":
        return low + place * (high - low)
    return parameter.at(np.asarray(norm.ppf(place), float))


def used_by(scenario: Scenario) -> Parameters:
    """Parameters with those that the scenario fixes fixed."""
    return override(load_parameters(), scenario.parameters)


def varying(scenario: Scenario) -> dict[str, Parameter]:
    """Parameters, as `mechanism.name`, that differ between runs and whose mechanism is on.

    Raises:
        InputError: the scenario leaves none.
    """
    found = {
        f"{mechanism}.{name}": parameter
        for mechanism, named in used_by(scenario).items()
        if mechanism in CATALOGUE and is_on(mechanism, scenario.mechanisms)
        for name, parameter in named.items()
        if parameter.distribution != "fixed"
    }
    if not found:
        raise InputError("the scenario fixes every parameter", "Leave some of them to be drawn.")
    return found


def drawn_at(design: Design, factors: Mapping[str, Parameter], parameters: Parameters) -> Draws:
    """Parameters of every point: mechanism -> name -> array of shape (row,).

    Parameters are taken as independent of each other. Those without a place stand in the middle of
    their distribution, or are drawn by the number of the rest.
    """
    others = [name for name in factors if name not in design.names]
    places = dict(zip(design.names, design.places.T, strict=True))
    places |= dict(zip(others, _rest(design.rest, len(others)).T, strict=True))
    return {
        mechanism: {
            name: quantile(parameter, places.get(f"{mechanism}.{name}", np.full(design.rows, 0.5)))
            for name, parameter in named.items()
        }
        for mechanism, named in parameters.items()
    }


def _rest(numbers: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """Places of the other parameters by number, shape (row, parameter); the middle for -1."""
    return np.stack(
        [
            np.random.default_rng([int(number), count]).random(count) if number >= 0
            else np.full(count, 0.5)
            for number in numbers
        ]
    )  # fmt: skip
