"""worldorder run, as a user types it: whole results, clear errors, stopped and taken up again."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import worldorder as wo

ROOT = Path(__file__).parents[2]
SHORT = ["--until", "2026", "--quiet"]


def command(*words, cwd, wait=True):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "120"}
    process = subprocess.Popen(
        [sys.executable, "-m", "worldorder", *map(str, words)],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if not wait:
        return process
    out, err = process.communicate()
    return process.returncode, out, err


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    folder = tmp_path_factory.mktemp("job")
    code, out, err = command("run", "withdrawal-2026", "--runs", 3, *SHORT, cwd=folder)
    assert code == 0, err
    return folder / "runs" / "withdrawal-2026", out


def test_a_run_prints_the_table_and_writes_the_folder(job):
    folder, out = job
    assert {f.name for f in folder.iterdir()} == {"result.nc", "report.html", "summary.json"}
    assert "withdrawal-2026 against baseline: 3 paired runs" in out
    assert json.loads((folder / "summary.json").read_text("utf-8"))["runs"] == 3
    results = wo.open_results(folder)
    assert list(results.children) == ["baseline", "withdrawal-2026"]
    assert results["baseline"].sizes["run"] == 3


def test_the_same_seed_gives_the_same_file_on_one_worker_and_on_two(job, tmp_path):
    folder, _ = job
    for workers in (1, 2):
        out = tmp_path / str(workers)
        words = ("run", "withdrawal-2026", "--runs", 3, *SHORT, "--workers", workers, "--out", out)
        assert command(*words, cwd=tmp_path)[0] == 0
        assert (out / "result.nc").read_bytes() == (folder / "result.nc").read_bytes()


def test_a_result_runs_again_from_itself(job, tmp_path):
    folder, _ = job
    code, _, err = command("rerun", folder, "--out", tmp_path / "again", "--quiet", cwd=tmp_path)
    assert code == 0, err
    assert (tmp_path / "again" / "result.nc").read_bytes() == (folder / "result.nc").read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "withdrawal-2026", "--runs", "0"], "cannot make 0 runs"),
        (["run", "withdrawal-2026", "--runs", "-3"], "cannot make -3 runs"),
        (["run", "withdrawl-2026"], "Did you mean withdrawal-2026"),
        (["run", "withdrawal-2026", "--until", "2020"], "2020-01-01 is not after"),
        (["run", "withdrawal-2026", "--until", "2030-06-01"], "not a whole number of years"),
        (["run", "withdrawal-2026", "--seed", "-1"], "seed -1 is below 0"),
        (["run", "withdrawal-2026", "--workers", "0"], "cannot work on 0 processors"),
        (["run", "withdrawal-2026", "--until", "soon"], "for example 2027-01-20"),
        (["trace", "baseline", "--country", "MEX", "--run", "-1"], "no run -1"),
        (["rerun", "nowhere"], "no result at"),
        (["report", "nowhere"], "no result at"),
    ],
    ids=lambda value: " ".join(value[1:]) if isinstance(value, list) else "",
)
def test_bad_input_is_one_message_and_exit_2(words, said, tmp_path):
    code, out, err = command(*words, cwd=tmp_path)
    assert code == 2
    assert said in err
    assert "Traceback" not in err
    assert not out
    assert not list(tmp_path.rglob("*.nc"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    words = ("run", "withdrawal-2026", "--runs", 1, *SHORT, "--out", tmp_path / "file")
    code, _, err = command(*words, cwd=tmp_path)
    assert (code, "cannot write to" in err) == (2, True)


def test_an_altered_panel_is_refused(tmp_path, monkeypatch):
    from worldorder.data import manifest
    from worldorder.errors import DataError
    from worldorder.results.job import prepare

    copy = tmp_path / "built"
    copy.mkdir()
    for file in manifest.built_folder().iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    held = (copy / "start.npz").read_bytes()
    (copy / "start.npz").write_bytes(held[:-9] + b"tampered!")
    monkeypatch.setattr(manifest, "built_folder", lambda: copy)
    with pytest.raises(DataError, match=r"start\.npz.*altered"):
        prepare(wo.load_scenario("baseline"), 1, 1)


def test_ctrl_c_keeps_what_is_finished_and_the_same_command_goes_on(tmp_path):
    words = ("run", "withdrawal-2026", "--runs", 2000, *SHORT, "--workers", 2, "--out", "out")
    process = command(*words, cwd=tmp_path, wait=False)
    unfinished = tmp_path / "out" / ".unfinished"
    while process.poll() is None and len(list(unfinished.rglob("*.npz"))) < 4:
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in err
    done = int(re.search(r"Stopped: (\d+) of 2000 pairs", err).group(1))
    assert done >= 16
    assert not list((tmp_path / "out").glob("*.nc"))
    few = [*words[:3], 16, *words[4:]]
    code, out, err = command(*few, cwd=tmp_path)
    assert code == 0, err
    assert "16 paired runs" in out
    assert not unfinished.exists()
