"""Which mechanisms can be estimated. The only registry; modules are loaded when asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Final

from worldorder.errors import InputError, did_you_mean
from worldorder.inference.door.estimates import Estimates, Sources

ESTIMATED: Final = (
    "growth", "alignment", "trust", "membership", "funding", "alliances", "pact_foundings",
    "politics", "reserve_currency",
    "disputes", "stance", "campaigns", "trade",
    "survival", "foundings", "reform", "sanctions", "votes",
)  # fmt: skip


def estimator(mechanism: str) -> Callable[[Sources], Estimates]:
    """The estimator of a mechanism.

    Raises:
        InputError: the mechanism has none.
    """
    if mechanism not in ESTIMATED:
        raise InputError(
            f"no estimator of {mechanism!r}",
            did_you_mean(mechanism, ESTIMATED) or f"Known: {', '.join(ESTIMATED)}.",
        )
    return importlib.import_module(f"worldorder.inference.door.{mechanism}").estimate
