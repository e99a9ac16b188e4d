"""The record 1816-2024 as the order indices see a world, year by year.

States are those that were, with their codes of the time. What the panel does not have in a year is
missing: votes before 1946, memberships before 1945, trade before 1962, reserves before 1995, money
of institutions before 2013, their capacity always.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from worldorder.data.panel import table
from worldorder.data.polities import continuing_state, states
from worldorder.mechanisms.capability import CapabilityParameters, capability_share
from worldorder.mechanisms.order_view import (
    OrderView,
    broad_weight,
    leader_absence,
    membership_likeness,
    recorded_stance,
    vote_likeness,
)
from worldorder.mechanisms.orders import OrderParameters
from worldorder.parameters.loader import load_parameters

if TYPE_CHECKING:
    import pandas as pd

FIRST, LAST = 1816, 2024
FIRST_MEMBERSHIPS, FIRST_TRADE, LAST_TRADE = 1945, 1962, 2023
FIRST_RESERVES, FIRST_FUNDING, LAST_MAJOR, LAST_GDP = 1995, 2013, 2016, 2019
MOST_POWERS: Final = 10
ISSUERS: Final = {
    "USD": "USA",
    "GBP": "GBR",
    "JPY": "JPN",
    "CNY": "CHN",
}  # no state issues the euro

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Record:
    """Index of the states that ever were, and the arrays that every year is cut from."""

    codes: tuple[str, ...]

    @functools.cached_property
    def place(self) -> dict[str, int]:
        """Index by code."""
        return {code: index for index, code in enumerate(self.codes)}

    def vector(self, rows: pd.DataFrame, column: str = "iso3") -> Matrix:
        """Values by state, NaN where there is none."""
        out = np.full(len(self.codes), np.nan, np.float32)
        known = rows[rows[column].isin(self.place)]
        out[[self.place[code] for code in known[column]]] = known["value"]
        return out

    def matrix(self, rows: pd.DataFrame, ends: tuple[str, str], values: Any = 1.0) -> Matrix:
        """Values by dyad, 0 elsewhere."""
        out = np.zeros((len(self.codes), len(self.codes)), np.float32)
        known = rows[ends[0]].isin(self.place) & rows[ends[1]].isin(self.place)
        values = np.broadcast_to(values, len(rows))[known.to_numpy()]
        pairs = rows[known]
        index = [[self.place[code] for code in pairs[end]] for end in ends]
        np.maximum.at(out, tuple(index), values)
        return out


def record() -> Record:
    """The index of the record."""
    return Record(tuple(sorted(set(table("states")["iso3"]))))


def year_view(
    of: Record, year: int, params: OrderParameters, core: bool = False
) -> tuple[OrderView, NDArray[np.bool_]]:
    """The record in a year as an order view, and which states there were.

    `core` keeps only what is known through the whole record (power, pacts, rivalries, disputes), so
    that no index moves because evidence begins.
    """
    there = np.isin(of.codes, states(year)["iso3"])
    power = _power(of, year, there)
    powers = _great_powers(of, year)
    leader = np.arange(len(of.codes)) == np.argmax(np.where(powers, power, 0.0))
    pact = _spells(of, "alliances", ("actor", "partner"), year, "defence_pact")
    pact = np.maximum(pact, pact.T)
    rivalry = _spells(of, "rivalries", ("state_a", "state_b"), year)
    rivalry = np.maximum(rivalry, rivalry.T)
    dispute = _disputes(of, year)
    unknown = np.full(len(of.codes), np.nan, np.float32)
    affinity = np.full(pact.shape, np.nan, np.float32)
    if not core:
        affinity = np.asarray(vote_likeness(jnp.asarray(_values(of, "ideal_point", year))))
    align, oppose = recorded_stance(
        jnp.asarray(pact),
        jnp.asarray(rivalry),
        jnp.asarray(dispute),
        jnp.asarray(affinity),
        params.affinity_weight,
    )
    shared, absence = _bodies(of, year, there, leader, params) if not core else (None, jnp.nan)
    missing = np.full(pact.shape, np.nan, np.float32)
    view = OrderView(
        power_share=jnp.asarray(power),
        align=align * powers,
        oppose=oppose * powers,
        powers=jnp.asarray(_places(powers)),
        leader=jnp.asarray(leader),
        pact=jnp.asarray(pact),
        dispute=jnp.asarray(dispute),
        shared_bodies=jnp.asarray(missing if shared is None else shared),
        affinity=jnp.asarray(affinity),
        trade=jnp.asarray(missing if core else _trade(of, year)),
        funding_share=jnp.asarray(unknown if core else _funding(of, year)),
        currency_share=jnp.asarray(unknown if core else _reserves(of, year)),
        institution_health=jnp.float32(jnp.nan),
        leader_absence=jnp.asarray(absence, jnp.float32),
    )
    return view, there


@functools.cache
def _by_variable(variable: str) -> pd.DataFrame:
    rows = table("state_year")
    return rows[rows["variable"] == variable]


def _values(of: Record, variable: str, year: int) -> Matrix:
    rows = _by_variable(variable)
    return of.vector(rows[rows["year"] == year])


def _gdp(of: Record, year: int) -> Matrix:
    """Latent GDP, after its last year carried on by real growth."""
    level = _values(of, "gdp_latent", min(year, LAST_GDP))
    for later in range(LAST_GDP + 1, year + 1):
        level = level * (1.0 + _values(of, "real_growth", later))
    return level.astype(np.float32)


def _power(of: Record, year: int, there: NDArray[np.bool_]) -> Matrix:
    """Capability in the form of the simulator; a state without a measure has none of it."""
    spending = "military_spending_gbp" if year < 1914 else "military_spending"
    gdp, people, arms = (
        np.where(there, np.nan_to_num(values), 0.0)
        for values in (_gdp(of, year), _values(of, "population", year), _values(of, spending, year))
    )
    weights = {name: one.value for name, one in load_parameters()["capability"].items()}
    params = CapabilityParameters(**{name: jnp.float32(v) for name, v in weights.items()})
    safe_gdp, safe_people = np.maximum(gdp, 1e-9), np.maximum(people, 1e-6)
    share = capability_share(
        jnp.float32(safe_gdp), jnp.float32(safe_people), jnp.float32(arms / safe_gdp), params
    )
    return np.where(there & (people > 0), np.asarray(share), 0.0).astype(np.float32)


def _great_powers(of: Record, year: int) -> NDArray[np.bool_]:
    """Major powers of Correlates of War; after its last year those of that year."""
    return np.nan_to_num(_values(of, "major_power", min(year, LAST_MAJOR))) > 0


def _places(powers: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Indices of the great powers, filled up to one length so that years share a program."""
    places = np.full(MOST_POWERS, len(powers), np.int32)
    found = np.flatnonzero(powers)
    places[: found.size] = found
    return places


def _spells(
    of: Record, name: str, ends: tuple[str, str], year: int, variable: str | None = None
) -> Matrix:
    rows = table(name)
    if variable is not None:
        rows = rows[rows["variable"] == variable]
    return of.matrix(rows[(rows["begin"] <= year) & (rows["end"] >= year)], ends)


def _disputes(of: Record, year: int) -> Matrix:
    rows = table("disputes")
    rows = rows[rows["year"] == year]
    found = of.matrix(rows, ("state_a", "state_b"), rows["level"].to_numpy(np.float32))
    return np.maximum(found, found.T)


def _bodies(
    of: Record,
    year: int,
    there: NDArray[np.bool_],
    leader: NDArray[np.bool_],
    params: OrderParameters,
) -> tuple[Matrix | None, Any]:
    if year < FIRST_MEMBERSHIPS:
        return None, np.nan
    day, rows = f"{year}-07-01", table("memberships")
    rows = rows[(rows["status"] == "full") & (rows["since"] <= day)]
    rows = rows[(rows["until"] == "") | (rows["until"] > day)]
    bodies = {name: index for index, name in enumerate(sorted(set(rows["institution"])))}
    seat = {
        continuing_state(code) or code: code
        for code, is_there in zip(of.codes, there, strict=True)
        if is_there
    }
    member = np.zeros((len(of.codes), len(bodies)), bool)
    for code, body in zip(rows["iso3"], rows["institution"], strict=True):
        if code in seat:
            member[of.place[seat[code]], bodies[body]] = True
    inside = jnp.asarray(member)
    weight = broad_weight(inside, jnp.asarray(there), params.breadth_low, params.breadth_high)
    likeness = np.array(membership_likeness(inside))
    outside = ~member.any(1)
    likeness[outside], likeness[:, outside] = np.nan, np.nan
    return likeness, leader_absence(
        jnp.asarray(leader, jnp.float32) @ member.astype(np.float32), weight
    )


@functools.cache
def _trade_by_year() -> dict[int, pd.DataFrame]:
    rows = table("trade")
    return {year: rows[rows["year"] == year] for year in rows["year"].unique().tolist()}


def _trade(of: Record, year: int) -> Matrix:
    if not FIRST_TRADE <= year <= LAST_TRADE:
        return np.full((len(of.codes),) * 2, np.nan, np.float32)
    rows = _trade_by_year()[year]
    flows = of.matrix(rows, ("exporter", "importer"), rows["value"].to_numpy(np.float32))
    return flows + flows.T


def _funding(of: Record, year: int) -> Matrix:
    rows = table("funding")
    rows = rows[(rows["year"] == year) & (rows["donor_kind"] == "state")]
    if year < FIRST_FUNDING or rows.empty:
        return np.full(len(of.codes), np.nan, np.float32)
    paid = rows.groupby("donor")["value"].sum().reset_index()
    share = np.nan_to_num(of.vector(paid, "donor"))
    return share / share.sum()


def _reserves(of: Record, year: int) -> Matrix:
    rows = table("reserve_shares")
    rows = rows[(rows["year"] == year) & (rows["holder"] == "world")]
    out = np.full(len(of.codes), np.nan, np.float32)
    if year < FIRST_RESERVES or rows.empty:
        return out
    out[:] = 0.0
    for currency, value in zip(rows["currency"], rows["value"], strict=True):
        if currency in ISSUERS:
            out[of.place[ISSUERS[currency]]] = value
    return out
