"""What a scenario's names refer to: states, groups, institutions, notices and dated tables.

The evidence room fills this record; nothing here reads data.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from worldorder.errors import InputError, did_you_mean, nearest
from worldorder.state import Entities

EVERYONE = "all"


class TariffChange(NamedTuple):
    """From the date on, `actor` levies `rate` on the goods of `target`."""

    date: datetime.date
    actor: str  # country code
    target: str  # country code
    rate: float  # ad valorem, added since December 2024


@dataclass(frozen=True)
class Catalogue:
    """Names and dated tables. Index sets are those of `entities`, in its order."""

    entities: Entities
    membership: NDArray[np.bool_]  # country x institution, at the start
    economic_size: NDArray[np.floating]  # bn USD/year by country, at the start
    sanction: NDArray[np.float64]  # country x partner, share of a full embargo at the start
    notice_months: Mapping[str, int]  # by institution id; absent where not known
    tariff_paths: Mapping[str, tuple[TariffChange, ...]] = field(default_factory=dict)
    institution_lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # ids by name
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # country codes by name
    first_day: datetime.date | None = None  # day of the world that is known; None is any
    last_day: datetime.date | None = None  # end of what is known about growth; None is never
    other_name: Callable[[str], str | None] = lambda name: None  # country code by a usual name

    @cached_property
    def _country_index(self) -> dict[str, int]:
        codes = self.entities.country
        position = {code: index for index, code in enumerate(codes)}
        names = dict(zip(self.entities.country_name, range(len(codes)), strict=True))
        return _by_folded_name(names | position)

    @cached_property
    def _institution_index(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for index, aliases in enumerate(self.entities.institution_aliases):
            found |= dict.fromkeys(aliases, index)
        for names in (self.entities.institution_name, self.entities.institution):
            found |= dict(zip(names, range(len(names)), strict=True))
        return _by_folded_name(found)

    @cached_property
    def _listed_institutions(self) -> dict[str, tuple[int, ...]]:
        ids, areas = self.entities.institution, self.entities.institution_area
        position = {name: index for index, name in enumerate(ids)}
        lists = {EVERYONE: tuple(range(len(ids)))}
        for area in dict.fromkeys(areas):
            lists[_folded(area)] = tuple(i for i, own in enumerate(areas) if own == area)
        for name, listed in self.institution_lists.items():
            lists[_folded(name)] = tuple(position[one] for one in listed)
        return lists

    @cached_property
    def _group_members(self) -> dict[str, tuple[int, ...]]:
        position = {code: index for index, code in enumerate(self.entities.country)}
        return {
            _folded(name): tuple(position[code] for code in codes if code in position)
            for name, codes in self.groups.items()
        }

    def countries(self, names: Iterable[str]) -> tuple[int, ...]:
        """Indices of the states that the names stand for, each once, in the order named.

        A name is a code, a country's name, a group, an institution (its members at the start) or
        `all`.

        Raises:
            InputError: no such state or group.
        """
        return tuple(dict.fromkeys(index for name in names for index in self._states(name)))

    def country(self, name: str) -> int:
        """Index of one state, by code or name.

        Raises:
            InputError: no such state.
        """
        index = self._country(name)
        if index is None:
            raise InputError(f"unknown country {name!r}", self._like_country(name))
        return index

    def institutions(self, name: str) -> tuple[int, ...]:
        """Indices of the institutions that a name stands for.

        A name is an id, a full name, an alias, a list, an issue area or `all`.

        Raises:
            InputError: no such institution.
        """
        folded = _folded(name)
        if folded in self._institution_index:
            return (self._institution_index[folded],)
        if folded not in self._listed_institutions:
            raise InputError(f"unknown institution {name!r}", self._like_institution(name))
        return self._listed_institutions[folded]

    def is_list(self, name: str) -> bool:
        """Whether a name stands for a list, an issue area or all institutions."""
        folded = _folded(name)
        return folded in self._listed_institutions and folded not in self._institution_index

    def has_group(self, name: str) -> bool:
        """Whether the name is that of a group or institution."""
        folded = _folded(name)
        return folded in self._group_members or folded in self._institution_index

    def tariff_path(self, dataset: str) -> tuple[TariffChange, ...]:
        """Dated duties of a data set.

        Raises:
            InputError: no such data set.
        """
        if dataset not in self.tariff_paths:
            known = ", ".join(sorted(self.tariff_paths)) or "none"
            near = did_you_mean(dataset, self.tariff_paths)
            raise InputError(f"unknown tariff data set {dataset!r}", near or f"Known: {known}.")
        return self.tariff_paths[dataset]

    def _country(self, name: str) -> int | None:
        index = self._country_index.get(_folded(name))
        return self._country_by_other_name(name) if index is None else index

    def _country_by_other_name(self, name: str) -> int | None:
        code = self.other_name(name)
        return None if code is None else self._country_index.get(_folded(code))

    def _states(self, name: str) -> tuple[int, ...]:
        folded = _folded(name)
        if folded == EVERYONE:
            return tuple(range(len(self.entities.country)))
        if folded in self._country_index:
            return (self._country_index[folded],)
        if folded in self._group_members:
            return self._group_members[folded]
        body = self._institution_index.get(folded)
        if body is not None:
            return tuple(int(index) for index in np.flatnonzero(self.membership[:, body]))
        other = self._country_by_other_name(name)
        if other is None:
            raise InputError(f"unknown country or group {name!r}", self._like_country(name))
        return (other,)

    def _like_country(self, name: str) -> str:
        entities = self.entities
        name_of = dict(zip(entities.country, entities.country_name, strict=True))
        near = nearest(name, (*name_of, *self.groups, *name_of.values()))
        if not near:
            return "Use an ISO 3166 code such as CHN, a name, a group such as EU, or all."
        shown = (f"{one} ({name_of[one]})" if one in name_of else one for one in near)
        return f"Did you mean {' or '.join(shown)}?"

    def _like_institution(self, name: str) -> str | None:
        entities = self.entities
        aliases = (alias for several in entities.institution_aliases for alias in several)
        lists = (*self.institution_lists, *entities.institution_area)
        known = (*entities.institution, *aliases, *entities.institution_name, *lists)
        return did_you_mean(name, known)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _by_folded_name(index: Mapping[str, int]) -> dict[str, int]:
    return {_folded(name): position for name, position in index.items()}
