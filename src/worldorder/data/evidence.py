"""What scenarios may name: states, groups, institutions, notice periods and dated tables."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from worldorder.data.start import Start, liberation_day, us_tariff_path, withdrawals
from worldorder.errors import InputError
from worldorder.scenarios.catalogue import Catalogue, TariffChange

LEADING_STATE: Final = "USA"
_PLURAL: Final = {"America": "Americas"}  # the continent is not the state
ANNOUNCED_FROM: Final = datetime.date(2025, 4, 9)  # Executive Order 14257, section 3


def load_catalogue(start: Start, folder: Path | None = None) -> Catalogue:
    """Names and dated tables of a panel.

    Args:
        start: start of the same panel.
        folder: folder of the panel; None is the one that ships with the package.

    Raises:
        DataError: a file is missing or damaged.
    """
    known = set(start.entities.country)
    return Catalogue(
        entities=start.entities,
        membership=start.arrays["membership"],
        economic_size=start.arrays["gdp"],
        sanction=start.arrays["sanction"].astype(float),
        notice_months=_notice(start.arrays),
        tariff_paths={
            "us-tariffs-2025-26": _us_path(known, folder),
            "liberation-day-2025": _announced(known, folder),
        },
        institution_lists={
            "withdrawal-66": tuple(body.institution for body in withdrawals(folder))
        },
        groups=_groups(start),
        first_day=start.first_day,
        last_day=_last_day(start),
        other_name=_other_name,
    )


def _last_day(start: Start) -> datetime.date:
    return start.first_day.replace(year=start.first_day.year + len(start.arrays["growth_rate"]))


def _other_name(name: str) -> str | None:
    """ISO3 of a name in common use, such as "UK", where there is one."""
    from worldorder.data.countries import country

    try:
        return country(name)
    except InputError:
        return None


def _notice(arrays: dict[str, Any]) -> dict[str, int]:
    stated = zip(arrays["institution_id"], arrays["notice_months"], strict=True)
    return {str(name): int(months) for name, months in stated if np.isfinite(months)}


def _us_path(known: set[str], folder: Path | None) -> tuple[TariffChange, ...]:
    return tuple(
        TariffChange(
            datetime.date.fromisoformat(change.date), LEADING_STATE, change.partner, change.tariff
        )
        for change in us_tariff_path(folder)
        if change.partner in known
    )


def _announced(known: set[str], folder: Path | None) -> tuple[TariffChange, ...]:
    return tuple(
        TariffChange(ANNOUNCED_FROM, LEADING_STATE, partner, rate)
        for partner, rate in liberation_day(folder).items()
        if partner in known and rate > 0
    )


def _groups(start: Start) -> dict[str, tuple[str, ...]]:
    """Regions and continents; bodies such as the EU or the G7 are groups by their members."""
    codes = np.array(start.entities.country)
    return {
        _PLURAL.get(str(name), str(name)): tuple(
            str(code) for code in codes[start.arrays[kind] == name]
        )
        for kind in ("region", "continent")
        for name in np.unique(start.arrays[kind])
        if name
    }
