"""Do cost, age and notice move the hazard of exit, and do certain exits tell another story?

Covariates beside those of the mechanism, each tried alone. What a state pays is not on record
before 2013: its share of the members' GDP, by which most bodies assess dues, stands in for it.

Run: `worldorder evidence exits --raw DIR`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from worldorder.data.countries import country
from worldorder.data.panel import table
from worldorder.data.vintage import Read
from worldorder.inference.estimate_membership import EXIT
from worldorder.inference.hazard_regression import fit_hazard, scored
from worldorder.inference.membership_panel import body_years, exit_rows, read_record

MONTHS: Final = 12
VARIANTS: Final = (
    (),
    ("log_gdp_share",),
    ("log_body_age",),
    ("log_tenure",),
    ("log_body_age", "log_tenure"),
    ("notice_years",),
)


def _gdp(read: Read) -> pd.Series:
    rows = read("state_year")
    rows = rows[rows["variable"] == "gdp_latent"]
    number = {code: country(code, to="cow") for code in rows["iso3"].unique()}
    state = rows["iso3"].map(number).rename("state")
    return rows.assign(state=state).groupby(["state", "year"])["value"].sum()


def with_costs(rows: pd.DataFrame, bodies: Sequence[str], read: Read = table) -> pd.DataFrame:
    """Rows at risk of exit with what a state carries of a body's cost, its age and its notice.

    Args:
        rows: of `membership_panel.exit_rows`; `body` is a place in `bodies`.
        bodies: abbreviations of the Correlates of War, lower case.
        read: gives a table of a panel by name.

    Adds `log_gdp_share` (of the members' GDP of the year before), `log_body_age` (years since
    founding) and `notice_years` (published notice, NaN elsewhere).
    """
    known = read("organizations").astype({"cow": str})
    known = known.assign(cow=known["cow"].str.lower()).drop_duplicates("cow").set_index("cow")
    listed = read("institutions").set_index("id")
    published = listed["notice_months"].where(listed["notice_status"] == "published") / MONTHS
    ids = pd.Series(list(bodies)).map(known["id"])
    founded = pd.Series(list(bodies)).map(known["founded"]).to_numpy(float)
    place, year = rows["body"].to_numpy(), rows["year"].to_numpy()
    gdp = _gdp(read).reindex(pd.MultiIndex.from_arrays([rows["state"], year - 1])).to_numpy()
    total = pd.Series(gdp).groupby([place, year]).transform("sum").to_numpy()
    return rows.assign(
        log_gdp_share=np.log(gdp / total),
        log_body_age=np.log(np.maximum(year - founded[place], 1.0)),
        notice_years=ids.map(published).to_numpy(float)[place],
    )


def tried(rows: pd.DataFrame, last: int = 2007) -> pd.DataFrame:
    """Each variant's coefficients and errors, and scores on later years beside the usual set."""
    found: list[dict[str, float | str]] = []
    for extra in VARIANTS:
        kept = rows.dropna(subset=list(extra)) if extra else rows
        fitted = fit_hazard(kept, (*EXIT, *extra))
        late = scored(kept, (*EXIT, *extra), last)
        plain = scored(kept, EXIT, last)
        for name, value, error in zip(
            fitted.covariates, fitted.coefficient[1:], fitted.standard_error[1:], strict=True
        ):
            found.append(
                {
                    "variant": " and ".join(extra) or "usual", "name": name, "value": value,
                    "error": error, "events": fitted.events, "log score": late["log score"],
                    "usual log score": plain["log score"], "AUC": late["area under curve"],
                }
            )  # fmt: skip
    return pd.DataFrame(found)


def report(raw: Path) -> None:
    """Print the tables of the docs."""
    for kinds in (("certain", "likely"), ("certain",)):
        record = read_record(raw, kinds)
        rows = with_costs(exit_rows(body_years(record)), record.bodies)
        print(" and ".join(kinds))
        if len(kinds) > 1:
            print(tried(rows).round(5).to_string())
        else:
            print(fit_hazard(rows, EXIT).table().round(3).to_string())
