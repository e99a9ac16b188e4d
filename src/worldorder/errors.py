"""What to tell a user whose input cannot be used: what is wrong, where, and what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path


class WorldOrderError(Exception):
    """Base of every error that is the input's and not the program's.

    The command line prints it as one message and leaves with `exit_code`.
    """

    exit_code = 2

    def __init__(
        self,
        what: str,
        fix: str | None = None,
        file: str | Path | None = None,
        line: int | None = None,
    ) -> None:
        self.what = what
        self.fix = fix
        self.file = None if file is None else str(file)
        self.line = line
        super().__init__(str(self))

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        message = f"{place}: {self.what}" if place else self.what
        return f"{message}\n  {self.fix}" if self.fix else message


class InputError(WorldOrderError):
    """A setting, name, date or number that cannot be used."""


class ScenarioError(WorldOrderError):
    """A scenario file that cannot be used."""


class DataError(WorldOrderError):
    """Evidence that is missing, altered or contradicts what is asserted of it."""


class ResultError(WorldOrderError):
    """A result that cannot be read or written."""


class ConvergenceError(WorldOrderError):
    """A solver that did not reach its tolerance."""


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Names most like `name`, best first, ignoring case."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    found = difflib.get_close_matches(name.lower(), list(by_lower), n=most, cutoff=0.5)
    return [by_lower[match] for match in found]


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """A sentence with the nearest known names, or None where nothing is near."""
    found = nearest(name, known)
    return f"Did you mean {' or '.join(found)}?" if found else None
