"""Which institutions a question is about: those whose exits tell it from its reference."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from worldorder.scenarios.catalogue import Catalogue
from worldorder.scenarios.names import bodies
from worldorder.scenarios.schema import Accession, AnyLever, Exit, Funding, Scenario


def bodies_in_question(
    scenario: Scenario, reference: Scenario | None, catalogue: Catalogue
) -> NDArray[np.bool_]:
    """Bodies that the scenario touches and its reference does not, or the other way round.

    Where there are none (a baseline alone), those that its levers touch when switched on; where
    every lever is on, all that they touch. Shape (institution,).
    """
    others = () if reference is None else reference.active_levers
    own = scenario.active_levers
    telling = [lever for lever in (*own, *others) if (lever in own) != (lever in others)]
    off = [lever for lever in scenario.levers if not scenario.is_on(lever)]
    for levers in (telling, off, scenario.levers):
        mask = _touched(levers, catalogue)
        if mask.any():
            return mask
    return _touched((), catalogue)


def _touched(levers: Iterable[AnyLever], catalogue: Catalogue) -> NDArray[np.bool_]:
    mask = np.zeros(len(catalogue.entities.institution), bool)
    for lever in levers:
        mask[list(_bodies_of(lever, catalogue))] = True
    return mask


def _bodies_of(lever: AnyLever, catalogue: Catalogue) -> Iterable[int]:
    if isinstance(lever, (Accession, Exit, Funding)):
        return bodies(lever, "institution", catalogue)
    return ()
