"""The world on 1 January 2025 as a run needs it: read with NumPy alone, in milliseconds."""

from __future__ import annotations

import csv
import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import numpy as np

from worldorder.data.files import START, built_folder
from worldorder.errors import DataError
from worldorder.mechanisms.assessment import INTERVAL
from worldorder.mechanisms.new_bodies import PLACES, no_new_bodies
from worldorder.mechanisms.pact_bodies import founded_groups, pairs_within
from worldorder.parameters.known import FIRST_DAY
from worldorder.state import Assessments, Entities, Mandate, Promises, Setting, World

LEADING_STATE = "USA"
# Correlates of War, list of major powers, version 2016: those of the last day of the list.
GREAT_POWERS = ("USA", "GBR", "FRA", "RUS", "CHN", "DEU", "JPN")
# Bodies whose members owe each other defence: ATOP has a tie between four in five of their pairs
# or more at the start, and the body's own treaty holds the obligation.
DEFENCE_BODIES = ("NATO", "CSTO", "EU", "OAS", "LAS", "ECOWAS", "GCC")
WAR = 3  # level of a dispute
# The Monetary Fund's 16th review was concluded in December 2023; its Articles (III, 2) ask for one
# in five years. Earlier ones were due in 1998, 2003 and so on.
LAST_REVIEW, REVIEWED_EVERY = 2023, 5
DISPUTES_TO = 2014  # last year of militarized disputes on record
BLOC = "EU"  # its members join a campaign together
ASSEMBLY = "UN"  # its members vote on resolutions
REGIONAL_BODIES = ("AU", "ECOWAS")  # they sanction their own members
NEAREST_KM = 50.0  # distances below count as this: capitals of neighbours
NEUTRAL_APPROVAL = 0.5  # no approval is staged for the start
REBUILD = "Install the package again, or rebuild with `worldorder data build --raw DIR`."


@dataclass(frozen=True)
class TariffChange:
    """A duty that the leading state puts in force."""

    date: str  # ISO, for example "2025-02-04"
    partner: str  # ISO3
    tariff: float  # ad valorem, added since December 2024


@dataclass(frozen=True)
class Withdrawal:
    """One of the 66 bodies of 7 January 2026."""

    institution: str
    announced: str  # ISO date of the memorandum
    effective: str  # ISO date: announced plus notice
    notice_months: int
    notice_status: str  # published or assumed
    notice_source: str


@dataclass(frozen=True)
class MembershipChange:
    """An accession or exit of 2025 or 2026 other than the 66."""

    date: str
    state: str  # ISO3
    institution: str
    change: str  # accession or exit


def _damaged(path: Path, error: Exception) -> DataError:
    return DataError(f"this file of the panel cannot be read: {error}", fix=REBUILD, file=path)


def start_arrays(folder: Path | None = None) -> dict[str, np.ndarray]:
    """Every array of the start by name (docs/data.md lists them).

    Raises:
        DataError: the file is missing or damaged.
    """
    path = (folder or built_folder()) / START
    try:
        with np.load(path, allow_pickle=False) as held:
            return {name: held[name] for name in held.files}
    except Exception as error:  # NumPy, zipfile and zlib each raise their own kind
        raise _damaged(path, error) from error


def _texts(array: np.ndarray) -> tuple[str, ...]:
    return tuple(str(text) for text in array)


def _entities(held: dict[str, np.ndarray]) -> Entities:
    aliases = (text.split("|") if text else [] for text in _texts(held["institution_aliases"]))
    return Entities(
        country=_texts(held["country"]),
        country_name=_texts(held["country_name"]),
        institution=_texts(held["institution_id"]),
        institution_name=_texts(held["institution_name"]),
        institution_aliases=tuple(tuple(names) for names in aliases),
        institution_area=_texts(held["institution_area"]),
        currency=_texts(held["currency"]),
        holder=_texts(held["holder"]),
    )


def _single(array: np.ndarray) -> Any:
    return np.asarray(array, np.float32)


def _indices(array: np.ndarray) -> Any:
    return np.asarray(array, np.int32)


def _flags(array: np.ndarray) -> Any:
    return np.asarray(array, np.bool_)


def _places(names: np.ndarray, wanted: tuple[str, ...]) -> Any:
    """Index of each name."""
    listed = names.tolist()
    return np.asarray([listed.index(name) for name in wanted], np.int32)


def _mandate(years_in_office: np.ndarray) -> Mandate:
    """Mandates without an election behind them; income and exclusion are set for each run."""
    none = _single(np.zeros(len(years_in_office)))
    return Mandate(_single(years_in_office), none, none, none, none, none, none)


def _near_states(distance: np.ndarray, number: int = 10) -> Any:
    """1/k for the k states nearest to each, itself left out; 0 for others."""
    apart = distance + np.diag(np.full(len(distance), np.inf))
    rank = np.argsort(np.argsort(apart, axis=1, kind="stable"), axis=1)
    return _single((rank < number) / number)


def _multilateral_ties(held: dict[str, np.ndarray]) -> np.ndarray:
    """Pairs tied by a pact of many that is no body of `DEFENCE_BODIES`, read off the ties."""
    tied = held["defence_pact"] | held["defence_pact"].T
    member = held["membership"][:, _places(held["institution_id"], DEFENCE_BODIES)].astype(float)
    left = tied & ~(member @ member.T > 0.0)
    return pairs_within(founded_groups(left, tied), len(tied))


def _world(held: dict[str, np.ndarray]) -> World:
    n, bodies = held["membership"].shape
    no_dyad, no_body = np.zeros((n, n)), np.zeros(bodies)
    return World(
        underlying_gdp=_single(held["gdp"]),
        population=_single(held["population"]),
        military_burden=_single(held["military_burden"]),
        ideal_point=_single(held["ideal_point"]),
        domestic_anchor=_single(held["domestic_anchor"]),
        settled_at=_single(np.zeros(())),
        trust_fast=_single(held["trust_fast"]),
        trust_slow=_single(held["trust_slow"]),
        tariff=_single(no_dyad),
        aid=_single(no_dyad),
        sanction=_single(held["sanction"]),
        recruited=_single(no_dyad),
        vote=_single(np.zeros(n)),
        reserve_share=_single(held["reserve_share"]),
        approval=_single(np.full(n, NEUTRAL_APPROVAL)),
        orientation=_single(held["orientation"]),
        mandate=_mandate(held["years_in_office"]),
        ballot=jax.numpy.zeros(n, jax.numpy.int32),
        new_leader=_flags(np.zeros(n)),
        membership=_flags(held["membership"]),
        contribution=_single(held["contribution"]),
        compensation=_single(no_body),
        recent_exits=_single(no_body),
        other_revenue=_single(held["other_revenue"]),
        reserve=_single(np.full(bodies, np.nan)),
        capacity=_single(np.ones(bodies)),
        fate=_single(no_body),
        new_bodies=no_new_bodies(n),
        vote_share=_single(held["vote_share"]),
        assessments=Assessments(
            scale=_single(np.zeros(n)),
            level=_single(np.ones(bodies)),
            income=_single(held["income_record"]),
            people=_single(held["people_record"]),
        ),
        wage_change=_single(np.ones(n)),
        expenditure_change=_single(np.ones(n)),
        dependence=_single(no_dyad),
        defence_pact=_single(held["defence_pact"]),
        rivalry=_single(held["rivalry"]),
        dispute=_single(held["dispute"]),
        peace_years=_single(held["peace_years"]),
        sphere_recognition=_single(no_dyad),
        consultation=_single(no_dyad),
        veto=_single(np.zeros(n)),
        mediation=_single(no_dyad),
        menace=_single(no_dyad),
        promises=Promises(_single(np.zeros(n)), _single(np.zeros(n))),
        pact_group=_single(np.zeros(n)),
    )


def _trade_at_start(held: dict[str, Any]) -> dict[str, Any]:
    """Exports, imports and dependence at the baseline shares."""
    abroad = held["trade_share"] * held["expenditure"]
    abroad = abroad * (1.0 - np.eye(len(abroad)))
    return {
        "start_exports": _single(abroad.sum(1)),
        "start_imports": _single(abroad.sum(0)),
        "start_dependence": _single((abroad + abroad.T) / held["gdp"][:, None]),
    }


def years_to_review(first_day: datetime.date) -> int:
    """Years from the start until the Monetary Fund's next five-yearly review of quotas is due."""
    return (LAST_REVIEW + 1 - first_day.year) % REVIEWED_EVERY


def areas(held: dict[str, Any]) -> np.ndarray:
    """Areas in which listed bodies work, in order."""
    return np.unique(held["institution_area"])


def setting_of(held: dict[str, Any], first_day: datetime.date = FIRST_DAY) -> Setting:
    """Setting of the start; its reference income is by month."""
    return Setting(
        trade_share=_single(held["trade_share"]),
        expenditure=_single(held["expenditure"]),
        growth_rate=_single(held["growth_rate"]),
        population_growth_rate=_single(held["population_growth_rate"]),
        reference_income=_single(held["reference_income"]),
        issuer=held["issuer"],
        currency_area=_single(held["currency_area"]),
        start_reserve_share=_single(held["reserve_share"]),
        **_trade_at_start(held),
        start_reserve_pull=_single(np.zeros_like(held["reserve_share"])),
        burden_at_rest=_single(np.zeros_like(held["gdp"])),
        holder_group=held["holder_group"],
        reserve_weight=_single(held["reserve_weight"]),
        distance=_single(held["distance"]),
        log_distance=_single(np.log(np.maximum(held["distance"], NEAREST_KM) / 1000.0)),
        contiguity=_single(held["contiguity"]),
        regime=_single(held["regime"]),
        start_ideal_point=_single(held["ideal_point"]),
        start_sanction=_single(np.maximum(held["sanction"], held["sanction"].T)),
        start_war=_single(held["dispute"] >= WAR),
        trust_baseline=_single(held["trust_baseline"]),
        start_gdp=_single(held["gdp"]),
        start_membership=_flags(held["membership"]),
        members_known=_flags(held["members_known"]),
        founder=_flags(held["founder"]),
        founding_age=_single(held["founding_age"]),
        neighbour_share=_single(held["neighbour_share"]),
        budget_class=held["budget_class"],
        area=_single(areas(held)[:, None] == held["institution_area"]),
        first_review=_single(np.asarray(years_to_review(first_day))),
        like_body=_indices(np.zeros(PLACES)),
        like_paid=_single(np.zeros(PLACES)),
        start_revenue=_single(held["revenue"]),
        start_contribution=_single(held["contribution"]),
        assessed=_single(held["assessed"]),
        start_scale=_single(held["start_scale"]),
        least_developed=_flags(held["least_developed"]),
        first_scale=_single(np.asarray(-first_day.year % INTERVAL)),
        secretariat=_single(held["secretariat"]),
        sent_sanction=_single(held["sanction"]),
        bloc=_places(held["institution_id"], (BLOC,))[0],
        assembly=_places(held["institution_id"], (ASSEMBLY,))[0],
        regional_body=_places(held["institution_id"], REGIONAL_BODIES),
        set_sanction=_flags(np.zeros_like(held["sanction"])),
        calendar=_flags(np.zeros(len(held["country"]))),
        leading_state=_flags(held["country"] == LEADING_STATE),
        near_states=_near_states(held["distance"]),
        multilateral_tie=_single(_multilateral_ties(held)),
        start_dispute=_single(held["dispute"]),
        unrecorded_years=_single(np.asarray(max(first_day.year - 1 - DISPUTES_TO, 0))),
        great_power=_places(held["country"], GREAT_POWERS),
        defence_body=_places(held["institution_id"], DEFENCE_BODIES),
    )


@dataclass(frozen=True)
class Start:
    """Names, state and setting of the start, and every array of its file by name.

    Payments, revenue and reserves that are not known are NaN. `reference_income` of the setting
    is by month; each job averages it over its steps. The arrays hold flags, regions,
    notice periods, places of capitals and rivalries besides.
    """

    entities: Entities
    world: World
    setting: Setting
    arrays: dict[str, np.ndarray]
    first_day: datetime.date = FIRST_DAY


def start_of(held: dict[str, np.ndarray], first_day: datetime.date) -> Start:
    """The start of a run from the arrays of a world on its first day."""
    world, setting = jax.device_put(
        (_world(held), setting_of(held, first_day))
    )  # at once: singly is slow
    return Start(_entities(held), world, setting, held, first_day)


def load_start(folder: Path | None = None) -> Start:
    """The start of a run.

    Args:
        folder: folder of a panel; None is the one that ships with the package.

    Raises:
        DataError: the file of the start is missing or damaged.
    """
    return start_of(start_arrays(folder), Start.first_day)


def _rows(name: str, folder: Path | None) -> list[dict[str, str]]:
    path = (folder or built_folder()) / f"{name}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, ValueError) as error:
        raise _damaged(path, error) from error


def us_tariff_path(folder: Path | None = None) -> list[TariffChange]:
    """Duties added by the United States in 2025 and 2026, in order of date."""
    rows = _rows("us_tariffs_2025_26", folder)
    return [TariffChange(row["date"], row["iso3"], float(row["tariff"])) for row in rows]


def liberation_day(folder: Path | None = None) -> dict[str, float]:
    """Rates that the United States announced on 2 April 2025, ad valorem by ISO3.

    As announced: nothing for Russia, 20 points already in place within China's .54. A territory
    has its own row.
    """
    rows = _rows("liberation_day_2025", folder)
    return {row["iso3"]: float(row["tariff"]) for row in rows}


def withdrawals(folder: Path | None = None) -> list[Withdrawal]:
    """The 66 bodies of the memorandum of 7 January 2026, with notice and date of effect."""
    return [
        Withdrawal(
            institution=row["institution"],
            announced=row["memorandum_date"],
            effective=row["effective_date"],
            notice_months=int(float(row["notice_months"])),
            notice_status=row["notice_status"],
            notice_source=row["notice_source"],
        )
        for row in _rows("withdrawals", folder)
    ]


def membership_changes(folder: Path | None = None) -> list[MembershipChange]:
    """Accessions and exits of 2025 and 2026 that are not among the 66, in order of date."""
    return [
        MembershipChange(row["date"], row["iso3"], row["institution"], row["change"])
        for row in _rows("membership_changes", folder)
    ]
