"""What a state carries of a body's cost, its age and its notice, beside the rows of the record."""

import numpy as np
import pandas as pd
import pytest

from worldorder.inference.estimate_exits import with_costs

USA, CAN = 2, 20  # Correlates of War


def test_shares_ages_and_notices_are_those_of_the_panel():
    rows = pd.DataFrame({"body": [0, 0, 1], "state": [USA, CAN, USA], "year": [2000, 2000, 1960]})
    found = with_costs(rows, ["nato", "who"])
    share = np.exp(found["log_gdp_share"])
    assert share[:2].sum() == pytest.approx(1.0)
    assert 0.85 < share[0] < 0.95
    assert share[2] == pytest.approx(1.0)  # the only member among the rows
    assert found["log_body_age"][0] == pytest.approx(np.log(2000 - 1949))
    assert found["notice_years"].dropna().between(0, 3).all()
    assert found["notice_years"][2] == 1.0  # a year, published
