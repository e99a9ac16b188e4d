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
    except ValueError:
        rate = math.nan
    if not math.isfinite(rate):
        raise InputError(f"{value!r} in {text!r} is not a number", example)
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


def _with_their_union(importers: Sequence[str], inside: Sequence[set[str]]) -> Sequence[str]:
    joined = [union for union in inside if union & set(importers)]
    return sorted(set(importers).union(*joined))


def pairs_of(
    measures: Iterable[Measure],
    names: Sequence[str],
    unions: Unions | None = None,
    as_one: bool = False,
) -> dict[tuple[str, str], float]:
    """Measures by (importer, exporter); later ones replace earlier ones on the same pair.

    A measure of or on a union is one of or on each member, never between two members of the same
    union.

    Args:
        measures: see `parse_measure` and `read_measures`.
        names: all countries.
        unions: customs unions by name.
        as_one: a tariff of one member is one of its union, which alone sets tariffs.

    Raises:
        InputError: a name is neither a country, nor a union, nor *; or no pair is left.
    """
    unions = unions or {}
    found: dict[tuple[str, str], float] = {}
    inside = [set(members) for members in unions.values()]
    for measure in measures:
        importers = _members(measure.importer, measure, names, unions)
        exporters = _members(measure.exporter, measure, names, unions)
        if as_one:
            importers = _with_their_union(importers, inside)
        pairs = [
            (importer, exporter)
            for importer in importers
            for exporter in exporters
            if importer != exporter and not any({importer, exporter} <= one for one in inside)
        ]
        if not pairs:
            raise InputError(
                f"no pair is left between {measure.importer} and {measure.exporter}",
                "Name two countries that are not the same and not in one union.",
                measure.file,
                measure.line,
            )
        found |= dict.fromkeys(pairs, measure.value)
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
