"""The state of the world on 1 January after a year, as arrays, from the panel's tables."""

from __future__ import annotations

from dataclasses import dataclass, field

import jax.numpy as jnp
import numpy as np
import pandas as pd

from worldorder.data import growth
from worldorder.data.builders.sanctions import in_force
from worldorder.data.calibration import among_states, baseline
from worldorder.data.flags import FLAGS, IMPUTED, OBSERVED
from worldorder.data.own_tables import own_table, state_codes
from worldorder.data.polities import as_of_today, continued
from worldorder.data.reference import TRADE_YEAR
from worldorder.data.start_assessment import assessments, follows_scale
from worldorder.data.start_reserves import reserves
from worldorder.mechanisms.alignment import start_anchor
from worldorder.mechanisms.membership import neighbour_share
from worldorder.mechanisms.trust import TrustParameters, start_trust
from worldorder.mechanisms.unknown_money import BudgetClass
from worldorder.parameters.loader import Parameters, load_parameters

YEAR = 2024  # last year known at the start of the shipped world
LEADING_STATE = "USA"
ANCHOR_FIRST_YEAR = 1990  # of the sample on which the anchor's memory is estimated
ANYBODY = "*"  # row of the table of trust for states without a survey
DIGITS = 5  # kept of what is computed in single precision, so that machines agree on bytes
LONGEST_PEACE = 40  # years of peace that the hazard of disputes tells apart
FOUNDING = 2  # years after the beginning in which members still join as founders
EARLIEST = 1800  # a membership dated before is an error of the source
SECRETARIAT = "UN"  # the body whose assessed scale pays the regular budget


@dataclass(frozen=True)
class Tables:
    """The panel's tables that the start is made from, and what was known when it is made.

    `trust_parts` splits surveyed views into slow and fast parts (truster, about, slow, fast).
    """

    state_year: pd.DataFrame
    trade: pd.DataFrame
    geography: pd.DataFrame
    capitals: pd.DataFrame
    rivalries: pd.DataFrame
    disputes: pd.DataFrame
    favourability: pd.DataFrame
    us_tariffs: pd.DataFrame
    pacts: pd.DataFrame
    institutions: pd.DataFrame
    memberships: pd.DataFrame
    funding: pd.DataFrame
    sanctions: pd.DataFrame
    reserve_shares: pd.DataFrame
    organizations: pd.DataFrame
    spells: pd.DataFrame
    quotas: pd.DataFrame
    year: int = YEAR  # last year that is known; the world is that of the day after
    trade_year: int = TRADE_YEAR
    parameters: Parameters = field(default_factory=load_parameters)
    trust_parts: pd.DataFrame = field(default_factory=lambda: own_table("trust_start"))

    @property
    def start(self) -> str:
        """Date of the start, ISO."""
        return f"{self.year + 1}-01-01"


def _wide(frame: pd.DataFrame, variable: str, column: str = "value") -> pd.DataFrame:
    rows = frame[frame["variable"] == variable]
    return rows.pivot(index="iso3", columns="year", values=column).reindex(state_codes())


def _flag_codes(frame: pd.DataFrame, variable: str, year: int) -> np.ndarray:
    flags = _wide(frame, variable, "flag")[year]
    return flags.map({flag: i for i, flag in enumerate(FLAGS)}).to_numpy(np.int8)


def domestic_anchor(ideal_point: pd.DataFrame, year: int, drift_rate: float) -> pd.Series:
    """Where home politics pulls at the start: weighted mean of past positions, recent ones most.

    Positions are taken less the year's mean, as in the estimate of the weights.

    Args:
        ideal_point: states by years, missing where a state did not vote.
        year: the last that counts.
        drift_rate: rate at which the anchor follows, 1/year.
    """
    history = ideal_point.loc[:, ANCHOR_FIRST_YEAR:year].T
    mean = history.mean(axis=1)
    centred = jnp.asarray(history.sub(mean, axis=0).to_numpy(float))
    anchor = start_anchor(centred, jnp.asarray(drift_rate, centred.dtype)) + mean[year]
    return pd.Series(np.asarray(anchor), index=ideal_point.index)


def states(tables: Tables) -> dict[str, np.ndarray]:
    """Arrays by state."""
    frame, year, own = tables.state_year, tables.year, own_table("states")
    arrays = {
        variable: _wide(frame, variable)[year].to_numpy()
        for variable in ("gdp", "gdp_ppp", "population", "military_burden", "regime")
    }
    ideal = _wide(continued(frame), "ideal_point")
    drift_rate = tables.parameters["alignment"]["anchor_drift_rate"].value
    arrays |= {
        f"{variable}_flag": _flag_codes(frame, variable, year)
        for variable in ("gdp", "gdp_ppp", "population", "military_burden", "regime")
    }
    return arrays | {
        "country": own["iso3"].to_numpy(str),
        "country_name": own["name"].to_numpy(str),
        "region": own["region"].to_numpy(str),
        "continent": own["continent"].to_numpy(str),
        "ideal_point": ideal[year].to_numpy(),
        "ideal_point_flag": _flag_codes(frame, "ideal_point", year),
        "domestic_anchor": domestic_anchor(ideal, year, drift_rate).to_numpy(),
    }


def growth_paths(tables: Tables) -> dict[str, np.ndarray]:
    """Growth of GDP and population a year from the start."""
    frame, year = tables.state_year, tables.year
    ahead = growth.LAST_FORECAST - growth.FIRST_YEAR + 1
    forecast_years = list(range(year + 1, year + 1 + ahead))
    forecast = _wide(frame, "real_growth")[forecast_years].to_numpy().T
    income = _wide(frame, "gdp_ppp")[year] / _wide(frame, "population")[year]
    long_run = growth.long_run_growth(income.to_numpy(), float(income[LEADING_STATE]))
    people = _wide(frame, "population")
    last = people[year] / people[year - 1] - 1
    rates = [(people[y] / people[y - 1] - 1).fillna(last).to_numpy() for y in forecast_years]
    return {
        "growth_rate": growth.growth_path(forecast, long_run),
        "population_growth_rate": growth.population_growth_path(np.stack(rates)),
    }


def trade(tables: Tables) -> dict[str, np.ndarray]:
    """Baseline of the trade model, at the GDP of the matrix's year."""
    codes = state_codes()
    flows = among_states(tables.trade, codes)
    gdp = _wide(tables.state_year, "gdp")[tables.trade_year].to_numpy()
    made = baseline(flows, gdp)
    filled = tables.trade[tables.trade["flag"] == IMPUTED]
    imputed = (set(filled["exporter"]) | set(filled["importer"])) & set(codes)
    whole = tables.trade[tables.trade["flag"] == OBSERVED]
    imputed -= set(whole["exporter"]) | set(whole["importer"])
    return {
        "trade_share": made.share,
        "expenditure": made.expenditure,
        "domestic_sales_floored": made.floored,
        "trade_imputed": np.array([code in imputed for code in codes]),
    }


def dyads(tables: Tables) -> dict[str, np.ndarray]:
    """Distances, borders and defence pacts."""
    codes = state_codes()
    index = {code: i for i, code in enumerate(codes)}
    n = len(codes)
    a = tables.geography["state_a"].map(index).to_numpy()
    b = tables.geography["state_b"].map(index).to_numpy()
    distance, contiguity, pact = np.zeros((n, n)), np.zeros((n, n), bool), np.zeros((n, n), bool)
    distance[a, b] = distance[b, a] = tables.geography["km"]
    contiguity[a, b] = contiguity[b, a] = tables.geography["land_border"]
    held = tables.pacts[tables.pacts["year"] == tables.year]
    pact[held["actor"].map(index), held["partner"].map(index)] = True
    rivalry = np.zeros((n, n), bool)
    until = min(tables.year, int(tables.rivalries["end"].max()))
    ongoing = tables.rivalries[
        (tables.rivalries["begin"] <= tables.year) & (tables.rivalries["end"] >= until)
    ]
    ongoing = as_of_today(ongoing, ["state_a", "state_b"])
    one, other = ongoing["state_a"].map(index), ongoing["state_b"].map(index)
    rivalry[one, other] = rivalry[other, one] = True
    return {
        "distance": distance,
        "contiguity": contiguity,
        "defence_pact": pact,
        "rivalry": rivalry,
    }


def disputes(tables: Tables) -> dict[str, np.ndarray]:
    """Open disputes at the start by level, and years of peace of each pair before it.

    Years of peace count from the last onset on record and are at most those told apart in the
    estimate of the hazard; militarized disputes are on record to 2014, conflicts with deaths to
    the start.
    """
    index = {code: i for i, code in enumerate(state_codes())}
    rows = as_of_today(tables.disputes, ["state_a", "state_b"])
    rows = rows.assign(a=rows["state_a"].map(index), b=rows["state_b"].map(index))
    dispute, last = np.zeros((len(index),) * 2), np.full((len(index),) * 2, -np.inf)
    still = rows[rows["year"] == tables.year]
    dispute[still["a"], still["b"]] = dispute[still["b"], still["a"]] = still["level"]
    onset = rows[rows["onset"]]
    np.maximum.at(last, (onset["a"], onset["b"]), onset["year"].to_numpy(float))
    peace = np.minimum(tables.year - np.maximum(last, last.T), LONGEST_PEACE)
    return {"dispute": dispute, "peace_years": peace}


def sanctions(tables: Tables) -> np.ndarray:
    """Sanctions in force, share of a full embargo, sender by target."""
    place = {code: i for i, code in enumerate(state_codes())}
    held = in_force(tables.sanctions, tables.year)
    matrix = np.zeros((len(place), len(place)))
    matrix[held["sender"].map(place), held["target"].map(place)] = held["intensity"]
    return matrix


def leaders(year: int) -> dict[str, np.ndarray]:
    """Orientation of leaders (0 where nothing is read) and years that count to a limit of terms.

    The table is of the shipped start; at another start nothing is known of either.
    """
    table = own_table("leaders_start").set_index("iso3").reindex(state_codes())
    known = year == YEAR
    return {
        name: table[name].fillna(0).to_numpy(float) * known
        for name in ("orientation", "years_in_office")
    }


def capitals(tables: Tables) -> dict[str, np.ndarray]:
    """Where the capitals lie, degrees; NaN where not known."""
    place = tables.capitals.set_index("iso3").reindex(state_codes())
    return {name: place[name].to_numpy() for name in ("latitude", "longitude")}


def _dyads(frame: pd.DataFrame, column: str) -> np.ndarray:
    wide = frame.pivot(index="truster", columns="about", values=column)
    return wide.reindex(index=state_codes(), columns=state_codes()).to_numpy(float)


def surveyed_trust(views: pd.DataFrame, parts: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Slow part of trust in surveys (NaN where none) and part bound to the leader, logit.

    Views of the states with long series are split by `inference.estimate_trust`; a state without
    a survey of its own shares what is common to all in the leader's part. Of other states the
    latest survey counts as trust in the state.
    """
    parted = parts.replace("", "nan").astype({"slow": float, "fast": float})
    rest = views[~views["about"].isin(parted["about"])].sort_values("year")
    rest = rest.drop_duplicates(["respondent", "about"], keep="last")
    odds = np.log(rest["favourable"] / (1 - rest["favourable"]))
    others = pd.DataFrame({"truster": rest["respondent"], "about": rest["about"], "slow": odds})
    seen = parted[parted["truster"] != ANYBODY]
    slow = _dyads(pd.concat([seen, others.assign(fast=np.nan)]), "slow")
    common = parted[parted["truster"] == ANYBODY].set_index("about")["fast"]
    everyone = common.reindex(state_codes()).fillna(0.0).to_numpy(float)
    own = _dyads(seen, "fast")
    return slow, np.where(np.isnan(own), everyone[None, :], own)


def trust(tables: Tables, made: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Trust at the start, logit: surveys where there are any, else what affinity implies."""
    named = tables.parameters["trust"]
    params = TrustParameters(**{name: jnp.asarray(p.value) for name, p in named.items()})
    slow, fast = surveyed_trust(tables.favourability, tables.trust_parts)
    start = start_trust(
        jnp.asarray(slow),
        jnp.asarray(fast),
        jnp.asarray(made["ideal_point"]),
        jnp.asarray(made["defence_pact"], float),
        params,
    )
    return {
        "trust_slow": np.asarray(start.slow, float).round(DIGITS),
        "trust_fast": np.asarray(start.fast, float).round(DIGITS),
        "trust_baseline": np.asarray(start.baseline, float).round(DIGITS),
        "trust_imputed": np.asarray(start.imputed),
    }


def _members(tables: Tables, bodies: list[str]) -> np.ndarray:
    codes = state_codes()
    rows = tables.memberships[tables.memberships["status"] == "full"]
    begun = rows["since"].fillna("") <= tables.start
    open_still = (rows["until"].fillna("") == "") | (rows["until"].fillna("") > tables.start)
    rows = rows[begun & open_still]
    member = np.zeros((len(codes), len(bodies)), bool)
    row = rows["iso3"].map({code: i for i, code in enumerate(codes)})
    column = rows["institution"].map({body: i for i, body in enumerate(bodies)})
    member[row, column] = True
    return member


def _reported(tables: Tables, bodies: list[str], assessed: bool = False) -> pd.DataFrame:
    """Payments of the last year by state and body, mn USD; a reporting body's silence is zero."""
    rows = tables.funding[tables.funding["year"] == tables.year]
    reporting = rows.groupby("institution")["value"].sum()
    reporting = [body for body in bodies if reporting.get(body, 0) > 0]
    rows = rows[(rows["donor_kind"] == "state")]
    if assessed:
        rows = rows[rows["type"] == "assessed"]
    wide = rows.pivot_table(
        index="donor", columns="institution", values="value", aggfunc="sum", observed=True
    )
    return wide.reindex(index=state_codes(), columns=reporting).fillna(0.0).clip(lower=0.0)


def money(tables: Tables) -> dict[str, np.ndarray]:
    """Payments by state and body, other revenue and total revenue, mn USD/year.

    Bodies paid from the UN regular budget get their stated budget, shared as the members'
    assessed contributions to the UN are; the UN's own row is reduced by as much. Of other bodies
    only what is stated is known; the rest is missing.
    """
    table = tables.institutions
    bodies = table["id"].tolist()
    paid = pd.DataFrame(np.nan, index=state_codes(), columns=bodies)
    reported = _reported(tables, bodies)
    paid[reported.columns] = reported
    revenue = table.set_index("id")["revenue"].copy()
    regular = table[table["stated_basis"].str.contains("UN regular budget")]["id"].tolist()
    scale = _reported(tables, bodies, assessed=True).get(SECRETARIAT, pd.Series(dtype=float))
    for body in regular:
        paid[body] = scale / scale.sum() * revenue[body]
        paid[SECRETARIAT] -= paid[body]
        revenue[SECRETARIAT] -= revenue[body]
    stated = table.set_index("id")["stated_us_contribution"]
    for body in table[table["in_memorandum"]]["id"]:
        if body not in reported.columns and np.isfinite(stated[body]):
            paid.loc[LEADING_STATE, body] = stated[body]
    known = reported.columns.tolist() + regular
    other = pd.Series(np.nan, index=bodies)
    other[known] = revenue[known] - paid[known].sum()
    flag = np.full(len(bodies), -1, np.int8)
    flag[table["id"].isin(reported.columns)] = FLAGS.index(OBSERVED)
    flag[table["id"].isin(regular)] = FLAGS.index(IMPUTED)
    return {
        "contribution": paid.to_numpy(),
        "other_revenue": other.to_numpy(),
        "revenue": revenue.to_numpy(),
        "contribution_flag": flag,
    }


def assessed_dues(tables: Tables, paid: np.ndarray) -> pd.DataFrame:
    """Dues that the scale of assessments divides, mn USD/year, by state and body; NaN elsewhere.

    Bodies paid from the UN regular budget have all of theirs from it; the UN's are less as much.
    """
    table = tables.institutions
    bodies = table["id"].tolist()
    made = pd.DataFrame(np.nan, index=state_codes(), columns=bodies)
    assessed = _reported(tables, bodies, assessed=True)
    if SECRETARIAT not in assessed:
        return made
    found = follows_scale(assessed, assessed[SECRETARIAT])
    made[found] = assessed[found]
    units = table["stated_basis"].str.contains("UN regular budget").to_numpy()
    made.loc[:, units] = paid[:, units]
    made[SECRETARIAT] -= paid[:, units].sum(1)
    return made.clip(lower=0.0)


def institutions(tables: Tables) -> dict[str, np.ndarray]:
    """Arrays by institution, and membership."""
    table = tables.institutions
    text = ("id", "name", "aliases", "area", "legal_form", "notice_status")
    arrays = {f"institution_{name}": table[name].to_numpy(str) for name in text}
    listed = tables.memberships["institution"].value_counts()
    return arrays | {
        "membership": _members(tables, table["id"].tolist()),
        "members_known": (table["id"].map(listed).fillna(0) > 1).to_numpy(),
        "un_system": table["un_system"].to_numpy(bool),
        "secretariat": table["secretariat"].to_numpy(bool),
        "in_memorandum": table["in_memorandum"].to_numpy(bool),
        "notice_months": table["notice_months"].to_numpy(float),
        "budget_class": _budget_class(table).to_numpy(np.int32),
    }


def _budget_class(table: pd.DataFrame) -> pd.Series:
    """Bodies whose budgets are alike, `BudgetClass`."""
    kinds = pd.Series(BudgetClass.TREATY, index=table.index)
    kinds[table["un_system"]] = BudgetClass.UNIT
    kinds[table["un_system"] & table["revenue_source"].eq("un-system-funding")] = BudgetClass.AGENCY
    kinds[~table["secretariat"]] = BudgetClass.NONE
    return kinds


def _first_years(tables: Tables) -> pd.DataFrame:
    """First year of full membership by state of today and body: iso3, institution, year."""
    held = tables.memberships[tables.memberships["status"] == "full"]
    year = pd.to_numeric(held["since"].astype(str).str[:4], errors="coerce")
    begun = (tables.spells["status"] == "full") & tables.spells["begin_known"]
    past = as_of_today(tables.spells[begun & (tables.spells["begin"] > EARLIEST)], ["iso3"])
    columns = ["iso3", "institution", "year"]
    both = pd.concat([held.assign(year=year)[columns], past.assign(year=past["begin"])[columns]])
    both = both.astype({"iso3": str, "institution": str})
    both = both[both["institution"].isin(tables.institutions["id"]) & both["year"].notna()]
    return both.groupby(["iso3", "institution"])["year"].min().reset_index()


def founding(tables: Tables) -> dict[str, np.ndarray]:
    """Years since each body was founded, and who was a member within two years of that.

    A body whose founding is not recorded was founded in the median year of the others; its founders
    are not known.
    """
    bodies, rows = tables.institutions["id"], _first_years(tables)
    year = bodies.map(tables.organizations.set_index("id")["founded"]).astype(float)
    begun = rows["institution"].map(dict(zip(bodies, year, strict=True)))
    year = year.fillna(year.median()).clip(upper=tables.year)
    early = rows[rows["year"] <= begun + FOUNDING].assign(early=True)
    wide = early.pivot(index="iso3", columns="institution", values="early")
    founder = wide.reindex(index=state_codes(), columns=bodies).notna().to_numpy()
    return {"founder": founder, "founding_age": (tables.year + 1 - year).to_numpy(float)}


def vote_shares(tables: Tables) -> np.ndarray:
    """Shares of votes in the Monetary Fund; before the recorded year those that weight implies."""
    held = tables.quotas.set_index("iso3")["vote_share"].reindex(state_codes()).to_numpy(float)
    if tables.year < int(tables.quotas["year"].max()):
        gdp = _wide(tables.state_year, "gdp")[tables.year].to_numpy(float)
        held = np.where(
            np.isnan(held), 0.0, gdp ** tables.parameters["reform"]["compression"].value
        )
    return np.nan_to_num(held) / np.nansum(held)


def arrays(tables: Tables) -> dict[str, np.ndarray]:
    """Every array of the start; floats other than the trade baseline in single precision."""
    made = (
        states(tables)
        | growth_paths(tables)
        | trade(tables)
        | dyads(tables)
        | disputes(tables)
        | institutions(tables)
        | money(tables)
        | capitals(tables)
        | reserves(tables.reserve_shares, tables.state_year, tables.memberships, tables.start)
    )
    made |= leaders(tables.year)
    made["sanction"] = sanctions(tables)
    made |= founding(tables) | {"vote_share": vote_shares(tables)}
    made |= trust(tables, made)
    made |= assessments(
        tables.state_year,
        made["membership"][:, tables.institutions["id"].tolist().index(SECRETARIAT)],
        assessed_dues(tables, made["contribution"]),
        made["contribution"],
        tables.year,
        tables.parameters,
    )
    near = neighbour_share(jnp.asarray(made["membership"]), jnp.asarray(made["distance"]))
    made["neighbour_share"] = np.asarray(near, float).round(DIGITS)
    double = {"trade_share", "expenditure"}
    return {
        name: array.astype(np.float32)
        if array.dtype == np.float64 and name not in double
        else array
        for name, array in sorted(made.items())
    }
