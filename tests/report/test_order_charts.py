"""Orders and stances in the report: as figures and as tables, and left out where there are none."""

import numpy as np
import pytest

from answers import REFERENCE, SCENARIO, small_pair
from worldorder.errors import ResultError
from worldorder.plots.stances import plot_power_by_stance, plot_stance_map, power_by_stance
from worldorder.report.order_charts import order_table, shown_years
from worldorder.report.write import report_page
from worldorder.results.orders import ORDERS


def test_the_page_shows_orders_and_stances_with_year_and_band():
    page = report_page(small_pair())
    assert "Which order" in page
    assert "Share of runs by order" in page
    assert "Stance toward the leading state in 2045" in page
    assert "Reserve currencies" in page
    assert "80&nbsp;% of runs" in page


def test_shares_of_orders_stand_in_a_table_beside_the_figure():
    pair = small_pair()
    rows = order_table(pair[SCENARIO], pair[REFERENCE], SCENARIO)
    assert shown_years(pair[SCENARIO]) == [2025, 2030, 2035, 2040, 2045]
    first = {row.order: row for row in rows if row.scenario == SCENARIO}
    assert first["Hegemony"].shares[0].replace("\u00a0", " ") == "100 %"
    assert len(rows) == 2 * len(first)


def test_a_result_without_orders_or_stances_still_makes_a_page():
    gone = [f"order_{name}" for name in ORDERS] + ["aligns_with_leading_state"]
    pair = {name: one.drop_vars(gone) for name, one in small_pair().items()}
    assert "carries no order indices" in report_page(pair)
    with pytest.raises(ResultError, match="no stances"):
        plot_stance_map(pair[SCENARIO], 2045)


def test_power_by_stance_is_all_power():
    dataset = small_pair()[SCENARIO]
    sides = power_by_stance(dataset)
    whole = sum(sides.values())
    np.testing.assert_allclose(whole, dataset["power_share"].values.sum(2), rtol=1e-5)
    assert len(plot_power_by_stance(dataset).axes[0].get_legend().get_texts()) == 4
