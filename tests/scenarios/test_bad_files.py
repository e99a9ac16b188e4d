"""Files that cannot be used: one message with file, line and what would be right; exit code 2."""

import pytest

from catalogues import panel_catalogue
from worldorder.cli import main as cli
from worldorder.errors import ScenarioError
from worldorder.scenarios import load_scenario
from worldorder.scenarios.compile import compile_scenario

HEAD = "extends: baseline\nlevers:\n"
TARIFF = HEAD + "  - type: tariff\n    actor: CHN\n    target: AUS\n    rate: 0.3\n"

# name: text, line, words of the message
FILES = {
    "unknown key": ("titel: x\n", 1, ["unknown key 'titel'", "title"]),
    "unknown lever key": (
        TARIFF + "    dat: 2027-01-01\n",
        7,
        ["unknown key 'dat'", "date", "1 more"],
    ),
    "unknown lever type": (HEAD + "  - type: tarif\n", 3, ["unknown lever type 'tarif'", "tariff"]),
    "lever without type": (HEAD + "  - actor: USA\n", 3, ["without a type", "leader-change"]),
    "lever without date": (TARIFF, 3, ["tariff has no date"]),
    "rate missing": (
        HEAD + "  - {type: tariff, actor: CHN, target: AUS, date: 2027-01-01}\n",
        3,
        ["either rate or rise"],
    ),
    "bad date": (TARIFF + "    date: 2027-13-01\n", 7, ["2027-13-01 is not a date", "2027-01-20"]),
    "year alone": (
        TARIFF + "    date: 2027\n",
        7,
        ["2027 is not a date", "example 2027-01-01"],
    ),
    "time of day": (TARIFF + "    date: 2027-01-01 12:00:00\n", 7, ["not a date"]),
    "before the start": (
        TARIFF + "    date: 2020-01-01\n",
        7,
        ["outside the horizon", "2045-01-01"],
    ),
    "after the end": (
        "until: 2030-01-01\n" + TARIFF + "    date: 2031-01-01\n",
        8,
        ["outside the horizon", "2030-01-01"],
    ),
    "until before date": (
        TARIFF + "    date: 2027-01-01\n    until: 2026-01-01\n",
        3,
        ["until 2026-01-01 is not after date"],
    ),
    "until before start": ("extends: baseline\nuntil: 2024-01-01\n", 2, ["not after start"]),
    "share above 1": (
        TARIFF + "    date: 2027-01-01\n    exemptions: 1.5\n",
        8,
        ["exemptions is 1.5, a share above 1", "25 % is 0.25"],
    ),
    "share below 0": (
        HEAD + "  - {type: funding, actor: FRA, institution: WHO, change: -2, date: 2027-01-01}\n",
        3,
        ["change is -2", "below -1"],
    ),
    "a rise above all that is paid": (
        HEAD + "  - {type: funding, actor: FRA, institution: WHO, change: 1.5, date: 2027-01-01}\n",
        3,
        ["change is 1.5, a rise above 100 %", "factor: 2.5", "factor: 1.5"],
    ),
    "a start without data": (
        "extends: baseline\nstart: 2018-01-01\n",
        2,
        ["start is 2018-01-01", "Nearest: 2015-01-01 and 2022-01-01"],
    ),
    "rate above its cap": (
        HEAD + "  - {type: tariff, actor: CHN, target: AUS, rate: 25, date: 2027-01-01}\n",
        3,
        ["rate is 25", "above 10", "0.25 is 25 %"],
    ),
    "percent": (
        HEAD + "  - {type: tariff, actor: CHN, target: AUS, rate: 25%, date: 2027-01-01}\n",
        3,
        ["rate is '25%'", "Write 0.25."],
    ),
    "tab": ("levers:\n\t- type: tariff\n", 2, ["tab", "spaces"]),
    "duplicate key": ("extends: baseline\ntitle: a\ntitle: b\n", 3, ["duplicate key 'title'"]),
    "not YAML": ("title: [a, b\n", 2, ["not YAML"]),
    "a list": ("- a\n- b\n", 1, ["does not hold keys and values", "extends: baseline"]),
    "wrong type": ("extends: baseline\nlevers: tariff\n", 2, ["levers is 'tariff', not a list"]),
    "lever is text": (HEAD + "  - tariff\n", 3, ["'tariff', not a set of keys"]),
    "names are numbers": (
        HEAD
        + "  - type: leader-change\n    date: 2027-01-01\n    actor:\n      - USA\n      - 7\n",
        7,
        ["actor is 7, not text"],
    ),
    "steps": ("extends: baseline\nsteps_per_year: 2\n", 2, ["steps_per_year is 2", "1, 4 or 12"]),
    "switch neither on nor off": (
        "extends: baseline\nswitches:\n  withdrawal-66: maybe\n",
        3,
        ["neither on nor off"],
    ),
    "unknown switch": (
        "extends: baseline\nswitches:\n  withdrawl-66: on\n",
        3,
        ["unknown switch 'withdrawl-66'", "withdrawal-66"],
    ),
    "group without a switch": (
        TARIFF + "    date: 2027-01-01\n    group: my-tarifs\n",
        8,
        ["unknown switch 'my-tarifs'", "under switches"],
    ),
    "unknown parameter": (
        "extends: baseline\nparameters:\n  nothing.at_all: 1\n",
        3,
        ["unknown parameter 'nothing.at_all'"],
    ),
    "unknown mechanism": (
        "extends: baseline\nmechanisms:\n  alchemy: off\n",
        3,
        ["unknown mechanism 'alchemy'"],
    ),
    "extends nothing known": ("extends: basline\n", 1, ["unknown scenario 'basline'", "baseline"]),
    "extends a missing file": ("extends: other.yaml\n", 1, ["no such file", "other.yaml"]),
    "extends itself": ("extends: bad.yaml\n", 1, ["circle"]),
    "unknown reference": (
        "extends: baseline\nreference:\n  scenario: withdrawal-2025\n",
        3,
        ["unknown scenario", "withdrawal-2026"],
    ),
}
# Files that say what only the evidence can refuse.
NAMES = {
    "unknown country": (
        TARIFF.replace("AUS", "AUX") + "    date: 2027-01-01\n",
        5,
        ["'AUX'", "AUT (Austria)"],
    ),
    "unknown country by name": (
        TARIFF.replace("AUS", "Chna") + "    date: 2027-01-01\n",
        5,
        ["'Chna'", "China"],
    ),
    "unknown institution": (
        HEAD + "  - type: exit\n    actor: FRA\n    date: 2027-01-01\n    institution:\n"
        "      - WHO\n      - UNESKO\n",
        8,
        ["unknown institution 'UNESKO'", "UNESCO"],
    ),
    "unknown leading state": (
        "extends: baseline\nleading_state: USS\n",
        2,
        ["unknown country 'USS'", "USA"],
    ),
    "no whole number of years": (
        "extends: baseline\nuntil: 2030-06-01\n",
        2,
        ["not a whole number of years", "2031-01-01"],
    ),
    "start that is not known": (
        "extends: baseline\nstart: 2027-01-01\n",
        2,
        ["do not support a start on that day", "2025-01-01"],
    ),
    "end that is not known": (
        "extends: baseline\nuntil: 2100-01-01\n",
        2,
        ["growth is known until 2055-01-01"],
    ),
    "unknown data set": (
        HEAD + "  - type: tariff-path\n    dataset: liberation-2025\n",
        4,
        ["unknown tariff data set 'liberation-2025'", "liberation-day-2025"],
    ),
    "exit of a non-member": (
        HEAD + "  - type: exit\n    actor: CHN\n    institution: NATO\n    date: 2027-01-01\n",
        5,
        ["CHN is not recorded as a member of NATO on 2027-01-01"],
    ),
    "accession of a member": (
        HEAD + "  - type: accession\n    actor: CHN\n    institution: WHO\n    date: 2027-01-01\n",
        5,
        ["CHN is already a member of WHO"],
    ),
    "second notice": (
        HEAD + "  - {type: exit, actor: USA, institution: WHO, date: 2025-06-01}\n",
        3,
        ["USA has already given notice to WHO", "2026-01-22"],
    ),
    "tariff on oneself": (
        HEAD + "  - {type: tariff, actor: CHN, target: CHN, rate: 0.1, date: 2027-01-01}\n",
        3,
        ["no pair of states is left"],
    ),
}


def assert_said(error: ScenarioError, path, line: int, words: list[str]) -> None:
    assert (error.file, error.line) == (str(path), line), str(error)
    for word in words:
        assert word in str(error)


@pytest.mark.parametrize("case", FILES)
def test_file_that_cannot_be_used(case, tmp_path):
    text, line, words = FILES[case]
    path = tmp_path / "bad.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert_said(caught.value, path, line, words)


@pytest.mark.parametrize("case", NAMES)
def test_names_that_mean_nothing(case, tmp_path):
    text, line, words = NAMES[case]
    path = tmp_path / "bad.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ScenarioError) as caught:
        compile_scenario(load_scenario(path), panel_catalogue())
    assert_said(caught.value, path, line, words)


def test_circle_of_files_names_them(tmp_path):
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n")
    (tmp_path / "b.yaml").write_text("title: b\nextends: a.yaml\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "a.yaml")
    words = ["a.yaml extends b.yaml extends a.yaml"]
    assert_said(caught.value, tmp_path / "b.yaml", 2, words)


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        (b"", None, "empty"),
        (b"# nothing\n", None, "empty"),
        (b"title: a\nquestion: \xff\n", 2, "UTF-8"),
    ],
)
def test_file_without_text(content, line, word, tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert_said(caught.value, path, line, [word])


@pytest.mark.parametrize("name", ["nowhere.yaml", "."])
def test_no_such_file(name, tmp_path):
    with pytest.raises(ScenarioError):
        load_scenario(f"{tmp_path}/{name}")


def check(monkeypatch, *files) -> int:
    monkeypatch.setattr("sys.argv", ["worldorder", "scenarios", "check", *map(str, files)])
    with pytest.raises(SystemExit) as left:
        cli.main()
    return left.value.code


def test_exit_code_and_message(monkeypatch, capsys, tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(FILES["unknown lever type"][0])
    assert check(monkeypatch, path) == 2
    said = capsys.readouterr()
    expected = f"Error: {path}:3: unknown lever type 'tarif'\n  Did you mean tariff or "
    assert said.err.startswith(expected)
    assert not said.out


def test_unknown_name_says_how_to_list(monkeypatch, capsys):
    assert check(monkeypatch, "withdrawl-2026") == 2
    said = capsys.readouterr().err
    assert "Did you mean withdrawal-2026?" in said
    assert "worldorder scenarios list" in said
