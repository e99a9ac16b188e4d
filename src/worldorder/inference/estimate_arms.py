"""Do states arm in answer to threat, ride free on allies, and change where US troops are?

Everything within states: effects of state and year, errors clustered by state. Run:
`worldorder evidence arms --raw DIR`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.inference.dispute_samples import onset_matrix
from worldorder.inference.estimate_war import Effect, levels, two_way
from worldorder.inference.state_record import StateRecord, read_state_record

Array = NDArray[np.float64]

FIRST_YEAR, LAST_YEAR = 1950, 2014  # troops; disputes
CUTOFF = 1999
NEAR = 3000.0  # km at which a rival's weight is one half
UNITED_STATES = 2
LAST_PACT = 2018
RECENT = 3  # years in which a dispute counts as recent


@dataclass(frozen=True)
class ArmsPanel:
    """Yearly arrays, shape (year, state); NaN where unknown."""

    years: range
    burden: Array  # log of military spending over product
    threat: Array  # rivals by capability and nearness, as in `mechanisms.threat` without trust
    force: Array  # 1 where a dispute with force was open in the last three years
    allied: Array  # log of 1 plus military spending of states tied by defence, over own
    troops: Array  # log of 1 plus US troops
    gap: Array  # distance of ideal points to the United States
    targeted: Array  # 1 where a dispute with force begins in the year
    pact: Array  # 1 where the United States is tied by defence


def arms_panel(record: StateRecord, last: int = LAST_YEAR) -> ArmsPanel:
    """The panel from the publishers' files, with no year after `last`."""
    years = range(FIRST_YEAR, last + 1)
    spending = _table(record, "cow-capabilities/nmc_7_0.csv.gz", "milex", years)
    spending = np.where(spending > 0, spending, np.nan)
    product = _table(record, "isard-gdppop/cow_gdppop_1816_2019.csv.gz", "pwtrgdp", years)
    shape = spending.shape
    threat, force, allied, targeted, pact = (np.zeros(shape) for _ in range(5))
    open_levels = levels(record.dispute_years())
    near = 1.0 / (1.0 + np.nan_to_num(record.distance, nan=1e9) / NEAR)
    home = int(np.searchsorted(record.codes, UNITED_STATES))
    for t, year in enumerate(years):
        power = np.nan_to_num(record.power[record.year(year)]) + 1e-6
        share = power[None, :] / (power[:, None] + power[None, :])
        threat[t] = (record.rivalry(year) * share * near).sum(axis=1)
        recent = open_levels[open_levels["year"].between(year - RECENT + 1, year)]
        force[t] = (record.matrix(recent[recent["level"] >= 2]) > 0).any(axis=1)
        ties = record.ties("defence", year).astype(float)
        allied[t] = np.log1p(ties @ np.nan_to_num(spending[t]) / spending[t])
        targeted[t] = onset_matrix(record, year, 4).any(axis=1)
        pact[t] = ties[:, home]
    point = record.ideal_point[[record.year(y) for y in years]]
    here = record.present[[record.year(y) for y in years]]
    burden = np.where(here, np.log(spending / product), np.nan)
    gap = np.where(here, np.abs(point - point[:, [home]]), np.nan)
    troops = np.where(here, _troops(record, years), np.nan)
    troops[:, home], gap[:, home] = np.nan, np.nan
    return ArmsPanel(years, burden, threat, force, allied, troops, gap, targeted, pact)


def _table(record: StateRecord, name: str, value: str, years: range) -> Array:
    frame = pd.read_csv(record.raw / name)
    wide = frame.pivot_table(index="year", columns="ccode", values=value, aggfunc="first")
    return wide.reindex(index=years, columns=record.codes).to_numpy(float)


def _troops(record: StateRecord, years: range) -> Array:
    """Log of 1 plus troops; the source has rows for states with troops only."""
    held = _table(record, "us-troops-abroad/us_troops_country_year.csv.gz", "troops_ad", years)
    return np.log1p(np.nan_to_num(held))


def within(y: Array, columns: list[Array]) -> list[Effect]:
    """Effects of the columns on y within states, all of shape (year, state)."""
    known = np.isfinite(y) & np.isfinite(np.array(columns)).all(axis=0)
    t, i = np.nonzero(known)
    i, t = (np.unique(each, return_inverse=True)[1] for each in (i, t))
    x = np.column_stack([column[known] for column in columns])
    found, error = two_way(y[known], x, i, t, i)
    return [Effect(float(f), float(e), len(t)) for f, e in zip(found, error, strict=True)]


def effects(panel: ArmsPanel) -> dict[str, list[Effect]]:
    """Estimates by question; a change is from one year to the next."""
    growth = np.diff(panel.burden, axis=0)
    before = [x[:-1] for x in (panel.burden, panel.threat, panel.force, panel.allied)]
    closer = np.diff(panel.gap, axis=0)
    return {
        "level of burden: threat, recent force, allies' spending": within(
            panel.burden, [panel.threat, panel.force, panel.allied]
        ),
        "change of burden: burden, threat, recent force, allies' spending": within(growth, before),
        "burden: US troops, pact with the US": within(panel.burden, [panel.troops, panel.pact]),
        "change of burden: burden, US troops": within(growth, [before[0], panel.troops[:-1]]),
        "change of gap to the US: gap, US troops, pact": within(
            closer, [panel.gap[:-1], panel.troops[:-1], panel.pact[:-1]]
        ),
        "a dispute with force begins: US troops, pact, recent force": within(
            panel.targeted[1:], [panel.troops[:-1], panel.pact[:-1], panel.force[:-1]]
        ),
        "US troops: threat, recent force, pact": within(
            panel.troops, [panel.threat, panel.force, panel.pact]
        ),
        "change of US troops: troops, threat, recent force": within(
            np.diff(panel.troops, axis=0), [panel.troops[:-1], panel.threat[:-1], panel.force[:-1]]
        ),
    }


def forecast_errors(panel: ArmsPanel, cutoff: int = CUTOFF) -> dict[str, float]:
    """Root mean square error of the change of log burden a year ahead after `cutoff`."""
    t = cutoff - panel.years[0]
    growth = np.diff(panel.burden, axis=0)
    known = np.isfinite(growth)
    forecasts = {"persistence": np.zeros_like(growth)}
    for name, columns in {
        "return to own mean": [panel.burden],
        "and threat, recent force": [panel.burden, panel.threat, panel.force],
        "and allies' spending": [panel.burden, panel.threat, panel.force, panel.allied],
    }.items():
        early = [column[:t] for column in columns]
        slope = np.array([e.value for e in within(growth[:t], early)])
        drive = np.tensordot(slope, np.array([column[:-1] for column in columns]), 1)
        own = np.nanmean(np.where(known[:t], growth[:t] - drive[:t], np.nan), axis=0)
        forecasts[name] = own + drive
    late = np.zeros_like(known)
    late[t:] = True
    scored = late & known & np.all([np.isfinite(f) for f in forecasts.values()], axis=0)
    return {
        name: float(np.sqrt(np.mean((growth - f)[scored] ** 2))) for name, f in forecasts.items()
    } | {"forecasts": float(scored.sum())}


def troop_changes(troops: Array, pact: Array) -> tuple[Effect, Effect]:
    """Effects of log troops and of a pact on the change of log troops in a year, within states."""
    held, tied = within(np.diff(troops, axis=0), [troops[:-1], pact[:-1]])
    return held, tied


def troop_errors(troops: Array, pact: Array, first: int, ahead: int) -> dict[str, float]:
    """Root mean square errors of log troops some years ahead, by forecaster.

    The equation of `troop_changes` is estimated on the first years and told the pacts to come.

    Args:
        troops: log of 1 plus troops, (year, state), NaN where unknown.
        pact: 1 where the state is tied by defence, likewise.
        first: years that the equation knows; forecasts start from the last of them and every later.
        ahead: years ahead, 1 or more.
    """
    held, tied = troop_changes(troops[:first], pact[:first])
    early = np.diff(troops[:first], axis=0) - held.value * troops[: first - 1]
    own = np.nanmean(early - tied.value * pact[: first - 1], axis=0)
    forecast = troops[first - 1 : len(troops) - ahead]
    missed = {"persistence": troops[first - 1 + ahead :] - forecast}
    for year in range(ahead):
        place = slice(first - 1 + year, first - 1 + year + len(forecast))
        forecast = own + (1 + held.value) * forecast + tied.value * pact[place]
    missed["equation"] = troops[first - 1 + ahead :] - forecast
    scored = np.all([np.isfinite(miss) for miss in missed.values()], axis=0)
    return {name: float(np.sqrt(np.mean(miss[scored] ** 2))) for name, miss in missed.items()}


def hosting(record: StateRecord) -> tuple[Array, Array]:
    """Log of 1 plus US troops and pacts with the United States, 1950 to the end of the record.

    Pacts end in 2018 and go on from there.
    """
    years = range(FIRST_YEAR, record.last + 1)
    here = record.present[[record.year(y) for y in years]]
    troops = np.where(here, _troops(record, years), np.nan)
    home = int(np.searchsorted(record.codes, UNITED_STATES))
    troops[:, home] = np.nan
    pact = [record.ties("defence", min(year, LAST_PACT))[:, home] for year in years]
    return troops, np.array(pact, float)


def _print_hosting(record: StateRecord) -> None:
    troops, pact = hosting(record)
    first = CUTOFF - FIRST_YEAR + 1
    for title, last in (("whole", len(troops)), (f"to {CUTOFF}", first)):
        told = troop_changes(troops[:last], pact[:last])
        numbers = ", ".join(f"{e.value:.3f} ({e.standard_error:.3f})" for e in told)
        print(f"change of US troops, {title}: troops, pact: {numbers}")
    for ahead in (1, 5, 10, 15):
        told = troop_errors(troops, pact, first, ahead)
        numbers = ", ".join(f"{name} {error:.3f}" for name, error in told.items())
        print(f"US troops {ahead} years ahead: {numbers}")


def report(raw: Path) -> None:
    """Print the estimates and the scores of forecasts."""
    record = read_state_record(raw)
    panel = arms_panel(record)
    for question, found in effects(panel).items():
        told = ", ".join(f"{e.value:.4f} ({e.standard_error:.4f})" for e in found)
        print(f"{question}: {told}; {found[0].number:,} state-years")
    for name, error in forecast_errors(panel).items():
        print(f"{name}: {error:.4f}")
    _print_hosting(record)
