"""Trust of publics in states, from surveys to the last year."""

from __future__ import annotations

import numpy as np

from worldorder.inference.door.estimates import Estimates, Found, Sources, TooThin, estimates_of
from worldorder.inference.door.points import points_known
from worldorder.inference.estimate_trust import fit_trust
from worldorder.inference.hindcast.opinion import (
    FEWEST_SURVEYS,
    FIRST_SURVEYS,
    affinity_known,
    views_known,
)
from worldorder.inference.opinion_panel import surveys

PROCESS = ("fast_rate", "leader_spread", "leader_spread_of_dyad", "slow_rate", "slow_spread")
LEAST_SPREAD = 0.3  # logit, between images of states, where few states were asked about
FEWEST_IMAGES = 3  # states asked about; fewer do not tell how others are seen


def estimate(sources: Sources) -> Estimates:
    """The trust mechanism by maximum likelihood.

    Raises:
        TooThin: there are too few surveys by then.
    """
    if sources.to < FIRST_SURVEYS:
        raise TooThin(f"surveys begin in {FIRST_SURVEYS}")
    views = surveys(
        views_known(sources.to, sources.read),
        affinity_known(sources.to, sources.read, points_known(sources)),
        sources.to,
    )
    if sum(len(one.time) for one in views.values()) < FEWEST_SURVEYS:
        raise TooThin(f"fewer than {FEWEST_SURVEYS} surveys to {sources.to}")
    fit = fit_trust(views)
    source = f"Pew Global Attitudes, {fit.surveys} surveys; maximum likelihood."
    found = {
        name: Found(getattr(fit.process, name), fit.standard_error[name], fit.sample, source, 0.1)
        for name in PROCESS
        if np.isfinite(fit.standard_error[name])
    }
    process = list(found)
    place = [list(fit.standard_error).index(name) for name in process]
    for name in ("distance_slope", "pact_effect"):
        found[name] = Found(*fit.coefficient[name], fit.sample, source)
    images = np.array([v for k, (v, _) in fit.coefficient.items() if k.startswith("image")])
    if len(images) >= FEWEST_IMAGES:
        spread = max(float(images.std(ddof=1)), LEAST_SPREAD)
        found["unsurveyed_image"] = Found(float(images.mean()), spread, fit.sample, source)
    covariance = np.diag([one.standard_error**2 for one in found.values()])
    covariance[: len(place), : len(place)] = fit.covariance[np.ix_(place, place)]
    return estimates_of("trust", found, fit.surveys, covariance, tuple(found))
