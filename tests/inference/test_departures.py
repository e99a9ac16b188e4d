"""What leaves with members, and what the ledger says of them, in closed form."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from worldorder.inference.estimate_departures import gdp_share
from worldorder.inference.ledger_exits import booked_shares


def test_the_share_that_leaves_is_that_of_the_members_before():
    spells = pd.DataFrame(
        {"iso3": ["AAA", "BBB", "CCC"], "institution": "X", "status": ["full", "full", "observer"],
         "begin": 1950, "end": [1989, 2014, 2014]}
    )  # fmt: skip
    gdp = {"AAA": 30.0, "BBB": 10.0, "CCC": 99.0}
    economy = pd.DataFrame(
        {"iso3": list(gdp), "year": 1989, "variable": "gdp_latent", "value": list(gdp.values())}
    )
    tables = {"membership_spells": spells, "state_year": economy}
    left = pd.DataFrame({"id": ["X", "Y"], "iso3": ["AAA", "AAA"], "year": [1990, 1970]})
    np.testing.assert_allclose(gdp_share(left, tables.__getitem__), [0.75, 0.0])


def test_dues_go_by_income_and_service_as_the_gifts_say():
    gdp, income = pd.Series([1.0, 3.0, 5.0]), pd.Series([1.0, 1.0, 2.0])
    body = pd.Series(["X", "X", "Y"])
    found = booked_shares(gdp, income, body, (2.0, 1.0))
    assert found["dues"].tolist() == pytest.approx([0.25, 0.75, 1.0])
    assert found["service"].tolist() == pytest.approx([0.1, 0.9, 1.0])
