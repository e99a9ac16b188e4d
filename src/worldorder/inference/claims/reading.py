"""A claim file read, with file and line in every complaint."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from worldorder.errors import ScenarioError
from worldorder.inference.claims.schema import Case, Claim, ClaimFile, Fact, Implication, Record
from worldorder.scenarios.complaints import unknown_name
from worldorder.scenarios.fields import Located, Place
from worldorder.scenarios.reading import read_document

_PARTS: dict[str, type[Located]] = {
    "scenarios": Case,
    "claims": Claim,
    "tests": Implication,
    "facts": Fact,
    "records": Record,
}
_BRANCHES = ("Reading", "float", "constrained-float")  # added by pydantic for `than`


def load_claims(path: str | os.PathLike[str]) -> ClaimFile:
    """Read a claim file.

    Raises:
        ScenarioError: it cannot be read or used, with file and line.
    """
    file = Path(path)
    if file.is_dir():
        raise ScenarioError("is a folder, not a claim file", "Give the path of a YAML file.", file)
    document = read_document(file, str(file))
    try:
        claims = ClaimFile.model_validate(document.values)
    except ValidationError as error:
        raise _complaint(error, document.places) from error
    return claims.placed(document.places)


def _complaint(error: ValidationError, places: Mapping[str, Place]) -> ScenarioError:
    found = error.errors(include_url=False)
    unknown = [one for one in found if one["type"] == "extra_forbidden"]
    first = (unknown or found)[0]
    location = [part for part in first["loc"] if part not in _BRANCHES]
    what, fix = _said(first["type"], location, str(first["msg"]))
    more = f" ({len(found) - 1} more in this file)" if len(found) > 1 else ""
    return _at(places, location).error(what + more, fix)


def _at(places: Mapping[str, Place], location: list[Any]) -> Place:
    path = ".".join(map(str, location))
    while path and path not in places:
        path = path.rpartition(".")[0]
    return places[path]


def _said(kind: str, location: list[Any], message: str) -> tuple[str, str | None]:
    model, name = _model(location), str(location[-1]) if location else "the file"
    if kind == "extra_forbidden":
        return unknown_name("key", name, model.model_fields)
    field = model.model_fields.get(name)
    meaning = f"{name}: {field.description}" if field and field.description else None
    if kind == "missing":
        return f"{name} is missing", meaning
    return f"{name}: {message.removeprefix('Value error, ')}", meaning


def _model(location: list[Any]) -> type[Located]:
    parts = [part for part in location[:-1] if part in _PARTS]
    return _PARTS[parts[-1]] if parts else ClaimFile
