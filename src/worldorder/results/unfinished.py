"""Finished chunks of a job under way: a job that was stopped goes on where it stood."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from worldorder.results.files import write_whole

Metrics = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Unfinished:
    """A folder of finished chunks. `job` is a digest of all that decides their figures."""

    folder: Path
    job: str

    def _file(self, scenario: str, first: int) -> Path:
        return self.folder / self.job / f"{scenario}-{first:06d}.npz"

    def load(self, scenario: str, first: int, runs: int) -> Metrics | None:
        """The chunk that begins with run `first`, or None where `runs` runs of it are not kept."""
        try:
            with np.load(self._file(scenario, first)) as stored:
                kept = {name: stored[name] for name in stored.files}
        except (OSError, ValueError, zipfile.BadZipFile):
            return None
        enough = all(len(values) >= runs for values in kept.values())
        return {name: values[:runs] for name, values in kept.items()} if enough else None

    def keep(self, scenario: str, first: int, metrics: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep a finished chunk."""
        file = self._file(scenario, first)
        file.parent.mkdir(parents=True, exist_ok=True)

        def write(path: Path) -> None:
            with path.open("wb") as stream:
                np.savez(stream, allow_pickle=False, **metrics)

        write_whole(file, write)

    def clear(self) -> None:
        """Forget the chunks of all jobs of this folder: the result is written."""
        shutil.rmtree(self.folder, ignore_errors=True)
