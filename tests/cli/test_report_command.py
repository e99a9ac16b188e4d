import pytest
from typer.testing import CliRunner

from answers import small_pair
from worldorder.cli.main import app
from worldorder.errors import ResultError
from worldorder.results.files import RESULT_NAME, save_results


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("job")
    save_results(small_pair(), folder / RESULT_NAME)
    return folder


def test_report_is_written_into_the_folder(folder):
    done = CliRunner().invoke(app, ["report", str(folder), "--table"])
    assert done.exit_code == 0
    assert (folder / "report.html").read_text(encoding="utf-8").endswith("</html>")
    assert "INSTITUTIONS" in done.output


def test_report_of_an_empty_folder_says_what_is_missing(tmp_path):
    done = CliRunner().invoke(app, ["report", str(tmp_path)])
    assert isinstance(done.exception, ResultError)
    assert "no result at" in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_report_of_a_truncated_file_is_refused(folder, tmp_path):
    whole = (folder / RESULT_NAME).read_bytes()
    (tmp_path / RESULT_NAME).write_bytes(whole[: len(whole) // 2])
    done = CliRunner().invoke(app, ["report", str(tmp_path)])
    assert isinstance(done.exception, ResultError)
    assert not (tmp_path / "report.html").exists()
