"""Measures as a person writes them: USA:CHN=0.6, EU:*=0.1, or a table of such lines."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from worldorder.errors import InputError, did_you_mean
from worldorder.tables import read_table

EVERYONE = "*"
Unions = Mapping[str, Sequence[str]]  # name of a customs union -> its members


@dataclass(frozen=True)
class Measure:
    """What one country or union does to the goods of another; `value` is a rate or a factor."""

    importer: str
    exporter: str
    value: float
    file: str | None = None
    line: int | None = None


def european_union(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The members of the European Union among `names`, as a customs union called EU."""
    from worldorder.data.panel import panel

    members = panel("memberships").query("institution == 'EU' and status == 'full' and until == ''")
    return {"EU": tuple(name for name in names if name in set(members["iso3"]))}


def parse_measure(text: str) -> Measure:
    """A measure such as `USA:CHN=0.6`: who imposes, on whose goods, how much.

    Raises:
        InputError: the text is not of that form.
    """
    pair, equals, value = text.partition("=")
    importer, colon, exporter = pair.partition(":")
    example = "Write IMPORTER:EXPORTER=RATE, for example USA:CHN=0.6 or EU:*=0.1."
    if not (equals and colon and importer.strip() and exporter.strip()):
        raise InputError(f"{text!r} is not a measure", example)
    try:
        rate = float(value)
    except ValueError as error:
        raise InputError(f"{value!r} in {text!r} is not a number", example) from error
    return Measure(importer.strip(), exporter.strip(), rate)


def read_measures(file: Path | str) -> list[Measure]:
    """Measures of a CSV file with columns importer, exporter, tariff and, if wanted, exempt.

    `exempt` is the share of the trade that the measure spares: the rate that is applied is
    tariff x (1 - exempt).

    Raises:
        InputError: with file and line.
    """
    table = read_table(file)
    table.require(("importer", "exporter", "tariff"))
    found: list[Measure] = []
    for row in table.rows:
        exempt = row.number("exempt") if row.cells.get("exempt") else 0.0
        if not 0 <= exempt <= 1:
            raise InputError(f"exempt is {exempt}", "It is a share, 0 to 1.", row.file, row.line)
        announced = row.number("tariff")
        if not announced > -1:
            raise InputError(
                f"tariff is {announced}",
                "A tariff is a fraction of the price, above -1: 0.25 is 25 percent.",
                row.file,
                row.line,
            )
        rate = announced * (1 - exempt)
        found.append(Measure(row.text("importer"), row.text("exporter"), rate, row.file, row.line))
    return found


def _members(name: str, measure: Measure, names: Sequence[str], unions: Unions) -> Sequence[str]:
    if name == EVERYONE:
        return names
    if name in unions:
        return unions[name]
    if name in names:
        return (name,)
    known = (*names, *unions)
    near = did_you_mean(name, known) or "Use codes of three letters, a union, or * for everyone."
    raise InputError(f"unknown country {name!r}", near, measure.file, measure.line)


def pairs_of(
    measures: Iterable[Measure], names: Sequence[str], unions: Unions | None = None
) -> dict[tuple[str, str], float]:
    """Measures by (importer, exporter); later ones replace earlier ones on the same pair.

    A measure of or on a union is one of or on each member, never between two members of the same
    union.

    Raises:
        InputError: a name is neither a country, nor a union, nor *.
    """
    unions = unions or {}
    found: dict[tuple[str, str], float] = {}
    for measure in measures:
        importers = _members(measure.importer, measure, names, unions)
        exporters = _members(measure.exporter, measure, names, unions)
        inside = [set(members) for members in unions.values()]
        for importer in importers:
            for exporter in exporters:
                together = any({importer, exporter} <= union for union in inside)
                if importer != exporter and not together:
                    found[importer, exporter] = measure.value
    return found


def embargo_costs(
    pairs: Iterable[tuple[str, str]], leak: float = 0.0, elasticity: float = 4.0
) -> dict[tuple[str, str], float]:
    r"""Cost changes that stop the trade of pairs but for a share that evades.

    $$\tau_{ij} = \text{leak}^{-1/\theta}$$

    Args:
        pairs: (importer, exporter).
        leak: share of trade that goes on at given wages and prices, 0 to 1.
        elasticity: trade elasticity theta of the model that will use them.
    """
    if not 0 <= leak <= 1:
        raise InputError(f"leak is {leak}", "It is a share, 0 to 1.")
    cost = float("inf") if leak == 0 else leak ** (-1 / elasticity)
    return dict.fromkeys(pairs, cost)


def sanction_costs(
    pairs: Mapping[tuple[str, str], float],
    elasticity: float = 4.0,
    response: float | None = None,
    detour: float | None = None,
) -> dict[tuple[str, str], float]:
    r"""Cost changes of sanctions, both ways between sender and target.

    $$\tau_{ij} = \min\bigl(e^{\beta s_{ij} / \theta},\ 1 + m\bigr)$$

    What the target buys and sells elsewhere instead follows in the equilibrium. The response is an
    average over cases with the evasion and exceptions that they had; finance is one of the parts
    that make up the intensity (`data.builders.sanctions`). An embargo that is kept to is
    `embargo_costs`.

    Args:
        pairs: s by (sender, target), share of a full embargo, 0 to 1.
        elasticity: trade elasticity theta of the model that will use them.
        response: beta, fall of log trade under a full embargo; None is the estimate of
            `parameters/trade.yaml`.
        detour: m, extra cost of going by way of a third country, 0.1 for 10 percent: traders evade
            where that is cheaper. None leaves such evasion to the estimate.
    """
    from worldorder.parameters.loader import load_parameters

    beta = load_parameters()["trade"]["sanction"].value if response is None else response
    if detour is not None and not detour >= 0:
        raise InputError(f"detour is {detour}", "It is an extra cost, 0.1 for 10 percent.")
    most = math.inf if detour is None else 1 + detour
    found: dict[tuple[str, str], float] = {}
    for (sender, target), intensity in pairs.items():
        if not 0 <= intensity <= 1:
            raise InputError(
                f"sanction of {sender} on {target} is {intensity}", "It is a share, 0 to 1."
            )
        cost = min(math.exp(beta * intensity / elasticity), most)
        for way in ((sender, target), (target, sender)):
            found[way] = max(found.get(way, 1.0), cost)
    return found


def split_costs(
    blocs: Mapping[str, str], cost: float, names: Sequence[str]
) -> dict[tuple[str, str], float]:
    """Cost changes between members of different blocs; countries in no bloc trade as before.

    Args:
        blocs: bloc of each member.
        cost: factor on the cost of moving goods between blocs.
        names: all countries.
    """
    if unknown := [name for name in blocs if name not in names]:
        raise InputError(f"unknown country {unknown[0]!r}", did_you_mean(unknown[0], names))
    return {
        (importer, exporter): cost
        for importer in blocs
        for exporter in blocs
        if blocs[importer] != blocs[exporter]
    }
