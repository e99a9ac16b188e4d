"""Pulls on ideal points and their chance, from positions estimated on votes to the last year.

A filter of yearly changes says how often states realign; runs draw what positions one, five and ten
years ahead make of it (`calibration.position_fit`).
"""

from __future__ import annotations

import math

import numpy as np

from worldorder.data.vintage import pacts_known, until
from worldorder.inference.alignment_panel import alignment_panel
from worldorder.inference.calibration import position_fit
from worldorder.inference.door.estimates import Estimates, Found, Sources, estimates_of
from worldorder.inference.door.points import points_known
from worldorder.inference.drift_filter import DriftData
from worldorder.inference.estimate_alignment import AlignmentFit, fit_alignment

FIRST = 1990
SPAN = 20  # years at the least
SEARCHED = {
    "diffusion": "calm_variance", "shift_hazard": "shift_probability",
    "shift_size": "shift_variance",
}  # fmt: skip
WITHOUT = ("partner_rate",)  # as in the shipped estimate


def panel_known(sources: Sources) -> DriftData:
    """The panel of the estimate, from tables cut at the last year."""
    year = sources.to
    points = points_known(sources)
    points = points.rename(columns={"iso3": "country", "value": "ideal_point"})
    pacts = pacts_known(year, sources.read).rename(columns={"actor": "country"})
    trade = until(sources.read("trade"), year)
    trade = trade[(trade["year"] >= year - SPAN - 15) & (trade["flag"] == "observed")]
    trade = trade.astype({"exporter": str, "importer": str})
    points = points.astype({"country": str})[["country", "year", "ideal_point"]]
    return alignment_panel(points, trade, pacts[["country", "partner", "year"]], year)


def estimate(sources: Sources) -> Estimates:
    """The alignment mechanism: yearly changes first, then calibrated on positions years ahead."""
    return position_fit.estimated(sources, yearly(sources))


def yearly(sources: Sources) -> Estimates:
    """Pulls and chance by maximum likelihood of a filter of yearly changes."""
    first = min(FIRST, sources.to - SPAN)
    fit = fit_alignment(panel_known(sources), first, sources.to, WITHOUT)
    return of_fit(fit)


def of_fit(fit: AlignmentFit) -> Estimates:
    """Parameters of the mechanism from those of the filter, whose variances are yearly."""
    by_name = {e.name: e for e in fit.estimates}
    source = "Ideal points estimated on votes to the last year of the sample; errors by state."

    def plain(name: str) -> Found:
        one = by_name[name]
        return Found(one.value, one.standard_error, fit.sample, source)

    def root(name: str) -> Found:
        one = by_name[name]
        return Found(math.sqrt(one.value), one.standard_error / 2, fit.sample, source)

    probability = by_name["shift_probability"]
    hazard = -math.log1p(-probability.value)
    found = {name: plain(name) for name in ("ally_rate", "common_rate", "anchor_rate")}
    found |= {
        "anchor_drift_rate": plain("anchor_drift_rate"),
        "diffusion": root("calm_variance"),
        "shift_hazard": Found(
            hazard, probability.standard_error / (1 - probability.value), fit.sample, source
        ),
        "shift_size": root("shift_variance"),
    }
    known = {k: v for k, v in found.items() if np.isfinite(v.standard_error)}
    place = [list(by_name).index(SEARCHED.get(name, name)) for name in known]
    covariance = fit.covariance[np.ix_(place, place)]  # of what was searched, in other units
    unit = np.array([one.standard_error for one in known.values()]) / np.sqrt(np.diag(covariance))
    covariance = covariance * np.outer(unit, unit)
    return estimates_of("alignment", known, fit.observations, covariance, tuple(known))
