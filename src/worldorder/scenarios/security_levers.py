"""Levers of security: concerts, mediation, exercises, pacts; and policies that set levers."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import Field, Strict, model_validator

from worldorder.scenarios.fields import Day, Lever, Names, Number, Rate, Share, Switch

NOTHING: Final = "nothing"  # name of the choice to do nothing more

Objective: TypeAlias = Literal["income", "security", "influence"]
Weight: TypeAlias = Annotated[Number, Field(ge=0)]


class Consultation(Lever):
    """A concert: the actors consult with each other before they act, from the date on."""

    type: Literal["consultation"]
    actor: Names
    """Members, two or more."""
    strength: Share = 1.0
    """0 is none, 1 is all of what a concert is."""
    veto: Names | None = None
    """Members without whose consent the others may not begin a dispute with a state it protects."""
    date: Day
    until: Day | None = None
    """First day on which they no longer consult."""


class Mediation(Lever):
    """Mediation between the targets, from the date on."""

    type: Literal["mediation"]
    actor: Names
    """Who mediates."""
    target: Names
    """The parties, two or more; the actor mediates between all of them."""
    effort: Share = 1.0
    """0 is none, 1 is all that a mediator can do; what comes of it depends on trust."""
    date: Day
    until: Day | None = None
    """First day without mediation."""


class Exercise(Lever):
    """A military exercise or deployment against a state, on the date."""

    type: Literal["exercise"]
    actor: Names
    target: Names
    """Against whom it is held."""
    excluding: Names | None = None
    """States left out, on either side."""
    intensity: Share
    """0 is none, 1 is the largest of its kind."""
    date: Day


class Pact(Lever):
    """A defence pact that begins, or ends, on the date."""

    type: Literal["pact"]
    actor: Names
    target: Names
    excluding: Names | None = None
    """States left out, on either side."""
    ends: Switch = False
    """on: a pact that is in force ends."""
    agreed: Switch = False
    """on: it ends in agreement; without, the actor breaks a promise, which costs it trust."""
    mutual: Switch = True
    """off: only the actor owes the target defence."""
    date: Day

    @model_validator(mode="after")
    def _agrees_to_an_end(self) -> Self:
        if self.agreed and not self.ends:
            raise ValueError("agreed goes with ends: on; a pact that begins needs no such word")
        return self


class Policy(Lever):
    """A rule by which the actor sets its own levers from the date on."""

    type: Literal["policy"]
    actor: Names
    rule: Literal["status-quo", "tit-for-tat", "reactive-by-stance", "optimising"]
    """status-quo ends another rule; its last duties stay."""
    strength: Share = 1.0
    """tit-for-tat: share of what is done to the actor that it does in turn."""
    duty: Rate = 0.1
    """reactive-by-stance: duty on states that oppose the actor, as a fraction of the price."""
    choices: dict[str, tuple[dict[str, Any], ...]] = Field(default={})
    """optimising: lists of levers to choose from, by name, each lever without actor and date."""
    objective: dict[Objective, Weight] = Field(default={"income": 1.0})
    """optimising: weights of income, security and influence."""
    years_ahead: Annotated[int, Strict(), Field(ge=1, le=20)] = 5
    """optimising: how many years the actor looks ahead."""
    every_years: Annotated[int, Strict(), Field(ge=1, le=20)] | None = None
    """optimising: years between decisions; by default it decides once."""
    budget: Annotated[int, Strict(), Field(ge=1, le=100_000)] = 512
    """optimising: simulated runs that it may spend on all its decisions."""
    date: Day
    until: Day | None = None
    """First day on which the rule no longer holds; its last duties stay."""

    @model_validator(mode="after")
    def _has_choices_to_make(self) -> Self:
        if (self.rule == "optimising") != bool(self.choices):
            raise ValueError("choices go with the rule optimising, which cannot do without")
        if NOTHING in self.choices:
            raise ValueError(f"{NOTHING} is always among the choices; give this one another name")
        if not any(self.objective.values()):
            raise ValueError("the objective has no weight above zero")
        return self
