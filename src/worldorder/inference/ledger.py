r"""What does a state get from a body, what does it pay, and would it stay for that?

Each membership is booked in shares of the body's revenue:

$$n_{ib} = s_{ib} + h_{ib} + k s_{ib} D_{ib} \frac{v_{ib}}{1 - v_{ib}} - k s_{ib} D_{ib} - d_{ib}$$

service $s$ (what the body is worth to a state of its size and income, by what states give freely),
seat $h$ (what hosting adds), influence (how much its votes $v$ bring the body's position
nearer), constraint (the distance $D$ between the state's ideal point and the body's position), and
dues $d$: what is assessed, since gifts can be stopped without leaving. The weight $k$ of distance
is assumed: free giving does not tell it (docs/mechanisms/ledger.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import expit

from worldorder.data.panel import panel, table
from worldorder.data.start import load_start
from worldorder.inference.influence import (
    FUND,
    LIKE_THE_FUND,
    UNKNOWN_WEIGHTS,
    members_in,
    say_of,
)
from worldorder.inference.worth import COVARIATES, Worth, body_position, worth
from worldorder.parameters.loader import load_parameters

Array = NDArray[np.float64]
Places = NDArray[np.int64]

CONSTRAINT: Final = (0.0, 1.0)  # range of the weight of distance, per ideal-point unit; assumed
LEADER: Final = "USA"
LAST: Final = 2024  # last year of the record of payments
CAPITAL: Final = (FUND, *LIKE_THE_FUND, *UNKNOWN_WEIGHTS)
ITEMS: Final = ("service", "seat", "influence", "constraint", "dues")
WOULD_LEAVE, OPEN, WOULD_STAY = "would leave", "open", "would stay"
LIKELY: Final = 2 / 3  # of draws
KNOWN, LINE, STATED, DRAWN, FORUM, PAID_IN = (
    "assessed in 2024 (UN system statistics)",
    "share of the UN's assessments (assumed)",
    "stated on a page",
    "drawn from like bodies",
    "none: no budget of its own",
    "none: capital and not dues (assumed)",
)


@dataclass(frozen=True)
class Draws:
    """What is not known, by draw."""

    coefficients: Array  # draw by covariate
    seat: Array  # by draw, share of revenue that hosting is worth
    constraint: Array  # by draw, per ideal-point unit
    leader_share: Array  # draw by body, share of revenue that the leading state pays
    other_share: Array  # draw by body, share of the rest that others than states pay


def holdings() -> pd.DataFrame:
    """Memberships at the start of 2025, with all that the ledger is made of.

    Where the members of a body are not known every state counts as one (assumed).
    """
    start = load_start()
    held, codes = start.arrays, np.asarray(start.entities.country)
    names, known = np.asarray(start.entities.institution), held["members_known"]
    member = held["membership"] | ~known
    i, b = np.nonzero(member)
    rows = say_of(pd.DataFrame({"iso3": codes[i], "institution": names[b]}))
    place = pd.Series(held["ideal_point"].astype(float), index=codes)
    position = rows["institution"].map(body_position(rows, place))
    revenue = held["revenue"][b].astype(float)
    share, basis = dues_share(rows, held["contribution_flag"][b])
    income = held["gdp"].astype(float) / held["population"].astype(float)
    return rows.assign(
        area=held["institution_area"][b],
        in_memorandum=held["in_memorandum"][b],
        revenue=np.where(np.isfinite(revenue), revenue, np.nan),
        log_gdp=np.log(held["gdp"].astype(float))[i],
        log_income=np.log(income)[i],
        distance=(rows["iso3"].map(place) - position).abs(),
        member=held["membership"][i, b],
        members_basis=np.where(known[b], "recorded", "not known: all states (assumed)"),
        dues=share,
        dues_basis=basis,
    )


def assessed_share(year: int, rows: pd.DataFrame) -> Array:
    """Assessed dues as a share of all revenue of the body; NaN where it has no statistics."""
    money = table("funding").astype({"donor": str, "institution": str, "type": str})
    money = money[money["year"] == year]
    total = money.groupby("institution")["value"].sum()
    dues = money[money["type"] == "assessed"].groupby(["institution", "donor"])["value"].sum()
    key = pd.MultiIndex.from_frame(rows[["institution", "iso3"]])
    paid = dues.reindex(key).fillna(0.0).clip(lower=0.0).to_numpy(float)
    return paid / rows["institution"].map(total).to_numpy(float)


def dues_share(rows: pd.DataFrame, flag: NDArray[np.int8]) -> tuple[Array, NDArray[np.str_]]:
    """Dues as a share of the body's revenue, NaN where they must be drawn, and their basis."""
    bodies = table("institutions").set_index("id").loc[rows["institution"]]
    stated = np.where(rows["iso3"] == LEADER, bodies["stated_us_share"].to_numpy(float), np.nan)
    idle = ~bodies["secretariat"].to_numpy(bool)
    capital = rows["institution"].isin(CAPITAL).to_numpy()
    own = assessed_share(LAST, rows)
    united = rows["iso3"].map(_scale_of_assessments()).fillna(0.0).to_numpy(float)
    basis = np.full(len(rows), DRAWN, dtype=f"<U{max(map(len, (KNOWN, LINE, PAID_IN)))}")
    basis[np.isfinite(own)], basis[flag > 0] = KNOWN, LINE
    by_page = (basis == DRAWN) & np.isfinite(stated)
    basis[by_page], basis[idle], basis[capital] = STATED, FORUM, PAID_IN
    share = np.where(by_page, stated, np.where(flag > 0, united, own))
    return np.where(idle | capital, 0.0, share), basis


def _scale_of_assessments() -> pd.Series:
    """Share of each state in what the United Nations assessed in the last year."""
    money = table("funding").astype({"donor": str, "institution": str, "type": str})
    mine = (money["year"] == LAST) & (money["institution"] == "UN") & (money["type"] == "assessed")
    paid = money[mine & (money["donor_kind"] == "state")].groupby("donor")["value"].sum()
    return paid / paid.sum()


def holdings_in(year: int) -> pd.DataFrame:
    """Memberships of a past year in bodies of the UN system whose money is known by donor."""
    rows = say_of(members_in(year))
    dues = assessed_share(year, rows)
    rows = rows.assign(dues=dues)[np.isfinite(dues)].reset_index(drop=True)
    gdp, people, place = (
        panel(name, year=year).set_index("iso3")["value"]
        for name in ("gdp", "population", "ideal_point")
    )
    position = rows["institution"].map(body_position(rows, place))
    return rows.assign(
        log_gdp=np.log(rows["iso3"].map(gdp)),
        log_income=np.log(rows["iso3"].map(gdp / people)),
        distance=(rows["iso3"].map(place) - position).abs(),
    ).dropna(subset=["log_gdp", "log_income", "distance"], ignore_index=True)


def draws_of(found: Worth, bodies: int, draws: int, seed: int) -> Draws:
    """Draws of coefficients, of the weight of distance and of unknown shares of payers."""
    held = load_parameters()["funding"]
    draw, share_draw = np.random.default_rng(seed).spawn(2)
    shares: list[Array] = []
    for name in ("unknown_leading_share", "unknown_other_share"):
        mean = share_draw.normal(held[name].value, held[name].standard_error or 0.0, (draws, 1))
        shares.append(
            expit(mean + held[f"{name}_spread"].value * share_draw.normal(size=(draws, bodies)))
        )
    values = found.coefficients[list(COVARIATES)].to_numpy(float)
    cover = found.covariance.loc[list(COVARIATES), list(COVARIATES)].to_numpy(float)
    return Draws(
        draw.multivariate_normal(values, cover, draws),
        np.maximum(draw.normal(found.seat, found.seat_error, draws), 0.0),
        draw.uniform(*CONSTRAINT, draws),
        *shares,
    )


def booked(rows: pd.DataFrame, drawn: Draws) -> dict[str, Array]:
    """Items of the ledger by draw and membership, shares of the body's revenue."""
    place, names = pd.factorize(rows["institution"])
    within = csr_array((np.ones(len(rows)), (place, np.arange(len(rows)))), (len(names), len(rows)))
    value = drawn.coefficients[:, :2] @ rows[["log_gdp", "log_income"]].to_numpy(float).T
    value = np.exp(value - value.max(axis=1, keepdims=True))
    service = value / np.asarray(within @ value.T).T[:, place]
    votes = rows["vote_share"].fillna(0.0).clip(upper=0.5).to_numpy(float)
    constraint = drawn.constraint[:, None] * service * rows["distance"].to_numpy(float)
    return {
        "service": service,
        "seat": drawn.seat[:, None] * rows["host"].to_numpy(float),
        "influence": constraint * votes / (1.0 - votes),
        "constraint": constraint,
        "dues": _dues(rows, place, within, drawn),
    }


def _dues(rows: pd.DataFrame, place: Places, within: csr_array, drawn: Draws) -> Array:
    """Known dues; where they are not known the leading state's share and the rest by GDP."""
    known = rows["dues"].to_numpy(float)
    leads = (rows["iso3"] == LEADER).to_numpy()
    there = np.asarray(within @ leads.astype(float))[place]
    size = np.where(leads, 0.0, np.exp(rows["log_gdp"].to_numpy(float)))
    part = size / np.maximum(np.asarray(within @ size)[place], 1e-12)
    leader = drawn.leader_share[:, place] * there
    rest = (1.0 - leader) * (1.0 - drawn.other_share[:, place]) * part
    return np.where(np.isnan(known), np.where(leads, leader, rest), known)


def ledger(draws: int = 500, seed: int = 1) -> pd.DataFrame:
    """The ledger of every membership at the start of 2025.

    Returns:
        One row a state and body: the items (medians, shares of the body's revenue), `net` with its
        80 % interval, `leave_probability` (share of draws in which it is below zero),
        `flip_constraint` (weight of distance at which it turns, NaN where none does), `decision`,
        `votes_over_equal` (its votes over those of one member, one vote) and what items rest on.
    """
    rows = holdings()
    found = worth()
    drawn = draws_of(found, rows["institution"].nunique(), draws, seed)
    items = booked(rows, drawn)
    size = rows.groupby("institution")["iso3"].transform("size")
    made = _summed(rows, items).assign(votes_over_equal=rows["vote_share"] * size)
    return made[made["member"]].reset_index(drop=True)


def net_of(items: dict[str, Array]) -> Array:
    """What is left of a membership, share of the body's revenue."""
    gains = items["service"] + items["seat"] + items["influence"]
    return gains - items["constraint"] - items["dues"]


def _summed(rows: pd.DataFrame, items: dict[str, Array]) -> pd.DataFrame:
    net = net_of(items)
    low, middle, high = np.quantile(net, [0.1, 0.5, 0.9], axis=0)
    chance = (net < 0).mean(axis=0)
    made = rows.assign(**{name: np.median(items[name], axis=0) for name in ITEMS})
    votes = rows["vote_share"].fillna(0.0).clip(upper=0.5)
    gain = made["service"] + made["seat"] - made["dues"]
    per_unit = made["service"] * rows["distance"] * (1 - votes / (1 - votes))
    return made.assign(
        net=middle,
        net_low_80=low,
        net_high_80=high,
        leave_probability=chance,
        flip_constraint=(gain / per_unit).where((gain > 0) & (per_unit > 0)),
        decision=np.select(
            [chance >= LIKELY, chance <= 1 - LIKELY], [WOULD_LEAVE, WOULD_STAY], OPEN
        ),
    )
