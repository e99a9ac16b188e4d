"""The parameters as the runs of a result drew them: from what the result carries."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

from worldorder.parameters.loader import (
    Draws,
    Parameter,
    Parameters,
    draw_parameters,
    load_parameters,
    override,
)

if TYPE_CHECKING:
    import xarray as xr


def parameters_of(dataset: xr.Dataset) -> Parameters:
    """Parameters of a result by mechanism and name, with what its scenario fixes.

    A result without parameters gives those of this version.
    """
    return _parameters(dataset.attrs.get("parameters") or "{}", dataset.attrs.get("scenario", ""))


@lru_cache(maxsize=8)
def _parameters(stored: str, scenario: str) -> Parameters:
    parameters: Parameters = {
        mechanism: {name: Parameter(**entry) for name, entry in named.items()}
        for mechanism, named in json.loads(stored).items()
    }
    asked = YAML(typ="safe").load(scenario) or {}
    return override(parameters or load_parameters(), asked.get("parameters") or {})


def drawn_parameters(dataset: xr.Dataset) -> Draws:
    """Draws of every parameter: mechanism -> name -> array of shape (run,).

    Every parameter has a stream of its own under the seed, so the draws of the runs are had again
    without running them.
    """
    seed = int(dataset.attrs.get("seed", 0))
    return draw_parameters(parameters_of(dataset), seed, dataset.sizes["run"])
