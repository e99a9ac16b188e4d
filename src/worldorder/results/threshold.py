"""The capacity below which a body counts as no longer working: drawn per run, as all parameters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import numpy as np
from ruamel.yaml import YAML

from worldorder.parameters.loader import (
    Parameter,
    Parameters,
    draw_parameters,
    load_parameters,
    override,
)
from worldorder.results.compare import Draws

if TYPE_CHECKING:
    import xarray as xr

_MECHANISM, _NAME = "funding", "paralysis_threshold"
PARAMETER: Final = f"{_MECHANISM}.{_NAME}"


def working_capacity(dataset: xr.Dataset, fixed: float | None = None) -> Draws:
    """Working capacity of every run of a result, share of the capacity at the start, shape (run,).

    It is drawn as the run drew it, from the parameters and the seed that the result carries;
    `fixed` puts one value in its place.
    """
    runs = dataset.sizes["run"]
    if fixed is not None:
        return np.full(runs, fixed)
    parameters = _parameters(dataset)
    asked = YAML(typ="safe").load(str(dataset.attrs.get("scenario", ""))) or {}
    value = asked.get("parameters", {}).get(PARAMETER)
    used = parameters if value is None else override(parameters, {PARAMETER: value})
    return draw_parameters(used, int(dataset.attrs.get("seed", 0)), runs)[_MECHANISM][_NAME]


def _parameters(dataset: xr.Dataset) -> Parameters:
    stored = json.loads(dataset.attrs.get("parameters") or "{}")
    entry = stored.get(_MECHANISM, {}).get(_NAME)
    parameter = Parameter(**entry) if entry else load_parameters()[_MECHANISM][_NAME]
    return {_MECHANISM: {_NAME: parameter}}
