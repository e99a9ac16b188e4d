"""Retaliation, best tariffs and limits over sectors: against one sector, and by their laws."""

import numpy as np
import pytest
import xarray as xr
from economies import small_flows

import worldorder as wo
from worldorder.errors import InputError

THETA = {"cars": 6.0, "chips": 2.0}
TARIFFS = {("A", "B"): 0.3, ("A", "C"): 0.1}


def over_sectors(*parts):
    names = list("ABCDEF"[: len(parts[0])])
    coords = {"sector": list(THETA), "exporter": names, "importer": names}
    cube = xr.DataArray(np.stack(parts), coords, ("sector", "exporter", "importer"))
    return wo.trade.make_sector_baseline(cube)


@pytest.fixture(scope="module")
def one():
    return wo.trade.make_baseline(small_flows(4, 1))


@pytest.fixture(scope="module")
def proportional(one):
    return over_sectors(0.7 * one.flows, 0.3 * one.flows)


@pytest.fixture(scope="module")
def base():
    return over_sectors(small_flows(4, 1), 0.3 * small_flows(4, 2))


@pytest.mark.parametrize("retaliation", ["none", "reciprocal", "optimal", "nash"])
def test_proportional_sectors_are_answered_as_one(one, proportional, retaliation):
    unions = {"EU": ("B", "C")}
    expected = wo.trade.retaliated(one, TARIFFS, retaliation, unions)
    found = wo.trade.retaliated(proportional, TARIFFS, retaliation, unions)
    by_pair = {key[:2]: rate for key, rate in found.items()}
    assert by_pair == pytest.approx(expected, abs=2e-4)


def test_an_answer_is_sector_by_sector(base):
    answered = wo.trade.retaliated(base, {("A", "B", "chips"): 0.3}, "reciprocal")
    assert answered == {("A", "B", "chips"): 0.3, ("B", "A", "chips"): 0.3}


def test_a_best_tariff_on_some_sectors_is_best(base):
    rivals, hit = list("BCD"), ["chips"]
    best = wo.trade.best_tariff(base, ["A"], rivals, sectors=hit, elasticity=THETA)
    gain = []
    for rate in (best - 0.02, best, best + 0.02):
        tariffs = {("A", rival, "chips"): rate for rival in rivals}
        found = wo.trade.solve(base, tariffs, elasticity=THETA)
        gain.append(float(found["welfare"].sel(country="A")))
    assert gain[1] > max(gain[0], gain[2], 1.0)


def test_in_nash_equilibrium_over_sectors_nobody_gains_by_moving(base):
    players, hit = {"A": ["A"], "B": ["B"]}, ["chips"]
    rates = wo.trade.nash_tariffs(base, players, sectors=hit, elasticity=THETA)
    tariffs = wo.trade.tariffs_of(players, rates, hit)
    assert {*tariffs} == {("A", "B", "chips"), ("B", "A", "chips")}
    for name, rival in (("A", "B"), ("B", "A")):
        best = wo.trade.best_tariff(base, [name], [rival], tariffs, hit, elasticity=THETA)
        assert best == pytest.approx(rates[name], abs=1e-3)


def test_a_limit_on_proportional_sectors_is_that_of_one(one, proportional):
    cap = 0.5 * one.flows[0, 1]
    limits = {("B", "A", name): share * cap for name, share in zip(THETA, (0.7, 0.3), strict=True)}
    whole = wo.trade.solve_with_limits(one, {("B", "A"): cap})
    found = wo.trade.solve_with_limits(proportional, limits)
    assert np.allclose(found["welfare"], whole["welfare"], rtol=1e-6)
    pair = {"importer": "B", "exporter": "A"}
    duty = float(whole["duty_equivalent"].sel(pair))
    assert np.allclose(found["duty_equivalent"].sel(pair), duty, rtol=1e-4)


def test_a_limit_binds_in_its_sector_alone_and_costs_the_seller(base):
    cap = 0.4 * base.flows[1, 0, 1]
    found = wo.trade.solve_with_limits(base, {("B", "A", "chips"): cap}, elasticity=THETA)
    chips = {"sector": "chips", "importer": "B", "exporter": "A"}
    assert np.isclose(found["flows"].sel(chips), cap, rtol=1e-5)
    duty = found["duty_equivalent"]
    assert float(duty.sel(chips)) > 0
    assert float(duty.sum()) == float(duty.sel(chips))
    assert float(found["welfare"].sel(country="A")) < 1


def test_limits_name_what_is_wrong(base):
    for limits, message in (
        ({("B", "A"): 1.0}, "names 2 of 3"),
        ({("B", "A", "ships"): 1.0}, "sector 'ships'"),
        ({("B", "Z", "chips"): 1.0}, "country 'Z'"),
        ({("B", "A", "chips"): -1.0}, "B buys from A"),
    ):
        with pytest.raises(InputError, match=message):
            wo.trade.solve_with_limits(base, limits, elasticity=THETA)
