"""Estimates from the records of the Assembly: ideal points by origin and issue, agreement.

Estimating takes minutes, so that a build keeps the tables of the panel it finds in place if they
were made from the same records by the same code.
"""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from pathlib import Path

import pandas as pd

from worldorder.data.flags import ESTIMATED
from worldorder.data.sources import Raw
from worldorder.data.voting.agreement import agreement
from worldorder.data.voting.ideal_points import ideal_points
from worldorder.data.voting.issues import issue_names, issue_records
from worldorder.data.voting.records import SOURCE, Records, read_raw

ORIGINS = (1999, 2004, 2009, 2014, 2019, 2021)  # last years of votes; and all of them
ALL = "all"
TABLES = ("ideal_points_by_origin", "agreement")
MADE_FROM = "made_from.json"  # checksum of what the estimates of a panel were made from
DIGITS = 3  # of ideal points and standard errors


def _at_origin(records: Records, origin: int, issue: str) -> pd.DataFrame:
    held = records.until(origin)
    found = ideal_points(held if issue == ALL else issue_records(held, issue))
    kept = found.round({"ideal_point": DIGITS, "standard_error": DIGITS})
    kept = kept.astype({"ideal_point": "float32", "standard_error": "float32"})
    return kept.assign(origin=origin, issue=issue)


def by_origin(records: Records) -> pd.DataFrame:
    """Ideal points as they stand with the votes to the end of each origin's year.

    Returns:
        issue ("all" or one of six), origin, iso3, year, ideal_point, standard_error, votes.
    """
    last = int(records.resolutions["year"].max())
    parts = [
        _at_origin(records, origin, issue)
        for issue in (ALL, *issue_names())
        for origin in (*ORIGINS, last)
    ]
    frame = pd.concat(parts, ignore_index=True).astype({"origin": "int16"})
    columns = ["issue", "origin", "iso3", "year", "ideal_point", "standard_error", "votes"]
    return frame[columns].assign(flag=ESTIMATED, source=SOURCE)


def fingerprint(raw: Raw) -> str:
    """Checksum of all that the estimates depend on: the records, the code, the words of issues."""
    code = resources.files("worldorder.data")
    parts = [raw.path(SOURCE, file) for file in ("resolutions", "votes")]
    parts += sorted(Path(str(code.joinpath("voting"))).glob("*.py"))
    parts += [Path(str(code.joinpath("tables/vote_issues.csv"))), Path(__file__)]
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def _kept(folder: Path, made_from: str) -> dict[str, pd.DataFrame] | None:
    """Tables of a panel, if they were made from the same."""
    try:
        if json.loads((folder / MADE_FROM).read_text("utf-8"))["un-votes"] != made_from:
            return None
        return {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    except (OSError, ValueError, KeyError):
        return None


def build(raw: Raw, kept: Path) -> dict[str, pd.DataFrame]:
    """The panel's two tables from the records; the records themselves are not shipped.

    Args:
        raw: the raw folder.
        kept: folder of a panel whose tables are taken over if nothing has changed.
    """
    held = _kept(kept, fingerprint(raw))
    if held is not None:
        return held
    records = read_raw(raw)
    agreed = agreement(records).assign(flag=ESTIMATED, source=SOURCE)
    return dict(zip(TABLES, (by_origin(records), agreed), strict=True))
