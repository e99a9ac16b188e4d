"""How a cell of the panel came about."""

from __future__ import annotations

from typing import Final

OBSERVED: Final = "observed"  # as the source has it
INTERPOLATED: Final = "interpolated"  # between two observed years
IMPUTED: Final = "imputed"  # carried forward, scaled or taken from similar states by a written rule
ESTIMATED: Final = "estimated"  # by a fitted relation between observed variables
FORECAST: Final = "forecast"  # the source's own estimate or forecast

FLAGS: Final = (OBSERVED, INTERPOLATED, IMPUTED, ESTIMATED, FORECAST)
