"""The world that a scenario sets out from: the shipped one, or that of an earlier day."""

from __future__ import annotations

import datetime
from functools import cache

from worldorder.data.start import Start, load_start
from worldorder.parameters.known import FIRST_DAY, known_on, start_days


@cache
def _past_world(day: datetime.date) -> Start:
    from worldorder.data.vintage import start_known, trust_parts_known

    year = day.year - 1
    return start_known(year, known_on(day).parameters, trust_parts_known(year))


def world_on(day: datetime.date) -> Start:
    """The world of a day from which a scenario may start; of an earlier one, as known then.

    A day from which none may start gives the shipped world, which refuses it by its own first day.
    """
    return _past_world(day) if day in start_days() and day != FIRST_DAY else load_start()
