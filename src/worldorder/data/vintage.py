"""The world as it was known at the end of a past year, for forecasts of years already known.

Nothing dated after the year enters: tables are cut there, ideal points are those estimated from
votes to that year, growth is what the record to that year lets one expect, and what no source had
by then is imputed by the rules of the shipped start. Values are those of today's releases: that
GDP or trade of a past year was published later and revised since is not undone.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from importlib import resources
from typing import Final

import numpy as np
import pandas as pd

from worldorder.data import growth, imputation
from worldorder.data.builders.cells import COLUMNS
from worldorder.data.dyad_tables import defence_by_year
from worldorder.data.expected_growth import expected_growth
from worldorder.data.flags import ESTIMATED, FORECAST, IMPUTED, OBSERVED
from worldorder.data.own_tables import state_codes
from worldorder.data.panel import table
from worldorder.data.polities import continuing_state, former_states
from worldorder.data.reference import MONTHS_A_YEAR
from worldorder.data.start import Start, start_of
from worldorder.data.start_build import Tables, arrays
from worldorder.errors import InputError
from worldorder.parameters.loader import Parameters

OWN: Final = "worldorder"
FIRST_ORIGIN: Final = 1996  # 1 January of it
LAST_ORIGIN: Final = 2024
TRADE_YEARS: Final = 5  # a flow not reported at the origin is taken from so many years before
SMALLEST_GDP: Final = 1e-3  # bn USD/year, of a state that no source knows
GOODS: Final = "gross_goods_trade"
LEAST_GOODS: Final = 1.0  # mn USD/year: smaller flows of the tables tell no growth
POSITIONS: Final = "ideal_points_by_origin"
TRUST_COLUMNS: Final = ["truster", "about", "slow", "fast"]
Read = Callable[[str], pd.DataFrame]  # a table of a panel by name


def _wide(frame: pd.DataFrame, variable: str) -> pd.DataFrame:
    rows = frame[frame["variable"] == variable]
    wide = rows.pivot(index="iso3", columns="year", values="value")
    return wide.reindex(state_codes())


def _cells(values: pd.Series, variable: str, year: int, flag: str) -> pd.DataFrame:
    known = values.dropna()
    made = pd.DataFrame({"iso3": known.index, "value": known.to_numpy()})
    return made.assign(year=year, variable=variable, flag=flag, source=OWN)[COLUMNS]


def until(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rows of a table that were known at the end of a year."""
    return frame[frame["year"] <= year]


def _unknown_economies(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """Economies of states that no source has: the subregion's median income a head."""
    people = _wide(frame, "population")[year]
    added: list[pd.DataFrame] = []
    for variable in ("gdp", "gdp_ppp"):
        income = _wide(frame, variable)[year] / people
        missing = imputation.region_median(income)
        level = (missing * people[missing.index]).clip(lower=SMALLEST_GDP).fillna(SMALLEST_GDP)
        added.append(_cells(level, variable, year, IMPUTED))
    return pd.concat([frame, *added], ignore_index=True)


def _unknown_people(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    people = _wide(frame, "population")
    added = [
        _cells(people.loc[people[y].isna(), y].fillna(people[y].median()), "population", y, IMPUTED)
        for y in (year - 1, year)
    ]
    return pd.concat([frame, *added], ignore_index=True)


def _expected(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rows of growth and population for the years after, as they could be expected."""
    rate = expected_growth(_wide(frame, "real_growth").loc[:, :year], year)
    people = _wide(frame, "population")
    trend = people[year] / people[year - 1]
    ahead = range(1, growth.LAST_FORECAST - growth.FIRST_YEAR + 2)
    rows = [_cells(rate, "real_growth", year + k, FORECAST) for k in ahead]
    rows += [_cells(people[year] * trend**k, "population", year + k, FORECAST) for k in ahead]
    return pd.concat([frame, *rows], ignore_index=True)


def _positions(frame: pd.DataFrame, year: int, read: Read) -> pd.DataFrame:
    """State-years with the ideal points of the panel replaced by those of votes to the year."""
    held = frame[~frame["variable"].str.startswith("ideal_point")]
    return pd.concat([held, positions_known(year, read)], ignore_index=True)


def position_years(read: Read = table) -> list[int]:
    """Years to the end of which ideal points have been estimated without later votes."""
    return sorted(int(year) for year in read(POSITIONS)["origin"].unique())


def positions_known(year: int, read: Read = table) -> pd.DataFrame:
    """Ideal points estimated from votes to the end of `year`, as state-years of the panel.

    Raises:
        InputError: none were estimated for that year.
    """
    frame = read(POSITIONS)
    rows = frame[(frame["origin"] == year) & (frame["issue"] == "all")]
    if not len(rows):
        known = ", ".join(str(y + 1) for y in position_years(read) if y + 1 <= LAST_ORIGIN)
        raise InputError(
            f"ideal points as they stood on 1 January {year + 1} are not in the panel",
            f"Origins with them: {known}.",
        )
    today = {code: continuing_state(code) or code for code in former_states()}
    made = pd.DataFrame(
        {
            "iso3": rows["iso3"].astype(str).replace(today),
            "year": rows["year"].astype(int),
            "variable": "ideal_point",
            "value": rows["ideal_point"].astype(float),
            "flag": OBSERVED,
            "source": rows["source"].astype(str),
        }
    )
    made = made[made["iso3"].isin(state_codes())]
    return made.drop_duplicates(["iso3", "year"], keep="last")


def memberships_known(year: int, read: Read = table) -> pd.DataFrame:
    """Full memberships held at the end of `year`, in the form of the table of memberships."""
    rows = read("membership_spells")
    held = rows[
        (rows["status"] == "full") & (rows["begin"] <= year) & (rows["end"].fillna(9999) >= year)
    ]
    held = held.astype({"institution": str, "iso3": str})
    held = held[held["iso3"].isin(state_codes())].drop_duplicates(["institution", "iso3"])
    held = held[held["institution"].isin(set(read("institutions")["id"]))]
    return held.assign(since=held["begin"].astype(int).astype(str) + "-01-01", until="")


def state_years_known(year: int, read: Read = table) -> pd.DataFrame:
    """State-years known at the end of `year`, gaps of that year filled and the next expected."""
    frame = _positions(until(read("state_year"), year), year, read)
    frame = frame.drop_duplicates(["variable", "iso3", "year"])
    frame = _unknown_people(frame, year)
    frame = _unknown_economies(imputation.economy(frame, (year,)), year)
    frame = imputation.ideal_points(imputation.regime(frame, year), read("geography"), year)
    position = _wide(frame, "ideal_point")[year]
    rest = imputation.region_median(position)
    frame = pd.concat([frame, _cells(rest, "ideal_point", year, IMPUTED)], ignore_index=True)
    return _expected(frame, year)


def pacts_known(year: int, read: Read = table) -> pd.DataFrame:
    """Defence pacts by year to the end of `year`: actor owes partner defence.

    Spells are cut there, so that when a pact will end does not show.
    """
    spells = read("alliances").astype({"actor": str, "partner": str})
    return until(defence_by_year(spells[spells["begin"] <= year]), year)


def trade_known(year: int, read: Read = table) -> pd.DataFrame:
    """Flows of the year; those not reported in it are the last of the five years before.

    A flow read off a line between two reported years is used only where both were known, so
    interpolated cells count as not reported. Where nothing is reported in the year (after 2015),
    flows are those of the last reported year, carried on (`carried_on`).
    """
    flows = until(read("trade"), year)
    flows = flows[flows["flag"] == OBSERVED]
    reported = int(flows["year"].max())
    flows = flows[flows["year"] >= reported - TRADE_YEARS]
    latest = flows.sort_values("year").drop_duplicates(["exporter", "importer"], keep="last")
    latest = latest.assign(year=year)
    return latest if reported == year else carried_on(latest, reported, year, read)


def carried_on(flows: pd.DataFrame, since: int, year: int, read: Read = table) -> pd.DataFrame:
    """Flows of a year grown to a later one as goods trade in the input-output tables grew.

    By pair where the tables have it; else as all goods imports of the importer, else as all exports
    of the exporter, else as all trade in the tables.
    """
    rows = read("gross_trade")
    rows = rows[(rows["variable"] == GOODS) & rows["year"].isin([since, year])]
    rows = rows.astype({"exporter": str, "importer": str})
    rows = rows[rows["exporter"] != rows["importer"]]
    wide = rows.pivot_table(index=["exporter", "importer"], columns="year", values="value")
    wide = wide[(wide[[since, year]] >= LEAST_GOODS).all(axis=1)]

    def growth_of(level: str) -> pd.Series:
        sums = wide.groupby(level)[[since, year]].sum()
        return sums[year] / sums[since]

    at = flows.astype({"exporter": str, "importer": str})
    pairs = pd.MultiIndex.from_frame(at[["exporter", "importer"]])
    grown = pd.Series((wide[year] / wide[since]).reindex(pairs).to_numpy(float), index=at.index)
    for side in ("importer", "exporter"):
        grown = grown.fillna(at[side].map(growth_of(side)).astype(float))
    grown = grown.fillna(wide[year].sum() / wide[since].sum())
    return at.assign(value=at["value"] * grown, flag=ESTIMATED)


def institutions_known(year: int, read: Read = table) -> pd.DataFrame:
    """Bodies with the revenue that they reported in the year; later budgets are unknown."""
    bodies, money = read("institutions"), read("funding")
    paid = money[money["year"] == year].groupby("institution", observed=True)["value"].sum()
    revenue = bodies["id"].map(paid[paid > 0]).astype(float)
    return bodies.assign(
        revenue=revenue, stated_us_contribution=np.nan, stated_basis="", in_memorandum=False
    )


def trust_parts_known(year: int) -> pd.DataFrame:
    """The parts as `worldorder estimate trust --to YEAR` found them; empty where it found none."""
    file = resources.files("worldorder.parameters") / "vintages" / f"trust-parts-{year}.csv"
    if not file.is_file():
        return pd.DataFrame(columns=TRUST_COLUMNS).astype({"slow": float, "fast": float})
    with file.open(encoding="utf-8") as stream:
        return pd.read_csv(stream)[TRUST_COLUMNS]


def tables_known(
    year: int, parameters: Parameters, trust_parts: pd.DataFrame, read: Read = table
) -> Tables:
    """The panel's tables as known at the end of a year.

    Args:
        year: last year that is known.
        parameters: estimated on data to that year.
        trust_parts: slow and fast parts of surveyed views at that date (truster, about, slow,
            fast).
        read: gives a table of a panel by name; by default that of the shipped one.

    Raises:
        InputError: the panel does not reach back to that year, or nothing comes after it.
    """
    if not FIRST_ORIGIN <= year + 1 <= LAST_ORIGIN:
        raise InputError(
            f"there is no world of 1 January {year + 1} to set out from",
            f"Give a year from {FIRST_ORIGIN} to {LAST_ORIGIN}.",
        )
    return Tables(
        state_year=state_years_known(year, read),
        trade=trade_known(year, read),
        geography=read("geography"),
        capitals=read("capitals"),
        rivalries=read("rivalries")[read("rivalries")["begin"] <= year],
        favourability=until(read("favourability"), year),
        disputes=until(read("disputes"), year),
        us_tariffs=read("us_tariffs_2025_26").iloc[:0],
        pacts=pacts_known(year, read),
        institutions=institutions_known(year, read),
        memberships=memberships_known(year, read),
        funding=until(read("funding"), year),
        sanctions=read("sanctions")[read("sanctions")["begin"] <= year],
        reserve_shares=until(read("reserve_shares"), year),
        organizations=read("organizations"),
        spells=read("membership_spells")[read("membership_spells")["begin"] <= year],
        quotas=read("quotas"),
        year=year,
        trade_year=year,
        parameters=parameters,
        trust_parts=trust_parts,
    )


def start_known(
    year: int, parameters: Parameters, trust_parts: pd.DataFrame, read: Read = table
) -> Start:
    """The world of 1 January after `year`; arguments as in `tables_known`.

    No duty was added since and expected by forecasters, so the growth path contains none.
    """
    made = arrays(tables_known(year, parameters, trust_parts, read))
    months, states = MONTHS_A_YEAR * made["growth_rate"].shape[0], len(made["country"])
    made["reference_income"] = np.ones((months, states), np.float32)
    return start_of(made, datetime.date(year + 1, 1, 1))
