"""The studies behind the numbers: which module prints the tables of which question.

Each has a function `report` that prints coefficients, what was tried beside them, and scores on
later years; it takes the folder of the publishers' files where the shipped panel does not suffice.
"""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import Final

from worldorder.errors import InputError, did_you_mean
from worldorder.inference.door.estimates import Sources

STUDIES: Final = {
    name.replace("_", "-"): f"worldorder.inference.estimate_{name}"
    for name in (
        "alignment", "alliances", "allies_trust", "arms", "budgets", "campaigns", "credibility",
        "departures", "disputes", "exits", "foundings", "funding", "gravity", "membership",
        "membership_links", "pact_foundings", "reform", "reserves", "sanctions", "stance",
        "survival", "trust", "turnover", "votes", "war",
    )
} | {
    "alliance-dependence": "worldorder.inference.alliance_dependence",
    "hazard-posterior": "worldorder.inference.hazard_posterior",
    "ledger-exits": "worldorder.inference.ledger_exits",
    "replay-sanctions": "worldorder.inference.replay_sanctions",
    "sanctioned-trust": "worldorder.inference.sanctioned_trust",
}  # fmt: skip
LAST: Final = 2024


def question(study: str) -> str:
    """What a study asks: the first line of its module."""
    return (importlib.import_module(STUDIES[study]).__doc__ or "").partition("\n")[0]


def print_tables(study: str, raw: Path | None = None) -> None:
    """Print the tables of a study.

    Raises:
        InputError: there is no such study.
        NeedsFilesError: it reads publishers' files and their folder was not given.
    """
    if study not in STUDIES:
        raise InputError(
            f"no study {study!r}",
            did_you_mean(study, STUDIES) or f"Known: {', '.join(sorted(STUDIES))}.",
        )
    report = importlib.import_module(STUDIES[study]).report
    if "raw" not in inspect.signature(report).parameters:
        report()
        return
    report(Sources(LAST, raw).folder(f"the record of {study}"))
