"""How often do states leave and join intergovernmental bodies, and what raises the odds?

Run: `worldorder evidence membership --raw DIR`.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from worldorder.data.membership_record import classified_exits
from worldorder.inference.hazard_regression import Hazard, fit_hazard, scored
from worldorder.inference.membership_panel import (
    body_years,
    entry_rows,
    exit_rows,
    read_record,
    recorded_membership,
    return_rows,
)

EXIT = ("divergence", "democracy", "log_recent_exits", "log_size")
ENTRY = ("divergence", "root_neighbour_share", "log_size")
TEST_FROM = 2008  # first year of the test
RETURN = ("root_neighbour_share", "log_size")
ENTRY_YEARS = 14  # last years of the sample: accessions slowed after 2000
RIVALS = {  # other sets of covariates, for comparison out of sample
    "exit": [
        ("log_size",),
        ("divergence", "log_size"),
        ("divergence", "log_recent_exits", "log_size"),
        (*EXIT, "log_tenure"),
        (*EXIT, "root_neighbour_share"),
    ],
    "entry": [("log_size",), ENTRY[1:]],
    "return": [("log_size",), ("divergence", *RETURN)],
}


def stop_classes(raw: Path) -> pd.Series:
    """Number of ends of full membership in each class."""
    member, system = recorded_membership(raw)
    return classified_exits(member, system)["kind"].value_counts()


def membership_samples(raw: Path, cutoff: int | None = None) -> dict[str, pd.DataFrame]:
    """Rows at risk of exit, entry and return, up to and with the year `cutoff`."""
    rows = body_years(read_record(raw))
    if cutoff is not None:
        rows = rows[rows["year"] <= cutoff]
    first = int(rows["year"].max()) - ENTRY_YEARS + 1
    return {"exit": exit_rows(rows), "entry": entry_rows(rows, first), "return": return_rows(rows)}


def membership_hazards(samples: dict[str, pd.DataFrame]) -> dict[str, Hazard]:
    """The three fitted hazards."""
    covariates = {"exit": EXIT, "entry": ENTRY, "return": RETURN}
    return {name: fit_hazard(rows, covariates[name]) for name, rows in samples.items()}


def report(raw: Path) -> None:
    """Print the classes of stops, the hazards, and scores of fits to the years before."""
    print(stop_classes(raw).to_string())
    samples = membership_samples(raw)
    for name, hazard in membership_hazards(samples).items():
        print(f"\n{name}: {hazard.events} events, {hazard.at_risk} at risk, {hazard.sample}")
        print(hazard.table().round(3).to_string())
        for covariates in (hazard.covariates, *RIVALS[name]):
            scores = scored(samples[name], covariates, TEST_FROM - 1)
            print(", ".join(covariates), {key: round(v, 5) for key, v in scores.items()})
