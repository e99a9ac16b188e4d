"""The parameters as the runs of a result drew them: from what the result carries."""

from __future__ import annotations

import json
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
    stored = json.loads(dataset.attrs.get("parameters") or "{}")
    parameters: Parameters = {
        mechanism: {name: Parameter(**entry) for name, entry in named.items()}
        for mechanism, named in stored.items()
    }
    asked = YAML(typ="safe").load(str(dataset.attrs.get("scenario", ""))) or {}
    return override(parameters or load_parameters(), asked.get("parameters") or {})


def drawn_parameters(dataset: xr.Dataset) -> Draws:
    """Draws of every parameter: mechanism -> name -> array of shape (run,).

    Every parameter has a stream of its own under the seed, so the draws of the runs are had again
    without running them.
    """
    seed = int(dataset.attrs.get("seed", 0))
    return draw_parameters(parameters_of(dataset), seed, dataset.sizes["run"])
