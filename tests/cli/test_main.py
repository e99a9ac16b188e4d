import pytest

from worldorder import __version__
from worldorder.cli import main as cli
from worldorder.errors import InputError


def leave_with(monkeypatch, app) -> int:
    monkeypatch.setattr(cli, "app", app)
    with pytest.raises(SystemExit) as left:
        cli.main()
    return left.value.code


def test_version(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["worldorder", "--version"])
    assert leave_with(monkeypatch, cli.app) == 0
    assert __version__ in capsys.readouterr().out


def test_unusable_input_is_one_message_and_exit_2(monkeypatch, capsys):
    def app():
        raise InputError("no state 'Burmania'", fix="Did you mean Burma?", file="x.yaml", line=3)

    assert leave_with(monkeypatch, app) == 2
    said = capsys.readouterr().err
    assert said == "Error: x.yaml:3: no state 'Burmania'\n  Did you mean Burma?\n"


def test_interrupt_is_exit_130(monkeypatch):
    def app():
        raise KeyboardInterrupt

    assert leave_with(monkeypatch, app) == 130
