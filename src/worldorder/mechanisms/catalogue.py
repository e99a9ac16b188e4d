"""Which mechanisms there are, in the order in which they diagnose. The only registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from worldorder.mechanisms import (
    alignment,
    alliances,
    arming,
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
    politics,
    reform,
    reserve_currency,
    stance,
    survival,
    threat,
    trade,
    trust,
)


@dataclass(frozen=True)
class Mechanism:
    """A parameter record and up to three adapters.

    Diagnostics named in `dyads` are formed only in steps in which they are read (`Now.read`);
    elsewhere they stand as they are where no mechanism says otherwise. One that is not `on` is
    at hand for scenarios that turn it on.
    """

    parameters: type[Any]
    diagnose: Callable[..., Any] | None = None
    dyads: tuple[str, ...] = ()
    events: Callable[..., Any] | None = None
    tendency: Callable[..., Any] | None = None
    on: bool = True  # where a scenario says nothing


CATALOGUE: Final[dict[str, Mechanism]] = {
    "trade": Mechanism(trade.TradeParameters, diagnose=trade.diagnose),
    "growth": Mechanism(growth.GrowthParameters, events=growth.events, tendency=growth.tendency),
    "capability": Mechanism(capability.CapabilityParameters, diagnose=capability.diagnose),
    "alignment": Mechanism(
        alignment.AlignmentParameters, events=alignment.events, tendency=alignment.tendency
    ),
    "trust": Mechanism(
        trust.TrustParameters,
        diagnose=trust.diagnose,
        events=trust.events,
        tendency=trust.tendency,
    ),
    "threat": Mechanism(
        threat.ThreatParameters,
        diagnose=threat.diagnose,
        dyads=("threat",),
        events=threat.events,
        tendency=threat.tendency,
    ),
    "stance": Mechanism(
        stance.StanceParameters, diagnose=stance.diagnose, dyads=("align", "oppose")
    ),
    "arming": Mechanism(arming.ArmingParameters, events=arming.events, on=False),
    "credibility": Mechanism(
        credibility.CredibilityParameters,
        diagnose=credibility.diagnose,
        events=credibility.events,
        on=False,
    ),
    "alliances": Mechanism(alliances.AllianceParameters, events=alliances.events),
    "concert": Mechanism(concert.ConcertParameters, events=concert.events),
    "disputes": Mechanism(disputes.DisputeParameters, events=disputes.events),
    "membership": Mechanism(
        membership.MembershipParameters,
        events=membership.events,
        tendency=membership.tendency,
    ),
    "funding": Mechanism(
        funding.FundingParameters, diagnose=funding.diagnose, tendency=funding.tendency
    ),
    "survival": Mechanism(survival.SurvivalParameters, events=survival.events),
    "foundings": Mechanism(foundings.FoundingParameters, events=foundings.events),
    "reform": Mechanism(reform.ReformParameters, events=reform.events),
    "campaigns": Mechanism(campaigns.CampaignParameters, events=campaigns.events),
    "politics": Mechanism(politics.PoliticsParameters, events=politics.events),
    "reserve_currency": Mechanism(
        reserve_currency.ReserveCurrencyParameters, events=reserve_currency.events
    ),
    "orders": Mechanism(orders.OrderParameters),  # read at the marks, moves nothing
}


def is_on(name: str, switches: Mapping[str, bool]) -> bool:
    """Whether a mechanism runs: as switched, else as it ships."""
    return switches.get(name, CATALOGUE[name].on)
