"""Anderson's acceleration of a fixed-point iteration."""

from __future__ import annotations

from collections import deque

import numpy as np

from worldorder.data.voting.ordinal import Floats

MEMORY = 5  # sweeps looked back on


class Acceleration:
    """Next point to iterate from, given where the last ones led.

    The combination of the last few points whose changes cancel best is taken, as if the iteration
    were linear. Anderson (1965, doi:10.1145/321296.321305); Walker and Ni (2011,
    doi:10.1137/10078356X), type II.
    """

    def __init__(self, memory: int = MEMORY) -> None:
        self._from: deque[Floats] = deque(maxlen=memory + 1)
        self._change: deque[Floats] = deque(maxlen=memory + 1)

    def forget(self) -> None:
        """Start anew, where the last jump led astray."""
        self._from.clear()
        self._change.clear()

    def following(self, start: Floats, end: Floats) -> Floats:
        """The point to go on from, when an iteration led from `start` to `end`."""
        self._from.append(start)
        self._change.append(end - start)
        if len(self._change) < 2:
            return end
        changes, points = np.stack(self._change, 1), np.stack(self._from, 1)
        d_change, d_point = np.diff(changes), np.diff(points)
        mix = np.linalg.lstsq(d_change, changes[:, -1], rcond=None)[0]
        return end - (d_point + d_change) @ mix
