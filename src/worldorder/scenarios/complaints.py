"""What pydantic finds wrong in a scenario, said in the words of scenarios."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from worldorder.errors import ScenarioError, did_you_mean
from worldorder.scenarios.fields import Place
from worldorder.scenarios.schema import LEVERS, Reference, Scenario

Location: TypeAlias = Sequence[int | str]
_SHARE = "A share runs from 0 to 1: 25 % is 0.25."
_WANTED = {
    "float_type": "not a number",
    "finite_number": "not a finite number",
    "int_type": "not a whole number",
    "bool_type": "neither on nor off",
    "string_type": "not text",
    "tuple_type": "not a list",
    "dict_type": "not a set of keys and values",
    "model_type": "not a set of keys and values",
    "model_attributes_type": "not a set of keys and values",
    "too_short": "empty",
    "string_too_short": "empty",
    "invalid_key": "a key that is not text",
}


def complaint(error: ValidationError, places: Mapping[str, Place]) -> ScenarioError:
    """The first error in the order of the file's lines, and how many more there are.

    A key that is not known comes first: often it is why another is missing.
    """
    found = error.errors(include_url=False)
    unknown = [one for one in found if one["type"] == "extra_forbidden"]
    first = min((_located(one, places) for one in unknown or found), key=lambda e: e.line or 0)
    if len(found) == 1:
        return first
    more = f" ({len(found) - 1} more in this file)"
    return ScenarioError(first.what + more, first.fix, first.file, first.line)


def unknown_name(kind: str, name: str, known: Iterable[str]) -> tuple[str, str]:
    """What is wrong and what would be right where a name is not among those known."""
    known = list(known)
    what = f"unknown {kind} {name!r}"
    return what, did_you_mean(name, known) or f"Known: {', '.join(known) or 'none'}."


def _located(error: ErrorDetails, places: Mapping[str, Place]) -> ScenarioError:
    what, fix = _said(error)
    path = ".".join(_written(error["loc"]))
    while path and path not in places:
        path = path.rpartition(".")[0]
    return places[path].error(what, fix) if path in places else ScenarioError(what, fix)


def _written(location: Location) -> list[str]:
    """The location as the file has it: pydantic adds the kind of lever after its number."""
    parts = [str(part) for part in location]
    return [part for index, part in enumerate(parts) if not (index == 2 and parts[0] == "levers")]


def _said(error: ErrorDetails) -> tuple[str, str | None]:
    kind, location, context = error["type"], error["loc"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return unknown_name("key", str(location[-1]), _model(location).model_fields)
    if kind == "union_tag_invalid":
        return unknown_name("lever type", str(context["tag"]), LEVERS)
    if kind == "union_tag_not_found":
        return "a lever without a type", f"Types: {', '.join(LEVERS)}."
    if kind == "missing":
        lever = ".".join(str(part) for part in location[2:-1])
        return f"the {lever} has no {location[-1]}", _meaning(location)
    if kind == "value_error":
        return str(error["msg"]).removeprefix("Value error, "), _meaning(location)
    if kind in ("less_than_equal", "greater_than_equal"):
        return _out_of_bounds(error)
    if kind == "literal_error":
        return f"{location[-1]} is {_brief(error['input'])}", f"Use {context['expected']}."
    percent = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*%\s*", str(error["input"]))
    if kind == "float_type" and percent:
        return f"{_name(location)} is {percent[0]!r}", f"Write {float(percent[1]) / 100:g}."
    wanted = _WANTED.get(kind, str(error["msg"]))
    return f"{_name(location)} is {_brief(error['input'])}, {wanted}", _meaning(location)


def _out_of_bounds(error: ErrorDetails) -> tuple[str, str | None]:
    context, name = error.get("ctx", {}), _name(error["loc"])
    if context.get("le") == 1:
        return f"{name} is {error['input']}, a share above 1", _SHARE
    side, limit = next(iter(context.items()))
    relation = {"le": "above", "ge": "below"}[side]
    return f"{name} is {error['input']}, {relation} {limit:g}", _meaning(error["loc"])


def _name(location: Location) -> str:
    return next((part for part in reversed(location) if isinstance(part, str)), "the file")


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _model(location: Location) -> type[BaseModel]:
    if len(location) > 2 and location[0] == "levers":
        return LEVERS[str(location[2])]
    return Reference if location[0] == "reference" and len(location) > 1 else Scenario


def _meaning(location: Location) -> str | None:
    """What the field means, from the schema."""
    fields = _model(location).model_fields if location else {}
    names = [part for part in location if part in fields]
    description = fields[str(names[-1])].description if names else None
    return f"{names[-1]}: {description}" if description else None
