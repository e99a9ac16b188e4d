"""How a number is written for a reader: scale, unit, digits, sign."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Scale:
    """Factor from the unit of the data to that of the page, and how page units are written."""

    factor: float
    level: str
    change: str
    digits: int = 3


_SCALES: Final = {
    "share": Scale(100, "%", "% points"),
    "probability": Scale(100, "%", "% points"),
    "bn USD/year": Scale(1, "bn USD a year", "bn USD a year"),
    "mn USD/year": Scale(1, "mn USD a year", "mn USD a year"),
    "real_income": Scale(100, "%, 100 = no effect", "% points"),
    "ideal point": Scale(1, "ideal-point units", "ideal-point units"),
    "capacity": Scale(1, "1 = start", "1 = start"),
    **{
        f"order_{name}": Scale(1, "index, 0 to 1", "index points")
        for name in ("hegemony", "concert", "coalition", "multilateral", "fragmentation")
    },
    "leading_hegemony": Scale(1, "index, 0 to 1", "index points"),
    "institution_health": Scale(1, "0 to 1", "points"),
}
_COUNTED: Final = {
    "below_working_capacity": "bodies",
    "joint_memberships": "memberships",
    "members": "states",
}
RELATIVE: Final = Scale(100, "%", "%")


def scale_of(measure: str, unit: str) -> Scale:
    """How a measure is shown; its own unit where nothing reads better."""
    if unit == "count":
        counted = _COUNTED.get(measure, "number")
        return Scale(1, counted, counted, digits=2)
    return _SCALES.get(measure) or _SCALES.get(unit) or Scale(1, unit, unit)


def number(value: float, digits: int = 3) -> str:
    """`value` with at least so many significant digits and a comma between thousands."""
    if math.isnan(value):
        return "n/a"
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(float(f"{value:.{digits}g}"))))
    decimals = max(0, min(3, digits - 1 - size))
    text = f"{abs(value):,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text and float(value).is_integer() else text
    return f"−{text}" if value < 0 and text.strip("0.,") else text


def reads_as_zero(value: float, digits: int = 3) -> bool:
    """Whether `value` is written with no digit but zero."""
    return not number(value, digits).strip("−0.,")


def tick(value: float) -> str:
    """`value` at a tick of an axis: no more digits than it has, a comma between thousands."""
    return f"{value:,.6g}".replace("-", "−") if abs(value) < 1e5 else f"{value:,.0f}"


def signed(value: float, digits: int = 3) -> str:
    """`value` with its sign, for a difference; zero has none."""
    text = number(value, digits)
    return f"+{text}" if value > 0 and text.strip("0.,") else text


def interval(low: float, high: float, digits: int = 3) -> str:
    """Two ends of an interval of differences."""
    return f"{signed(low, digits)} to {signed(high, digits)}"
