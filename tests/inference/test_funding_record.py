"""Large cuts are found by the written rule, and the elasticity put into a record comes out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from worldorder.inference.estimate_funding import compensation, normal_crps, without_each_case
from worldorder.inference.funding_record import Money, cut_by, money_of, responses

YEARS = list(range(2013, 2025))


def made_up_money(elasticity: float, noise: float = 0.03, seed: int = 0) -> Money:
    """Sixty entities, thirty donors; in half of the entities one donor stops in a random year."""
    draw = np.random.default_rng(seed)
    entities, donors = 60, 30
    base = draw.lognormal(3, 0.5, (entities, donors))
    growth = np.exp(np.cumsum(draw.normal(0.03, 0.03, len(YEARS))))
    paid = base[:, :, None] * growth * np.exp(noise * draw.normal(size=(entities, 1, len(YEARS))))
    for e in range(entities // 2):
        year, donor = draw.integers(3, 9), draw.integers(0, 20)
        share = base[e, donor] / base[e].sum()
        paid[e, :, year:] *= np.exp(elasticity * share)
        paid[e, donor, year:] = 0.0
    return Money(
        entities=[f"E{e}" for e in range(entities)],
        donors=[f"D{d}" for d in range(donors)],
        years=YEARS,
        paid=paid,
        government=np.ones(donors, bool),
        main=np.arange(donors) < 20,
    )


@pytest.mark.parametrize("elasticity", [0.0, 0.8])
def test_the_elasticity_put_in_comes_out(elasticity: float):
    rows = responses(made_up_money(elasticity))
    found = compensation(rows[rows["horizon"] <= 1])
    assert found.elasticity == pytest.approx(elasticity, abs=3 * found.standard_error + 0.02)
    assert found.standard_error < 0.4


def test_each_case_is_left_out_once():
    rows = responses(made_up_money(0.8))
    first = rows[rows["horizon"] <= 1]
    left = without_each_case(first)
    assert len(left) == compensation(first).cases
    assert left["elasticity"].std() < 0.2


def flows(rows: list[tuple[int, str, str, float]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["year", "donor", "entity", "amount"])
    return table.assign(category="Government", type="Voluntary un-earmarked")


def test_no_row_is_zero_where_the_entity_reported_and_missing_where_it_did_not():
    money = money_of(
        flows(
            [
                (2013, "A", "X", 10.0),
                (2013, "B", "X", 5.0),
                (2014, "A", "X", 10.0),
                (2014, "A", "Y", 3.0),
            ]
        )
    )
    paid = money.paid
    x, y = money.entities.index("X"), money.entities.index("Y")
    b = money.donors.index("B")
    assert paid[x, b, 1] == 0.0
    assert np.isnan(paid[y, :, 0]).all()
    assert paid[y, b, 1] == 0.0


def test_a_cut_has_to_last():
    rows = []
    for year in range(2013, 2020):
        rows += [(year, "A", "X", 50.0), (year, "B", "X", 50.0)]
        rows.append((year, "C", "X", 50.0 if year < 2016 else 0.0))
        rows.append((year, "D", "X", 25.0 if year == 2016 else 50.0))
    money = money_of(flows(rows))
    cut = cut_by(money, 0, 3)
    assert [money.donors[i] for i in np.flatnonzero(cut)] == ["C"]
    late = cut_by(money, 0, 4)
    assert not late.any()


def test_the_score_of_a_normal_forecast_is_its_integral():
    error, spread = 0.7, 0.4
    steps = quad(lambda x: norm.cdf(x / spread) ** 2, -8, error)[0]
    steps += quad(lambda x: (1 - norm.cdf(x / spread)) ** 2, error, 8)[0]
    assert float(normal_crps(np.asarray([error]), spread)[0]) == pytest.approx(steps, rel=1e-6)
