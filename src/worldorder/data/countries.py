"""Names of states: any usual name, alias or code, of today or of a year since 1816, to a code."""

from __future__ import annotations

import difflib
import functools
import logging
import re
import unicodedata
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args, overload

from worldorder.data.own_tables import own_table
from worldorder.data.polities import former_states, in_being, predecessor
from worldorder.errors import DataError, InputError, did_you_mean

ALIASES = {"kosovo": "XKX", "holy see": "VAT", "burma": "MMR", "türkiye": "TUR", "uk": "GBR"}
To = Literal["code", "cow", "gw", "name", "un_name"]
FIRST_YEAR, LAST_YEAR = 1816, 2026
LONG_AGO = "1945"  # without a year, "Korea" is not the empire that ended in 1910


class Name(NamedTuple):
    """A name that a state bore, from a first to a last day (ISO dates, open where empty)."""

    code: str
    name: str
    begin: str
    end: str


@functools.cache
def _converter() -> Any:
    """Names of today's states. Read as text, since "NA" is the code of Namibia."""
    import country_converter
    import pandas as pd

    logging.getLogger("country_converter").setLevel(logging.CRITICAL)
    path = Path(str(country_converter.__file__)).with_name("country_data.tsv")
    data = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False, na_values=[""])
    today: Any = data[data["obsolete"].isna()]
    return country_converter.CountryConverter(country_data=today)


def _iso3(name: str) -> str | None:
    alias = ALIASES.get(name.strip().lower())
    if alias:
        return alias
    found = _converter().convert(name.strip(), to="ISO3", not_found=None)
    known = isinstance(found, str) and len(found) == 3 and found.isupper()
    return found if known and found != name.strip() else _exact_code(name)


def _exact_code(name: str) -> str | None:
    code = name.strip().upper()
    return code if code in set(_converter().data["ISO3"]) else None


def _is_meant(name: str, code: str) -> bool:
    """Whether a name means the state, and does not only begin like a word for it."""
    row = _converter().data.set_index("ISO3").loc[code]
    name = name.strip().lower()
    if name in ALIASES or name.upper() in (code, row["ISO2"]):
        return True
    called = [str(row["name_short"]).lower(), str(row["name_official"]).lower()]
    found = re.search(row["regex"], name, re.IGNORECASE)
    ends = found.end() if found else 0
    last_word = re.split(r"\W", name[:ends])[-1] + re.split(r"\W", name[ends:])[0]
    whole = bool(found) and name[:ends].endswith(last_word)
    known = any(last_word in other.split() for other in called)
    alike = max(difflib.SequenceMatcher(None, name, other).ratio() for other in called)
    return whole or known or alike > 0.8


def known_codes() -> list[str]:
    """ISO3 codes of today's states and territories."""
    return _converter().data["ISO3"].tolist()


@functools.cache
def official_names() -> dict[str, str]:
    """Official names of today's states and territories by ISO3."""
    data = _converter().data
    return dict(zip(data["ISO3"], data["name_official"], strict=True))


def _plain(name: str) -> str:
    """A name without case, accents, punctuation and a leading article."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).removeprefix("the ").split())


@functools.cache
def _names_of_the_past() -> dict[str, list[Name]]:
    """Former states by code, name and alias, and names that states of today bore, by plain name."""
    found: dict[str, list[Name]] = {}
    for code, row in former_states().items():
        for name in {code, row["name"], row["official_name"], *row["aliases"].split(";")} - {""}:
            found.setdefault(_plain(name), []).append(Name(code, name, row["begin"], row["end"]))
    for row in own_table("former_names").to_dict("records"):
        name = Name(row["code"], row["name"], row["begin"], row["end"])
        found.setdefault(_plain(name.name), []).append(name)
    return found


def _known_names() -> list[str]:
    past = [name.name for names in _names_of_the_past().values() for name in names]
    return [*own_table("states")["name"], *past]


def _described(name: Name) -> str:
    return f"{name.code} ({name.begin[:4] or '...'}-{name.end[:4]})"


def _of_the_past(name: str, year: int | None) -> str | None:
    """Code of the state that bore the name in the year, at mid-year where two did.

    Raises:
        InputError: it was borne in other years only, or by several states and no year is given.
    """
    borne = _names_of_the_past().get(_plain(name), [])
    if year is None:
        codes = sorted({candidate.code for candidate in borne})
        if len(codes) > 1:
            which = ", ".join(_described(candidate) for candidate in borne)
            raise InputError(f"{name!r} means several states: {which}", fix="Give a year.")
        return codes[0] if codes else None
    held = [n for n in borne if in_being(n.begin[:4], n.end[:4], str(year))]
    day = f"{year}-07-01"
    held.sort(key=lambda n: not in_being(n.begin, n.end, day))
    return held[0].code if held else None


@overload
def country(name: str, year: int | None = None, to: Literal["code"] = "code") -> str: ...


@overload
def country(name: str, year: int | None = None, *, to: Literal["name", "un_name"]) -> str: ...


@overload
def country(name: str, year: int | None = None, *, to: Literal["cow", "gw"]) -> int: ...


def country(name: str, year: int | None = None, to: To = "code") -> str | int:
    """A state or territory by code, name or alias, today or in a year since 1816.

    Args:
        name: for example "DEU", "Germany", "Ivory Coast", "USSR", "Upper Volta".
        year: a year in which the name was in use; None is today, former states included.
        to: "code"; "cow" or "gw" for its Correlates of War or Gleditsch-Ward number (that of the
            year); "name" or "un_name" for its usual or its official name.

    Returns:
        The code is ISO 3166-1 for a state of today; for one that is no more, that in
        `worldorder.data.polities` (SUN, YUG, CSK, DDR, AUH and others).

    Raises:
        InputError: nothing, or more than one thing, is called that in that year, or the state is
            in no list of that kind.
    """
    if to not in get_args(To):
        raise InputError(f"a state has no {to!r}", fix=f"Ask for {', '.join(get_args(To))}.")
    code = _code_in(name, year)
    return code if to == "code" else _as_listed(code, year, to)


def _as_listed(code: str, year: int | None, to: To) -> str | int:
    """Number or name in the list of states, of the spell of the year or the one nearest."""
    from worldorder.data.polities import states

    rows = states().query("iso3 == @code").dropna(subset=[to])
    rows = rows[rows[to] != ""]
    if rows.empty:
        raise InputError(f"{code} has no {to} in the list of states", fix="Use its code.")
    day = f"{year or LAST_YEAR}-07-01"
    begun = rows[rows["begin"] <= day]
    found = (begun if len(begun) else rows.head(1)).iloc[-1][to]
    return str(found) if to in ("name", "un_name") else int(found)


def _code_in(name: str, year: int | None) -> str:
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputError(f"no states are known for {year}", fix=f"{FIRST_YEAR} to {LAST_YEAR}.")
    code = _code(name, year)
    if code is None:
        what = f"no state is called {name!r}" + (f" in {year}" if year else "")
        raise InputError(what, fix=_when(name) or did_you_mean(name, _known_names()))
    if year is not None and code not in former_states():
        _refuse_part(name, code, year)
    return code


def _code(name: str, year: int | None) -> str | None:
    code = name.strip().upper()
    if code in set(own_table("states")["iso3"]):
        return code
    alias = ALIASES.get(name.strip().lower())
    past = _names_of_the_past().get(_plain(name), [])
    long_ago = all(one.end and one.end < LONG_AGO for one in past)
    if past and (year is not None or not long_ago):
        return _of_the_past(name, year) or alias
    return _of_today(name) or _of_the_past(name, year)


def _of_today(name: str) -> str | None:
    found = _iso3(name)
    return found if found is not None and _is_meant(name, found) else None


def _when(name: str) -> str | None:
    borne = _names_of_the_past().get(_plain(name), [])
    if not borne:
        return None
    return f"That was a name of {', '.join(_described(one) for one in borne)}."


def _refuse_part(name: str, code: str, year: int) -> None:
    whole = predecessor(code, year)
    if whole is not None:
        row = former_states()[whole]
        raise InputError(
            f"{name!r} was not a state in {year}: it was part of {row['name']}",
            fix=f"Ask for {whole} ({row['begin'][:4]}-{row['end'][:4]}).",
        )


def iso3_of_names(names: list[str]) -> list[str]:
    """ISO3 of names in a source, each of which must be known.

    Raises:
        DataError: a name is not known.
    """
    found = [_iso3(name) for name in names]
    unknown = [name for name, code in zip(names, found, strict=True) if code is None]
    if unknown:
        raise DataError(f"names of states that are not known: {', '.join(unknown)}")
    return [code for code in found if code is not None]
