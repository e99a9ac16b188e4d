"""One list of intergovernmental bodies since 1815: formal, informal and of the United Nations.

The panel's own list comes first; then what it lacks of the Correlates of War's, of the record of
deaths, of the informal bodies and of the United Nations' entities. The same body in two lists is
one row: by the own list's links, by an equal abbreviation where names or founding years agree, by
equal names, and by a short table of links (`tables/organization_links.csv`).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from worldorder.data.flags import OBSERVED
from worldorder.data.own_tables import own_table
from worldorder.data.sources import Raw, expect

COW, DEATHS, INFORMAL, ENTITIES = "cow-igo", "igo-deaths", "informal-igo", "un-system-funding"
OWN = "worldorder"
ALIKE, CLOSE_YEARS = 0.6, 10  # least likeness of names, most years between foundings
ENDS = {  # Eilstrup-Sangiovanni's codes of how a body ended
    "DISS": "dissolved",
    "SUCC": "succeeded",
    "DES": "desuetude",
    "ABS": "absorbed",
    "MER": "merged",
    "EXP": "expired",
    "EXP/ABS": "expired",
}
WORDS = {
    "organisation": "organization",
    "org": "organization",
    "intl": "international",
    "comm": "commission",
    "assoc": "association",
    "instit": "institute",
    "dev": "development",
}
EMPTY_WORDS = {"the", "of", "for", "on", "and", "in", "to"}
COLUMNS = [
    "id",
    "name",
    "aliases",
    "area",
    "legal_form",
    "founded",
    "ended",
    "how_ended",
    "in_list",
    "in_memorandum",
    "cow",
    "digo",
    "iigo",
    "un_entity",
    "flag",
    "source",
]


def plain_name(name: str) -> str:
    """A name without brackets, case, signs and small words, abbreviations written out."""
    bare = re.sub(r"\(.*?\)", "", name.lower())
    words = re.sub(r"[^a-z0-9 ]", " ", bare).split()
    return " ".join(WORDS.get(word, word) for word in words if word not in EMPTY_WORDS)


def alike(one: str, other: str) -> float:
    """Likeness of two names, 0 to 1."""
    return difflib.SequenceMatcher(None, plain_name(one), plain_name(other)).ratio()


def _own() -> pd.DataFrame:
    own = own_table("institutions")
    lent = (own["cow"] == "") | own[
        "cow"
    ].duplicated()  # without a link, or ITLOS, listed with another's members
    links = own_table("organization_links")
    links = links[links["list"] == "cow-own"].set_index("id")["key"]
    informal = own["members"].str.extract(r"^iigo:(.+)$")[0].fillna("")
    return pd.DataFrame(
        {
            "id": own["id"],
            "name": own["name"],
            "aliases": own["aliases"],
            "area": own["area"],
            "legal_form": own["legal_form"],
            "in_list": True,
            "in_memorandum": own["memorandum"] != "",
            "cow": own["cow"].mask(lent, own["id"].map(links).fillna("")),
            "iigo": informal,
            "ceb": own["ceb"],
            "source": OWN,
        }
    )


def _names(bodies: pd.DataFrame) -> dict[str, str]:
    """Id of every plain name and alias."""
    found: dict[str, str] = {}
    for row in bodies[["id", "name", "aliases"]].fillna("").to_dict("records"):
        aliases = str(row["aliases"]).replace(";", "|").split("|")
        for name in (str(row["name"]), *aliases):
            if plain_name(name):
                found.setdefault(plain_name(name), str(row["id"]))
    return found


def _free(wanted: Iterable[str], taken: set[str], suffix: str) -> list[str]:
    """Ids as wanted, marked with the list they come from where another body has them."""
    upper = {name.lower() for name in taken}
    return [f"{name} ({suffix})" if name.lower() in upper else name for name in wanted]


def with_cow(bodies: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Add the formal organizations of the Correlates of War; founding and death years.

    Those of the own list without a link stay without one: their names were compared by hand.
    """
    area = listed[["political", "social", "economic"]].fillna(0).astype(int).idxmax(axis=1)
    rows = pd.DataFrame(
        {
            "cow": listed["ioname"],
            "name": listed["longorgname"].fillna(listed["orgname"]),
            "aliases": listed["orgname"].fillna(""),
            "area": area,
            "legal_form": "treaty",
            "cow_founded": listed["sdate"],
            "cow_ended": listed["deaddate"].where(listed["dead"] == 1),
        }
    )
    dates = rows.set_index("cow")[["cow_founded", "cow_ended"]]
    linked = bodies.join(dates, on="cow")
    new = rows[~rows["cow"].isin(bodies["cow"])]
    new = new.assign(id=_free(new["cow"], set(bodies["id"]), "COW"), source=COW)
    return pd.concat([linked, new], ignore_index=True)


def _links(bodies: pd.DataFrame, deaths: pd.DataFrame) -> pd.Series:
    """Id of the body that each row of the record of deaths means; missing where none."""
    by_cow = bodies[bodies["cow"].fillna("") != ""].set_index("cow")
    table = own_table("organization_links")
    table = table[table["list"] != "cow-own"].set_index("key")
    names = _names(bodies)
    found: list[str | None] = []
    for row in deaths.to_dict("records"):
        key, title = str(row["igoID"]), str(row["Title"])
        if key in table.index:
            wanted = str(table.loc[key, "id"])
            in_cow = table.loc[key, "list"] == "cow"
            found.append(str(by_cow.loc[wanted, "id"]) if in_cow else wanted)
        elif key in by_cow.index and _same(by_cow.loc[key], title, float(row["Begin"])):
            found.append(str(by_cow.loc[key, "id"]))
        else:
            found.append(names.get(plain_name(title)))
    return pd.Series(found, index=deaths.index, dtype=object)


def _same(body: Any, title: str, begun: float) -> bool:
    near = abs(begun - float(body["cow_founded"])) <= CLOSE_YEARS
    return near or alike(title, str(body["name"])) >= ALIKE


def with_deaths(bodies: pd.DataFrame, deaths: pd.DataFrame) -> pd.DataFrame:
    """Add the record of deaths: how a body ended, and bodies that no other list has."""
    links = _links(bodies, deaths)
    first = links.duplicated() & links.notna()  # one body counted as two stays two
    rows = pd.DataFrame(
        {
            "id": links.where(~first),
            "digo": deaths["igoID"],
            "digo_name": deaths["Title"],
            "digo_area": deaths["function_c"],
            "digo_founded": deaths["Begin"],
            "digo_ended": deaths["End"].where(deaths["Living"] == 0),
            "how_ended": deaths["Death"].map(ENDS).where(deaths["Living"] == 0),
        }
    )
    linked = bodies.merge(rows[rows["id"].notna()], on="id", how="left")
    new = rows[rows["id"].isna()]
    new = new.assign(
        id=_free(new["digo"], set(bodies["id"]), "DIGO"),
        name=new["digo_name"],
        area=new["digo_area"],
        legal_form="treaty",
        source=DEATHS,
    )
    made = pd.concat([linked, new], ignore_index=True)
    return made.drop(columns=["digo_name", "digo_area"])


def with_informal(bodies: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Add the informal bodies."""
    names = _names(bodies)
    given = {code: body for code, body in zip(bodies["iigo"], bodies["id"], strict=True) if code}
    links = [
        given.get(code) or names.get(plain_name(title))
        for code, title in zip(listed["igoID"], listed["Title"], strict=True)
    ]
    rows = pd.DataFrame(
        {
            "id": pd.Series(links, dtype=object),
            "iigo": listed["igoID"],
            "name": listed["Title"],
            "area": listed["Domain"].str.lower(),
            "iigo_founded": listed["Begin"],
            "iigo_ended": listed["End"],
        }
    )
    known = rows[rows["id"].notna()].drop_duplicates("id")
    linked = bodies.drop(columns="iigo").merge(
        known[["id", "iigo", "iigo_founded", "iigo_ended"]], on="id", how="left"
    )
    new = rows[rows["id"].isna()]
    again = new["iigo"].duplicated()  # two bodies under one code
    wanted = new["iigo"].mask(again, new["iigo"] + " " + new["iigo_founded"].astype(str))
    new = new.assign(
        id=_free(wanted, set(bodies["id"]), "IIGO"), legal_form="informal", source=INFORMAL
    )
    return pd.concat([linked, new], ignore_index=True)


def with_entities(bodies: pd.DataFrame, entities: pd.DataFrame) -> pd.DataFrame:
    """Add the entities of the United Nations system."""
    names = _names(bodies)
    by_ceb = {code: body for code, body in zip(bodies["ceb"], bodies["id"], strict=True) if code}
    ids = {str(body).lower(): str(body) for body in bodies["id"]}
    links = [
        by_ceb.get(short) or names.get(plain_name(long)) or ids.get(short.lower())
        for short, long in zip(entities["entity"], entities["entity_long"], strict=True)
    ]
    rows = entities.assign(id=pd.Series(links, index=entities.index, dtype=object))
    known = rows[rows["id"].notna()].drop_duplicates("id").set_index("id")["entity"]
    linked = bodies.assign(un_entity=bodies["id"].map(known))
    new = rows[rows["id"].isna()]
    new = pd.DataFrame(
        {
            "id": _free(new["entity"], set(bodies["id"]), "UN"),
            "name": new["entity_long"],
            "area": new["category"].fillna("").str.lower(),
            "legal_form": "un_organ",
            "un_entity": new["entity"],
            "source": ENTITIES,
        }
    )
    return pd.concat([linked, new], ignore_index=True)


def _dated(bodies: pd.DataFrame) -> pd.DataFrame:
    """Founding and end by order of preference: deaths, then COW, then informal bodies.

    A body of the own list is alive: it was checked against the Factbook of 2026.
    """
    founded = bodies["cow_founded"].fillna(bodies["digo_founded"]).fillna(bodies["iigo_founded"])
    ended = bodies["digo_ended"].fillna(bodies["cow_ended"]).fillna(bodies["iigo_ended"])
    alive = bodies["in_list"].fillna(False).astype(bool)
    return bodies.assign(
        founded=founded.astype("Int16"),
        ended=ended.where(~alive).astype("Int16"),
        how_ended=bodies["how_ended"].where(~alive),
    )


def build(raw: Raw) -> pd.DataFrame:
    """All bodies, a row each; years are missing where no list has them."""
    bodies = with_cow(_own(), raw.table(COW, "organizations"))
    bodies = with_deaths(bodies, raw.table(DEATHS, "organizations"))
    bodies = with_informal(bodies, raw.table(INFORMAL, "organizations"))
    bodies = _dated(with_entities(bodies, raw.table(ENTITIES, "un_entities")))
    expect(OWN, "bodies with an id of their own", bodies["id"].nunique(), len(bodies))
    expect(COW, "organizations in the list", (bodies["cow"].fillna("") != "").sum(), 534)
    expect(DEATHS, "organizations in the list", bodies["digo"].notna().sum(), 561)
    flags = {"in_list": bool, "in_memorandum": bool}
    bodies = bodies.assign(flag=OBSERVED).infer_objects()
    text = [c for c in COLUMNS if c not in ("founded", "ended", *flags)]
    bodies = bodies.fillna(dict.fromkeys(flags, False) | dict.fromkeys(text, "")).astype(flags)
    return bodies.sort_values("id", ignore_index=True)[COLUMNS]


def ids_by_cow(organizations: pd.DataFrame) -> dict[str, str]:
    """Id of a body by the name that the Correlates of War give it, in lower case."""
    rows = organizations[organizations["cow"] != ""]
    return {str(cow).lower(): str(body) for cow, body in zip(rows["cow"], rows["id"], strict=True)}
