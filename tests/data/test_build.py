"""The whole build, where the publishers' files are at hand."""

import gzip
import os
import shutil
from pathlib import Path

import pytest

from worldorder.data.build import build_panel
from worldorder.data.files import built_folder
from worldorder.errors import DataError

RAW = Path(os.environ.get("WORLDORDER_RAW", Path(__file__).parents[3] / "shared/data/raw"))


def test_no_raw_folder(tmp_path):
    with pytest.raises(DataError, match="no such folder"):
        build_panel(tmp_path / "nowhere", tmp_path / "out")


if RAW.is_dir():

    def test_build_gives_the_bytes_of_the_shipped_panel(tmp_path):
        made = build_panel(RAW, tmp_path / "out")
        names = sorted(path.name for path in built_folder().iterdir())
        assert sorted(path.name for path in made.iterdir()) == names
        differing = [
            name
            for name in names
            if (made / name).read_bytes() != (built_folder() / name).read_bytes()
        ]
        assert differing == []

    def test_altered_raw_file_builds_nothing(tmp_path):
        raw, out = tmp_path / "raw", tmp_path / "out"
        shutil.copytree(RAW, raw)
        path = raw / "cepii-geodist" / "dist_cepii.csv.gz"
        lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
        path.chmod(0o644)
        path.parent.chmod(0o755)
        path.unlink()
        path.write_bytes(gzip.compress(b"".join(lines[:-1])))
        with pytest.raises(DataError, match=r"dist_cepii.*expected 50,176, found 50,175"):
            build_panel(raw, out)
        assert not out.exists()
