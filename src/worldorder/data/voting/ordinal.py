"""How probable is a vote? The ordered probit of no, abstention and yes, and its slopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

Floats = NDArray[Any]
NO, ABSTAIN, YES = 0, 1, 2
LOG_ROOT_2PI = 0.5 * np.log(2 * np.pi)


@dataclass(frozen=True)
class Slopes:
    """Log probability of each vote and its derivatives in the two cut points.

    The probability depends on cut points less position alone, so the slope in the position is
    minus the sum of the slopes in the cut points; second derivatives follow likewise.
    """

    log_probability: Floats
    lower: Floats
    upper: Floats
    lower_lower: Floats
    upper_upper: Floats
    lower_upper: Floats

    @property
    def position(self) -> Floats:
        """First derivative in the latent position."""
        return -(self.lower + self.upper)

    @property
    def position_position(self) -> Floats:
        """Second derivative in the latent position."""
        return self.lower_lower + 2 * self.lower_upper + self.upper_upper

    @property
    def position_lower(self) -> Floats:
        """Derivative in the latent position and the lower cut point."""
        return -(self.lower_lower + self.lower_upper)

    @property
    def position_upper(self) -> Floats:
        """Derivative in the latent position and the upper cut point."""
        return -(self.upper_upper + self.lower_upper)


def _hazard(x: Floats, log_probability: Floats) -> Floats:
    return np.exp(-0.5 * x * x - LOG_ROOT_2PI - log_probability)


def _log_interval(low: Floats, high: Floats) -> Floats:
    """Log of the normal probability between two bounds, without cancellation in either tail."""
    flipped = low > 0
    a, b = np.where(flipped, -high, low), np.where(flipped, -low, high)
    log_b = log_ndtr(b)
    return log_b + np.log(-np.expm1(np.minimum(log_ndtr(a) - log_b, -1e-14)))


def vote_slopes(vote: NDArray[Any], position: Floats, lower: Floats, upper: Floats) -> Slopes:
    """Log probability of votes under the ordered probit, with first and second derivatives.

    P(no) = F(c1 - z), P(abstain) = F(c2 - z) - F(c1 - z), P(yes) = 1 - F(c2 - z), F the standard
    normal distribution, z = beta theta the latent position, c1 < c2 the cut points. Concave in
    (z, c1, c2) jointly. Bailey, Strezhnev and Voeten (2017), doi:10.1177/0022002715595700, eq. 1.

    Args:
        vote: 0 no, 1 abstention, 2 yes; one element a vote, as in the others.
        position: latent position z.
        lower: cut point between no and abstention.
        upper: cut point between abstention and yes.
    """
    n = len(vote)
    low, high = lower - position, upper - position
    out = {name: np.zeros(n) for name in Slopes.__dataclass_fields__}
    log_p = out["log_probability"]
    i = np.flatnonzero(vote == NO)
    log_p[i] = log_ndtr(low[i])
    h = _hazard(low[i], log_p[i])
    out["lower"][i], out["lower_lower"][i] = h, -low[i] * h - h * h
    i = np.flatnonzero(vote == YES)
    log_p[i] = log_ndtr(-high[i])
    h = _hazard(high[i], log_p[i])
    out["upper"][i], out["upper_upper"][i] = -h, high[i] * h - h * h
    i = np.flatnonzero(vote == ABSTAIN)
    log_p[i] = _log_interval(low[i], high[i])
    h, k = _hazard(low[i], log_p[i]), _hazard(high[i], log_p[i])
    out["lower"][i], out["lower_lower"][i] = -h, low[i] * h - h * h
    out["upper"][i], out["upper_upper"][i] = k, -high[i] * k - k * k
    out["lower_upper"][i] = h * k
    return Slopes(**out)
