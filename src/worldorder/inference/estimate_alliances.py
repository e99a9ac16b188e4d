"""What makes states ally and part? Hazards by type of obligation, and forecasts against rivals.

Run: `worldorder evidence alliances --raw DIR`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from worldorder.errors import DataError
from worldorder.inference.alliance_samples import Samples, samples
from worldorder.inference.dyadic_regression import Link, Regression, fit, scores
from worldorder.inference.state_record import ALLIANCE_TYPES, read_state_record

FIRST_YEAR = 1946  # ideal points
LAST_YEAR = 2018  # obligations
CUTOFF = 1999  # last year of the training sample of the forecasts
PAIR = (
    "common_allies", "joint_threat", "rivalry", "affinity_gap", "affinity_unknown", "regime_gap",
    "least_democracy", "log_distance", "land_border", "log_power", "log_power_ratio",
)  # fmt: skip
COVARIATES = {
    "bilateral onset": PAIR,
    "founding onset": PAIR,
    "bilateral loss": (
        "common_allies", "joint_threat", "rivalry", "affinity_gap", "affinity_unknown",
        "regime_gap", "log_distance", "land_border", "log_tenure",
    ),
    "accession": (
        "joint_threat", "rivals_inside", "affinity_gap", "affinity_unknown", "regime_gap",
        "root_border_share", "log_distance", "log_members", "log_power_of_body",
    ),
    "exit": ("affinity_gap", "log_members", "log_tenure"),
}  # fmt: skip
# Values at which the constants of the model's hazards hold; tenure is held at that of 30 years.
REFERENCE = {
    "affinity_gap": 1.0, "regime_gap": 0.3, "least_democracy": 0.2, "log_power": -4.0,
    "log_power_ratio": 1.5, "log_tenure": float(np.log1p(30)),
}  # fmt: skip
NOT_MODELLED = {"common_allies": "bilateral", "joint_threat": "bilateral loss"}
LEAST_EVENTS = 8  # fewer give no estimate
PRIOR_SPREAD = 2.5  # of coefficients, per two standard deviations, where there is no maximum


def _rows(held: Samples, process: str) -> tuple[pd.DataFrame, str]:
    """Rows at risk of a process, and the column of its event."""
    if process == "bilateral loss":
        ties = held.ties
        return (ties[ties["in_body"] == 0] if len(ties) else ties), "loss"
    return {
        "bilateral onset": (held.pairs, "bilateral"),
        "founding onset": (held.pairs, "founding"),
        "accession": (held.outside, "joins"),
        "exit": (held.members, "leaves"),
    }[process]


def hazards(
    held: Samples, last_year: int = LAST_YEAR, extra: tuple[str, ...] = ()
) -> dict[str, Regression]:
    """The hazards of each process that has enough events up to `last_year`.

    `extra` names further covariates of pairs.
    """
    fitted: dict[str, Regression] = {}
    for process, covariates in COVARIATES.items():
        rows, event = _rows(held, process)
        if not len(rows):
            continue
        rows = rows[rows["year"] <= last_year]
        if rows[event].sum() >= LEAST_EVENTS:
            more = extra if process.startswith("bilateral") else ()
            fitted[process] = _forecaster(rows, event, _varying(rows, event, (*covariates, *more)))
    return fitted


def pair_rows(held: Samples, process: str) -> tuple[pd.DataFrame, str]:
    """Rows of pairs at risk of a process, covariates less their reference, and its event."""
    rows, event = _rows(held, process)
    return rows.assign(**{n: rows[n] - at for n, at in REFERENCE.items() if n in rows}), event


def model_hazards(held: Samples, last_year: int = LAST_YEAR) -> dict[str, Regression]:
    """Hazards of bilateral pacts with the covariates of the model, constants at `REFERENCE`."""
    fitted: dict[str, Regression] = {}
    for process in ("bilateral onset", "bilateral loss"):
        rows, event = pair_rows(held, process)
        rows = rows[rows["year"] <= last_year] if len(rows) else rows
        if not len(rows) or rows[event].sum() < LEAST_EVENTS:
            continue
        left_out = [name for name, where in NOT_MODELLED.items() if process.startswith(where)]
        names = tuple(name for name in COVARIATES[process] if name not in left_out)
        fitted[process] = fit(rows, event, _varying(rows, event, names))
    return fitted


def _varying(rows: pd.DataFrame, event: str, covariates: tuple[str, ...]) -> tuple[str, ...]:
    """Covariates that differ between the events; the others have no finite estimate."""
    happened = rows[rows[event] > 0]
    return tuple(name for name in covariates if happened[name].std() > 0)


def onset_probability(held: Samples, fitted: dict[str, Regression], first_year: int) -> pd.Series:
    """Probability that pairs that are not tied become tied in a year, whatever the way.

    By themselves, by founding a body together, or by one joining a body of the other.
    """
    pairs = held.pairs[held.pairs["year"] >= first_year]
    hazard = np.zeros(len(pairs))
    for process in ("bilateral onset", "founding onset"):
        if process in fitted:
            hazard -= np.log1p(-fitted[process].probability(pairs))
    if "accession" in fitted:
        outside = held.outside[held.outside["year"] >= first_year]
        hazard += _through_bodies(held, pairs, outside, fitted["accession"], joining=True)
    return pd.Series(-np.expm1(-hazard), index=pairs.index)


def loss_probability(held: Samples, fitted: dict[str, Regression], first_year: int) -> pd.Series:
    """Probability that a tie ends: by itself, or by one of the two leaving the body they share.

    The end of a body counts at its past rate.
    """
    ties = held.ties[held.ties["year"] >= first_year]
    alone = ties["in_body"].to_numpy() == 0
    hazard = np.zeros(len(ties))
    if "bilateral loss" in fitted:
        hazard[alone] = -np.log1p(-fitted["bilateral loss"].probability(ties[alone]))
    if "exit" in fitted:
        members = held.members[held.members["year"] >= first_year]
        leaving = _through_bodies(held, ties, members, fitted["exit"], joining=False)
        hazard[~alone] = leaving[~alone]
    return pd.Series(-np.expm1(-hazard), index=ties.index)


def _through_bodies(
    held: Samples, pairs: pd.DataFrame, rows: pd.DataFrame, fitted: Regression, joining: bool
) -> np.ndarray:
    """Hazard that one of a pair joins a body of the other, or leaves a body of both."""
    rows = rows.assign(hazard=-np.log1p(-fitted.probability(rows)))
    total = np.zeros(len(pairs))
    place = {year: np.flatnonzero(pairs["year"] == year) for year in pairs["year"].unique()}
    for (year, body), part in rows.groupby(["year", "b"]):
        members = held.bodies[int(str(year)), int(str(body))]
        hazard = np.zeros(len(members))
        hazard[part["a"]] = part["hazard"]
        where = place.get(year, np.empty(0, int))
        a, b = (pairs[name].to_numpy()[where] for name in ("a", "b"))
        with_a, with_b = members[b] * hazard[a], members[a] * hazard[b]
        both = members[a] & members[b]
        total[where] += (with_a + with_b) * (1.0 if joining else both)
    return total


def _forecaster(
    rows: pd.DataFrame, event: str, covariates: tuple[str, ...], link: Link = "hazard"
) -> Regression:
    """A regression for forecasts; with few events one that a weak prior keeps finite."""
    try:
        return fit(rows, event, covariates, link=link)
    except (DataError, np.linalg.LinAlgError):
        return fit(rows, event, covariates, link=link, prior_spread=PRIOR_SPREAD)


def forecast_scores(held: Samples, cutoff: int = CUTOFF) -> dict[str, pd.DataFrame]:
    """Scores of forecasts of onsets and losses one year ahead after `cutoff`, by forecaster."""
    fitted = hazards(held, cutoff)
    return {
        "onset": _scored(held.pairs, "onset", cutoff, onset_probability(held, fitted, cutoff + 1)),
        "loss": _scored(held.ties, "loss", cutoff, loss_probability(held, fitted, cutoff + 1)),
    }


def _scored(rows: pd.DataFrame, event: str, cutoff: int, ours: pd.Series) -> pd.DataFrame:
    early, late = rows[rows["year"] <= cutoff], rows[rows["year"] > cutoff]
    happened = late[event].to_numpy(float)
    base = float(early[event].mean())
    neighbours = _forecaster(early, event, ("common_allies",), "logit")
    plain = _forecaster(early, event, PAIR, "logit")
    forecasts = {
        "model": ours[late.index].to_numpy(),
        "base rate": np.full(len(late), base),
        "persistence": np.zeros(len(late)),
        "common neighbours": neighbours.probability(late),
        "plain logit": plain.probability(late),
    }
    return pd.DataFrame({name: scores(happened, chance) for name, chance in forecasts.items()}).T


def _print_hazards(title: str, held: Samples, fitted: dict[str, Regression]) -> None:
    print(f"\n## {title}: {held.foundings} bodies founded, {held.endings} ended")
    for process, found in fitted.items():
        rows = _rows(held, process)[0]
        print(
            f"\n### {process}: {found.events} events in {found.rows:,} rows, {found.sample},"
            f" {rows.attrs.get('rows_left_out', 0):,} rows left out\n"
        )
        print(found.table().round(3).to_string())


def _print_scores(held: Samples) -> None:
    for what, table in forecast_scores(held).items():
        print(f"\n### forecasts of {what} from {CUTOFF + 1}\n")
        print(table.round(4).to_string())


def report(raw: Path) -> None:
    """Print hazards by type and period, and the scores of forecasts."""
    record = read_state_record(raw)
    for kind in ALLIANCE_TYPES:
        recent = samples(record, kind, range(FIRST_YEAR, LAST_YEAR + 1))
        _print_hazards(f"{kind}, {FIRST_YEAR}-{LAST_YEAR}", recent, hazards(recent))
        _print_scores(recent)
        trading = samples(record, kind, range(1962, LAST_YEAR + 1), trade=True)
        with_trade = hazards(trading, extra=("dependence",))
        _print_hazards(f"{kind}, 1962-{LAST_YEAR}, with trade", trading, with_trade)
        whole = samples(record, kind, range(1816, LAST_YEAR + 1))
        _print_hazards(f"{kind}, 1816-{LAST_YEAR}", whole, hazards(whole))
