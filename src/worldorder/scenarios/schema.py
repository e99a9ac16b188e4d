"""What a scenario may say: a question, a horizon, switches, numbers and dated levers."""

from __future__ import annotations

import datetime
from functools import cache
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, Strict, model_validator

from worldorder.parameters.known import FIRST_DAY, start_days
from worldorder.scenarios.fields import (
    Day,
    Lever,
    Located,
    Names,
    Number,
    Rate,
    Retaliation,
    Share,
    Switch,
    exactly_one,
)
from worldorder.scenarios.horizon import Horizon
from worldorder.scenarios.security_levers import (
    Consultation,
    Exercise,
    Mediation,
    Pact,
    Policy,
)


def _days(schema: dict[str, Any]) -> None:
    """Days that a scenario may start on, for editors."""
    schema["enum"] = [day.isoformat() for day in start_days()]


@cache
def _horizon(start: datetime.date, until: datetime.date, steps_per_year: int) -> Horizon:
    return Horizon(start, until, steps_per_year)


class Tariff(Lever):
    """An import duty, on top of those of December 2024."""

    type: Literal["tariff"]
    actor: Names
    """Who imposes it: a state, a group such as EU, several of them, or all."""
    target: Names
    """On whose goods: a state, a group, several of them, or all."""
    excluding: Names | None = None
    """States left out, on either side."""
    rate: Rate | None = None
    """Duty added since December 2024, as a fraction of the price: 0.25 is 25 %."""
    rise: Rate | None = None
    """Duty on top of what is then in force, as a fraction of the price."""
    exemptions: Share = 0.0
    """Share of the trade that is exempt."""
    date: Day
    until: Day | None = None
    """First day on which it is no longer in force."""
    retaliation: Retaliation = "none"
    """reciprocal: each target imposes the same duty on the actor from the same day."""

    @model_validator(mode="after")
    def _has_one_rate(self) -> Self:
        exactly_one(self, "rate", "rise")
        return self


class TariffPath(Lever):
    """The dated duties of a data set."""

    type: Literal["tariff-path"]
    dataset: str
    """Name of the table, for example us-tariffs-2025-26."""
    decided_by: Day | None = None
    """Leave out changes dated after this day."""
    exemptions: Share = 0.0
    """Share of the trade that is exempt beyond what the table already counts."""
    until: Day | None = None
    """First day on which none of it is in force."""
    retaliation: Retaliation = "none"
    """reciprocal: each target imposes the same duty on the actor from the same day."""


class Exit(Lever):
    """Withdrawal from institutions: notice on the date, exit when the notice has run out."""

    type: Literal["exit"]
    actor: Names
    institution: Names
    """Ids, names, aliases or lists of institutions; of a list, those the actor is not in stay."""
    date: Day
    """Day of the notice."""
    notice_months: Annotated[int, Strict(), Field(ge=0, le=120)] | None = None
    """Months of notice; by default those of each institution's own rules."""
    effective: Day | None = None
    """Day on which membership ends, instead of a notice in months."""
    agreed: Switch = False
    """on: in agreement with the other members, which costs no trust."""

    @property
    def takes_effect(self) -> datetime.date:
        """Day on which membership ends where it is given, else that of the notice."""
        return self.effective or self.date

    @model_validator(mode="after")
    def _has_one_end(self) -> Self:
        if self.effective is not None:
            exactly_one(self, "effective", "notice_months")
            if self.effective < self.date:
                raise ValueError(f"effective {self.effective} is before date {self.date}")
        return self


class Accession(Lever):
    """Joining or rejoining; a notice of withdrawal that still runs is taken back."""

    type: Literal["accession"]
    actor: Names
    institution: Names
    """Ids, names, aliases or lists of institutions; of a list, those the actor is in stay."""
    date: Day


class Funding(Lever):
    """A change of what a state pays to institutions."""

    type: Literal["funding"]
    actor: Names
    institution: Names
    """Ids, names, aliases or lists of institutions, or all."""
    factor: Annotated[Number, Field(ge=0, le=100)] | None = None
    """What is paid from then on over what would be paid: 0.5 is half, 0 is nothing."""
    change: Annotated[Number, Field(ge=-1, json_schema_extra={"maximum": 1})] | None = None
    """What is added to what would be paid, as a share of it: 0.5 is half as much again, 1 is twice
    as much, -0.5 is half, -1 is nothing. A larger rise is written as factor."""
    fills: Share | None = None
    """Share of what the institutions have lost by that day that the actors take over together,
    each by its economic size; actors that are no members pay nothing."""
    date: Day
    until: Day | None = None
    """First day on which it is paid in full again."""

    @model_validator(mode="after")
    def _has_one_size(self) -> Self:
        exactly_one(self, "factor", "change", "fills")
        if self.change is not None and self.change > 1:
            raise ValueError(
                f"change is {self.change:g}, a rise above 100 %: write factor: {1 + self.change:g} "
                f"for {1 + self.change:g} times what would be paid, or factor: {self.change:g} for "
                f"{self.change:g} times"
            )
        if self.fills is not None and self.until is not None:
            raise ValueError("a gap is filled for good: leave out until, or use factor")
        return self

    @property
    def multiplier(self) -> float:
        """Payment over what it would be."""
        return self.factor if self.factor is not None else 1 + (self.change or 0.0)


class Threat(Lever):
    """A territorial or military threat, made on the date."""

    type: Literal["threat"]
    actor: Names
    target: Names
    excluding: Names | None = None
    """States left out, on either side."""
    intensity: Share
    """0 is none, 1 is an ultimatum."""
    date: Day


class Sanction(Lever):
    """Sanctions as a share of a full embargo, in place of those in force."""

    type: Literal["sanction"]
    actor: Names
    target: Names
    excluding: Names | None = None
    """States left out, on either side."""
    intensity: Share
    """0 lifts them, 1 is a full embargo on trade and finance."""
    date: Day
    until: Day | None = None
    """First day on which what was in force before counts again."""


class Recognition(Lever):
    """Recognition of a power's sphere of influence, declared on the date."""

    type: Literal["recognition"]
    actor: Names
    target: Names
    """The power whose sphere is recognised."""
    strength: Share
    """0 is none, 1 is without reserve."""
    date: Day


class Aid(Lever):
    """Aid added to what is given today. Several at once add up."""

    type: Literal["aid"]
    actor: Names
    """Who gives; a group shares the amount by economic size."""
    target: Names
    """Who receives; each gets the amount."""
    excluding: Names | None = None
    """States left out, on either side."""
    amount: Annotated[Number, Field(ge=0)]
    """bn USD a year to each receiver."""
    date: Day
    until: Day | None = None
    """First day on which it is no longer given."""


class LeaderChange(Lever):
    """A new leader takes office on the date."""

    type: Literal["leader-change"]
    actor: Names
    date: Day


class Campaign(Lever):
    """A call to join sanctions against a target; who joins is drawn."""

    type: Literal["campaign"]
    actor: Names
    """Who imposes them from the date on; the largest of them recruits."""
    target: Names
    intensity: Share
    """Share of a full embargo of those who impose and of those who join."""
    pressure: Share = 0.0
    """Pressure on those who stay away; its effect may be either way."""
    date: Day
    until: Day | None = None
    """First day on which those who called lift them; those who joined follow with a lag."""


class Election(Lever):
    """An election on the date; who wins it is drawn."""

    type: Literal["election"]
    actor: Names
    office: Literal["executive", "legislature"]
    """executive: who leads next, from the next leader-change on; legislature: who holds it."""
    date: Day


AnyLever: TypeAlias = Annotated[
    Tariff
    | TariffPath
    | Exit
    | Accession
    | Funding
    | Threat
    | Sanction
    | Recognition
    | Consultation
    | Mediation
    | Exercise
    | Pact
    | Policy
    | Aid
    | LeaderChange
    | Election
    | Campaign,
    Field(discriminator="type"),
]
LEVERS: dict[str, type[Lever]] = {
    "tariff": Tariff,
    "tariff-path": TariffPath,
    "exit": Exit,
    "accession": Accession,
    "funding": Funding,
    "threat": Threat,
    "sanction": Sanction,
    "recognition": Recognition,
    "consultation": Consultation,
    "mediation": Mediation,
    "exercise": Exercise,
    "pact": Pact,
    "policy": Policy,
    "aid": Aid,
    "leader-change": LeaderChange,
    "election": Election,
    "campaign": Campaign,
}


def _reference(value: object) -> object:
    return {"scenario": value} if isinstance(value, str) else value


class Reference(Located):
    """What a scenario is compared with.

    The reference takes the horizon, leading state, parameters and mechanisms of the scenario, then
    what is written here.
    """

    scenario: str = "baseline"
    """Name in the library, or path of a file."""
    switches: dict[str, Switch] = Field(default={})
    parameters: dict[str, Number] = Field(default={})
    mechanisms: dict[str, Switch] = Field(default={})


class Scenario(Located):
    """A question put to the simulator. Switches and levers are those of all files it rests on."""

    name: str = ""
    """Short name; by default that of the file."""
    title: str = ""
    """A line for tables and reports."""
    question: str = ""
    """What is asked."""
    description: str = ""
    """What is in it and what is left out."""
    extends: str | None = None
    """Scenario on which this one rests: a name in the library, or the path of a file."""
    reference: Annotated[Reference, BeforeValidator(_reference)] | None = None
    """What it is compared with; by default the baseline."""
    start: Annotated[Day, Field(json_schema_extra=_days)] = FIRST_DAY
    """First day: that of the shipped world, or an earlier one from what was known then."""
    until: Day = datetime.date(2045, 1, 1)
    """First day that is no longer simulated."""
    steps_per_year: Literal[1, 4, 12] = 4
    """Steps by the year, quarter or month."""
    leading_state: str = "USA"
    """State whose order is in question."""
    switches: dict[str, Switch] = Field(default={})
    """Groups of levers: on or off."""
    parameters: dict[str, Number] = Field(default={})
    """Values to fix, by mechanism.name."""
    mechanisms: dict[str, Switch] = Field(default={})
    """Mechanisms: on or off."""
    levers: tuple[AnyLever, ...] = ()
    """What states do, and when."""

    @property
    def horizon(self) -> Horizon:
        """The time simulated, in steps.

        Raises:
            ScenarioError: it ends before it begins.
        """
        if self.until <= self.start:
            raise self.complaint(
                "until",
                f"until {self.until} is not after start {self.start}",
                "Give a later until, or an earlier start.",
            )
        return _horizon(self.start, self.until, self.steps_per_year)

    def is_on(self, lever: Lever) -> bool:
        """Whether the switch that governs the lever is on."""
        return lever.group is None or self.switches.get(lever.group, False)

    @property
    def active_levers(self) -> tuple[AnyLever, ...]:
        """Levers that are on, in order of precedence: a later one counts over an earlier."""
        return tuple(lever for lever in self.levers if self.is_on(lever))


def scenario_json_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file, for editors."""
    schema = Scenario.model_json_schema()
    schema["properties"]["reference"]["anyOf"].insert(0, {"type": "string"})
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema
