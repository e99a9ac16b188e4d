import pytest

from worldorder.cli import main as cli


def run(monkeypatch, capsys, *words: str) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["worldorder", "data", *words])
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit) as left:
        cli.main()
    said = capsys.readouterr()
    return left.value.code or 0, said.out, said.err


def test_sources_lists_terms_and_shares(monkeypatch, capsys):
    code, out, _ = run(monkeypatch, capsys, "sources")
    assert code == 0
    for word in ("ideal_point", "un-ideal-points", "CC BY 4.0", "observed", "bn current USD/year"):
        assert word in out


@pytest.mark.parametrize("name", ["capability_cinc", "cow-capabilities"])
def test_sources_of_a_variable_say_how_to_cite(monkeypatch, capsys, name):
    code, out, _ = run(monkeypatch, capsys, "sources", name)
    assert code == 0
    assert "Singer (1987)" in out
    assert "terms: cite" in out


def test_show_prints_the_series_with_flags(monkeypatch, capsys):
    code, out, _ = run(monkeypatch, capsys, "show", "gdp", "--country", "IND")
    assert code == 0
    assert "3909.89" in out
    assert "forecast" in out


def test_show_by_name_and_year(monkeypatch, capsys):
    code, out, _ = run(
        monkeypatch, capsys, "show", "gdp", "--country", "North Korea", "--year", "2024"
    )
    assert code == 0
    assert "imputed" in out


def test_show_of_a_state_of_the_past(monkeypatch, capsys):
    code, out, _ = run(
        monkeypatch, capsys, "show", "gdp_maddison", "--country", "Yugoslavia", "--year", "1985"
    )
    assert code == 0
    assert "YUG" in out
    assert "222.36" in out


def test_states_of_a_year(monkeypatch, capsys):
    code, out, _ = run(monkeypatch, capsys, "states", "--year", "1985")
    assert code == 0
    assert "Soviet Union" in out
    assert "Kazakhstan" not in out


def test_export(monkeypatch, capsys, tmp_path):
    code, out, _ = run(
        *(monkeypatch, capsys, "export", "gdp", "--year", "2020-2023"),
        *("--format", "csv", "--out", str(tmp_path)),
    )
    assert code == 0
    assert "gdp.csv" in out
    assert (tmp_path / "sources.csv").is_file()


def test_verify(monkeypatch, capsys):
    code, out, _ = run(monkeypatch, capsys, "verify")
    assert code == 0
    assert "whole" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "gpd"], "Did you mean gdp?"),
        (["show", "gdp", "--country", "Indai"], "Did you mean India"),
        (["show", "gdp", "--country", "Aruba"], "no cell of 'gdp' for Aruba"),
        (["show", "us_tariff", "--year", "2025"], "has no years"),
        (["show", "gdp", "--year", "20x"], "no year"),
        (["show", "gdp_maddison", "--country", "Yugoslavia"], "Give a year"),
        (["export", "gpd", "--out", "/nowhere"], "Did you mean gdp?"),
        (["sources", "cow-capabilites"], "Did you mean cow-capabilities"),
        (["build"], "--raw DIR"),
        (["build", "--raw", "/nowhere"], "no such folder"),
    ],
)
def test_bad_input_is_one_message_and_exit_2(monkeypatch, capsys, words, said):
    code, _, err = run(monkeypatch, capsys, *words)
    assert code == 2
    assert said in err
    assert "Traceback" not in err
