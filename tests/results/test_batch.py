"""A batch file: read whole, checked before anything runs, and resumed by what is finished."""

import pytest
import xarray as xr

from worldorder.errors import ScenarioError
from worldorder.results.batch import batch_jobs, is_finished, load_batch
from worldorder.results.files import RESULT_NAME, save_results

TEXT = """jobs:
  - {scenario: withdrawal-2026, runs: 2, until: 2027}
  - {scenario: withdrawal-2026, runs: 2, until: 2027-01-01, seed: 2, out: again}
"""


def written(tmp_path, text=TEXT):
    file = tmp_path / "batch.yaml"
    file.write_text(text, "utf-8")
    return file


def test_every_entry_is_a_pair_with_a_folder_of_its_own(tmp_path):
    todo = batch_jobs(load_batch(written(tmp_path)), tmp_path, tmp_path / "out")
    assert [folder.name for _, folder in todo] == ["withdrawal-2026", "again"]
    assert [[job.name for job in jobs] for jobs, _ in todo] == [["baseline", "withdrawal-2026"]] * 2
    assert [jobs[0].ensemble.seed for jobs, _ in todo] == [1, 2]


def test_only_the_very_result_counts_as_finished(tmp_path):
    (first, folder), (second, _) = batch_jobs(load_batch(written(tmp_path)), tmp_path, tmp_path)
    assert not is_finished(first, folder)
    folder.mkdir()
    results = {job.name: xr.Dataset(attrs=dict(job.frame.attributes)) for job in first}
    save_results(results, folder / RESULT_NAME)
    assert is_finished(first, folder)
    assert not is_finished(second, folder)
    (folder / RESULT_NAME).write_bytes(b"damaged")
    assert not is_finished(first, folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("out: again", "", "two jobs are written into"),
        ("seed: 2", "sed: 2", "unknown key 'sed'"),
        ("runs: 2", "runs: 0", "runs"),
    ],
)
def test_a_batch_that_cannot_be_used_says_why(tmp_path, old, new, said):
    text = TEXT.replace(old, new)
    with pytest.raises(ScenarioError, match=said):
        batch_jobs(load_batch(written(tmp_path, text)), tmp_path, tmp_path)
