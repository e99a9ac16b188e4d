"""Who was a full member of what, 1945-2014, and which starts and ends were real.

The record is that of the Correlates of War project (Pevehouse, Nordstrom, McManus and Jamison
2020, doi:10.1177/0022343319881175). A full membership that stops is mostly not a withdrawal: the
body ends, the state ends, an agreement lapses, a list is recoded. Each stop is given a class by
the written rule of `classified_exits`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FIRST_YEARLY = 1966  # before 1965 the record was coded every five years and filled in between
GAP_YEARS = 2  # a stop that ends within so many years is a gap in the record
MASS = 4  # so many simultaneous stops in a body, or of a state, are a recoding or a succession
MASS_SHARE = 0.15  # ... or, from two leavers on, this share of the members
SETTLED_YEARS = 3  # full membership before, and absence after, that make an exit certain

# Bodies of agreements that expire and are signed anew: cocoa, coffee, grains, jute, natural
# rubber, olive oil, sugar, tin, tropical timber.
RENEWED = ("icco", "icfo", "igc", "ijo", "inro", "iooc", "isuc", "itc", "itto")
# State codes whose seat passed to another: Taiwan to 1980, Yugoslavia 1991-2001.
SEAT_PASSED = ((713, 1971, 1980), (345, 1991, 2001))


def full_membership(record: pd.DataFrame) -> pd.DataFrame:
    """Body by state (rows) and year (columns), true where the state is a full member.

    Args:
        record: ioname, ccode, year and status (1 is full), as published.
    """
    full = record[record["status"] == 1].assign(member=1.0)
    wide = full.pivot_table(index=["ioname", "ccode"], columns="year", values="member")
    return wide.notna().sort_index()


def states_in_system(spells: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    """State by year, true where the state is in the state system on the last day of the year.

    Args:
        spells: the list of states as published (ccode, styear, endyear, endmonth, endday).
        years: columns of the result.
    """
    whole = (spells["endmonth"] == 12) & (spells["endday"] == 31)
    last = spells["endyear"].where(whole, spells["endyear"] - 1)
    present = pd.DataFrame(False, index=sorted(spells["ccode"].unique()), columns=years)
    for state, first, end in zip(spells["ccode"], spells["styear"], last, strict=True):
        present.loc[state, [y for y in years if first <= y <= end]] = True
    return present


def classified_exits(
    member: pd.DataFrame, system: pd.DataFrame, first_yearly: int = FIRST_YEARLY
) -> pd.DataFrame:
    """Every stop of a full membership with its class: certain, likely, or why it is an artefact.

    Returns body, state, year (the first without membership) and kind. The first rule that
    applies names the kind:
      early       dated before 1966: the coding was five-yearly
      succession  the state is not in the state system in that year or the next, or its seat
                  passed to another government
      end         the body has under two full members in that year or the next
      renewal     the body rests on an agreement that expires and is signed anew
      gap         the state is a full member again within two years
      mass        at least 4 states leave the body in the year, or 2 that are 15 % of the
                  members, or the state leaves at least 4 bodies in the year
      certain     full member in the three years before and out for three years after
      likely      the rest

    Args:
        member: see `full_membership`.
        system: see `states_in_system`.
        first_yearly: year before which a stop is early; the first year of all leaves the class out.
    """
    stop, before, after = _turns(member, into=False)
    rules = {
        "early": stop["year"] < first_yearly,
        "succession": _succession(stop, system),
        "end": _body_ended(stop, member),
        "renewal": stop["body"].isin(RENEWED),
        "gap": after[:, 1 : GAP_YEARS + 1].any(axis=1),
        "mass": _mass(stop, member),
        "certain": before.all(axis=1)
        & ~after.any(axis=1)
        & (stop["year"] + SETTLED_YEARS - 1 <= member.columns[-1]),
    }
    kind = np.select([np.asarray(r, bool) for r in rules.values()], list(rules), "likely")
    return stop.assign(kind=kind)


def _turns(
    member: pd.DataFrame, into: bool
) -> tuple[pd.DataFrame, NDArray[np.bool_], NDArray[np.bool_]]:
    """Starts (`into`) or stops, and membership in the three years before and the three from it."""
    grid = member.to_numpy()
    row, column = np.nonzero((grid[:, :-1] != into) & (grid[:, 1:] == into))
    around = np.pad(grid, ((0, 0), (SETTLED_YEARS, SETTLED_YEARS)))
    years = np.arange(1, SETTLED_YEARS + 1)
    last = column[:, None] + SETTLED_YEARS
    turn = pd.DataFrame(
        {
            "body": member.index.get_level_values("ioname")[row],
            "state": member.index.get_level_values("ccode")[row],
            "year": np.asarray(member.columns)[column + 1],
        }
    )
    return turn, around[row[:, None], last - years + 1], around[row[:, None], last + years]


def _succession(stop: pd.DataFrame, system: pd.DataFrame) -> NDArray[np.bool_]:
    here = looked_up(system, stop["state"], stop["year"])
    then = looked_up(system, stop["state"], np.minimum(stop["year"] + 1, system.columns[-1]))
    return ~(here & then) | _seat_passed(stop)


def _body_ended(stop: pd.DataFrame, member: pd.DataFrame) -> NDArray[np.bool_]:
    size = member.groupby(level="ioname").sum()
    here = looked_up(size, stop["body"], stop["year"])
    then = looked_up(size, stop["body"], np.minimum(stop["year"] + 1, size.columns[-1]))
    return np.minimum(here, then) < 2


def _mass(stop: pd.DataFrame, member: pd.DataFrame) -> NDArray[np.bool_]:
    size = looked_up(member.groupby(level="ioname").sum(), stop["body"], stop["year"] - 1)
    left_body = stop.groupby(["body", "year"])["state"].transform("size").to_numpy()
    left_by_state = stop.groupby(["state", "year"])["body"].transform("size").to_numpy()
    share = (left_body >= 2) & (left_body / size >= MASS_SHARE)
    return (left_body >= MASS) | share | (left_by_state >= MASS)


def looked_up(table: pd.DataFrame, row: Any, column: Any) -> NDArray[Any]:
    """Values of `table` at the labels (row, column)."""
    rows = table.index.get_indexer(pd.Index(row))
    return table.to_numpy()[rows, table.columns.get_indexer(pd.Index(column))]


FOUNDERS = 2  # with fewer members the year before, those who join found the body


def classified_accessions(member: pd.DataFrame) -> pd.DataFrame:
    """Every start of a full membership with its class.

    Returns body, state, year (the first with membership) and kind. The first rule that applies:
      founding    the body had under two full members the year before
      early       dated before 1966: the coding was five-yearly
      succession  the seat passed from another government
      gap         the state was a full member within the two years before
      certain     out for three years before, full member in the three years after
      likely      the rest

    A founding is no accession to a body that was there; gaps and successions are artefacts.
    """
    start, before, after = _turns(member, into=True)
    size = member.groupby(level="ioname").sum()
    rules = {
        "founding": looked_up(size, start["body"], start["year"] - 1) < FOUNDERS,
        "early": start["year"] < FIRST_YEARLY,
        "succession": _seat_passed(start),
        "gap": before[:, :GAP_YEARS].any(axis=1),
        "certain": ~before.any(axis=1)
        & after.all(axis=1)
        & (start["year"] + SETTLED_YEARS - 1 <= member.columns[-1]),
    }
    kind = np.select([np.asarray(r, bool) for r in rules.values()], list(rules), "likely")
    return start.assign(kind=kind)


def _seat_passed(event: pd.DataFrame) -> NDArray[np.bool_]:
    passed = np.zeros(len(event), bool)
    for state, first, last in SEAT_PASSED:
        passed |= (event["state"] == state) & event["year"].between(first, last)
    return passed
