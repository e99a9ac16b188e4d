"""worldorder estimate and hindcast, as a user types them: whole files, clear errors."""

import numpy as np
import pandas as pd
from ruamel.yaml import YAML
from typer.testing import CliRunner

from worldorder.cli.main import app
from worldorder.errors import InputError
from worldorder.inference.door import catalogue, growth
from worldorder.inference.door.estimates import Sources
from worldorder.inference.evidence import STUDIES


def typed(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_growth_is_estimated_to_a_year_with_its_covariance(tmp_path):
    done = typed("estimate", "growth", "--to", 2004, "--out", tmp_path, "--quiet")
    assert done.exit_code == 0, done.output
    found = YAML(typ="safe").load((tmp_path / "2004.yaml").read_text("utf-8"))["growth"]
    assert found["shock_sd"]["sample"] == [1975, 2004]
    assert 0.02 < found["shock_sd"]["value"] < 0.05
    covariance = pd.read_csv(tmp_path / "growth-2004-covariance.csv", index_col=0)
    assert list(covariance.index) == list(covariance.columns) == list(found)
    np.testing.assert_allclose(covariance.to_numpy(), covariance.to_numpy().T, rtol=1e-9)
    page = (tmp_path / "estimates.md").read_text("utf-8")
    assert "| parameter | to 2004 | shipped |" in page
    assert "| shock_sd | 0.0" in page
    again = typed("estimate", "growth", "--to", 2004, "--out", tmp_path / "again", "--quiet")
    assert again.exit_code == 0
    assert YAML(typ="safe").load((tmp_path / "again/2004.yaml").read_text())["growth"] == found


def test_what_a_stopped_run_has_found_is_left_where_asked(tmp_path):
    (tmp_path / "2004.yaml").write_text("growth: {}\n", "utf-8")
    asked = ("estimate", "growth", "--to", 2004, "--out", tmp_path, "--quiet")
    assert typed(*asked, "--resume").exit_code == 0
    assert (tmp_path / "2004.yaml").read_text("utf-8") == "growth: {}\n"


def test_without_names_what_the_panel_does_not_suffice_for_is_named_and_left_out(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(catalogue, "ESTIMATED", ("membership", "growth", "trust"))
    done = typed("estimate", "--to", 1999, "--out", tmp_path, "--quiet")
    assert done.exit_code == 0, done.output
    assert "membership: left out" in done.stderr
    assert "--raw DIR" in done.stderr
    assert "trust: not estimated to 1999: surveys begin in 2002" in done.stderr
    assert list(YAML(typ="safe").load((tmp_path / "1999.yaml").read_text("utf-8"))) == ["growth"]


def test_a_stopped_run_keeps_what_is_done_and_resumes(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "ESTIMATED", ("growth", "reform"))
    whole = catalogue.estimator

    def stop(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(catalogue, "estimator", lambda n: stop if n == "reform" else whole(n))
    asked = ("estimate", "--to", 2004, "--out", tmp_path, "--quiet")
    stopped = typed(*asked)
    assert stopped.exit_code != 0
    assert "Stopped: 1 of 2 mechanisms are kept" in stopped.stderr
    monkeypatch.setattr(catalogue, "estimator", whole)
    assert typed(*asked, "--resume").exit_code == 0
    found = YAML(typ="safe").load((tmp_path / "2004.yaml").read_text("utf-8"))
    assert list(found) == ["growth", "reform"]
    assert found["reform"]["adoption"]["sample"] == [1951, 2004]


def test_the_seed_decides_what_is_drawn():
    spread = [
        growth.estimate(Sources(2004, seed=seed)).parameters["world_shock_sd"].standard_error
        for seed in (0, 0, 1)
    ]
    assert spread[0] == spread[1] != spread[2]


def test_what_cannot_be_used_is_one_message(tmp_path):
    for words, named in (
        (("estimate", "growht"), "growth"),
        (("estimate", "growth", "--to", 1950), "1996"),
        (("estimate", "growth", "--seed", -1), "seed"),
        (("estimate", "membership", "--raw", tmp_path / "none", "--out", tmp_path), "no folder"),
        (("estimate", "membership", "--to", 2004, "--out", tmp_path), "--raw"),
        (("hindcast", "--from", "200x"), "2000"),
        (("hindcast", "--from", "2000", "--without", "magic"), "magic"),
    ):
        error = typed(*words).exception
        assert isinstance(error, InputError), words
        assert named in str(error)


def test_every_study_has_a_door_that_says_what_it_asks_and_what_it_reads(tmp_path):
    listed = typed("evidence")
    assert listed.exit_code == 0, listed.output
    assert len(listed.output.splitlines()) == len(STUDIES)
    assert "disputes             Which pairs of states fall into a militarized dispute" in (
        listed.output
    )
    without = typed("evidence", "disputes")
    assert isinstance(without.exception, InputError)
    assert "--raw DIR" in str(without.exception)
    unknown = typed("evidence", "dispute")
    assert isinstance(unknown.exception, InputError)
    assert "disputes" in str(unknown.exception)


def test_a_study_of_the_panel_prints_its_tables():
    done = typed("evidence", "reform")
    assert done.exit_code == 0, done.output
    assert "reviews that moved shares" in done.output
