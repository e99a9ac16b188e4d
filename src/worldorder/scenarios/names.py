"""Names in a lever resolved to indices; a name that is not known is reported where it stands."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from worldorder.errors import InputError
from worldorder.scenarios.catalogue import EVERYONE, Catalogue
from worldorder.scenarios.fields import Located

CUSTOMS_UNION = "EU"


@contextmanager
def written_in(part: Located, path: str) -> Generator[None]:
    """Report an `InputError` raised inside at the place where `path` was written."""
    try:
        yield
    except InputError as error:
        raise part.complaint(path, error.what, error.fix) from error


def named(lever: Located, path: str) -> list[tuple[str, str]]:
    """Path and text of each name of a field; none where the field is not given."""
    return [(f"{path}.{index}", name) for index, name in enumerate(getattr(lever, path) or ())]


def states(lever: Located, path: str, catalogue: Catalogue) -> tuple[int, ...]:
    """Indices of the states named in a field."""
    found: dict[int, None] = {}
    for place, name in named(lever, path):
        with written_in(lever, place):
            found |= dict.fromkeys(catalogue.countries([name]))
    return tuple(found)


def bodies(lever: Located, path: str, catalogue: Catalogue) -> dict[int, bool]:
    """Indices of the institutions named in a field, and whether only a list names them."""
    found: dict[int, bool] = {}
    for place, name in named(lever, path):
        with written_in(lever, place):
            for body in catalogue.institutions(name):
                found[body] = found.get(body, True) and catalogue.is_list(name)
    return found


def pairs(lever: Located, catalogue: Catalogue) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the dyads from `actor` to `target`, less `excluding`."""
    among = np.zeros((len(catalogue.entities.country),) * 2, bool)
    actors, targets = states(lever, "actor", catalogue), states(lever, "target", catalogue)
    among[np.ix_(actors, targets)] = True
    return _cells(among, lever, catalogue)


def trading_pairs(
    lever: Located, catalogue: Catalogue
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """As `pairs`, without those inside a group that acts as one.

    A group named as actor has no duties between its members, and there are none inside the
    European Union unless both states are named one by one.
    """
    size = len(catalogue.entities.country)
    among = np.zeros((size, size), bool)
    union = customs_union(catalogue)
    for actor_place, actor in named(lever, "actor"):
        for target_place, target in named(lever, "target"):
            rows = _mask(lever, actor_place, actor, catalogue)
            columns = _mask(lever, target_place, target, catalogue)
            between = np.outer(rows, columns)
            if actor.casefold() != EVERYONE:
                between &= ~np.outer(rows, rows)
            if rows.sum() > 1 or columns.sum() > 1:
                between &= ~np.outer(union, union)
            among |= between
    return _cells(among, lever, catalogue)


def _mask(lever: Located, place: str, name: str, catalogue: Catalogue) -> NDArray[np.bool_]:
    mask = np.zeros(len(catalogue.entities.country), bool)
    with written_in(lever, place):
        mask[list(catalogue.countries([name]))] = True
    return mask


def customs_union(catalogue: Catalogue) -> NDArray[np.bool_]:
    """True for the states of the customs union, none where the groups do not list it."""
    mask = np.zeros(len(catalogue.entities.country), bool)
    if catalogue.has_group(CUSTOMS_UNION):
        mask[list(catalogue.countries([CUSTOMS_UNION]))] = True
    return mask


def _cells(
    among: NDArray[np.bool_], lever: Located, catalogue: Catalogue
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    np.fill_diagonal(among, False)
    if getattr(lever, "excluding", None):
        left_out = list(states(lever, "excluding", catalogue))
        among[left_out], among[:, left_out] = False, False
    rows, columns = np.nonzero(among)
    if not rows.size:
        raise lever.complaint("target", "no pair of states is left", "Name another target.")
    return rows, columns
