"""Currencies of reserves and payments, quotas: small tables whose right answer can be read off."""

import pandas as pd
import pytest

from worldorder.data.builders import gold, imf_quotas
from worldorder.data.builders.currencies import coverage_note, reserves
from worldorder.data.panel import panel

ALLOCATED = "Allocated foreign exchange reserves"


def series(currency, measure, value, indicator=ALLOCATED, period="2017"):
    return {
        "group": "World",
        "indicator": indicator,
        "currency": currency,
        "measure": measure,
        "period": period,
        "value": value,
    }


def test_shares_amounts_and_what_they_cover():
    frame = pd.DataFrame(
        [
            series("US dollar", "Shares", 75.0),
            series("Euro", "Shares", 25.0),
            series("US dollar", "Nominal value", 6e12),
            series("Euro", "Nominal value", 2e12),
            series("All currencies", "Nominal value", 8e12),
            series("All currencies", "Nominal value", 1e13, "Total foreign exchange reserves"),
            series("US dollar", "Shares", 70.0, period="2017-Q2"),
            series("US dollar", "Nominal value", 5e12, period="2017-Q2"),
        ]
    )
    made = reserves(frame).set_index(["currency", "quarter"])
    assert made.loc[("USD", 0), "share"] == pytest.approx(0.75)
    assert made.loc[("EUR", 0), "amount"] == pytest.approx(2e6)  # mn USD
    assert made.loc[("USD", 0), "covered"] == pytest.approx(0.8)
    assert made.loc[("USD", 0), "coverage"] == "phase-in"
    assert pd.isna(made.loc[("USD", 2), "covered"])  # no total for the quarter: missing


def test_coverage_changes_as_china_reports():
    assert [coverage_note(year) for year in (2014, 2015, 2018, 2019)] == [
        "partial",
        "phase-in",
        "phase-in",
        "most",
    ]


def test_published_shares_of_reserves():
    rows = panel("currency_reserve_share", year=2024)
    world = rows[(rows["group"] == "world") & (rows["quarter"] == 0)].set_index("currency")
    assert world.loc["USD", "share"] == pytest.approx(0.578, abs=0.0005)
    assert world["share"].sum() == pytest.approx(1, abs=1e-3)
    first = panel("currency_reserve_share", year=1995)
    assert "CNY" not in set(first["currency"])  # not reported before 2016: missing, not zero


def test_quotas_and_votes():
    page = pd.DataFrame(
        {"member": ["Japan", "China"], "quota_sdr_million": [30.0, 10.0], "votes": [300, 100]}
    )
    made = imf_quotas.tidy(page).set_index("iso3")
    assert made.loc["JPN", "quota_share"] == made.loc["JPN", "vote_share"] == 0.75
    shipped = panel("vote_share").set_index("iso3")["vote_share"]
    assert shipped["USA"] == pytest.approx(0.165, abs=0.0005)
    assert "LIE" not in shipped  # joined in 2024, after the page


def test_only_gold_is_taken_from_the_figures():
    figures = pd.DataFrame(
        {
            "measure": ["monetary_gold", "swift_payment_share"],
            "unit_of_observation": ["USA", "USD"],
            "period": ["1949", "2022-07"],
            "value": [21.8, 41.19],
        }
    )
    made = gold.tidy(figures)
    assert made[["iso3", "year", "value"]].to_numpy().tolist() == [["USA", 1949, 21.8]]


def test_payment_shares_stand_at_their_dates():
    rows = panel("currency_payment_share").set_index(["date", "currency"])["share"]
    assert rows["2025-04", "USD"] == pytest.approx(0.4968)
    assert rows["2020-12", "CNY"] == pytest.approx(0.0188)
    assert ("2020-12", "USD") not in rows
