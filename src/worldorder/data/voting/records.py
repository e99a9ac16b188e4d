"""Roll-call records of the General Assembly: read from the raw folder or a user's download."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from worldorder.data.polities import former_states
from worldorder.data.sources import Raw, expect
from worldorder.errors import DataError, InputError, did_you_mean

SOURCE = "un-votes"
CHOICES = ("Y", "N", "A")
ABSENT = "X"
# Codes that mean another seat before or from a date: the Republic of China held China's seat until
# General Assembly resolution 2758 (XXVI); the Yugoslavia that voted from 2000 is the later SCG.
CHINA, YUGOSLAVIA = ("CHN", "1971-10-25", "TWN"), ("YUG", "1992-04-27", "SRB")
OWN_CODES = {"ZNZ": "ZAN"}  # of the files, to those used here
AGGRESSION = "A/RES/ES-11/1"
CHECKED = {"Y": 141, "N": 5, "A": 35}  # its tally as announced
LIBRARY = {"undl_id", "ms_code", "ms_vote", "date", "title"}  # the Library's bulk file
RESOLUTIONS, VOTES = "ga_resolutions.csv.gz", "ga_votes.csv.gz"
FIX = (
    f"Give the folder with {RESOLUTIONS} and {VOTES}, or the Library's bulk file of voting data as "
    f"one CSV with the columns {', '.join(sorted(LIBRARY))} (and agenda_title, if it is there)."
)


@dataclass(frozen=True)
class Records:
    """Recorded votes.

    `resolutions` is indexed by resolution with `symbol`, `date` (ISO), `year`, `title` (plain,
    lower case) and `agenda`; `votes` has `resolution`, `state` and `vote` (Y, N or A: an absence
    has no row). A state that continues another has its code throughout (RUS for the Soviet Union,
    SRB for Serbia and Montenegro); `holders` gives the names of the time.
    """

    resolutions: pd.DataFrame
    votes: pd.DataFrame

    def until(self, year: int) -> Records:
        """The records to the last day of a year."""
        return self.where(self.resolutions["year"] <= year)

    def where(self, wanted: pd.Series) -> Records:
        """The records of some resolutions.

        Raises:
            InputError: none is left.
        """
        kept = self.resolutions[wanted]
        votes = self.votes[self.votes["resolution"].isin(kept.index)]
        if votes.empty:
            raise InputError(
                "no recorded vote is left of those asked for",
                fix=f"The records run from {self.resolutions['date'].min()} to "
                f"{self.resolutions['date'].max()}.",
            )
        return Records(kept, votes.reset_index(drop=True))


def holders(seats: pd.Series, years: pd.Series) -> pd.Series:
    """The states that held seats in given years: SUN for RUS in 1985."""
    former = {
        row["continued_by"]: (code, row["begin"], row["end"])
        for code, row in former_states().items()
        if row["continued_by"]
    }
    named = seats.copy()
    for seat, (code, begin, end) in former.items():
        then = (years.astype(str) + "-07-01").between(begin, end)
        named = named.mask((seats == seat) & then, code)
    return named


def plain_title(title: str) -> str:
    """A title without what kind of document it is and who adopted it, in lower case."""
    return re.sub(r"\s*:\s*(resolution|decision|declaration)\b.*$", "", title.lower()).strip()


def _records(resolutions: pd.DataFrame, votes: pd.DataFrame, file: Path) -> Records:
    """Records in the project's form: absences dropped, seats under the codes used here."""
    strange = sorted(set(votes["vote"]) - {*CHOICES, ABSENT})
    if strange:
        line = int(votes.index[votes["vote"] == strange[0]][0]) + 2
        raise DataError(
            f"{strange[0]!r} is not a vote",
            fix="Y, N, A, or X for not voting.",
            file=file,
            line=line,
        )
    dates = resolutions["date"].astype(str)
    bad = ~dates.str.fullmatch(r"\d{4}-\d{2}-\d{2}")
    if bad.any():
        line = int(resolutions.index[bad][0]) + 2
        raise DataError(
            f"{dates[bad].iloc[0]!r} is not a date",
            fix="Write dates as 2022-03-02.",
            file=file,
            line=line,
        )
    resolutions = resolutions.assign(
        year=dates.str[:4].astype(int),
        title=[plain_title(str(title)) for title in resolutions["title"]],
        agenda=resolutions["agenda"].astype(object).fillna("").astype(str).str.lower(),
    )
    resolutions = resolutions.set_index("resolution").sort_values(["date", "symbol"], kind="stable")
    seat = {**OWN_CODES, **{c: r["continued_by"] for c, r in former_states().items()}}
    cast = votes[votes["vote"] != ABSENT]
    cast = cast.assign(state=[seat.get(code) or code for code in cast["state"]])
    cast = cast[cast["resolution"].isin(resolutions.index)]
    date = resolutions["date"].reindex(cast["resolution"]).to_numpy(str)
    state = cast["state"].mask((cast["state"] == CHINA[0]) & (date < CHINA[1]), CHINA[2])
    state = state.mask((state == YUGOSLAVIA[0]) & (date >= YUGOSLAVIA[1]), YUGOSLAVIA[2])
    cast = cast.assign(state=state).reset_index(drop=True)
    columns = ["symbol", "date", "year", "title", "agenda"]
    return Records(resolutions[columns], cast[["resolution", "state", "vote"]])


def read_raw(raw: Raw) -> Records:
    """The records of the raw folder, counted and checked against a tally as announced.

    Raises:
        DataError: a file is missing or altered.
    """
    resolutions, votes = raw.table(SOURCE, "resolutions"), raw.table(SOURCE, "votes")
    adopted = resolutions.loc[resolutions["symbol"] == AGGRESSION, "undl_id"]
    expect(SOURCE, f"records of {AGGRESSION}", len(adopted), 1)
    tally = votes.loc[votes["undl_id"] == adopted.iloc[0], "vote"].value_counts()
    for choice, announced in CHECKED.items():
        expect(SOURCE, f"{choice} on {AGGRESSION}", tally.get(choice, 0), announced)
    return _of_folder(resolutions, votes, raw.path(SOURCE, "votes"))


def _of_folder(resolutions: pd.DataFrame, votes: pd.DataFrame, file: Path) -> Records:
    kept = resolutions[resolutions["recorded"] == 1].rename(columns={"undl_id": "resolution"})
    renamed = votes.rename(columns={"undl_id": "resolution", "iso3": "state"})
    return _records(kept, renamed, file)


def _of_library(frame: pd.DataFrame, file: Path) -> Records:
    missing = sorted(LIBRARY - set(frame.columns))
    if missing:
        near = did_you_mean(missing[0], list(frame.columns)) or ""
        raise DataError(f"no column {missing[0]!r}. {near}".strip(), fix=FIX, file=file)
    renamed = frame.rename(
        columns={
            "undl_id": "resolution",
            "ms_code": "state",
            "ms_vote": "vote",
            "resolution": "symbol",
            "agenda_title": "agenda",
        }
    )
    for name in ("symbol", "agenda"):
        renamed = renamed if name in renamed else renamed.assign(**{name: ""})
    columns = ["resolution", "symbol", "date", "title", "agenda"]
    resolutions = renamed[columns].drop_duplicates("resolution")
    return _records(resolutions, renamed[["resolution", "state", "vote"]], file)


def _read_csv(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, keep_default_na=False, na_values=[""])
    except FileNotFoundError as error:
        raise DataError("there is no such file", fix=FIX, file=path) from error
    except (OSError, ValueError, EOFError) as error:
        raise DataError(f"cannot be read: {error}", fix=FIX, file=path) from error


def read_votes(path: Path | str) -> Records:
    """Records from a user's download, any number of rows.

    Args:
        path: a folder that holds the two files of the raw folder, one of those two files, or the
            bulk file of the United Nations Digital Library.

    Raises:
        DataError: a file is missing, cannot be read, or holds something that is not a vote.
    """
    path = Path(path)
    folder = path if path.is_dir() else path.parent
    if path.is_dir() or path.name in (RESOLUTIONS, VOTES):
        found = sorted(folder.rglob(VOTES))
        if not found:
            raise DataError(f"no file {VOTES} in this folder", fix=FIX, file=path)
        resolutions = _read_csv(found[0].with_name(RESOLUTIONS))
        return _of_folder(resolutions, _read_csv(found[0]), found[0])
    return _of_library(_read_csv(path), path)
