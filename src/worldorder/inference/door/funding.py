"""How payers answer a cut, and what bodies with unknown budgets live on, to the last year."""

from __future__ import annotations

import math
from pathlib import Path

from worldorder.inference.door.estimates import Estimates, Found, Sources, TooThin, estimates_of
from worldorder.inference.estimate_budgets import log_budgets, logit_shares
from worldorder.inference.estimate_funding import compensation
from worldorder.inference.funding_record import read_money, responses

FIRST = 2013
FEWEST_CASES = 10  # cuts
LEADER = "United States of America"


def _response(raw: Path, to: int) -> dict[str, Found]:
    """The rise of the others where a donor cuts; nothing where there are too few cuts by then."""
    if to < FIRST + 4:
        return {}
    rows = responses(read_money(raw, to))
    first = rows[rows["horizon"] <= 1]
    others = compensation(first[~first["cutters"].str.contains(LEADER)])
    if others.cases < FEWEST_CASES:
        return {}
    source = f"Revenue of UN entities by donor, {others.cases} cuts by main donors."
    return {
        "compensation_elasticity": Found(
            others.elasticity, others.standard_error, (FIRST, to), source
        )
    }


def _budgets(raw: Path, year: int) -> dict[str, Found]:
    """Budgets and shares of payers across the entities of one year."""
    mean, spread, count = log_budgets(raw, year)["agency"]
    shares = logit_shares(raw, year)
    sample = (year, year)
    source = f"Revenue of {count} UN entities in {year}."
    found = {
        "unknown_agency_budget": Found(math.exp(mean), spread / math.sqrt(count), sample, source)
    }
    for kind, name in (("leading", "unknown_leading_share"), ("other", "unknown_other_share")):
        mean, spread, count = shares[kind]
        found[name] = Found(mean, spread / math.sqrt(count), sample, source)
    return found


def estimate(sources: Sources) -> Estimates:
    """What the record of donors to the last year tells of the funding mechanism.

    Raises:
        TooThin: the record begins later.
    """
    if sources.to < FIRST:
        raise TooThin(f"donors are recorded from {FIRST}")
    raw = sources.folder("the record of revenue by kind of donor")
    found = _response(raw, sources.to) | _budgets(raw, sources.to)
    return estimates_of("funding", found, len(found))
