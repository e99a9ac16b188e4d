"""Find scenarios in the library or on disk, and rest one on another."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from worldorder.errors import InputError, did_you_mean
from worldorder.scenarios.checks import check_days, check_scenario
from worldorder.scenarios.complaints import complaint
from worldorder.scenarios.fields import Lever, Place
from worldorder.scenarios.reading import Document, read_document
from worldorder.scenarios.schema import Reference, Scenario

BASELINE = "baseline"
_TABLES = ("switches", "parameters", "mechanisms")
_WORDS = ("title", "question", "description")


def library() -> dict[str, Path]:
    """Files of the scenarios that come with the package, by name."""
    folder = Path(str(resources.files("worldorder.scenarios"))) / "library"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def load_scenario(*names: str | os.PathLike[str], **changes: Any) -> Scenario:
    """A scenario from the library or a file; of several, a later one counts over an earlier.

    Levers of all files are kept, in the order of the files and within a file of their dates;
    switches, parameters and mechanisms are merged; everything else is that of the last file that
    says it. `changes` are the same keys once more, for example `until="2035-01-01"`, or a year, or
    `switches={"withdrawal-66": "on"}`; None leaves things as they are.

    Raises:
        ScenarioError: a file that cannot be read or used, with file and line.
        InputError: an unknown scenario, or a change that cannot be used.
    """
    asked = [_find(os.fspath(name), Path()) for name in names or (BASELINE,)]
    layers: dict[Path, Scenario] = {}
    for path in asked:
        for base, layer in _chain(path):
            layers.setdefault(base, layer)
    named = [layers[path] for path in dict.fromkeys(asked)]
    scenario = _merged(list(layers.values())).model_copy(update=_words(named))
    scenario = changed(scenario, start=changes.pop("start", None))  # levers must not be before it
    check_scenario(scenario)
    _find_reference(scenario)
    check_days(scenario, named)
    return changed(scenario, **{**changes, "until": first_day(changes.get("until"))})


def first_day(when: Any) -> Any:
    """The first day of a year; a date as it is."""
    return f"{when}-01-01" if str(when or "").isdigit() else when


def changed(scenario: Scenario, **changes: Any) -> Scenario:
    """The scenario with some keys changed; tables are merged and levers added.

    Raises:
        InputError: a change that cannot be used.
    """
    given = {key: value for key, value in changes.items() if value is not None}
    if not given:
        return scenario
    try:
        layer = Scenario.model_validate(given)
        result = _merged([scenario, layer])
        check_scenario(result)
    except ValidationError as error:
        found = complaint(error, {})
        raise InputError(found.what, found.fix) from error
    return result


def reference_of(scenario: Scenario) -> Scenario | None:
    """What a scenario is compared with, or None for the baseline itself.

    It has the horizon, leading state, parameters and mechanisms of the scenario, then what
    `reference` says.
    """
    reference = scenario.reference
    if reference is None and scenario.name == BASELINE:
        return None
    reference = reference or Reference()
    shared = {
        key: getattr(scenario, key)
        for key in ("start", "until", "steps_per_year", "leading_state", *_TABLES[1:])
    }
    loaded = changed(load_scenario(reference.scenario), **shared)
    return changed(loaded, **{key: getattr(reference, key) for key in _TABLES})


def _find(name: str, folder: Path) -> Path:
    """Path of a scenario: a name is in the library, a path starts from `folder`."""
    known = library()
    if name in known:
        return known[name]
    if name.endswith((".yaml", ".yml")) or os.sep in name:
        return folder / name
    near = did_you_mean(name, known)
    if (folder / f"{name}.yaml").is_file():
        near = f"Did you mean {folder / name}.yaml?"
    how = "`worldorder scenarios list` shows all; a file is given by its path."
    raise InputError(f"unknown scenario {name!r}", f"{near} {how}" if near else how)


def _chain(path: Path, above: tuple[Path, ...] = ()) -> Iterator[tuple[Path, Scenario]]:
    """The files that a scenario rests on, the first first, and its own."""
    layer = _read(path)
    if layer.extends is not None:
        base = _located(layer, layer.extends, "extends", path.parent)
        line = (*above, path)
        if any(base.resolve() == file.resolve() for file in line):
            circle = " extends ".join(file.name for file in (*line, base))
            raise layer.complaint("extends", f"{circle}: a circle", "Take one extends out.")
        yield from _chain(base, line)
    yield path, layer


def _located(part: Scenario | Reference, name: str, key: str, folder: Path) -> Path:
    try:
        path = _find(name, folder)
    except InputError as error:
        raise part.complaint(key, error.what, error.fix) from error
    if not path.is_file():
        raise part.complaint(key, f"no such file: {path}", "Check the path.")
    return path


def _read(path: Path) -> Scenario:
    """One file, with the places of its parts and its levers in the order of their dates."""
    document = read_document(path, str(path))
    try:
        scenario = Scenario.model_validate(document.values)
    except ValidationError as error:
        raise complaint(error, document.places) from error
    levers = [
        lever.placed(_below(f"levers.{index}", document))
        for index, lever in enumerate(scenario.levers)
    ]
    parts: dict[str, Any] = {"name": scenario.name or path.stem}
    if levers:
        parts["levers"] = tuple(sorted(levers, key=_first_day))
    if scenario.reference:
        parts["reference"] = _from_folder(scenario.reference, path.parent).placed(
            _below("reference", document)
        )
    return scenario.model_copy(update=parts).placed(document.places)


def _first_day(lever: Lever) -> int:
    return lever.begins.toordinal() if lever.begins else 0


def _from_folder(reference: Reference, folder: Path) -> Reference:
    """A reference to a path, seen from where the program runs."""
    name = reference.scenario
    if name in library() or not name.endswith((".yaml", ".yml")):
        return reference
    return reference.model_copy(update={"scenario": str(folder / name)})


def _below(path: str, document: Document) -> dict[str, Place]:
    """Places of a part, from itself."""
    return {
        place.removeprefix(path).removeprefix("."): at
        for place, at in document.places.items()
        if place == path or place.startswith(f"{path}.")
    }


def _merged(layers: Sequence[Scenario]) -> Scenario:
    """One scenario of several, later ones over earlier."""
    merged: dict[str, Any] = {}
    places: dict[str, Place | None] = {}
    for layer in layers:
        for key in layer.model_fields_set - {"extends"}:
            value, parts = getattr(layer, key), [key]
            if key in _TABLES:
                parts = [f"{key}.{name}" for name in value]
                value = {**merged.get(key, {}), **value}
            elif key == "levers":
                value = (*merged.get(key, ()), *value)
            merged[key] = value
            places |= {part: layer.places.get(part) for part in parts}
    known = {part: place for part, place in places.items() if place}
    return Scenario.model_validate(merged).placed(known)


def _words(named: Sequence[Scenario]) -> Mapping[str, str]:
    """Name, title, question and description: those of the files asked for."""
    joined = {key: " ".join(filter(None, (getattr(one, key) for one in named))) for key in _WORDS}
    title = " + ".join(one.title or one.name for one in named)
    return {**joined, "title": title, "name": "+".join(one.name for one in named)}


def _find_reference(scenario: Scenario) -> None:
    if scenario.reference:
        _located(scenario.reference, scenario.reference.scenario, "scenario", Path())
