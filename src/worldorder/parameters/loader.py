"""Read the parameter files and draw from them, one value a run."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, model_validator
from ruamel.yaml import YAML

from worldorder.errors import InputError, did_you_mean
from worldorder.parameters.joint import mixed
from worldorder.units import check_unit

Draws: TypeAlias = dict[str, dict[str, NDArray[np.float64]]]


class Parameter(BaseModel):
    """One number of a mechanism.

    `distribution` says how a run draws it: `normal` (value, standard_error, cut to range),
    `lognormal` (median value, standard_error of the logarithm, cut to range), `uniform` (over
    range), `fixed` (no draw: a convention, a unit or a threshold). `sample` holds first and last
    year of the data that the value, or an assumed range, rests on; a hindcast from an earlier
    origin refuses the parameter or takes one estimated before. `correlation` is that of the normal
    draws (of the logarithm where lognormal) with other parameters of the mechanism, by name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    unit: str
    distribution: Literal["normal", "lognormal", "uniform", "fixed"]
    range: tuple[float, float]
    standard_error: float | None = None
    status: Literal["estimated", "published", "assumed"]
    source: str
    sample: tuple[int, int] | None = None
    meaning: str
    correlation: Mapping[str, float] = {}

    @property
    def sample_end(self) -> int | None:
        """Last year of the data that the value rests on; None where it rests on none."""
        return None if self.sample is None else self.sample[1]

    @model_validator(mode="after")
    def _is_whole(self) -> Parameter:
        check_unit(self.unit)
        low, high = self.range
        if not low <= self.value <= high:
            raise ValueError(f"value {self.value} lies outside its range {low} to {high}")
        if self.distribution in ("normal", "lognormal") and not self.standard_error:
            raise ValueError(f"{self.distribution} needs a standard_error above 0")
        if self.distribution == "lognormal" and self.value <= 0:
            raise ValueError("lognormal needs a value above 0")
        if self.status == "estimated" and self.sample is None:
            raise ValueError("an estimated parameter needs its sample (first and last year)")
        if any(not -1.0 < r < 1.0 for r in self.correlation.values()):
            raise ValueError("a correlation lies between -1 and 1")
        return self

    def draw(self, generator: np.random.Generator, runs: int) -> NDArray[np.float64]:
        """Values for `runs` runs; the first ones do not depend on how many are asked for."""
        if self.distribution == "fixed":
            return np.full(runs, self.value)
        if self.distribution == "uniform":
            return generator.uniform(*self.range, runs)
        return self.at(generator.standard_normal(runs))

    def at(self, shock: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values of a normal or lognormal parameter at standard normal shocks, cut to range."""
        moved = (self.standard_error or 0.0) * shock
        drawn = self.value + moved if self.distribution == "normal" else self.value * np.exp(moved)
        return np.clip(drawn, *self.range)


Parameters: TypeAlias = Mapping[str, Mapping[str, Parameter]]


@functools.cache
def load_parameters() -> dict[str, dict[str, Parameter]]:
    """All shipped parameters by mechanism and name."""
    folder = resources.files("worldorder.parameters")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return {file.name.removesuffix(".yaml"): _read(file) for file in files}


@functools.cache
def tool_parameters(tool: str) -> dict[str, Parameter]:
    """Numbers of a tool beside the simulator, from `tools/`: given by name and never drawn."""
    return _read(resources.files("worldorder.parameters") / "tools" / f"{tool}.yaml")


def _read(file: Traversable) -> dict[str, Parameter]:
    entries = YAML(typ="safe").load(file.read_text("utf-8"))
    return {name: Parameter(**entry) for name, entry in entries.items()}


def override(parameters: Parameters, values: Mapping[str, float]) -> Parameters:
    """Parameters with some of them fixed at a user's values, given as `mechanism.name`.

    Raises:
        InputError: no such parameter, or the value lies outside its range.
    """
    changed = {mechanism: dict(named) for mechanism, named in parameters.items()}
    known = [f"{m}.{n}" for m, named in parameters.items() for n in named]
    for path, value in values.items():
        if path not in known:
            raise InputError(f"unknown parameter {path!r}", did_you_mean(path, known))
        mechanism, name = path.split(".")
        old = changed[mechanism][name]
        low, high = old.range
        if not low <= value <= high:
            raise InputError(f"{path} = {value} is outside its range", f"Use {low} to {high}.")
        changed[mechanism][name] = old.model_copy(
            update={"value": value, "distribution": "fixed", "standard_error": None}
        )
    return changed


def draw_parameters(parameters: Parameters, seed: int, runs: int) -> Draws:
    """Draw every parameter for every run: mechanism -> name -> array of shape (runs,).

    Each parameter has its own stream, named after it, so adding one leaves the others' draws
    as they were. Those of a mechanism that were estimated together are drawn together: their
    streams are mixed by the Cholesky factor of their correlations (`joint.mixed`).
    """
    return {
        mechanism: _drawn(mechanism, named, seed, runs) for mechanism, named in parameters.items()
    }


def _drawn(
    mechanism: str, named: Mapping[str, Parameter], seed: int, runs: int
) -> dict[str, NDArray[np.float64]]:
    together = correlated(named)
    own = {name: _stream(seed, f"{mechanism}.{name}").standard_normal(runs) for name in together}
    shocks = mixed(own, {name: named[name].correlation for name in together})
    return {
        name: parameter.at(shocks[name])
        if name in shocks and parameter.distribution in ("normal", "lognormal")
        else parameter.draw(_stream(seed, f"{mechanism}.{name}"), runs)
        for name, parameter in named.items()
    }


def correlated(named: Mapping[str, Parameter]) -> list[str]:
    """Parameters of a mechanism correlated with others, by name: results keep no order."""
    other = {name for parameter in named.values() for name in parameter.correlation}
    return sorted(n for n, p in named.items() if p.correlation or n in other)


def _stream(seed: int, name: str) -> np.random.Generator:
    digest = hashlib.sha256(name.encode()).digest()
    return np.random.Generator(np.random.Philox(key=[seed, int.from_bytes(digest[:8], "little")]))
