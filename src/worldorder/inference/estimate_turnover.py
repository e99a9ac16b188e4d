"""How often does another party come to govern, and how does that depend on democracy?

Run: `worldorder evidence turnover --raw DIR`. An election counts as a turnover
where the party of the head of government is another than after the election before (V-Party).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from worldorder.data.panel import panel

if TYPE_CHECKING:
    from statsmodels.genmod.generalized_linear_model import GLMResultsWrapper

HEAD_OF_GOVERNMENT = 0  # value of v2pagovsup
LONGEST = 8  # years between elections of one record
CUTOFF = 2009


def governing_parties(raw: Path) -> pd.DataFrame:
    """Party of the head of government after each election; the largest where several are coded."""
    parties = pd.read_csv(raw / "democracy" / "vparty_1970_2019.csv.gz")
    heads = parties[parties["v2pagovsup"] == HEAD_OF_GOVERNMENT]
    heads = heads.sort_values("v2pavote", ascending=False)
    heads = heads.drop_duplicates(["country_text_id", "year"]).dropna(subset=["pf_party_id"])
    return heads.sort_values(["country_text_id", "year"], ignore_index=True)


def turnovers(heads: pd.DataFrame) -> pd.DataFrame:
    """One row an election with one before it: event, years since, state, democracy."""
    state = heads.groupby("country_text_id")
    rows = heads.assign(
        event=(heads["pf_party_id"] != state["pf_party_id"].shift(1)).astype(int),
        years=heads["year"] - state["year"].shift(1),
        was=state["v2xpa_popul"].shift(1),
    )
    rows = rows[rows["years"].between(1, LONGEST)]
    regime = panel("regime").set_index(["iso3", "year"])["value"]
    found = regime.reindex(pd.MultiIndex.from_frame(rows[["country_text_id", "year"]]))
    rows = rows.assign(democracy=found.to_numpy() - 0.5)
    return rows.dropna(subset=["democracy"])


def fit(rows: pd.DataFrame, covariates: list[str]) -> GLMResultsWrapper:
    """Log hazard a year from what had happened by each election, errors clustered by state.

    The chance of a turnover by an election is 1 - exp(-h years), so the day of it does not matter.
    """
    import statsmodels.api as sm

    family = sm.families.Binomial(sm.families.links.CLogLog())
    design = sm.add_constant(rows[covariates], has_constant="add")
    model = sm.GLM(rows["event"], design, family=family, offset=np.log(rows["years"]))
    groups = pd.factorize(rows["country_text_id"])[0]
    return model.fit(cov_type="cluster", cov_kwds={"groups": groups})


def chance(model: GLMResultsWrapper, rows: pd.DataFrame, covariates: list[str]) -> pd.Series:
    """Chance of a turnover by each election."""
    import statsmodels.api as sm

    design = sm.add_constant(rows[covariates], has_constant="add")
    return model.predict(design, offset=np.log(rows["years"]))


def report(raw: Path) -> None:
    """Print the estimate and its scores after the cut-off."""
    rows = turnovers(governing_parties(raw))
    fitted = fit(rows, ["democracy"])
    states = rows["country_text_id"].nunique()
    print(f"{len(rows)} elections, {states} states, {rows['event'].sum()} turnovers")
    print(pd.DataFrame({"value": fitted.params, "s.e.": fitted.bse}).round(3).to_string())
    early, late = rows[rows["year"] <= CUTOFF], rows[rows["year"] > CUTOFF]
    for label, names in (("by democracy", ["democracy"]), ("one rate", [])):
        expected = chance(fit(early, names), late, names)
        brier = ((expected - late["event"]) ** 2).mean()
        print(f"after {CUTOFF}, {len(late)} elections, {label}: Brier {brier:.3f}")
    for event, part in rows.dropna(subset=["was", "v2xpa_popul"]).groupby("event"):
        same = part["was"].corr(part["v2xpa_popul"])
        print(f"correlation of populism, turnover {event}: {same:.2f}")
