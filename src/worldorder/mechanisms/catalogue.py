"""Which mechanisms there are, in the order in which they diagnose. The only registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from worldorder.mechanisms import (
    alignment,
    alliances,
    arming,
    assessment,
    campaigns,
    capability,
    concert,
    credibility,
    disputes,
    foundings,
    funding,
    growth,
    membership,
    orders,
    pact_foundings,
    politics,
    reform,
    reserve_currency,
    sanctions,
    stance,
    survival,
    threat,
    trade,
    trust,
    votes,
)


@dataclass(frozen=True)
class Mechanism:
    """A parameter record and up to five adapters.

    Economies and ideal points move in every step: by `chance`, and by the `tendency` of mechanisms
    that have it. All else moves only in steps in which something stirs: a year begins or a
    state deals with another. Such a step first settles the world up to its beginning, by all other
    tendencies over the time that has passed and by `settle`, then diagnoses and draws `events`. A
    mechanism that is not `on` is at hand for scenarios that turn it on.
    """

    parameters: type[Any]
    diagnose: Callable[..., Any] | None = None
    settle: Callable[..., Any] | None = None
    events: Callable[..., Any] | None = None
    chance: Callable[..., Any] | None = None
    tendency: Callable[..., Any] | None = None
    on: bool = True  # where a scenario says nothing

    @property
    def steady(self) -> bool:
        """Whether it moves the world in every step."""
        return self.chance is not None


CATALOGUE: Final[dict[str, Mechanism]] = {
    "trade": Mechanism(trade.TradeParameters, diagnose=trade.diagnose),
    "growth": Mechanism(growth.GrowthParameters, chance=growth.chance, tendency=growth.tendency),
    "capability": Mechanism(capability.CapabilityParameters, diagnose=capability.diagnose),
    "alignment": Mechanism(
        alignment.AlignmentParameters,
        events=alignment.events,
        chance=alignment.chance,
        tendency=alignment.tendency,
    ),
    "trust": Mechanism(
        trust.TrustParameters,
        diagnose=trust.diagnose,
        settle=trust.settle,
        events=trust.events,
        tendency=trust.tendency,
    ),
    "threat": Mechanism(
        threat.ThreatParameters,
        diagnose=threat.diagnose,
        events=threat.events,
        tendency=threat.tendency,
    ),
    "stance": Mechanism(stance.StanceParameters, diagnose=stance.diagnose),
    "arming": Mechanism(arming.ArmingParameters, events=arming.events, on=False),
    "credibility": Mechanism(
        credibility.CredibilityParameters,
        diagnose=credibility.diagnose,
        events=credibility.events,
        on=False,
    ),
    "alliances": Mechanism(alliances.AllianceParameters, events=alliances.events),
    "pact_foundings": Mechanism(
        pact_foundings.PactFoundingParameters, events=pact_foundings.events
    ),
    "concert": Mechanism(concert.ConcertParameters, events=concert.events),
    "disputes": Mechanism(disputes.DisputeParameters, events=disputes.events),
    "membership": Mechanism(
        membership.MembershipParameters,
        events=membership.events,
        tendency=membership.tendency,
    ),
    "assessment": Mechanism(assessment.AssessmentParameters, settle=assessment.settle),
    "funding": Mechanism(
        funding.FundingParameters, diagnose=funding.diagnose, tendency=funding.tendency
    ),
    "survival": Mechanism(survival.SurvivalParameters, events=survival.events),
    "foundings": Mechanism(foundings.FoundingParameters, events=foundings.events),
    "reform": Mechanism(reform.ReformParameters, events=reform.events),
    "sanctions": Mechanism(sanctions.SanctionParameters, events=sanctions.events),
    "campaigns": Mechanism(campaigns.CampaignParameters, events=campaigns.events),
    "votes": Mechanism(votes.VoteParameters, events=votes.events),  # moves nothing
    "politics": Mechanism(
        politics.PoliticsParameters, settle=politics.settle, events=politics.events
    ),
    "reserve_currency": Mechanism(
        reserve_currency.ReserveCurrencyParameters, events=reserve_currency.events
    ),
    "orders": Mechanism(orders.OrderParameters),  # read at the marks, moves nothing
}


def is_on(name: str, switches: Mapping[str, bool]) -> bool:
    """Whether a mechanism runs: as switched, else as it ships."""
    return switches.get(name, CATALOGUE[name].on)
