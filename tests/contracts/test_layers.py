"""Data flows one way: a module imports only from its own layer and those above it."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "worldorder"
LAYERS = [
    {"typing", "units", "errors", "variables", "random"},
    {"state"},
    {"parameters"},
    {"mechanisms"},
    {"dynamics"},
    {"scenarios"},
    {"data"},
    {"results"},
    {"inference"},
    {"plots"},
    {"report"},
    {"web"},
    {"tables", "trade", "blocs", "bloc_tables", "bargaining"},  # doors on a user's own tables
    {"cli"},
]
DOORS = {"__init__", "__main__"}


def layer_of(room: str) -> int | None:
    return next((i for i, rooms in enumerate(LAYERS) if room in rooms), None)


def imported_rooms(tree: ast.AST) -> set[str]:
    modules = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    modules += [
        a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names
    ]
    own = [m.split(".") for m in modules if m and m.startswith("worldorder.")]
    return {parts[1] for parts in own}


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_point_upwards(path):
    room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    own = layer_of(room)
    rooms = imported_rooms(ast.parse(path.read_text("utf-8")))
    if own is None:
        assert room in DOORS, f"{room} is in no layer"
        return
    below = sorted(r for r in rooms if (layer := layer_of(r)) is None or layer > own)
    assert not below, f"{room} imports from below: {below}"


def test_the_rule_can_fail():
    rooms = imported_rooms(
        ast.parse("from worldorder.results.run import x\nimport worldorder.cli.y")
    )
    assert rooms == {"results", "cli"}


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_files_are_short(path):
    assert len(path.read_text("utf-8").splitlines()) <= 500
