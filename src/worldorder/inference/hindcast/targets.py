"""Every target: how its cells are made, what it needs, and where it cannot be scored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from worldorder.errors import InputError, did_you_mean
from worldorder.inference.hindcast.cells import Case, Cells, Unscored, whole
from worldorder.inference.hindcast.event_targets import (
    dispute,
    io_entry,
    io_exit,
    pact_exit,
    pact_onset,
)
from worldorder.inference.hindcast.flow_targets import entity_revenue, favourability, trade_flow
from worldorder.inference.hindcast.policy_targets import reserve_share, sanction
from worldorder.inference.hindcast.state_targets import (
    capability_share,
    gdp,
    gdp_share,
    ideal_point,
)
from worldorder.inference.hindcast.vote_targets import un_vote

FEWEST = 10  # observations, fewer are not scored


@dataclass(frozen=True)
class Target:
    """A quantity that is forecast and observed."""

    meaning: str
    unit: str
    make: Callable[[Case, int], Cells]
    mechanism: str | None = None  # must be on for a forecast to be the mechanism's
    first_origin: int = 0
    last_year: int = 9999  # of observations
    record: str = ""  # what limits it
    fewest: int = FEWEST  # observations, fewer are not scored


TARGETS: dict[str, Target] = {
    "ideal_point": Target("position in Assembly votes", "ideal point", ideal_point, "alignment"),
    "gdp": Target("real GDP at the prices of the origin", "log", gdp, "growth"),
    "gdp_share": Target("share of real GDP", "log", gdp_share, "growth"),
    "capability_share": Target("share of capability", "log", capability_share, "growth"),
    "trade_flow": Target(
        "trade of a pair, both ways, at the prices of the origin", "log", trade_flow, "trade"
    ),
    "entity_revenue": Target(
        "yearly revenue of an entity of the UN system", "log", entity_revenue, "funding", 2013,
        record="revenue by entity and donor is recorded from 2013",
    ),
    "favourability": Target(
        "favourable share in surveys", "logit", favourability, "trust", 2002,
        record="surveys begin in 2002",
    ),
    "reserve_share": Target(
        "share of a currency in reserves", "logit", reserve_share, "reserve_currency", 1995,
        record="shares are published from 1995", fewest=4,
    ),
    "io_exit": Target(
        "exit of a member from a body", "probability", io_exit, "membership", last_year=2014,
        record="the yearly record of memberships ends in 2014",
    ),
    "io_entry": Target(
        "accession of a state to a body", "probability", io_entry, "membership", last_year=2014,
        record="the yearly record of memberships ends in 2014",
    ),
    "pact_onset": Target(
        "defence pact of a pair begins", "probability", pact_onset, "alliances",
        record="",
    ),
    "pact_exit": Target(
        "defence pact of a pair ends", "probability", pact_exit, "alliances",
        record="",
    ),
    "dispute": Target(
        "militarised dispute of a pair", "probability", dispute, "disputes", last_year=2014,
        record="militarised disputes are on record to 2014",
    ),
    "sanction": Target(
        "sanctions of a state on another", "probability", sanction, last_year=2023,
        record="the record of sanctions ends in 2023",
    ),
    "un_vote": Target(
        "vote of a state on a resolution", "probability", un_vote, "alignment",
        record="records of votes may not be shipped: give them with --votes",
    ),
}  # fmt: skip


def chosen(names: Sequence[str] | None) -> list[str]:
    """Names of the targets asked for; None is all.

    Raises:
        InputError: there is no such target.
    """
    for name in names or ():
        if name not in TARGETS:
            raise InputError(
                f"no target {name!r}",
                did_you_mean(name, TARGETS) or f"Known: {', '.join(TARGETS)}.",
            )
    return list(names or TARGETS)


def has_observations(name: str, origin: int) -> bool:
    """Whether the record of a target reaches back to an origin (1 January) and beyond it."""
    return TARGETS[name].first_origin < origin <= TARGETS[name].last_year


def check_observations(names: Sequence[str], origins: Sequence[int]) -> None:
    """Refuse what cannot be scored at all, before anything is run.

    Raises:
        InputError: none of the targets has an observation after any of the origins.
    """
    if not any(has_observations(name, origin) for name in names for origin in origins):
        why = "; ".join(f"{name}: {TARGETS[name].record or 'no record then'}" for name in names)
        raise InputError(
            f"nothing can be scored from {', '.join(str(o) for o in origins)}: {why}",
            "Ask for another origin with --from, or another target with --targets.",
        )


def cells_of(
    name: str, case: Case, switches: Mapping[str, bool], refused: Mapping[str, str]
) -> list[Cells] | Unscored:
    """Cells of a target at every horizon, or why there are none.

    Args:
        name: the target.
        case: forecasts and record of the origin.
        switches: mechanisms that ran.
        refused: why a mechanism that did not run was refused.
    """
    target = TARGETS[name]
    if not has_observations(name, case.origin + 1):
        return Unscored(name, case.origin, target.record)
    if target.mechanism and not switches.get(target.mechanism, True):
        why = refused.get(target.mechanism, "its mechanism was switched off")
        return Unscored(name, case.origin, why)
    found = [whole(target.make(case, h)) for h in case.horizons]
    kept = [cells for cells in found if len(cells.observed) >= target.fewest]
    return kept or Unscored(name, case.origin, target.record or "no observation after the origin")
