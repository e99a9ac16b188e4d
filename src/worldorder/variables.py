"""Every quantity of a result once: its dims, unit, sign convention and bounds."""

from __future__ import annotations

import functools
from importlib import resources

from pydantic import BaseModel, ConfigDict, field_validator
from ruamel.yaml import YAML

from worldorder.units import check_unit


class Variable(BaseModel):
    """One quantity; `dims` are those after run and time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dims: tuple[str, ...]
    unit: str
    bounds: tuple[float | None, float | None]
    label: str
    meaning: str

    @field_validator("unit")
    @classmethod
    def _known_unit(cls, unit: str) -> str:
        return check_unit(unit)


@functools.cache
def variables() -> dict[str, Variable]:
    """The quantities of a result by name."""
    text = resources.files("worldorder").joinpath("variables.yaml").read_text("utf-8")
    return {name: Variable(**entry) for name, entry in YAML(typ="safe").load(text).items()}
