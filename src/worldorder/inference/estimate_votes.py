"""How states vote on a resolution that condemns a state: yes, no, or neither.

Run: `worldorder evidence votes --raw DIR` (a minute).

Two logits over every state that the roll call lists: yes against all else, and no among those that
do not say yes; the rest abstain or are absent. It is the form of `estimate_campaigns` less past
votes on the same target, which a simulated world does not hold, and with the absent, which that
form leaves out. The level of a resolution varies around that (`occasions`), which was added after
a look at the replay of ES-11/1. No other set of covariates was tried. Only resolutions that the
sender voted for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from worldorder.inference.campaign_samples import (
    ABOUT,
    SENDER,
    Evidence,
    about_states,
    covariates,
    known_rows,
    read_evidence,
)
from worldorder.inference.estimate_campaigns import (
    FIRST_VOTES,
    LAST,
    RESOLUTIONS,
    VOTES_WITHOUT_PAST,
    area_under_curve,
    chance,
    fit,
)

COVARIATES: Final = VOTES_WITHOUT_PAST


def roll_calls(raw: Path) -> pd.DataFrame:
    """Votes by resolution and state: Y, A, N, and X for a state that is listed and did not vote."""
    return pd.read_csv(raw / "un-votes" / "ga_votes.csv.gz", keep_default_na=False)


def roll_call(
    evidence: Evidence, calls: pd.DataFrame, resolution: int, target: str, year: int
) -> pd.DataFrame:
    """Covariates and `vote` of the states listed; none where the sender did not vote for it."""
    cast = calls[calls["undl_id"] == resolution].set_index("iso3")["vote"]
    if cast.get(SENDER) != "Y":
        return pd.DataFrame()
    rows = covariates(evidence, SENDER, target, year)
    rows = rows.loc[rows.index.intersection(cast.index)]
    return rows.assign(vote=cast.reindex(rows.index), campaign=f"{target} {resolution}")


def voting_rows(evidence: Evidence, calls: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Rows of all resolutions on human rights or territory of a named state."""
    about = about_states(evidence.resolutions, ABOUT)
    about = about[about["year"].between(first, last)]
    found = [
        roll_call(evidence, calls, row["undl_id"], row["target"], row["year"])
        for row in about.to_dict("records")
    ]
    return known_rows(pd.concat([rows for rows in found if len(rows)]))


def of_yes(rows: pd.DataFrame) -> pd.DataFrame:
    """All rows, `event` where a state voted yes."""
    return rows.assign(event=(rows["vote"] == "Y").astype(float))


def of_no(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of those that did not vote yes, `event` where they voted no."""
    rest = rows[rows["vote"] != "Y"]
    return rest.assign(event=(rest["vote"] == "N").astype(float))


def _shift(odds: np.ndarray, count: float) -> float:
    """What is to be added to log odds for so many to be expected."""
    from scipy.optimize import brentq
    from scipy.special import expit

    return brentq(lambda x: expit(odds + x).sum() - count, -30.0, 30.0)  # pyright: ignore


def occasions(rows: pd.DataFrame) -> pd.Series:
    """Shift of the log odds of each resolution at which as many are expected as there were, logit.

    What the covariates do not know of a resolution: wording, gravity, the lobbying before it. None
    for a resolution on which all or none did it.
    """
    from scipy.special import logit

    found: dict[str, float] = {}
    odds, event = logit(chance(rows, rows, COVARIATES).to_numpy()), rows["event"].to_numpy()
    for name in rows["campaign"].unique():
        here = (rows["campaign"] == name).to_numpy()
        if 0 < event[here].sum() < here.sum():
            found[str(name)] = _shift(odds[here], event[here].sum())
    return pd.Series(found)


def replay(sample: pd.DataFrame, rows: pd.DataFrame) -> dict[str, float]:
    """One roll call against what the sample before it expects."""
    yes = chance(of_yes(sample), rows, COVARIATES)
    no = (1.0 - yes) * chance(of_no(sample), rows, COVARIATES)
    voted = of_yes(rows)
    return {
        "states": len(rows),
        "yes": float(voted["event"].sum()),
        "yes expected": float(yes.sum()),
        "no": float((rows["vote"] == "N").sum()),
        "no expected": float(no.sum()),
        "AUC of yes": area_under_curve(voted, yes),
        "Brier of yes": float(((yes - voted["event"]) ** 2).mean()),
    }


def report(raw: Path) -> None:
    """Print estimates and replays."""
    evidence, calls = read_evidence(raw), roll_calls(raw)
    rows = voting_rows(evidence, calls, FIRST_VOTES, LAST)
    symbols = evidence.resolutions.set_index("symbol")["undl_id"]
    for symbol, year in RESOLUTIONS.items():
        listed = roll_call(evidence, calls, int(symbols[symbol]), "RUS", year)
        found = replay(rows[rows["year"] < year], known_rows(listed))
        print(symbol, {name: round(value, 3) for name, value in found.items()})
    for name, sample in (("yes", of_yes(rows)), ("no", of_no(rows))):
        fitted = fit(sample, COVARIATES)
        count, spread = sample["campaign"].nunique(), occasions(sample).std()
        print(f"\n{name}: {count} resolutions, {len(sample)} rows, to {LAST}")
        print(f"spread of levels over resolutions: {spread:.3f} logit")
        print(pd.DataFrame({"value": fitted.params, "s.e.": fitted.bse}).round(3).to_string())
