"""A YAML file as plain values, with the line of every part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError, SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from worldorder.errors import ScenarioError
from worldorder.scenarios.fields import Place

EXAMPLE = "A scenario is `key: value` lines, for example `extends: baseline`."


class _Constructor(SafeConstructor):
    """Leaves dates as text, so that the schema can say where one is wrong."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


@dataclass(frozen=True)
class Document:
    """What a file says, and where: places by dotted path, the empty path is the whole."""

    values: Mapping[str, Any]
    places: Mapping[str, Place]


def read_document(path: Path, shown: str) -> Document:
    """Read a YAML file that holds a mapping; `shown` is its name in errors.

    Raises:
        ScenarioError: no such file, not UTF-8, not YAML, empty, or not a mapping.
    """
    return _document(_text(path, shown), shown)


@cache
def _document(text: str, shown: str) -> Document:
    """A text read once: scenarios rest on the same files."""
    _refuse_tabs(text, shown)
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _Constructor
    try:
        node = reader.compose(text)
        values = None if node is None else reader.constructor.construct_document(node)
    except DuplicateKeyError as error:
        raise _duplicate(error, shown) from error
    except YAMLError as error:
        raise _not_yaml(error, shown) from error
    if node is None or values is None:
        raise ScenarioError("the file is empty", EXAMPLE, shown)
    if not isinstance(values, dict):
        line = node.start_mark.line + 1
        raise ScenarioError("the file does not hold keys and values", EXAMPLE, shown, line)
    places = {path: Place(shown, line) for path, line in _lines("", node)}
    return Document(values, places)


def _text(path: Path, shown: str) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise ScenarioError("no such file", "Check the path.", shown) from error
    except OSError as error:
        raise ScenarioError(f"cannot be read: {error.strerror}", None, shown) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ScenarioError("not UTF-8 text", "Save the file as UTF-8.", shown, line) from error


def _refuse_tabs(text: str, shown: str) -> None:
    for number, line in enumerate(text.splitlines(), start=1):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            raise ScenarioError("a tab in the indentation", "Use spaces.", shown, number)


def _duplicate(error: DuplicateKeyError, shown: str) -> ScenarioError:
    mark = error.problem_mark
    key = str(error.problem).split('"')[1] if '"' in str(error.problem) else ""
    line = None if mark is None else mark.line + 1
    return ScenarioError(f"duplicate key {key!r}", "Keep one of the two.", shown, line)


def _not_yaml(error: YAMLError, shown: str) -> ScenarioError:
    if not isinstance(error, MarkedYAMLError):
        return ScenarioError(f"not YAML: {error}", None, shown)
    mark = error.problem_mark or error.context_mark
    line = None if mark is None else mark.line + 1
    reason = " ".join(part for part in (error.context, error.problem) if part)
    return ScenarioError(f"not YAML: {reason}", "Check indents, colons and quotes.", shown, line)


def _lines(path: str, node: Node) -> Iterator[tuple[str, int]]:
    """Path and line of a node and of all below it; a key's line stands for its value."""
    yield path, node.start_mark.line + 1
    if isinstance(node, MappingNode):
        for key, value in node.value:
            below = _below(path, key.value)
            yield from _lines(below, value)
            yield below, key.start_mark.line + 1
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            yield from _lines(_below(path, index), item)


def _below(path: str, part: object) -> str:
    return f"{path}.{part}" if path else str(part)
