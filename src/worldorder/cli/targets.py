"""Files that a command is asked to write: checked before the work, written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURES = (".svg", ".png", ".pdf")


def check_target(path: Path | None, endings: Sequence[str]) -> None:
    """A path may be left out; one that is given must end right and its folder take files.

    Raises:
        InputError: another ending.
        ResultError: the folder cannot be written to.
    """
    from worldorder.errors import InputError
    from worldorder.results.files import usable_folder

    if path is None:
        return
    if path.suffix not in endings:
        raise InputError(f"cannot write {path}", f"Let the name end in {' or '.join(endings)}.")
    usable_folder(path.parent)


def write_target(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file at once and say where it is."""
    from rich.console import Console

    from worldorder.results.files import write_whole

    write_whole(path, lambda unfinished: (write(unfinished), None)[1])
    Console(soft_wrap=True).print(f"Written to {path}")


def write_figure(path: Path, figure: Figure) -> None:
    """Write a figure in the format of the path's ending."""
    write_target(path, lambda unfinished: figure.savefig(unfinished, format=path.suffix[1:]))
