"""The record as an order view, turning points, and eras that can fail."""

import numpy as np
import pytest

from worldorder.inference.history import (
    RECORDED,
    History,
    _shipped,
    expectations,
    named_eras,
    turning_points,
)
from worldorder.inference.record_view import record, year_view
from worldorder.mechanisms.order_view import WAR
from worldorder.mechanisms.orders import order_indices
from worldorder.plots.history import plot_history
from worldorder.results.order_record import order_record

RECORD = record()
YEARS = np.arange(1816, 2025)


def seen(year, core=True):
    view, there = year_view(RECORD, year, _shipped(), core)
    return view, {code for code, is_there in zip(RECORD.codes, there, strict=True) if is_there}


def cell(view, name, one, other):
    return float(np.asarray(getattr(view, name))[RECORD.place[one], RECORD.place[other]])


def test_the_record_of_1915_has_the_states_and_the_war_of_the_time():
    view, states = seen(1915)
    assert {"AUH", "TUR", "RUS", "GBR"} <= states
    assert not {"SUN", "POL", "IND"} & states
    assert cell(view, "dispute", "DEU", "FRA") == WAR
    assert cell(view, "oppose", "DEU", "FRA") == 1.0
    assert float(np.asarray(view.power_share).sum()) == pytest.approx(1.0, abs=1e-4)
    assert np.isnan(np.asarray(view.trade)).all()


def test_the_record_of_1960_has_two_camps_and_the_united_states_ahead():
    view, states = seen(1960, core=False)
    assert "SUN" in states
    assert "RUS" not in states
    assert RECORD.codes[int(np.argmax(np.asarray(view.leader)))] == "USA"
    assert cell(view, "align", "GBR", "USA") == cell(view, "align", "POL", "SUN") == 1.0
    assert cell(view, "oppose", "SUN", "USA") == 1.0
    assert cell(view, "affinity", "GBR", "USA") > cell(view, "affinity", "SUN", "USA")
    assert np.isfinite(cell(view, "shared_bodies", "SUN", "USA"))
    assert np.isnan(np.asarray(view.currency_share)).all()


def test_what_begins_late_is_missing_from_the_core():
    view, _ = seen(2020)
    for name in ("affinity", "shared_bodies", "trade", "funding_share", "currency_share"):
        assert np.isnan(np.asarray(getattr(view, name))).all()


def made(**paths):
    flat = {name: np.full(YEARS.size, 0.3) for name in RECORDED} | paths
    core = np.stack([flat[name] for name in RECORDED])
    of_usa = paths.get("usa", np.where((YEARS >= 1992) & (YEARS <= 2008), 0.9, 0.5))
    return History(YEARS, core, core, core, core, ("USA",) * YEARS.size, of_usa)


def test_a_turning_point_is_where_the_mean_breaks():
    turns = turning_points(made(concert=np.where(YEARS < 1914, 0.8, 0.2)))
    assert turns[["order", "year"]].to_numpy().tolist() == [["concert", 1914]]
    assert turns["change"][0] == pytest.approx(-0.6)
    assert turning_points(made()).empty


def test_eras_are_judged_by_the_indices_and_can_fail():
    as_told = made(
        concert=np.where(YEARS < 1854, 0.9, 0.4),
        coalition=np.where((YEARS >= 1950) & (YEARS < 1990), 0.9, 0.4),
    )
    assert [one.holds for one in expectations(as_told)] == [True] * 4
    reversed_ = made(
        concert=np.where(YEARS < 1854, 0.1, 0.4),
        coalition=np.where(YEARS < 1854, 0.9, 0.4),
        usa=np.where(YEARS < 1970, 0.9, 0.4),
    )
    assert [one.holds for one in expectations(reversed_)] == [False] * 4


@pytest.mark.parametrize("year", [1850, 1975])
def test_the_shipped_record_is_what_the_panel_gives(year):
    view, _ = seen(year)
    found, shipped = order_indices(view, _shipped()), order_record()
    for name in RECORDED:
        recorded = shipped.index[name][shipped.years == year][0]
        assert float(found[name]) == pytest.approx(recorded, abs=2e-3)


def test_a_reading_beside_the_record_can_name_an_era_that_levels_miss():
    low = made(
        hegemony=np.full(YEARS.size, 0.6) + YEARS * 1e-6,
        concert=np.where(YEARS < 1854, 0.5, 0.1),
    )
    concert = next(era for era in named_eras(low) if era.order == "concert")
    assert (concert.by_level, concert.by_record) == (0.0, 1.0)


def test_the_figure_has_a_panel_for_each_order():
    found = made()
    paths = {order: (found.of(order),) * 4 for order in RECORDED}
    figure = plot_history(found.years, paths, {"concert": [1914]})
    assert len(figure.axes) == len(RECORDED)
