import numpy as np
import pytest
import xarray as xr

from worldorder.errors import ResultError
from worldorder.results.files import open_results, save_results, usable_folder, write_whole
from worldorder.results.unfinished import Unfinished


def dataset(value=1.0):
    return xr.Dataset({"gdp": (("run", "country"), np.full((2, 3), value, np.float32))})


def test_a_saved_result_opens_as_it_was(tmp_path):
    file = save_results({"baseline": dataset(), "other": dataset(2.0)}, tmp_path / "result.nc")
    opened = open_results(tmp_path)
    assert list(opened.children) == ["baseline", "other"]
    xr.testing.assert_identical(opened["other"].to_dataset(), dataset(2.0))
    assert open_results(file)["baseline"]["gdp"].dtype == np.float32


def test_the_same_result_gives_the_same_bytes(tmp_path):
    one = save_results({"baseline": dataset()}, tmp_path / "one.nc")
    two = save_results({"baseline": dataset()}, tmp_path / "two.nc")
    assert one.read_bytes() == two.read_bytes()


def test_missing_and_truncated_files_are_named(tmp_path):
    with pytest.raises(ResultError, match=r"no result at .*result\.nc"):
        open_results(tmp_path)
    file = save_results({"baseline": dataset()}, tmp_path / "result.nc")
    file.write_bytes(file.read_bytes()[:900])
    with pytest.raises(ResultError, match="damaged or truncated"):
        open_results(file)


def test_a_result_of_another_format_is_refused(tmp_path):
    xr.DataTree.from_dict({"x": dataset()}).to_netcdf(tmp_path / "result.nc", engine="h5netcdf")
    with pytest.raises(ResultError, match="written in format None"):
        open_results(tmp_path)


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path):
    target = tmp_path / "result.nc"
    target.write_text("old")

    def fail(path):
        path.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(ResultError, match="No space left on device"):
        write_whole(target, fail)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_in_place_of_a_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultError, match="cannot write to"):
        usable_folder(tmp_path / "file" / "inside")


def test_chunks_are_kept_by_job_and_cut_to_size(tmp_path):
    kept = Unfinished(tmp_path / "unfinished", "job-a")
    kept.keep("baseline", 16, {"gdp": np.arange(6, dtype=np.float32).reshape(3, 2)})
    np.testing.assert_array_equal(kept.load("baseline", 16, 2)["gdp"], [[0, 1], [2, 3]])
    assert kept.load("baseline", 16, 4) is None
    assert kept.load("baseline", 0, 1) is None
    assert Unfinished(kept.folder, "job-b").load("baseline", 16, 1) is None
    kept.clear()
    assert not kept.folder.exists()


def test_a_damaged_chunk_is_run_again(tmp_path):
    kept = Unfinished(tmp_path, "job")
    kept.keep("baseline", 0, {"gdp": np.zeros((2, 2), np.float32)})
    next((tmp_path / "job").iterdir()).write_bytes(b"PK")
    assert kept.load("baseline", 0, 1) is None
