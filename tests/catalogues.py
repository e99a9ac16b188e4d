"""Catalogues of names for tests: the panel's, and a small one."""

import datetime
import functools

import numpy as np

from worldorder.data.evidence import load_catalogue
from worldorder.data.worlds import world_on
from worldorder.parameters.known import FIRST_DAY
from worldorder.scenarios.catalogue import Catalogue, TariffChange
from worldorder.state import Entities

STATES = {
    "USA": "United States",
    "CHN": "China",
    "DEU": "Germany",
    "FRA": "France",
    "GBR": "United Kingdom",
    "CAN": "Canada",
    "AUS": "Australia",
    "RUS": "Russia",
    "MEX": "Mexico",
}
BODIES = {
    "WHO": "World Health Organization",
    "UNESCO": "UN Educational, Scientific and Cultural Organization",
    "IRENA": "International Renewable Energy Agency",
    "UNFCCC": "UN Framework Convention on Climate Change",
    "IPCC": "Intergovernmental Panel on Climate Change",
    "EU": "European Union",
    "NATO": "North Atlantic Treaty Organization",
}
MEMBERS = {"EU": ["DEU", "FRA"], "NATO": ["USA", "DEU", "FRA", "GBR", "CAN"]}


@functools.cache
def catalogue_on(day: datetime.date) -> Catalogue:
    """Names of the world that a scenario sets out from."""
    return load_catalogue(world_on(day))


def panel_catalogue() -> Catalogue:
    return catalogue_on(FIRST_DAY)


def small_catalogue() -> Catalogue:
    """Nine states, seven institutions, dated tables."""
    states, bodies = list(STATES), list(BODIES)
    membership = np.array(
        [[body not in MEMBERS or state in MEMBERS[body] for body in bodies] for state in states]
    )
    entities = Entities(
        country=tuple(states),
        country_name=tuple(STATES.values()),
        institution=tuple(bodies),
        institution_name=tuple(BODIES.values()),
        institution_aliases=tuple(
            ("Atlantic Alliance",) if body == "NATO" else () for body in bodies
        ),
        currency=("USD", "EUR", "other"),
        holder=("all",),
        institution_area=(
            "health",
            "culture",
            "climate",
            "climate",
            "climate",
            "political",
            "security",
        ),
    )
    partners = [state for state in states if state != "USA"]
    day = datetime.date
    path = [(day(2025, 2, 4), "CHN", 0.2), (day(2025, 5, 12), "CHN", 0.3)]
    path += [(day(2025, 8, 7), state, 0.1) for state in ("DEU", "FRA", "CAN")]
    path += [(day(2026, 8, 19), "CHN", 0.9)]
    return Catalogue(
        entities=entities,
        membership=membership,
        economic_size=np.linspace(29000.0, 1000.0, len(states)),
        sanction=np.zeros((len(states), len(states))),
        notice_months={"WHO": 12, "UNFCCC": 12, "IPCC": 0, "EU": 24, "NATO": 12},
        tariff_paths={
            "us-tariffs-2025-26": tuple(TariffChange(d, "USA", s, r) for d, s, r in path),
            "liberation-day-2025": tuple(
                TariffChange(day(2025, 4, 2), "USA", s, 0.1 + 0.02 * i)
                for i, s in enumerate(partners)
            ),
        },
        institution_lists={"withdrawal-66": ("UNFCCC", "IPCC")},
        other_name={"UK": "GBR", "United States of America": "USA"}.get,
    )
