"""What must hold of any trade equilibrium."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from economies import OPTIONS, small_flows, two_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

import worldorder as wo

MODELS = OPTIONS | {"closed": {"imbalances": "closed"}}
KEEPS_BASELINE = sorted(set(MODELS) - {"closed"})
each_model = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)


def random_tariffs(flows: pd.DataFrame, seed: int = 0, most: float = 0.5) -> pd.DataFrame:
    rates = np.random.default_rng(seed).uniform(0, most, flows.shape)
    np.fill_diagonal(rates, 0)
    return pd.DataFrame(rates, flows.index, flows.columns)


@pytest.mark.parametrize("name", KEEPS_BASELINE)
def test_no_shock_changes_nothing(name):
    flows = small_flows()
    found = wo.trade.solve(flows, **MODELS[name])
    for change in ("wage", "price", "employment", "real_income", "welfare"):
        assert np.allclose(found[change], 1, atol=1e-9)
    assert np.allclose(found["flows"], flows, rtol=1e-8)


@each_model
def test_markets_clear_and_budgets_hold(model):
    flows = small_flows()
    tariffs = random_tariffs(flows)
    found = wo.trade.solve(flows, tariffs, **model)
    assert found.attrs["status"] == "converged"
    assert found.attrs["residual"] <= 1e-10
    after, spending = found["flows"].to_numpy(), found["expenditure"] - found["revenue"]
    assert np.allclose(after.sum(0), spending, rtol=1e-9)
    assert np.allclose((after * tariffs.to_numpy()).sum(0), found["revenue"], rtol=1e-9)
    assert np.isclose(found["income"].sum(), spending.sum(), rtol=1e-9)  # Walras


@each_model
def test_the_unit_of_money_does_not_matter(model):
    flows = small_flows()
    tariffs = random_tariffs(flows)
    one, other = (wo.trade.solve(k * flows, tariffs, **model) for k in (1, 1e6))
    assert np.allclose(one["welfare"], other["welfare"], rtol=1e-9)
    assert np.allclose(1e6 * one["flows"], other["flows"], rtol=1e-8)


@each_model
def test_relabelling_countries_relabels_the_answer(model):
    flows = small_flows()
    tariffs = random_tariffs(flows)
    order = list("FADCBE")
    one = wo.trade.solve(flows, tariffs, **model)
    other = wo.trade.solve(flows.loc[order, order], tariffs.loc[order, order], **model)
    assert np.allclose(other["welfare"], one["welfare"].sel(country=order), rtol=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(2, 9), st.floats(0.5, 0.99))
def test_lower_own_costs_are_a_gain(seed, elasticity, cost):
    """Every country gains when all goods move more cheaply to its own market."""
    flows = small_flows(5, seed)
    for name in flows.index[:2]:
        own = {(name, partner): cost for partner in flows.index if partner != name}
        found = wo.trade.solve(flows, costs=own, elasticity=elasticity, imbalances="closed")
        level = wo.trade.solve(flows, elasticity=elasticity, imbalances="closed")
        assert found["welfare"].sel(country=name) > level["welfare"].sel(country=name)


@pytest.mark.parametrize("elasticity", [1.5, 4.0, 8.0])
@pytest.mark.parametrize("cost", [0.8, 1.25, np.inf])
def test_gains_are_those_of_the_home_share(elasticity, cost):
    """Arkolakis, Costinot and Rodriguez-Clare (2012): welfare is the home share to -1/theta."""
    flows = small_flows()
    costs = dict.fromkeys([("A", "B"), ("B", "A"), ("C", "D")], cost)
    found = wo.trade.solve(flows, costs=costs, elasticity=elasticity, imbalances="ratio")
    home = np.diagonal(found["flows"]) / found["flows"].sum("exporter")
    change = home / (np.diagonal(flows) / flows.sum(axis=0)).to_numpy()
    real_wage = found["wage"] / found["price"]
    assert np.allclose(real_wage, change ** (-1 / elasticity), rtol=1e-9)


@pytest.mark.parametrize("rate", [0.1, 0.5, 2.0])
def test_mirror_images_with_the_same_tariff_by_hand(rate):
    """Wages stay equal; the home share and the revenue follow in closed form."""
    home, theta = 0.8, 4.0
    found = wo.trade.solve(two_equal(home), {("A", "B"): rate, ("B", "A"): rate}, elasticity=theta)
    abroad = (1 - home) * (1 + rate) ** -theta
    variety = home + abroad
    spent = 1 / (1 - abroad / variety * rate / (1 + rate))
    assert np.allclose(found["wage"], 1)
    assert np.allclose(found["price"], variety ** (-1 / theta))
    assert np.allclose(found["welfare"], spent * variety ** (1 / theta))
    assert np.allclose(found["real_income"], found["welfare"])


def test_mirror_images_with_inputs_and_a_tariff_by_hand():
    """Prices fall through the chain; what is bought as inputs is no welfare."""
    home, theta, rate, added = 0.8, 4.0, 0.25, 0.5
    tariffs = {("A", "B"): rate, ("B", "A"): rate}
    found = wo.trade.solve(two_equal(home), tariffs, elasticity=theta, value_added=added)
    abroad = (1 - home) * (1 + rate) ** -theta
    variety = home + abroad
    spent = 1 / (1 - abroad / variety * rate / (1 + rate))  # per unit of sales, inputs too
    price = variety ** (-1 / (theta * added))
    assert np.allclose(found["price"], price)
    assert np.allclose(found["welfare"], (spent - (1 - added)) / added / price)
    assert np.allclose(found["real_income"], found["welfare"])


def test_a_tariff_on_one_of_two_by_hand():
    """One equation in the relative wage, solved on its own."""
    home, theta, rate = 0.7, 3.0, 0.4

    def gap(wage: float) -> float:  # income of A less its sales; wage of B is 1, incomes 100
        in_a = home * wage**-theta + (1 - home) * (1 + rate) ** -theta
        share = home * wage**-theta / in_a
        spent = 100 * wage / (share + (1 - share) / (1 + rate))
        in_b = (1 - home) * wage**-theta
        return 100 * wage - share * spent - in_b / (in_b + home) * 100

    found = wo.trade.solve(two_equal(home), {("A", "B"): rate}, elasticity=theta)
    relative = found["wage"].sel(country="A") / found["wage"].sel(country="B")
    assert np.isclose(relative, brentq(gap, 0.5, 2, xtol=1e-14), rtol=1e-9)


def test_a_base_tariff_taken_away_is_the_reverse_of_the_tariff():
    flows = small_flows()
    tariffs = random_tariffs(flows)
    there = wo.trade.solve(flows, tariffs)
    after = there["flows"].to_pandas()
    back = wo.trade.solve(after, {}, base_tariffs=tariffs)
    assert np.allclose(back["welfare"], 1)
    back = wo.trade.solve(after, 0 * tariffs, base_tariffs=tariffs)
    shares = [part / part.sum() for part in (back["flows"].to_numpy(), flows.to_numpy())]
    assert np.allclose(*shares, rtol=1e-8)
    assert np.allclose(back["welfare"] * there["welfare"], 1, rtol=1e-8)


def test_transfers_add_to_spending_and_sum_to_zero():
    flows = small_flows()
    given_ = {"A": -5.0, "B": 5.0}
    before, after = wo.trade.solve(flows), wo.trade.solve(flows, transfers=given_)
    deficit = lambda found: (found["imports"] - found["exports"]).sel(country="B")  # noqa: E731
    assert np.isclose(deficit(after) - deficit(before), 5.0, rtol=1e-6)


def test_inputs_of_all_kinds_agree():
    flows = small_flows()
    tariffs = random_tariffs(flows)
    wide = wo.trade.solve(flows, tariffs)["welfare"]
    long = flows.stack().rename_axis(["exporter", "importer"]).rename("value").reset_index()
    array = xr.DataArray(flows.to_numpy().T, dims=("importer", "exporter"))
    array = array.assign_coords(importer=list(flows), exporter=list(flows))
    pairs = {(i, e): tariffs.loc[e, i] for e in flows.index for i in flows.columns if e != i}
    assert np.allclose(wo.trade.solve(long, pairs)["welfare"], wide)
    assert np.allclose(wo.trade.solve(array, tariffs)["welfare"], wide)
    plain = wo.trade.solve(flows.to_numpy(), tariffs.to_numpy(), names=list(flows))
    assert np.allclose(plain["welfare"], wide)


def test_many_scenarios_in_one_call_are_those_of_single_calls():
    flows = small_flows()
    cases = {str(seed): random_tariffs(flows, seed) for seed in range(5)}
    many = wo.trade.solve_many(flows, cases, costs={"3": {("A", "B"): 1.2}}, elasticity=5.0)
    for name, tariffs in cases.items():
        costs = {("A", "B"): 1.2} if name == "3" else None
        one = wo.trade.solve(flows, tariffs, costs=costs, elasticity=5.0)
        for variable in ("welfare", "price", "exports", "imports", "revenue"):
            assert np.allclose(many[variable].sel(scenario=name), one[variable], rtol=1e-9)
    assert (many["residual"] <= 1e-10).all()


def test_home_sales_follow_from_gdp():
    flows = small_flows()
    abroad = flows.to_numpy() * (1 - np.eye(6))
    gdp = flows.sum(axis=1)
    base = wo.trade.make_baseline(abroad, list(flows), gdp.to_numpy())
    assert np.allclose(base.flows, flows)
