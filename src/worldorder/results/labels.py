"""Labels of a result: who is who at the start, and what it was made with."""

from __future__ import annotations

import datetime
import importlib.metadata
import platform
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from worldorder import __version__
from worldorder.data.start import Start, areas

SMALL_BELOW: Final = 10.0  # mn USD a year [own convention]
LARGE_FROM: Final = 100.0  # mn USD a year [own convention]
_PACKAGES: Final = ("jax", "jaxlib", "numpy", "xarray")

Coordinates = dict[str, tuple[tuple[str, ...], NDArray[Any]]]


def country_groups(start: Start, leading: int) -> NDArray[np.str_]:
    """The leading state, its allies (defence pact either way), its rivals, and the rest.

    Rivals are the strategic rivalries that Thompson, Sakuwa and Suhas (2021) list as going on at
    the end of their data. An ally that is also listed as a rival counts as an ally.
    """
    pact = np.asarray(start.world.defence_pact)
    groups = np.full(len(start.entities.country), "rest", dtype="U13")
    groups[start.arrays["rivalry"][leading]] = "rivals"
    groups[(pact[leading] > 0) | (pact[:, leading] > 0)] = "allies"
    groups[leading] = "leading state"
    return groups


def size_classes(start: Start) -> NDArray[np.str_]:
    """Small, medium or large by known revenue at the start; unknown; or no budget of its own."""
    revenue = np.asarray(start.setting.start_revenue)
    bounds = [SMALL_BELOW, LARGE_FROM]
    named = np.array(["small", "medium", "large"])[np.digitize(np.nan_to_num(revenue), bounds)]
    named = np.where(np.isnan(revenue), "unknown", named)
    return np.where(np.asarray(start.setting.secretariat) > 0, named, "no budget")


def coordinates(
    start: Start, leading: int, focus: NDArray[np.bool_], marks: Sequence[datetime.date]
) -> Coordinates:
    """Coordinates of a result by name."""
    names = start.entities
    country: dict[str, Any] = {
        "country": names.country,
        "country_name": names.country_name,
        "country_group": country_groups(start, leading),
        "latitude": start.arrays["latitude"],
        "longitude": start.arrays["longitude"],
    }
    sizes = size_classes(start)
    institution: dict[str, Any] = {
        "institution": names.institution,
        "institution_name": names.institution_name,
        "institution_area": names.institution_area,
        "size_class": sizes,
        "budget_imputed": sizes == "unknown",
        "focus": focus,
    }
    return {
        "time": (("time",), np.array(marks, "datetime64[ns]")),
        "currency": (("currency",), np.asarray(names.currency)),
        "area": (("area",), areas(start.arrays)),
        **{name: (("country",), np.asarray(values)) for name, values in country.items()},
        **{name: (("institution",), np.asarray(values)) for name, values in institution.items()},
    }


def versions() -> dict[str, str]:
    """Versions of what decides the figures."""
    found = {name: importlib.metadata.version(name) for name in _PACKAGES}
    return {"python": platform.python_version(), "worldorder": __version__, **found}
