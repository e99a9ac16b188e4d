"""Do publics of allies lose more trust when the United States acts alone?

Swings of favourability from the year before to the year of a break, in log odds: states tied to the
United States by defence against others, at equal distance of ideal points.
Run: `worldorder evidence allies-trust --raw DIR`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from worldorder.inference.alignment_panel import read_ideal_points, read_pacts
from worldorder.inference.estimate_war import Effect
from worldorder.inference.opinion_panel import Affinity, read_favourability

STATE = "USA"
# Years before and after each swing: the war in Iraq, and changes of president.
SWINGS = ((2002, 2003), (2008, 2009), (2016, 2017), (2020, 2021))


def swings(surveys: pd.DataFrame, affinity: Affinity) -> pd.DataFrame:
    """One row a truster and swing: change of log odds, distance, whether allied.

    `surveys` has columns truster, about, year, favourable (share).
    """
    own = surveys[surveys["about"] == STATE]
    odds = np.log(own["favourable"] / (1 - own["favourable"]))
    wide = own.assign(odds=odds).pivot_table(index="truster", columns="year", values="odds")
    parts: list[pd.DataFrame] = []
    for before, after in SWINGS:
        change = (wide[after] - wide[before]).dropna()
        held = affinity.regressors(STATE, list(change.index), [before] * len(change))
        parts.append(
            pd.DataFrame(
                {
                    "swing": after,
                    "change": change.to_numpy(),
                    "distance": held[:, 0],
                    "ally": held[:, 1],
                },
                index=change.index,
            )
        )
    return pd.concat(parts).dropna()


def ally_effect(rows: pd.DataFrame) -> dict[int, Effect]:
    """Change of allies less that of others in each swing, distance held; robust errors (HC1)."""
    found: dict[int, Effect] = {}
    for year, part in rows.groupby("swing"):
        x = np.column_stack([np.ones(len(part)), part["ally"], part["distance"]])
        bread = np.linalg.inv(x.T @ x)
        value = bread @ x.T @ part["change"].to_numpy()
        left = part["change"].to_numpy() - x @ value
        meat = (x * (left**2)[:, None]).T @ x * len(part) / max(len(part) - 3, 1)
        error = np.sqrt(np.diag(bread @ meat @ bread))
        found[int(str(year))] = Effect(float(value[1]), float(error[1]), len(part))
    return found


def report(raw: Path) -> None:
    """Print the difference between allies and others, swing by swing."""
    points = read_ideal_points(raw)
    affinity = Affinity.of(points, read_pacts(raw, points))
    rows = swings(read_favourability(raw), affinity)
    for year, effect in ally_effect(rows).items():
        part = rows[rows["swing"] == year]
        means = part.groupby("ally")["change"].agg(["mean", "size"])
        print(year, f"{effect.value:.3f} ({effect.standard_error:.3f})", means.to_dict("index"))
