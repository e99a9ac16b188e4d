"""Questions about bodies: which they are, who belonged when, who paid what."""

from __future__ import annotations

from worldorder.data.own_tables import own_table
from worldorder.errors import InputError, did_you_mean

FIRST_YEAR = 1945


def body(name: str) -> str:
    """Id of a body by id, name or alias.

    Args:
        name: for example "NATO", "Group of Seven", "Warsaw Treaty Organization".

    Raises:
        InputError: no body of the panel is called that.
    """
    from worldorder.data.panel import table

    rows = table("organizations")
    wanted = name.strip().lower()
    for column in ("id", "name"):
        found = rows[rows[column].astype(str).str.lower() == wanted]
        if len(found):
            return str(found["id"].iloc[0])
    aliases = rows["aliases"].astype(str).str.lower().str.split("|")
    found = rows[[wanted in names for names in aliases]]
    if len(found):
        return str(found["id"].iloc[0])
    known = [*rows["id"].astype(str), *rows["name"].astype(str)]
    raise InputError(f"no body is called {name!r}", fix=did_you_mean(name, known))


def members(name: str, year: int, status: str = "full") -> list[str]:
    """Codes of the members of a body on 1 July of a year.

    The organs in which all members of the United Nations sit have those members. Before the first
    year of a record and after its last the list is carried on (`observed_until` in the table
    `membership_spells` says from when).

    Args:
        name: id, name or alias of the body.
        year: 1945 or later.
        status: full, associate or observer.

    Raises:
        InputError: no body is called that, or the year is too early.
    """
    from worldorder.data.panel import table

    if year < FIRST_YEAR:
        raise InputError(
            f"memberships begin in {FIRST_YEAR} (asked for {year})", fix="Give a later year."
        )
    wanted = body(name)
    own = own_table("institutions").set_index("id")
    wanted = "UN" if wanted in own.index and own.loc[wanted, "members"] == "un" else wanted
    rows = table("membership_spells")
    rows = rows[(rows["institution"] == wanted) & (rows["status"] == status)]
    return sorted(rows[rows["begin"].le(year) & rows["end"].ge(year)]["iso3"].astype(str).unique())


def contribution(donor: str, name: str, year: int, kind: str | None = None) -> float:
    """Revenue of a body of the UN system from a donor, mn current USD.

    The Board lists flows that are not zero: a donor without a row in a year that the body reported
    paid nothing; in a year without any row of the body the answer is missing (NaN).

    Args:
        donor: ISO3 code of a state, or a category of other donors as the table has it.
        name: id, name or alias of the body.
        year: 2013 to 2024.
        kind: "assessed", "voluntary un-earmarked", "voluntary earmarked" or "other"; None is all.

    Raises:
        InputError: no body is called that, or the Board has no such kind of money.
    """
    from worldorder.data.panel import table

    flows = table("funding")
    kinds = sorted(flows["type"].astype(str).unique())
    if kind is not None and kind not in kinds:
        raise InputError(f"there is no money {kind!r}", fix=f"Kinds: {', '.join(kinds)}.")
    rows = flows[(flows["institution"] == body(name)) & (flows["year"] == year)]
    if rows.empty:
        return float("nan")
    paid = rows[rows["donor"] == donor]
    return float((paid if kind is None else paid[paid["type"] == kind])["value"].sum())
