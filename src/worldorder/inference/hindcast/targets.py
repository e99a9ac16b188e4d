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
from worldorder.inference.hindcast.state_targets import (
    capability_share,
    gdp,
    gdp_share,
    ideal_point,
)

FEWEST = 10  # observations, fewer are not scored


@dataclass(frozen=True)
class Target:
    """A quantity that is forecast and observed."""

    meaning: str
    unit: str
    make: Callable[[Case, int], Cells] | None = None
    mechanism: str | None = None  # must be on for a forecast to be the mechanism's
    first_origin: int = 0
    last_year: int = 9999  # of observations
    record: str = ""  # what limits it


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
        "share of a currency in reserves", "logit",
        record="parameters of reserve_currency rest on data to 2024 and were not estimated before",
    ),
    "io_exit": Target(
        "exit of a member from a body", "probability", io_exit, "membership",
        record="the yearly record of memberships ends in 2014",
    ),
    "io_entry": Target(
        "accession of a state to a body", "probability", io_entry, "membership",
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
        "militarised dispute of a pair", "probability", dispute, "disputes",
        record="militarised disputes are on record to 2014",
    ),
    "sanction": Target(
        "sanctions of a state on another", "probability",
        record="no mechanism draws sanctions; they come by levers",
    ),
    "un_vote": Target(
        "vote of a state on a resolution", "probability",
        record="votes on a resolution are no output of a run",
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
    if target.make is None:
        return Unscored(name, case.origin, target.record)
    if case.origin < target.first_origin:
        return Unscored(name, case.origin, target.record)
    if target.mechanism and not switches.get(target.mechanism, True):
        why = refused.get(target.mechanism, "its mechanism was switched off")
        return Unscored(name, case.origin, why)
    found = [whole(target.make(case, h)) for h in case.horizons]
    kept = [cells for cells in found if len(cells.observed) >= FEWEST]
    return kept or Unscored(name, case.origin, target.record or "no observation after the origin")
