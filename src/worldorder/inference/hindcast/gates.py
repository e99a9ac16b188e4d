"""What the simulator must beat: the gates, read from their file and checked."""

from __future__ import annotations

import datetime
from importlib import resources
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from worldorder.errors import InputError

SHIPPED = "gates.yaml"
FIX = "See docs/validation/gates.yaml for the form."

Score = Literal["crps", "log", "brier"]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Gate(_Entry):
    """A score to reach: skill over the best baseline of at least `threshold`."""

    id: str
    target: str
    horizon: int = Field(ge=1)
    score: Score
    threshold: float = Field(gt=0, lt=1)


class CoverageGate(_Entry):
    """A band whose nominal share must be that of the observations inside it."""

    id: str
    target: str
    horizons: tuple[int, ...]
    band: float = Field(gt=0, lt=1)


class Change(_Entry):
    """A gate that was altered after results existed."""

    date: datetime.date
    gate: str
    was: str
    now: str
    why: str = Field(min_length=10)


class Gates(_Entry):
    """All gates, what they are judged on, and what was changed since they were written."""

    version: int
    written: datetime.date
    origins: tuple[int, ...]
    horizons: tuple[int, ...]
    scores: dict[str, str]
    baselines: dict[str, str]
    gates: tuple[Gate, ...]
    coverage: tuple[CoverageGate, ...]
    changes: tuple[Change, ...]

    @model_validator(mode="after")
    def _names_are_unique(self) -> Gates:
        names = [gate.id for gate in (*self.gates, *self.coverage)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"these gates appear twice: {', '.join(twice)}")
        return self


def read_gates(path: Path | None = None) -> Gates:
    """The gates of a file; None is the one that ships.

    Raises:
        InputError: the file is missing, is not YAML, or a gate is not whole.
    """
    source = resources.files("worldorder.inference.hindcast") / SHIPPED if path is None else path
    try:
        return Gates(**YAML(typ="safe").load(source.read_text("utf-8")))
    except (OSError, YAMLError, TypeError) as error:
        raise InputError(f"the gates cannot be read: {error}", FIX, path) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "file"
        raise InputError(f"gates, {where}: {first['msg']}", FIX, path) from error


def altered(before: Gates, now: Gates) -> list[str]:
    """Gates that differ from those of earlier results and have no line among the changes."""
    old = {gate.id: gate for gate in (*before.gates, *before.coverage)}
    new = {gate.id: gate for gate in (*now.gates, *now.coverage)}
    changed = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    told = {change.gate for change in now.changes if change not in before.changes}
    return [name for name in changed if name not in told]
