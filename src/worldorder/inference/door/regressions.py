"""Coefficients of fitted regressions as parameters, several regressions side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from scipy.linalg import block_diag

from worldorder.inference.door.estimates import Found, Matrix


class Fitted(Protocol):
    """What a regression must tell; the constant comes first."""

    @property
    def covariates(self) -> tuple[str, ...]:
        """Names of the coefficients after the constant."""
        ...

    @property
    def coefficient(self) -> Matrix:
        """Values, (1 + covariates,)."""
        ...

    @property
    def standard_error(self) -> Matrix:
        """Errors, the same shape."""
        ...

    @property
    def covariance(self) -> Matrix:
        """Of all coefficients."""
        ...

    @property
    def sample(self) -> tuple[int, int]:
        """First and last year."""
        ...


@dataclass(frozen=True)
class Block:
    """Parameters that one fit gave, and their covariance."""

    found: Mapping[str, Found]
    covariance: Matrix


def coefficients(fitted: Fitted, names: Mapping[str, str], source: str) -> Block:
    """The coefficients that the model has, by `names` (covariate or `constant`: parameter)."""
    held = ["constant", *fitted.covariates]
    kept = [name for name in names if name in held]
    place = [held.index(name) for name in kept]
    found = {
        names[name]: Found(
            float(fitted.coefficient[i]), float(fitted.standard_error[i]), fitted.sample, source
        )
        for name, i in zip(kept, place, strict=True)
    }
    return Block(found, fitted.covariance[np.ix_(place, place)])


def of_logit(
    fitted: Any, parameter: Callable[[str], str], sample: tuple[int, int], source: str
) -> Block:
    """Every coefficient of a statsmodels logit; `parameter` names that of a covariate or const."""
    found = {
        parameter(str(name)): Found(float(value), float(error), sample, source)
        for name, value, error in zip(fitted.params.index, fitted.params, fitted.bse, strict=True)
    }
    return Block(found, np.asarray(fitted.cov_params(), float))


def alone(found: Mapping[str, Found]) -> Block:
    """Parameters whose errors are independent of each other."""
    return Block(found, np.diag([one.standard_error**2 for one in found.values()]))


def together(blocks: Iterable[Block]) -> Block:
    """Blocks side by side, independent of each other."""
    held = list(blocks)
    found = {name: one for block in held for name, one in block.found.items()}
    return Block(found, np.asarray(block_diag(*(block.covariance for block in held))))
