"""How much rarer an event became after a year: a range from none to the whole of the contrast."""

from __future__ import annotations

import math

import pandas as pd

from worldorder.parameters.loader import Parameter, load_parameters


def log_contrast(rows: pd.DataFrame, event: str, since: int) -> tuple[float, int]:
    """Log ratio of the rate since a year to that before, and events since.

    Half an event is added on both sides (Haldane and Anscombe), so that none is no infinity.
    """
    late = rows["year"] >= since
    rate = [(part[event].sum() + 0.5) / max(len(part), 1) for part in (rows[late], rows[~late])]
    return math.log(rate[0] / rate[1]), int(rows[late][event].sum())


def era(
    rows: pd.DataFrame, event: str, since: int, mechanism: str, name: str, sample: tuple[int, int]
) -> Parameter:
    """The shipped parameter with the range that the record to the last year gives; assumed."""
    contrast, events = log_contrast(rows, event, since)
    low, high = min(contrast, 0.0), max(contrast, 0.0)
    return load_parameters()[mechanism][name].model_copy(
        update={
            "value": (low + high) / 2,
            "range": (low, high),
            "status": "assumed",
            "sample": sample,
            "source": (
                f"Range from the contrast of the record to {sample[1]} ({events} events since "
                f"{since}, log ratio {contrast:.2f}) to none."
            ),
        }
    )
