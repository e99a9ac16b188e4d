"""worldorder bodies: unusable input is one message and exit code 2; files are written whole."""

import json

import pytest

from worldorder.cli import main as cli

UNUSABLE = {
    "unknown state": (["ledger", "--state", "Atlantis"], "no state is called 'Atlantis'"),
    "unknown scenario": (["losses", "nosuch"], "unknown scenario 'nosuch'"),
    "year before the start": (["losses", "--year", "2020"], "not after start"),
    "compared with nothing": (["losses", "baseline"], "compared with nothing"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_what_cannot_be_used_is_named(case, monkeypatch, capsys, tmp_path):
    words, message = UNUSABLE[case]
    monkeypatch.setattr("worldorder.cli.start.start", lambda _workers: None)  # no program is kept
    monkeypatch.setattr("sys.argv", ["worldorder", "bodies", *words, "--out", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def test_replay_writes_its_page_and_numbers(monkeypatch, capsys, tmp_path):
    words = ["worldorder", "bodies", "replay", "--draws", "100", "--out", str(tmp_path)]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code in (0, None)
    said = json.loads((tmp_path / "money.json").read_text())
    assert said["large_cuts"] > 100
    assert "persistence" in (tmp_path / "money.md").read_text()
    assert "better in" in capsys.readouterr().out
