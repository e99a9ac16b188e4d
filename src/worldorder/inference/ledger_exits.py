"""Does the ledger of membership tell who leaves, beyond what the hazard of exit holds already?

The ledger is booked for every membership of the record, 1966-2014, with last year's facts: service
by size and income as today's free gifts reveal it, dues by GDP, influence of one vote a member. It
is tried alone and beside the covariates of the hazard, at three weights of distance.

Run: `worldorder evidence ledger-exits --raw DIR`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from worldorder.data.countries import country
from worldorder.data.panel import table
from worldorder.data.vintage import Read
from worldorder.inference.estimate_membership import EXIT
from worldorder.inference.hazard_regression import fit_hazard, scored
from worldorder.inference.ledger_reading import exits_of_others
from worldorder.inference.membership_panel import body_years, exit_rows, read_record
from worldorder.inference.worth import COVARIATES, worth

WEIGHTS: Final = (0.0, 0.5, 1.0)  # of distance, per ideal-point unit: the range of the ledger
ALONE: Final = ("log_recent_exits", "log_size")  # what is of the body and not of the member
LAST_KNOWN: Final = 2007


def _by_state(variable: str, codes: tuple[str, ...], read: Read) -> pd.Series:
    """A variable by the number of the state in the Correlates of War and year."""
    rows = read("state_year")
    rows = rows[(rows["variable"] == variable) & rows["iso3"].isin(codes)]
    number = {code: country(code, to="cow") for code in codes}
    state = rows["iso3"].map(number).rename("state")
    return rows.assign(state=state).groupby(["state", "year"])["value"].sum()


def _economies(read: Read) -> tuple[str, ...]:
    """Codes of the states whose GDP is on the long record."""
    rows = read("state_year")
    return tuple(rows.loc[rows["variable"] == "gdp_latent", "iso3"].unique())


def booked_shares(
    gdp: pd.Series, income: pd.Series, group: pd.Series, elasticities: tuple[float, float]
) -> pd.DataFrame:
    """Service and dues of each membership, shares of the sum over its group (a body in a year)."""
    value = elasticities[0] * np.log(gdp) + elasticities[1] * np.log(income)
    worth_of = np.exp(value - value.max())
    return pd.DataFrame(
        {
            "service": worth_of / worth_of.groupby(group).transform("sum"),
            "dues": gdp / gdp.groupby(group).transform("sum"),
        }
    )


def with_ledger(rows: pd.DataFrame, read: Read = table) -> pd.DataFrame:
    """Rows at risk of exit with the net of the ledger (`net_0`, `net_50`, `net_100`).

    Args:
        rows: of `membership_panel.exit_rows`.
        read: gives a table of a panel by name.

    Adds `net_K` at a weight of distance of K hundredths, in standard deviations, and `value`: log
    of service over dues, without distance. Rows without GDP or population in the year before are
    left out.
    """
    key = pd.MultiIndex.from_arrays([rows["state"], rows["year"] - 1])
    codes = _economies(read)
    gdp, people = (
        _by_state(name, codes, read).reindex(key).to_numpy(float)
        for name in ("gdp_latent", "population")
    )
    made = rows.assign(gdp=gdp, income=gdp / people)
    made = made[(made["gdp"] > 0) & (made["income"] > 0)].reset_index(drop=True)
    group = made["body"] * 10_000 + made["year"]
    size, income = worth().coefficients[list(COVARIATES)].to_numpy(float)
    shares = booked_shares(made["gdp"], made["income"], group, (size, income))
    vote = 1.0 / group.groupby(group).transform("size").clip(lower=2)
    bound = shares["service"] * made["divergence"] * (1.0 - vote / (1.0 - vote))
    for weight in WEIGHTS:
        net = shares["service"] - shares["dues"] - weight * bound
        made[f"net_{round(100 * weight)}"] = net / net.std()
    return made.assign(value=np.log(shares["service"] / shares["dues"]))


def tried(rows: pd.DataFrame) -> pd.DataFrame:
    """Coefficient of each reading of the ledger, and scores on the years after the fit.

    `log score` and `AUC` are on years after `LAST_KNOWN` from a fit to those before; those of the
    usual covariates on the same rows stand beside them.
    """
    readings = (*(f"net_{round(100 * weight)}" for weight in WEIGHTS), "value")
    usual = scored(rows, EXIT, LAST_KNOWN)
    found: list[dict[str, float | str]] = []
    for name in readings:
        for base, known in (("the body", ALONE), ("usual set", EXIT)):
            covariates = (*known, name)
            fitted, late = fit_hazard(rows, covariates), scored(rows, covariates, LAST_KNOWN)
            found.append(
                {
                    "reading": name, "beside": base, "value": fitted.coefficient[-1],
                    "error": fitted.standard_error[-1], "events": fitted.events,
                    "log score": late["log score"], "AUC": late["area under curve"],
                    "usual log score": usual["log score"], "usual AUC": usual["area under curve"],
                }
            )  # fmt: skip
    return pd.DataFrame(found)


def report(raw: Path) -> None:
    """Print the table of the docs."""
    rows = with_ledger(exit_rows(body_years(read_record(raw))))
    plain = scored(rows, ALONE, LAST_KNOWN)
    print(f"the body alone: log score {plain['log score']:.5f}, {plain['area under curve']:.3f}")
    print(tried(rows).round(5).to_string())
    print("exits from UN bodies by the ledger of the year before:", exits_of_others())
