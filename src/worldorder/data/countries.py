"""Names of states: any usual name, alias or code to ISO3."""

from __future__ import annotations

import difflib
import functools
import logging
import re
from pathlib import Path
from typing import Any

from worldorder.data.own_tables import own_table
from worldorder.errors import DataError, InputError, did_you_mean

ALIASES = {"kosovo": "XKX", "holy see": "VAT", "burma": "MMR", "türkiye": "TUR", "uk": "GBR"}


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


def country(name: str, year: int | None = None) -> str:
    """ISO3 of a state or territory by code, name or alias, as it is today.

    Args:
        name: for example "DEU", "Germany", "Ivory Coast".
        year: a year in which the name was in use; only names of 1992 and later are known.

    Raises:
        InputError: nothing, or more than one thing, is called that.
    """
    states = own_table("states")
    if name.strip().upper() in set(states["iso3"]):
        return name.strip().upper()
    if year is not None and year < 1992:
        raise InputError(
            f"names of states before 1992 are not known (asked for {name!r} in {year})",
            fix="Give the ISO3 code of the state of today.",
        )
    found = _iso3(name)
    if found is None or not _is_meant(name, found):
        raise InputError(
            f"no state is called {name!r}", fix=did_you_mean(name, states["name"].tolist())
        )
    return found


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
