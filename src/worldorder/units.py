"""The closed list of units. A variable or parameter whose unit is not here does not load."""

from __future__ import annotations

from typing import Final

UNITS: Final[dict[str, str]] = {
    "1": "pure number",
    "1/year": "per year",
    "log 1/year": "natural logarithm of a rate or hazard a year",
    "1/ideal point": "per ideal-point unit",
    "1/year^0.5": "per square root of a year (diffusion)",
    "year": "year",
    "bn USD": "billion US dollars at prices and rates of the year before the start",
    "bn USD/year": "billion US dollars a year at prices and rates of the year before the start",
    "bn current USD": "billion current US dollars",
    "bn current USD/year": "billion current US dollars a year",
    "bn intl USD/year": "billion international (PPP) dollars a year",
    "mn USD": "million US dollars at prices of the year before the start",
    "mn USD/year": "million US dollars a year at prices of the year before the start",
    "mn current USD/year": "million current US dollars a year",
    "mn 2010 USD/year": "million US dollars a year at 2010 prices (US consumer prices)",
    "bn own currency": "billion units of the state's own currency",
    "thousand USD/year": "thousand current US dollars a year",
    "bn constant intl USD/year": "billion international dollars a year at constant prices",
    "bn 2011 USD/year": "billion international dollars of 2011 a year",
    "2011 USD/year": "international dollars of 2011 a year",
    "mn current GBP/year": "million current pounds sterling a year",
    "share of GDP": "fraction of GDP, may exceed 1",
    "thousand tonnes/year": "thousand metric tons a year",
    "thousand tonnes coal/year": "thousand metric tons of coal equivalent a year",
    "thousand persons": "thousand persons",
    "million persons": "million persons",
    "km": "kilometre",
    "thousand tonnes": "thousand metric tons",
    "mn SDR": "million special drawing rights",
    "degree": "degree of arc",
    "share": "fraction of a whole, 0 to 1",
    "share/year": "fraction of a whole a year",
    "ad valorem": "fraction of the price before the duty",
    "ideal point": "standard deviations of the first dimension of Assembly votes",
    "ideal point/year": "ideal-point units a year",
    "ideal point/year^0.5": "ideal-point units per square root of a year (diffusion)",
    "ideal point/ad valorem": "ideal-point units per unit of ad valorem tariff",
    "logit": "log odds",
    "logit/year": "log odds a year",
    "logit/ideal point": "log odds per ideal-point unit",
    "logit/ad valorem": "log odds per unit of ad valorem tariff",
    "probability": "0 to 1",
    "score/year": "scale points a year",
    "score": "scale given in the description of the variable",
    "count": "whole number",
    "flag": "0 or 1",
    "date": "calendar date",
}


def check_unit(unit: str) -> str:
    """Return `unit` where it is in the closed list.

    Raises:
        ValueError: the unit is unknown.
    """
    if unit not in UNITS:
        raise ValueError(f"unknown unit {unit!r}; known units: {', '.join(UNITS)}")
    return unit
