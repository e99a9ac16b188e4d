"""Do publics turn against a state that begins sanctions on theirs?

Changes of favourability of one state's public toward another between surveys at most three years
apart, in log odds: on the change of the other's sanctions on it, of its own on the other, and the
first survey, against other publics asked about the same state in the same two years.
Run: `worldorder evidence sanctioned-trust`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from worldorder.data.builders.sanctions import in_force
from worldorder.data.panel import table

LONGEST_GAP: Final = 3  # years between two surveys
COUNCIL: Final = "UN"  # its sanctions are no state's own
LEAST_CHANGE: Final = 0.01  # share of a full embargo
LAST_BEFORE: Final = 2013  # fits to before the sanctions of 2014
REGRESSORS: Final = ("before", "received", "sent")


def _intensity() -> Callable[[int, str, str], float]:
    rows = table("sanctions")
    rows = rows[rows["body"].astype(str) != COUNCIL]

    @functools.cache
    def held(year: int) -> dict[tuple[str, str], float]:
        now = in_force(rows, year)
        pairs = zip(now["sender"], now["target"], strict=True)
        return dict(zip(pairs, now["intensity"].astype(float), strict=True))

    return lambda year, sender, target: held(year).get((sender, target), 0.0)


def changes() -> pd.DataFrame:
    """One row a pair of surveys: change of log odds, and of sanctions received and sent."""
    views = table("favourability").rename(columns={"respondent": "truster"})
    views = views.astype({"truster": str, "about": str})
    views = views[views["truster"] != views["about"]]
    views = views[views["favourable"].between(0, 1, "neither")]
    key = ["truster", "about", "year"]
    rows = views.groupby(key)["favourable"].mean().sort_index().reset_index()
    rows["odds"] = np.log(rows["favourable"] / (1 - rows["favourable"]))
    earlier = rows.groupby(["truster", "about"])[["odds", "year"]].shift()
    rows = rows.assign(before=earlier["odds"], since=earlier["year"]).dropna()
    rows = rows[rows["year"] - rows["since"] <= LONGEST_GAP].astype({"since": int})
    intensity = _intensity()
    at = list(zip(rows["truster"], rows["about"], rows["since"], rows["year"], strict=True))
    return rows.assign(
        change=rows["odds"] - rows["before"],
        received=[intensity(b, j, i) - intensity(a, j, i) for i, j, a, b in at],
        sent=[intensity(b, i, j) - intensity(a, i, j) for i, j, a, b in at],
        swing=rows["about"] + rows["since"].astype(str) + rows["year"].astype(str),
    )


def effects(rows: pd.DataFrame) -> pd.DataFrame:
    """Value and error (clustered by truster) of each regressor, within swings."""
    import statsmodels.api as sm

    names = ["change", *REGRESSORS]
    within = rows[names] - rows.groupby("swing")[names].transform("mean")
    groups = pd.factorize(rows["truster"])[0]
    model = sm.OLS(within["change"], within[list(REGRESSORS)])
    found = model.fit(cov_type="cluster", cov_kwds={"groups": groups})
    return pd.DataFrame({"value": found.params, "s.e.": found.bse})


def report() -> None:
    """Print the effects on surveys to 2013, on all, and without views of Russia."""
    rows = changes()
    parts = {
        f"to {LAST_BEFORE}": rows[rows["year"] <= LAST_BEFORE],
        "all": rows,
        "without views of Russia": rows[rows["about"] != "RUS"],
    }
    for name, part in parts.items():
        count = {n: int((part[n] > LEAST_CHANGE).sum()) for n in ("received", "sent")}
        print(f"{name}: {len(part)} changes, sanctions received more in {count['received']}, "
              f"sent more in {count['sent']}")  # fmt: skip
        print(effects(part).round(3).to_string())
