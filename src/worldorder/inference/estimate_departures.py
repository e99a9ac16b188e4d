"""Do founders that left, and the weight that left with members, shorten a body's life?

The two measures are those of the mechanism (`mechanisms/survival.py`): they add up and are not
forgotten, unlike the remembered exits of `estimate_survival`.

Run: `worldorder evidence departures --raw DIR`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from worldorder.data.panel import table
from worldorder.data.vintage import Read
from worldorder.inference.estimate_survival import SIMULATED, of_cause
from worldorder.inference.hazard_regression import fit_hazard
from worldorder.inference.survival_record import (
    FIRST,
    LAST,
    MEMBERS_FROM,
    MEMORY,
    Vector,
    exits,
    lives,
    survival_rows,
)

DEPARTURES: Final = ("log_exits", "log_founders_gone", "share_gone")
CAUSES: Final = ("any", "dissolved", "replaced")


def gdp_share(left: pd.DataFrame, read: Read = table) -> Vector:
    """Share of each leaver in the GDP of the members in the year before it left; 0 if unknown.

    Args:
        left: `id` of the body, `iso3` and `year` of each exit.
        read: gives a table of a panel by name.
    """
    spells, economy = read("membership_spells"), read("state_year")
    economy = economy[economy["variable"] == "gdp_latent"].astype({"iso3": str})
    gdp = economy.set_index(["iso3", "year"])["value"]
    full = spells[spells["status"] == "full"].astype({"iso3": str, "institution": str})
    members = dict(iter(full.groupby("institution")))
    shares: list[float] = []
    for body, state, year in zip(left["id"], left["iso3"], left["year"], strict=True):
        before = min(int(year), LAST) - 1
        rows = members.get(str(body), full.iloc[:0])
        inside = rows.loc[(rows["begin"] <= before) & (rows["end"] >= before), "iso3"]
        total = gdp.reindex([(one, before) for one in {*inside, str(state)}]).sum()
        shares.append(float(gdp.get((str(state), before), 0.0)) / total if total > 0 else 0.0)
    return np.asarray(shares)


def _so_far(bodies: pd.DataFrame, left: pd.DataFrame, amount: Vector) -> Vector:
    """Sum of an amount over the exits of each body to the end of each year, body x year."""
    place = {body: i for i, body in enumerate(bodies["id"])}
    total = np.zeros((len(bodies), LAST - FIRST + 2))
    kept = left["year"].between(FIRST, LAST).to_numpy()
    at = (left["id"].map(place).to_numpy(int)[kept], left["year"].to_numpy(int)[kept] - FIRST)
    np.add.at(total, at, amount[kept])
    return total.cumsum(axis=1)


def with_departures(raw: Path, read: Read = table) -> pd.DataFrame:
    """Body-years since members are recorded, with founders and share of GDP gone until then."""
    rows, bodies = survival_rows(raw, read), lives(raw, read)
    left = exits(bodies, read)
    before = (rows["body"].to_numpy(), rows["year"].to_numpy() - 1 - FIRST)
    founders = _so_far(bodies, left, left["founder"].to_numpy(float))[before]
    share = _so_far(bodies, left, gdp_share(left, read))[before]
    made = rows.assign(log_founders_gone=np.log1p(founders), share_gone=np.minimum(share, 1.0))
    return made[made["year"] > MEMBERS_FROM + MEMORY]


def effects(rows: pd.DataFrame) -> pd.DataFrame:
    """Coefficients of the three measures together, by kind of end."""
    found: list[pd.DataFrame] = []
    for cause in CAUSES:
        fitted = fit_hazard(of_cause(rows, cause), (*SIMULATED, *DEPARTURES))
        found.append(fitted.table().loc[list(DEPARTURES)].assign(cause=cause, ends=fitted.events))
    return pd.concat(found)


def report(raw: Path) -> None:
    """Print the table of the docs."""
    print(effects(with_departures(raw)).round(2).to_string())
