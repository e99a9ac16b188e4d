"""How far each quantity of the report can be trusted: what hindcasts of it were worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from worldorder.inference.hindcast.shipped import shipped_caveats
from worldorder.results.summary import Row

_CLEAR: Final = 0.02  # skill over the best naive forecast from which it counts as better or worse

# Targets of the hindcast that are the quantity, or what it is made of; none where it was never
# recorded, so that nobody can score it.
_TARGETS: Final[Mapping[str, tuple[str, ...]]] = {
    "capacity": ("entity_revenue",),
    "below_working_capacity": ("entity_revenue",),
    "revenue": ("entity_revenue",),
    "contribution_to_focus": ("entity_revenue",),
    "joint_memberships": ("io_exit", "io_entry"),
    "voting_distance": ("ideal_point",),
    "trust_in_leading_state": ("favourability",),
    "aligns_with_leading_state": ("pact_onset", "pact_exit", "dispute"),
    "opposes_leading_state": ("dispute",),
    "opposing_power": ("capability_share", "dispute"),
    "leading_hegemony": ("capability_share", "pact_exit"),
    "order_hegemony": ("capability_share", "pact_exit"),
    "order_concert": ("dispute",),
    "order_coalition": ("capability_share", "dispute"),
    "order_multilateral": ("io_exit", "entity_revenue"),
    "order_fragmentation": ("pact_exit", "trade_flow"),
    "institution_health": ("entity_revenue", "io_exit"),
    "trade": ("trade_flow",),
    "real_income": ("trade_flow",),
    "gdp": ("gdp",),
    "reserve_share": ("reserve_share",),
}
_ANSWERED: Final = ("capacity", "trust_in_leading_state", "voting_distance", "gdp")
_ITSELF: Final = {
    "voting_distance",
    "trust_in_leading_state",
    "revenue",
    "joint_memberships",
    "trade",
    "gdp",
    "reserve_share",
}


@dataclass(frozen=True)
class TrustRow:
    """A quantity of the report, and what hindcasts say of it or of what it is made of."""

    quantity: str
    rests_on: str
    said: list[str]


def verdict_of(measure: str) -> str:
    """In a few words, how hindcasts of a quantity did against the best naive forecast."""
    known, targets = shipped_caveats(), _TARGETS.get(measure, ())
    scored = [known[name] for name in targets if _skills(known.get(name))]
    if not scored:
        return "never scored"
    words = {_word(_skills(one)) for one in scored}
    word = words.pop() if len(words) == 1 else "mixed"
    if measure in _ITSELF:
        return word
    return f"parts {word}" if len(scored) == len(targets) else f"some parts {word}, some unscored"


def trust_in_words(rows: Iterable[Row]) -> str:
    """What the first screen says beside the answer: verdicts of hindcasts, and what they leave."""
    labels = {row.measure: row.label.partition(" (")[0] for row in rows}
    said = [f"{labels[one]}: {verdict_of(one)}" for one in _ANSWERED if one in labels]
    return (
        f"Levels were scored on 2000 to 2024 against the best naive forecast. {'; '.join(said)}. "
        "Differences between scenarios cannot be scored, since no record holds both. Bands carry "
        "chance and uncertain parameters, not errors in the model's form."
    )


def trust_rows(rows: Iterable[Row]) -> list[TrustRow]:
    """One row for every quantity shown, in the order of the page."""
    known = shipped_caveats()
    labels = dict.fromkeys((row.measure, row.label) for row in rows)
    return [
        TrustRow(
            label,
            ("itself" if measure in _ITSELF else "its parts: ")
            + ("" if measure in _ITSELF else _listed(measure, known)),
            [known[name]["sentence"] for name in _TARGETS.get(measure, ()) if name in known]
            or ["No record of it exists, so no forecast of it was ever scored."],
        )
        for measure, label in labels
    ]


def _listed(measure: str, known: Mapping[str, Any]) -> str:
    names = [known[name]["meaning"] for name in _TARGETS.get(measure, ()) if name in known]
    return "; ".join(names) or "none with a record"


def _skills(target: Mapping[str, Any] | None) -> list[float]:
    found = (target or {}).get("skill_by_horizon") or {}
    return [float(skill) for skill in found.values() if skill is not None]


def _word(skills: list[float]) -> str:
    better, worse = (any(sign * s > _CLEAR for s in skills) for sign in (1, -1))
    if better and worse:
        return "mixed"
    if better:
        return "better than naive"
    return "worse than naive" if worse else "as good as naive"
