"""Kinds of fields of a scenario file, and what every lever has."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple, Self, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PrivateAttr,
    Strict,
    WithJsonSchema,
    model_validator,
)

from worldorder.errors import ScenarioError


def _day(value: object) -> object:
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            pass
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    parts = str(value).split("-")
    begun = len(parts) < 3 and len(parts[0]) == 4 and "".join(parts).isdigit()
    example = "-".join((*parts, "01", "01")[:3]) if begun else "2027-01-20"
    raise ValueError(f"{value} is not a date; write year-month-day, for example {example}")


def _on_or_off(value: object) -> object:
    return {"on": True, "off": False}.get(value, value) if isinstance(value, str) else value


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Day: TypeAlias = Annotated[datetime.date, BeforeValidator(_day)]
Number: TypeAlias = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Share: TypeAlias = Annotated[Number, Field(ge=0, le=1)]
Rate: TypeAlias = Annotated[Number, Field(ge=0, le=10)]
Switch: TypeAlias = Annotated[
    bool,
    Strict(),
    BeforeValidator(_on_or_off),
    PlainSerializer(lambda on: "on" if on else "off", return_type=str),
    WithJsonSchema({"enum": ["on", "off", True, False]}),
]
Names: TypeAlias = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...],
    BeforeValidator(_several),
    Field(min_length=1),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
            ]
        }
    ),
]
Retaliation: TypeAlias = Literal["none", "reciprocal"]


class Place(NamedTuple):
    """Where in a file something was written."""

    file: str
    line: int

    def error(self, what: str, fix: str | None = None) -> ScenarioError:
        """An error at this place."""
        return ScenarioError(what, fix, self.file, self.line)


class Located(BaseModel):
    """A part of a scenario that remembers where it was written."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
    _places: dict[str, Place] = PrivateAttr(default_factory=dict[str, Place])

    def placed(self, places: Mapping[str, Place]) -> Self:
        """The same with places by dotted path; the empty path is the whole."""
        copy = self.model_copy()
        copy._places = dict(places)
        return copy

    @property
    def places(self) -> Mapping[str, Place]:
        """Places by dotted path."""
        return self._places

    def __eq__(self, other: object) -> bool:
        """Whether the same is said, wherever it is written."""
        same = isinstance(other, Located) and type(self) is type(other)
        return same and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]  # tables inside cannot be hashed

    def complaint(self, path: str, what: str, fix: str | None = None) -> ScenarioError:
        """An error about the part at `path`, with file and line where they are known."""
        while path and path not in self._places:
            path = path.rpartition(".")[0]
        return (
            self._places[path].error(what, fix)
            if path in self._places
            else ScenarioError(what, fix)
        )


class Lever(Located):
    """One thing that a state does at a date."""

    group: str | None = None
    """Switch that governs the lever; without one it is always on."""
    source: str | None = None
    """Where it is decided or reported."""

    @property
    def begins(self) -> datetime.date | None:
        """First day, or None where a dataset gives the days."""
        return getattr(self, "date", None)

    @property
    def takes_effect(self) -> datetime.date:
        """First day on which the world differs."""
        return self.begins or datetime.date.min

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        ends: datetime.date | None = getattr(self, "until", None)
        if ends and self.begins and ends <= self.begins:
            raise ValueError(f"until {ends} is not after date {self.begins}")
        return self


def exactly_one(lever: Lever, *names: str) -> None:
    """Complain unless one of the fields is given, and no more."""
    given = [name for name in names if getattr(lever, name) is not None]
    if len(given) != 1:
        raise ValueError(f"give either {' or '.join(names)}" + (", not both" if given else ""))
