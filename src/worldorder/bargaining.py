"""Settlement by bargaining, from a table of who wants what, with what power and how much care.

import worldorder as wo
wo.bargain("actors.csv", model="challenge").rounds
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.errors import InputError
from worldorder.mechanisms import bargaining as kernels
from worldorder.tables import Table, read_table

Model: TypeAlias = Literal["mean", "challenge", "nash"]


@dataclass(frozen=True)
class Settlement:
    """What a group settles on.

    `outcome` is the weighted mean, the weighted median after the last round of the challenge
    model, or the Nash bargaining solution. `rounds` has the weighted mean and median after each
    round, `positions` the position of each actor after it (round 0 is the start), `moves` who
    yielded to whom and how; without rounds they hold round 0 only.
    """

    model: Model
    outcome: float
    rounds: pd.DataFrame
    positions: pd.DataFrame
    moves: pd.DataFrame


def bargain(
    actors: Any,
    model: Model = "mean",
    rounds: int = 8,
    position: str = "position",
    capability: str = "capability",
    salience: str | float = "salience",
    disagreement: float | None = None,
    rules: kernels.ChallengeRules | None = None,
) -> Settlement:
    """Settle an issue between actors.

    Args:
        actors: a CSV file, a DataFrame or a mapping of columns: `actor` or `name`, position,
            capability and salience.
        model: "mean", "challenge" or "nash", see `worldorder.mechanisms.bargaining`.
        rounds: of the challenge model.
        position: column of positions, in units of the issue.
        capability: column of power, any unit.
        salience: column of how much each actor cares, 0 to 1, or 0 to 100 where any is above 1;
            or one number for all.
        disagreement: of the Nash solution, the position that stands without agreement.
        rules: of the challenge model.

    A column may also be the only one whose name begins so, as `position_years`.

    Raises:
        InputError: a column or number that is missing, a negative capability, a salience outside
            its scale, a name twice, nobody with weight, or fewer than 1 round.
    """
    if model not in ("mean", "challenge", "nash"):
        raise InputError(f"unknown model {model!r}", "Use mean, challenge or nash.")
    if rounds < 1:
        raise InputError(f"{rounds} rounds", "Play 1 or more.")
    names, group = _actors(read_table(actors), position, capability, salience)
    played = kernels.challenge_rounds(group, rounds, rules) if model == "challenge" else []
    path = [group, *(group._replace(position=round_.end) for round_ in played)]
    summary = pd.DataFrame(
        {
            "mean": [kernels.weighted_mean(step) for step in path],
            "median": [kernels.weighted_median(step) for step in path],
        }
    ).rename_axis("round")
    positions = pd.DataFrame([step.position for step in path], columns=names).rename_axis("round")
    outcome = {
        "mean": lambda: summary["mean"].iloc[0],
        "challenge": lambda: summary["median"].iloc[-1],
        "nash": lambda: kernels.nash_position(group, disagreement),
    }[model]()
    return Settlement(model, float(outcome), summary, positions, _moves(played, names))


def _moves(played: list[kernels.Round], names: list[str]) -> pd.DataFrame:
    rows = [
        (number, names[i], round_.how[i], names[rival], round_.start[i], round_.end[i])
        for number, round_ in enumerate(played, start=1)
        for i, rival in enumerate(round_.yields_to)
        if rival is not None
    ]
    columns = ["round", "actor", "how", "yields_to", "from", "to"]
    return pd.DataFrame(rows, columns=pd.Index(columns))


def _actors(
    table: Table, position: str, capability: str, salience: str | float
) -> tuple[list[str], kernels.Actors]:
    name = "actor" if "actor" in table.columns else "name"
    table.require([name])
    names = [row.text(name) for row in table.rows]
    for i, row in enumerate(table.rows):
        if names[i] in names[:i]:
            raise InputError(f"{names[i]!r} is named twice", None, row.file, row.line)
    places = _numbers(table, table.find(position), None)
    power = _numbers(table, table.find(capability), np.inf)
    if isinstance(salience, str):
        care = _numbers(table, table.find(salience), 100)
        care = care / 100 if care.max() > 1 else care
    else:
        care = np.full(len(names), float(salience))
    if not 0 <= care.min() <= care.max() <= 1:
        raise InputError(f"salience is {salience}", "One number for all lies between 0 and 1.")
    if not (power * care).sum() > 0:
        raise InputError("no actor has both capability and salience", None, table.file)
    return names, kernels.Actors(places, power, care)


def _numbers(table: Table, column: str, most: float | None) -> NDArray[np.float64]:
    """A column of numbers; between 0 and `most` where that is given."""
    for row in table.rows:
        if most is not None and not 0 <= row.number(column) <= most:
            raise InputError(
                f"{column} of {row.cells[table.columns[0]]} is {row.number(column):g}",
                f"It lies between 0 and {most:g}.",
                row.file,
                row.line,
            )
    return np.array([row.number(column) for row in table.rows])
