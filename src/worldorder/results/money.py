"""Who replaces the money that the leading state no longer pays to the bodies in question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from worldorder.results.compare import Band, Draws, band
from worldorder.results.measures import LEADING, state_mask

if TYPE_CHECKING:
    import xarray as xr

MOST_DONORS: Final = 8
_LEAST_GAP: Final = 0.5  # mn USD/year: below half a million there is no gap to speak of


@dataclass(frozen=True)
class Donor:
    """Change of what one state pays to the bodies in question, mn USD/year."""

    country: str
    name: str
    reference: float
    scenario: float
    difference: Band


@dataclass(frozen=True)
class Replacement:
    """The gap that the leading state leaves in a year and what other states put in.

    `gap` is what the leading state pays less and `filled` what all other states pay more,
    mn USD/year; `filled_share` is the second over the first, run by run, None where the leading
    state leaves no gap in some run. `donors` are those who pay most more, by the median.
    """

    year: int
    unit: str
    gap: Band
    filled: Band
    filled_share: Band | None
    donors: tuple[Donor, ...]


def replacement(result: xr.Dataset, reference: xr.Dataset, mark: int, year: int) -> Replacement:
    """Compare who pays for the bodies in question with and without the scenario."""
    ours = result["contribution_to_focus"].values[:, mark].astype(np.float64)
    theirs = reference["contribution_to_focus"].values[:, mark].astype(np.float64)
    leading = state_mask(result, LEADING)
    known = ~(np.isnan(ours) | np.isnan(theirs)).any(axis=0)
    change = ours - theirs
    gap = -change[:, leading & known].sum(axis=1)
    filled = change[:, ~leading & known].sum(axis=1)
    return Replacement(
        year=year,
        unit="mn USD/year",
        gap=band(gap),
        filled=band(filled),
        filled_share=band(filled / gap) if (gap > _LEAST_GAP).all() else None,
        donors=_donors(result, ours, theirs, ~leading & known),
    )


def _donors(
    result: xr.Dataset,
    ours: Draws,
    theirs: Draws,
    among: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> tuple[Donor, ...]:
    candidates = np.flatnonzero(among)
    rise = np.median(ours[:, candidates] - theirs[:, candidates], axis=0)
    order = candidates[np.argsort(-rise, kind="stable")][:MOST_DONORS]
    return tuple(
        Donor(
            country=str(result["country"].values[i]),
            name=str(result["country_name"].values[i]),
            reference=float(np.median(theirs[:, i])),
            scenario=float(np.median(ours[:, i])),
            difference=band(ours[:, i] - theirs[:, i]),
        )
        for i in order
        if np.median(ours[:, i] - theirs[:, i]) > 0
    )
