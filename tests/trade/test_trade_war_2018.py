"""The US-China tariffs of 2018 to 2020 against the record.

The thresholds stand in the module and were set before the record was read. What misses them is
marked as a known miss, not left out.
"""

import pytest

from worldorder.trade import first_year_elasticity
from worldorder.trade.trade_war_2018 import (
    LEAST_RATIO,
    MOST_RATIO,
    average_rate,
    compare,
    tariff_record,
)

MISS = pytest.mark.xfail(
    strict=True, reason="known miss, docs/mechanisms/trade.md: long-run elasticity at once"
)


@pytest.fixture(scope="module")
def found():
    return {year: compare(year) for year in (2019, 2020)}


def test_a_year_has_the_mean_of_its_days():
    rates = tariff_record()
    days = 365
    until = 181 + 86  # 3.1 to 30 June, 3.8 to 24 September, 12.0 from then
    expected = (181 * 3.1 + 86 * 3.8 + (days - until) * 12.0) / days / 100
    assert average_rate(rates, "USA", "CHN", 2018) == pytest.approx(expected)
    assert average_rate(rates, "CHN", "USA", 2017) == pytest.approx(0.072)


@pytest.mark.parametrize(
    ("year", "importer", "exporter"),
    [
        (2019, "USA", "CHN"),
        (2019, "CHN", "USA"),
        pytest.param(2020, "USA", "CHN", marks=MISS),
        (2020, "CHN", "USA"),
    ],
)
def test_the_partner_loses_its_share_as_in_the_record(found, year, importer, exporter):
    row = found[year].loc[importer, exporter]
    assert row["model"] < 0
    assert row["record"] < 0


@pytest.mark.parametrize(
    ("year", "importer", "exporter"),
    [
        pytest.param(2019, "USA", "CHN", marks=MISS),
        (2019, "CHN", "USA"),
        pytest.param(2020, "USA", "CHN", marks=MISS),
        pytest.param(2020, "CHN", "USA", marks=MISS),
    ],
)
def test_the_loss_is_of_the_size_of_the_record(found, year, importer, exporter):
    assert (
        LEAST_RATIO
        <= found[year].loc[
            importer,
            exporter,
        ]["ratio"]
        <= MOST_RATIO
    )


def test_the_united_states_buys_more_from_third_countries_as_in_the_record_of_2019(found):
    row = found[2019].loc["USA", "CHN"]
    assert row["third_model"] > 0
    assert row["third_record"] > 0


@pytest.mark.parametrize("pair", [("USA", "CHN"), ("CHN", "USA")])
def test_the_first_year_response_has_the_size_of_the_record_of_2019(pair):
    ratio = compare(2019, elasticity=first_year_elasticity()).loc[pair, "ratio"]
    assert LEAST_RATIO <= ratio <= MOST_RATIO
