"""What the README shows works as written."""

import re
import shlex
from pathlib import Path

import pytest

from cli.test_run import command

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
COMMANDS = re.findall(r"^    (worldorder .*)$", README, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("readme")
    question = next(text for kind, text in BLOCKS if kind == "yaml")
    (place / "my-question.yaml").write_text(question, "utf-8")
    return place


def test_the_first_screen_shows_how_to_run_and_test():
    top = "\n".join(README.splitlines()[:30])
    assert "    make run" in top
    assert "    make test" in top


def test_there_are_commands_to_run():
    assert len(COMMANDS) >= 5


@pytest.mark.parametrize("line", COMMANDS)
def test_command_runs(line, folder):
    words = shlex.split(line)[1:]
    if words[0] == "run":
        words += ["--until", "2026"]
    code, out, err = command(*words, cwd=folder)
    assert code == 0, err
    assert out


def test_python_lines_run_as_written(capsys):
    """With fewer runs and a nearer end, which is all that is changed."""
    code = next(text for kind, text in BLOCKS if kind == "python")
    assert len([line for line in code.splitlines() if line]) <= 6
    short = code.replace("runs=200", "runs=2").replace('2026")', '2026", until="2031-01-01")')
    short = short.replace('"baseline")', '"baseline", until="2031-01-01")')
    exec(short, {})
    assert "trust_in_leading_state" in capsys.readouterr().out
