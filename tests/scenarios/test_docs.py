"""The page on scenarios: its files load and compile, its commands and its Python run as written."""

import json
import re
import shlex
from pathlib import Path

import pytest

from catalogues import catalogue_on
from worldorder.cli import main as cli
from worldorder.scenarios import load_scenario
from worldorder.scenarios.compile import compile_scenario
from worldorder.scenarios.deciding import first_trials, optimising
from worldorder.scenarios.schema import LEVERS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "scenarios.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def run(monkeypatch, capsys, *arguments: str) -> str:
    monkeypatch.setattr("sys.argv", ["worldorder", *arguments])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 0, capsys.readouterr().err
    return capsys.readouterr().out


@pytest.mark.parametrize("text", blocks("yaml"))
def test_file_of_the_page(text, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    scenario = load_scenario(path)
    for tried in first_trials(scenario) if optimising(scenario) else [scenario]:
        assert compile_scenario(tried, catalogue_on(tried.start)).horizon == scenario.horizon


def test_every_lever_has_an_example():
    for kind in LEVERS:
        assert re.search(rf"type: {kind}\b", PAGE), kind
        assert f"**{kind}**" in PAGE


def test_commands_of_the_page(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    for text in blocks("yaml"):
        if named := re.match(r"# (\w+\.yaml)\n", text):
            Path(named[1]).write_text(text, "utf-8")
    for line in "".join(blocks("console")).splitlines():
        words = shlex.split(line.removeprefix("$ "))
        assert words[0] == "worldorder"
        assert run(monkeypatch, capsys, *words[1:])


def test_python_of_the_page():
    for text in blocks("python"):
        exec(text, {})


def test_schema_in_the_docs_is_current(monkeypatch, capsys):
    printed = run(monkeypatch, capsys, "scenarios", "schema")
    kept = (DOCS / "scenario.schema.json").read_text("utf-8")
    assert json.loads(printed) == json.loads(kept), (
        "write it anew: worldorder scenarios schema > docs/scenario.schema.json"
    )


def test_show_says_what_is_on_and_off(monkeypatch, capsys):
    shown = run(monkeypatch, capsys, "scenarios", "show", "baseline")
    assert "withdrawal-66  [withdrawal-66: off]" in shown
    assert "UNESCO; effective 2026-12-31  [us-exits-2025-26: on]" in shown
    assert re.search(r"2029-01-20 +leader-change +USA", shown)
