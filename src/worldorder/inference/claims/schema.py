"""What a claim file may say: statements, scenarios that test them, what is read and expected."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import Field, Strict, model_validator

from worldorder.scenarios.fields import Day, Located, Names, Number, Switch

Wanted: TypeAlias = str | int | bool | tuple[str | int, ...]  # of several any
Year: TypeAlias = Annotated[int, Strict(), Field(ge=1816, le=2200)]
Direction: TypeAlias = Literal["higher", "lower", "no different"]
How: TypeAlias = Literal[
    "mean", "sum", "share", "concentration", "lowest", "highest", "not working"
]


class Reading(Located):
    """One number of a run in every year."""

    quantity: str
    """Name of a variable of a result, or voting_distance."""
    of: Names | None = None
    """States, groups, bodies or lists of bodies; of all where it is left out."""
    excluding: Names | None = None
    """States or bodies left out."""
    size: Literal["small", "medium", "large"] | None = None
    """Bodies of that size of budget only."""
    measured: How = "mean"
    """mean, sum, lowest or highest over them; share of all that is theirs; concentration
    (Herfindahl-Hirschman) among them; share of them not working (capacity)."""


class Implication(Reading):
    """What the claim implies: in which scenario, of what, in which direction, by how much."""

    says: str
    """What is expected, in words."""
    scenario: str
    """Where it is read: a scenario of this file or the library, or a file."""
    reference: str | None = None
    """Scenario with which it is compared, run by run; without one the number itself is judged."""
    direction: Direction
    """Of the number, or of its difference from the reference, `than` or `since`."""
    practical: Annotated[Number, Field(ge=0)]
    """Region of practical equivalence, in the quantity's unit: less than this is no difference."""
    year: Year | tuple[Year, Year] | None = None
    """Year, or first and last year of a mean; by default the last."""
    since: Year | None = None
    """Year from which the change is taken."""
    than: Number | Reading = 0.0
    """Number, or another reading in the same scenario, to be exceeded or undercut."""
    in_at_least: Annotated[Number, Field(gt=0, lt=1)] | None = None
    """For a claim of possibility: share of runs in which it has to happen."""


class Record(Located):
    """One reading of the record: cells of the panel, or a published figure with its source."""

    says: str
    """What is read, in words."""
    table: str | None = None
    """Table or variable of the panel, as `worldorder data show` takes it."""
    where: dict[str, Wanted] = Field(default_factory=dict[str, Wanted])
    """Columns and the value, or one of the values, they must have."""
    column: str = "value"
    """Column that is read."""
    measured: Literal["value", "count", "kinds", "share", "share of kinds"] = "value"
    """value of the one row; number of rows; number of different values of the column; share of the
    column's sum over `within`; different values over those of `within`."""
    within: dict[str, Wanted] = Field(default_factory=dict[str, Wanted])
    """Rows over which a share is taken."""
    stated: Number | None = None
    """A figure published elsewhere, where the panel has none."""
    source: str = ""
    """Where that figure was published."""

    @model_validator(mode="after")
    def _has_one_origin(self) -> Self:
        if (self.table is None) == (self.stated is None):
            raise ValueError("give either table or stated")
        if self.stated is not None and not self.source:
            raise ValueError("a stated figure needs its source")
        return self


class Fact(Located):
    """A claim of fact: what the record must show."""

    says: str
    """What is expected, in words."""
    records: Annotated[tuple[Record, ...], Field(min_length=1)]
    """Readings of the record; where they contradict each other the claim is contested."""
    direction: Literal["at least", "at most", "equal"]
    """Of what is read, against `value`."""
    value: Number
    """What is claimed."""
    practical: Annotated[Number, Field(ge=0)]
    """Within this of the value it counts as equal."""


class Claim(Located):
    """A statement of cause and effect, or of fact, and how it is tested."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+$")]
    """Short name, for files and links."""
    statement: str
    """What is claimed, in neutral words."""
    source: str
    """Who claims it, and where."""
    tests: tuple[Implication, ...] = ()
    """What it implies in simulations; all must hold in the same run."""
    facts: tuple[Fact, ...] = ()
    """What it implies of the record."""
    not_covered: str = ""
    """What of the statement these tests do not reach."""

    @model_validator(mode="after")
    def _tests_something(self) -> Self:
        if not self.tests and not self.facts:
            raise ValueError(f"claim {self.id} has neither tests nor facts")
        return self


class Case(Located):
    """A scenario of the claim file: one of the library or a file, with changes."""

    extends: Names = ("baseline",)
    """Scenarios on which it rests; a later one counts over an earlier."""
    switches: dict[str, Switch] = Field(default_factory=dict[str, Switch])
    """Groups of levers: on or off."""
    parameters: dict[str, Number] = Field(default_factory=dict[str, Number])
    """Values to fix, by mechanism.name."""
    mechanisms: dict[str, Switch] = Field(default_factory=dict[str, Switch])
    """Mechanisms: on or off."""
    levers: tuple[dict[str, Any], ...] = ()
    """Levers added to those of `extends`, as in a scenario file."""


class ClaimFile(Located):
    """Claims of one source, tested together so that shared scenarios run once."""

    title: str
    """A line for tables and reports."""
    source: str
    """Who makes the claims, where and when."""
    description: str = ""
    """What the claims have in common, and what is left out."""
    until: Day | None = None
    """Horizon of every scenario; by default that of the scenarios."""
    steps_per_year: Literal[1, 4, 12] | None = None
    """Steps of every scenario by the year, quarter or month; by default that of the scenarios."""
    runs: Annotated[int, Strict(), Field(ge=1)] = 500
    """Runs of every scenario."""
    supported_from: Annotated[Number, Field(gt=0.5, lt=1)] = 0.9
    """Share of runs from which a claim is supported; at 1 less this it is not."""
    scenarios: dict[str, Case] = Field(default_factory=dict[str, Case])
    """Scenarios by name."""
    claims: Annotated[tuple[Claim, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        ids = [claim.id for claim in self.claims]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"claim {twice[0]} is there twice")
        return self
